"""The model behind the chart: the actions by name.

Lives here: words and effects of each step. Not here: which step follows which (conversation.py), nor the questions of
the states (speech.py).
"""

from datetime import timedelta

from flows.machines.speech import Speech

CALM_ANSWERS = 3
LONGEST_NAME, LONGEST_TIME = 40, 80  # characters kept of what a person wants to be called, and of a good time


class Talk(Speech):
    """One turn in the making. The engine fills it in before each event and reads it afterwards."""

    # Actions on the way to a promise

    def keep_number(self) -> None:
        self.session.number, self.session.extension = str(self.reading.e164 or ""), self.reading.extension or ""

    def forget_number(self) -> None:
        self.session.number = self.session.extension = ""

    def explain_number(self) -> None:
        """Why that is no number to call; the same reason is not said twice, but how a number is written."""
        self.session.misses += 1
        again = self.session.reason == self.reading.reason and self.session.misses > 1
        self.session.reason = self.reading.reason
        self.say("number.again" if again else "number." + self.reading.reason)

    def _settled_number(self) -> dict[str, str]:
        """The fields of the number that was just agreed to, and of the phone that may be asked about texts."""
        own = not self.session.number  # (inside an action the chart's state says nothing)
        number = self.world.own_number if own else self.session.number
        fields = {
            "phone": number,
            "extension": "" if own else self.session.extension,
            "language": self.session.language,
            "channel": self.channel,
            "team": self._team(),
            "urgent": "1" if self.session.urgent else "",
        }
        self.session.number = self.session.extension = ""
        return fields

    def _team(self) -> str:
        """Whose staff call back: the live line's, by the id of what they were asked for (it, or advice for partners)."""
        asked, live = self.the_record(), self.world.directory.live_line
        return asked.id if asked.phone == live.phone else live.id

    def promise(self) -> None:
        """Somebody is on shift, workers are alive, the store is durable: give the time, in the same commit."""
        fields = self._settled_number()
        self.effects.verb, self.effects.promised, self.effects.fields = "request", True, fields
        self.effects.due_at = self.world.now + timedelta(minutes=self.world.promise_minutes)
        number = self.said(fields["phone"])
        self.say("promise", number=number, time=self.time())
        self.unconfirmed = [*self.says[:-1], self.saying("unconfirmed", number=number)]

    def note_request(self) -> None:
        """A callback without a time: kept and worked on, but not promised."""
        self.effects.verb, self.effects.fields = "request", self._settled_number()
        self.effects.due_at = self.world.now + timedelta(minutes=self.world.promise_minutes)
        self.say("noted", number=self.said(self.effects.fields["phone"]))

    def ask_again(self) -> None:
        """One person has one open request: asking again raises it, and never makes it later."""
        request = self.world.request
        self.effects.verb = "request"
        self.effects.due_at = request.due_at if request else None
        if request and not request.promised and not self.world.why_no_promise:
            self.effects.promised = True
            self.effects.due_at = self.world.now + timedelta(minutes=self.world.promise_minutes)
            self.say("promise.now", time=self.time())
            self.ask = False

    def change_it(self) -> None:
        fields = self._settled_number()
        self.effects.verb = "update"
        self.effects.fields = {"phone": fields["phone"], "extension": fields["extension"]}
        self.say("changed", number=self.said(fields["phone"]))

    def _update(self, **fields: str) -> None:
        if self.world.request:
            self.effects.verb, self.effects.fields = "update", fields

    def allow_text(self) -> None:
        self._update(may_text="yes", contact=self.world.own_number)

    def refuse_text(self) -> None:
        self._update(may_text="no")

    def allow_voicemail(self) -> None:
        self._update(may_voicemail="neutral")

    def allow_more(self) -> None:
        self._update(may_voicemail="named")

    def refuse_voicemail(self) -> None:
        self._update(may_voicemail="no")

    def only_them(self) -> None:
        self._update(may_answer="only_me")

    def others_too(self) -> None:
        self._update(may_answer="others")

    def keep_name(self) -> None:
        self._update(name=self.free_words[:LONGEST_NAME])

    def keep_time(self) -> None:
        self._update(good_time=self.free_words[:LONGEST_TIME])
        self.say("time_kept")  # and no clock time here, that might speak against theirs
        self.ask = False

    def withdraw_it(self) -> None:
        if self.world.request:
            self.effects.verb = "withdraw"
        self.say("taken_back")
        self.ask = False

    def nothing_to_take_back(self) -> None:
        self.say("no_request")

    # Elsewhere

    def keep_record(self) -> None:
        record = self.record or self.world.directory.live_line
        self.session.record = record.id

    def keep_menu(self) -> None:
        self.session.menu = self.menu_name

    def keep_language(self) -> None:
        self.session.language, self.session.chosen = self.asked_language, True
        self.say(
            "language.ok", what=self.words.say(self.tongue, "language.named." + self.session.language, self.channel)
        )

    def keep_live_line(self) -> None:
        self.session.record = self.world.directory.live_line_id

    def sound_alarm(self) -> None:
        self.say("danger.crisis.other" if self.alarm == "crisis" and self.about_other else "danger." + self.alarm)
        self.session.urgent = 2 if self.alarm == "crisis" else 1
        self._update(urgent="1")

    def heard_yes(self) -> None:
        """Yes to the question about suicide (or to anything after words of danger): the way to help, again."""
        self.session.misses = 0
        self.say("danger.yes" if self.session.urgent == 2 else "danger.stay")

    def heard_no(self) -> None:
        self.say("danger.no")

    def ask_connecting(self) -> None:
        if not self.dial:  # the action that leads here has said so and dials; anything else rings again
            self.dial_live()

    def dial_live(self) -> None:
        live = self.world.directory.live_line
        self.say("connecting", slot=f"connecting.{live.id}", service=self.told(live, "short_name"))
        self.dial = self.world.directory.live_line.phone or ""
        self.session.record = self.world.directory.live_line_id

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
        request = self.world.request
        if self.session.state == "danger":
            self.say("danger.stay")
        elif request and request.promised and not self.world.is_late:
            self.say("welcome.promised", time=self.time())
        else:
            self.say("welcome")

    def say_nothing(self) -> None:
        self.ask = False

    def stay_silent(self) -> None:
        """Nothing but the question again."""

    def answer(self) -> None:
        """A short question about ourselves; then the question that stands, again."""
        self.say("ask." + self.about)

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
        self.say("silence")

    def not_understood(self) -> None:
        self.session.misses += 1
        self.say("media" if self.inbound.media and not self.inbound.words.strip() else "not_understood")

    def say_goodbye(self) -> None:
        kept = self.world.request and self.world.request.promised and not self.world.is_late
        self.say("goodbye.promised" if kept else "goodbye", time=self.time())
        self.hang_up, self.ask = True, False
