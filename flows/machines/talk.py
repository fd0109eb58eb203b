"""The model behind the chart: the actions by name.

Lives here: words and effects of each step. Not here: which step follows which (conversation.py), nor the questions of
the states (asking.py).
"""

from flows.machines.promising import Promising
from flows.words import FALLBACK, LANGUAGES

CALM_ANSWERS = 3
# Where the numbers for danger are said again to somebody who spoke of it: until a call is promised.
STILL_IN_DANGER = frozenset(
    {
        "danger",
        "service",
        "menu",
        "more",
        "confirm_own",
        "ask_number",
        "confirm_number",
        "no_time",
        "languages",
        "after_dial",
    }
)
ASKED = 2  # Session.urgent: whether they think of suicide was asked
FIRST_LETTERS = 100  # of a text; what comes later may not be read in time (care.md §2)


class Talk(Promising):
    """One turn in the making. The engine fills it in before each event and reads it afterwards."""

    # Elsewhere

    def keep_record(self) -> None:
        record = self.record or self.world.directory.live_line
        self.session.record, self.in_full = record.id, True

    def keep_menu(self) -> None:
        self.session.menu = self.menu_name

    def keep_language(self) -> None:
        self.session.language, self.session.chosen = self.asked_language, True
        self.say(
            "language.ok", what=self.words.say(self.tongue, "language.named." + self.session.language, self.channel)
        )

    def keep_live_line(self) -> None:
        self.session.record, self.in_full = self.world.directory.live_line_id, True

    def unwanted(self) -> bool:
        """ "Don't call, he is here", by text: danger first, then whether the call that was asked for should come."""
        return self.about == "no_call" and self.world.request is not None and self.channel == "sms"

    def sound_alarm(self) -> None:
        message = "danger.crisis.other" if self.alarm == "crisis" and self.about_other else "danger." + self.alarm
        if self.unwanted():
            message = f"danger.{self.alarm}.only"  # the question that follows has numbers of its own
        self.say(message)
        if self.overdose:
            self.say("danger.overdose")
        if self.alarm == "emergency" and self.channel == "sms":
            self._in_english()
        self.tell_also()
        self.session.urgent = ASKED if self.alarm == "crisis" and not self.about_other else 1
        self._update(urgent="1")

    def _in_english(self) -> None:
        """Texts to 911 are read in English only: a sentence to copy, with room for the address."""
        language, sentence = self.session.language, self.world.directory.emergency.sentence
        if language != FALLBACK and sentence:
            self.say("danger.in_english", english=sentence.format(language=LANGUAGES[language]))

    def heard_yes(self) -> None:
        """Yes to the question about suicide (or to anything after words of danger): the way to help, again."""
        self.session.misses = 0
        self.say("danger.yes" if self.session.urgent == ASKED else "danger.stay")

    def heard_safe(self) -> None:
        """They say that it is over: believed, and the way stays open."""
        self.session.urgent, self.ask = 0, False
        self.say("danger.safe")

    def heard_no(self) -> None:
        self.session.urgent = 0  # they are believed
        self.say("danger.no")

    def keep_danger_first(self, was: str, event: str) -> None:
        """Who spoke of danger, or may have, is told the numbers first in the next answers too."""
        worried = self.session.urgent and was in STILL_IN_DANGER
        # A call says them once more, at its end.
        spoken = self.channel == "voice" and event not in ("agree", "dial_over")
        unsure = self.heard.unsure and was != "new"
        if self.alarm or not (unsure or (worried and not spoken)) or event in ("clear", "aside", "not_safe"):
            return
        if self.session.unsafe or self.about == "leaving":
            return  # whoever reads this phone reads it too
        if self.world.directory.emergency.number in "\n".join(self.says)[:FIRST_LETTERS]:
            return
        numbers = self.saying("danger.numbers" if self.channel == "sms" else "greeting")
        self.says.insert(0, numbers)
        if self.unconfirmed:
            self.unconfirmed.insert(0, numbers)

    def ask_connecting(self) -> None:
        if not self.dial:  # the action that leads here has said so and dials; anything else rings again
            self.dial_live()

    def dial_live(self) -> None:
        self.record = self.world.directory.live_line
        self.dial_this()

    def dial_this(self) -> None:
        record = self.record or self.world.directory.live_line
        told = {"service": self.told(record, "short_name"), "run_by": self.told(record, "run_by")}
        self.say("connecting.police" if record.police else "connecting", slot=f"connecting.{record.id}", **told)
        self.session.record = record.id
        self.dial = record.phone or self.world.directory.live_line.phone or ""

    def lead_to_person(self) -> None:
        self.say("lead_to_person")
        self.dial_live()

    def offer_person(self) -> None:
        self.session.misses += 1
        self.say("offer_person" if self.session.misses == 2 else "offer_person.again")
        self.ask = False

    def wipe(self) -> None:
        self.effects.clear = True
        if self.world.request:
            self._update(may_text="no", may_voicemail="no")
        self.say("cleared")

    # Staying

    def no_request(self) -> None:
        self.say("no_request")

    def kind_line(self) -> None:
        """Thanks, an OK or a heart: one kind line with the time, and no more than two in a row."""
        self.ask = False
        self.session.thanked += 1
        if self.session.thanked > 2 and self.channel == "sms":
            return
        if self.session.state == "danger":
            self.say("danger.stay")
        elif self.says_when:
            self.say("welcome.promised", time=self.time())
        else:
            self.say("welcome")

    def say_nothing(self) -> None:
        self.ask = False

    def stay_silent(self) -> None:
        """Nothing but the question again, all of it."""
        self.in_full = True

    def answer(self) -> None:
        """A short question about ourselves; then the question that stands, again."""
        self.say("ask." + self.about)

    def say_told(self) -> None:
        """They have to go, can't talk, or want no police: that is met, and no question follows that would not fit."""
        self.ask = False
        if self.about == "leaving" and self.channel == "voice":
            if self.heard.danger or self.heard.unsure:
                self.say("greeting")  # "he's here, I have to go": the numbers, and no more
            self.say_goodbye()
        elif self.about == "no_police":
            record = self.record or self.the_record()
            told = self.world.directory.records[record.beside] if record.beside else record
            helps = told.phone and not told.police
            self.say("ask.no_police", **self._facts(told if helps else self.world.directory.live_line))
        else:
            self.say("ask." + self.about)
        if self.about == "quiet":
            self.tell_also()
            if self.world.request:
                self.ask_waiting()  # the phone will ring: when, and how to take that back

    def thank(self) -> None:
        """They tell more of what was met already."""
        self.say("heard")

    def stay_calm(self) -> None:
        """Rude words or a joke: nobody is scolded, help is offered, and no more than three times."""
        self.session.misses += 1
        self.ask = False
        if self.session.misses <= CALM_ANSWERS or self.channel == "voice":
            self.say("calm" if self.session.misses == 1 else "calm.again")

    def stop_tip(self) -> None:
        """Somebody begins to tell what they know: kindly stopped, nothing kept, the line that hides them named."""
        self.session.misses += 1
        self.ask = False
        tip = self.the_record()
        self.say(
            "tip.stop",
            service=self.told(tip, "short_name"),
            text_word=tip.text_word or "",
            text_to=self.said(tip.text_to or ""),
            phone=self.said(tip.phone or ""),
        )

    def was_silent(self) -> None:
        self.session.misses += 1
        self.session.silent = self.state != "quiet"
        if self.session.silent:
            self.say("silence")

    def not_understood(self) -> None:
        self.session.misses += 1
        self.say("media" if self.inbound.media and not self.inbound.words.strip() else "not_understood")

    def say_goodbye(self) -> None:
        self.say("goodbye.promised" if self.says_when else "goodbye", time=self.time())
        self.hang_up, self.ask = True, False
