"""What one turn collects and how it speaks: the words of each state's question.

Lives here: saying things. Not here: what a step does (talk.py), nor which step follows which (conversation.py).
"""

from functools import lru_cache

from flows.directory import MenuItem, Record
from flows.phone import Reading, spoken, written
from flows.session import TOLD, Session
from flows.turn import Effects, Inbound, World
from flows.words import CHANGES, Said, Words


def said(number: str, channel: str) -> str:
    """A number as it is read, or heard digit by digit in groups."""
    if channel == "voice":
        return spoken(number) if number.startswith("+") else " ".join(number)
    return written(number) if number.startswith("+") else number


@lru_cache(maxsize=64)
def _common(name: str, live_name: str, numbers: tuple[str, ...], channel: str) -> dict[str, str]:
    """What every message may name: ourselves, 911, 988, the live line, our numbers."""
    names = ("emergency", "crisis", "live", "voice", "sms")
    return {"name": name, "live_name": live_name, **{k: said(n, channel) for k, n in zip(names, numbers, strict=True)}}


class Speech:
    """One turn in the making: what came in, what is said so far, what is to be done."""

    state: str
    session: Session
    world: World
    inbound: Inbound
    words: Words
    says: list[Said]
    notices: list[Said]  # those of `says` that may be left out where a text grows too long
    effects: Effects
    reading: Reading
    record: Record | None
    alarm: str
    free_words: str
    about: str
    unconfirmed: list[Said]  # what is said instead of a promise that was stored but not confirmed
    dial: str
    hang_up: bool
    ask: bool
    introduced: bool
    asked_language: str  # the language that was just asked for by name or number
    menu_name: str  # the menu that was chosen
    about_other: bool  # the words of danger are about somebody else

    def begin(self, session: Session, inbound: Inbound, world: World, words: Words) -> None:
        self.session, self.inbound, self.world, self.words = session, inbound, world, words
        self.state = session.state
        self.says, self.notices, self.effects = [], [], Effects()
        self.reading, self.record, self.alarm, self.free_words = Reading(None, None, "none"), None, "", ""
        self.about, self.unconfirmed = "", []
        self.dial, self.hang_up, self.ask, self.introduced = "", False, True, False
        self.asked_language, self.menu_name, self.about_other = "", "", False

    # Saying

    @property
    def channel(self) -> str:
        return self.inbound.channel

    @property
    def tongue(self) -> str:
        """The language that is spoken or written: what can't be spoken is said in the nearest one."""
        return self.words.tongue(self.session.language, self.channel)

    def say(self, message: str, slot: str = "", **values: object) -> None:
        self.says.append(self.saying(message, slot, **values))

    def saying(self, message: str, slot: str = "", **values: object) -> Said:
        """A message filled in. `slot`: the name of its recording, where it is not the message's own."""
        recording = ""
        if self.channel == "voice" and not CHANGES & values.keys():
            recording = self.words.recording(self.session.language, slot or message)
        tongue = self.session.language if recording else self.tongue
        text = self.words.say(tongue, message, self.channel, **{**self.common(), **values})
        return Said(text, tongue, recording)

    def say_once(self, what: str) -> bool:
        """Say a message once in a conversation; was it now?"""
        if self.session.told & TOLD[what]:
            return False
        self.session.told |= TOLD[what]
        self.say(what)
        return True

    def notice(self, what: str) -> None:
        """What is said once, and may be left out where a text grows too long."""
        if self.say_once(what):
            self.notices.append(self.says[-1])

    def common(self) -> dict[str, str]:
        d, w = self.world.directory, self.world
        numbers = (d.emergency.number, d.crisis.number, d.live_line.phone or "", w.voice_number, w.sms_number)
        live = d.told(d.live_line, "short_name", self.tongue)
        return _common(d.named(self.tongue), live, numbers, self.channel)

    def said(self, number: str) -> str:
        return said(number, self.channel)

    def told(self, record: Record, what: str) -> str:
        text = self.world.directory.told(record, what, self.tongue)
        return text.format_map(self.common()) if "{" in text else text

    def time(self) -> str:
        """The clock time of the promise that is made, or stands; '' where there is none."""
        due = self.effects.due_at or (self.world.request.due_at if self.world.request else None)
        return self.words.time(self.tongue, due, self.world.directory.time_zone) if due else ""

    # Entering a state

    def enter(self, state: str, stayed: bool) -> None:
        """Say the state's question, once."""
        if not stayed and self.ask:
            self.session.misses = 0
        if state == "confirm_own":  # whatever number was given and refused before is not the one that is agreed to
            self.session.number = self.session.extension = ""
        if self.ask:
            getattr(self, "ask_" + state, lambda: self.say(state))()

    def say_first(self) -> None:
        """First contact by text: danger, the menu, how to end it, and in which other language it can go on."""
        others = [language for language in self.words.languages if language != self.session.language]
        what = self.words.say(others[0], "language.named." + others[0], "sms") if others else ""
        languages = self.words.say(self.session.language, "first.languages", "sms", what=what) if others else ""
        self.say("first", menu=self.menu_lines("sms"), languages=languages)

    def ask_new(self) -> None:
        pass

    def ask_menu(self) -> None:
        if self.introduced:
            return  # first contact has the menu in it
        self.say("menu", menu=self.menu_lines(self.channel))
        if self.inbound.begins:
            self.say("menu.tail")
            self._say_languages("language.key", others_only=True)

    def ask_more(self) -> None:
        name = self.session.menu if self.session.menu in self.world.directory.menus else self.channel
        self.say("more", slot=f"more.{name}", menu=self.menu_lines(name))

    def ask_languages(self) -> None:
        """Each language in its own words and script, by number."""
        if self.channel == "voice":
            self._say_languages("language.press")
            return
        lines = [
            f"{n} {self.words.say(language, 'language.named.' + language, 'sms')}"
            for n, language in enumerate(self.words.languages, 1)
        ]
        self.says.append(Said("\n".join(lines), self.tongue))

    def _say_languages(self, message: str, others_only: bool = False) -> None:
        """One sentence for each language, in its own voice."""
        for n, language in enumerate(self.words.languages, 1):
            if others_only and language == self.session.language:
                continue
            recording = self.words.recording(language, message)
            tongue = language if recording else self.words.tongue(language, "voice")
            what = self.words.say(tongue, "language.named." + language, "voice")
            self.says.append(Said(self.words.say(tongue, message, "voice", n=n, what=what), tongue, recording))

    def menu_lines(self, name: str) -> str:
        """The menu's lines; nothing that isn't in the directory can be named."""
        items = self.world.directory.menus[name]
        lines = [self._menu_line(name, n, item) for n, item in enumerate(items, 1)]
        return ("\n" if self.channel == "sms" else " ").join(lines)

    def _menu_line(self, name: str, n: int, item: MenuItem) -> str:
        if item.do:
            what = self.words.say(self.tongue, f"do.{item.do}", self.channel)
        else:
            what = self.world.directory.line(name, n, self.tongue)
        line = "menu.service" if item.record and not item.words else "menu.line"
        if line == "menu.service" and self.channel == "voice":
            what = what[0].lower() + what[1:]
        return self.words.say(self.tongue, line, self.channel, n=n, what=what)

    # A service

    def ask_service(self) -> None:
        record = self.the_record()
        self.say("service." + self._kind(record), slot="service." + record.id, **self._facts(record))
        if self.channel == "sms":
            self.say("next.private" if record.private else "next.triage" if record.triage else "next")

    def the_record(self) -> Record:
        """The service that was last told of."""
        return self.world.directory.records.get(self.session.record) or self.world.directory.live_line

    def _kind(self, record: Record) -> str:
        """Which message tells of it."""
        if record == self.world.directory.live_line:
            return "live"
        if record.danger_first:
            return "shots"
        if record.text_to:
            return "tip"
        if record.beside:
            return "beside"
        voice = self.channel == "voice"
        return "triage" if record.triage and voice else "web" if voice and not record.phone else "plain"

    def _facts(self, record: Record) -> dict[str, str]:
        """All that the messages may say of a record, and of the one beside it."""
        d = self.world.directory
        beside = d.records.get(record.beside or "", record)
        tip = next((r for r in d.all if r.text_to), record)
        return {
            "purpose": self.told(record, "purpose"),
            "expect": self.told(record, "expect"),
            "run_by": self.told(record, "run_by"),
            "full_name": self.told(record, "name"),
            "service": self.told(record, "short_name"),
            "phone": self.said(record.phone or ""),
            "address": record.address or "",
            "contact": self._contact(record),
            "text_to": self.said(tip.text_to or ""),
            "text_word": tip.text_word or "",
            "beside": self.told(beside, "short_name"),
            "beside_run_by": self.told(beside, "run_by"),
            "beside_phone": self.said(beside.phone or ""),
        }

    def _contact(self, record: Record) -> str:
        """How to reach it, as text: number, mail, page; an address only where the door is its own."""
        web = (record.web or "").removeprefix("https://").removeprefix("www.").rstrip("/")
        address = "" if record.beside else record.address
        return ", ".join(filter(None, (self.said(record.phone or ""), record.email, web, address)))

    # The other questions

    def ask_confirm_own(self) -> None:
        self.say("confirm_own", number=self.said(self.world.own_number))
        self.say_once("limits")  # the limits of confidentiality, before anybody gives details (care.md §4)

    def ask_confirm_number(self) -> None:
        extension = self.session.extension
        self.say(
            "confirm_number.extension" if extension else "confirm_number",
            number=self.said(self.session.number),
            extension=self.said(extension),
        )
        self.say_once("limits")

    def ask_no_time(self) -> None:
        self.say("no_time." + self.world.why_no_promise if self.world.why_no_promise == "nobody" else "no_time")

    def ask_after_dial(self) -> None:
        self.say("after_dial" if self.inbound.dial in ("completed", "answered") else "after_dial.unanswered")

    def ask_danger(self) -> None:
        """The first time sound_alarm has spoken; after something we didn't get, the way on is said again."""
        if self.session.misses or not self.says:
            self.say("danger.stay")

    def ask_waiting(self) -> None:
        request = self.world.request
        if request is None and self.effects.verb != "request":
            self.say("no_request")  # staff have closed it meanwhile: no time is named that nobody keeps
        elif not self.effects.promised and not (request and request.promised):
            self.say("waiting.no_time")
        elif request and self.world.is_late:
            self.say("waiting.late")
        else:
            self.say("waiting", time=self.time())
