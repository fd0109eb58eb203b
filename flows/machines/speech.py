"""What one turn collects and how it speaks: the words of each state's question.

Lives here: saying things. Not here: what a step does (talk.py), nor which step follows which (conversation.py).
"""

from functools import lru_cache

from flows.directory import MenuItem, Record
from flows.phone import Reading, spoken, written
from flows.session import Session
from flows.turn import Effects, Inbound, World
from flows.words import Words, clock


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
    says: list[str]
    effects: Effects
    reading: Reading
    record: Record | None
    alarm: str
    free_words: str
    about: str
    unconfirmed: list[str]  # what is said instead of a promise that was stored but not confirmed
    dial: str
    hang_up: bool
    ask: bool
    introduced: bool
    speaks: str

    def begin(self, session: Session, inbound: Inbound, world: World, words: Words) -> None:
        self.session, self.inbound, self.world, self.words = session, inbound, world, words
        self.state = session.state
        self.says, self.effects = [], Effects()
        self.reading, self.record, self.alarm, self.free_words = Reading(None, None, "none"), None, "", ""
        self.about, self.unconfirmed = "", []
        self.dial, self.hang_up, self.ask, self.introduced = "", False, True, False
        self.speaks = ""

    # Saying

    @property
    def channel(self) -> str:
        return self.inbound.channel

    def say(self, message: str, **values: object) -> None:
        self.says.append(self.words.say(self.session.language, message, self.channel, **{**self.common(), **values}))

    def common(self) -> dict[str, str]:
        d, w = self.world.directory, self.world
        numbers = (d.emergency.number, d.crisis.number, d.live_line.phone or "", w.voice_number, w.sms_number)
        return _common(d.name, d.live_line.short_name, numbers, self.channel)

    def said(self, number: str) -> str:
        return said(number, self.channel)

    def time(self) -> str:
        """The clock time of the promise that is made, or stands; '' where there is none."""
        due = self.effects.due_at or (self.world.request.due_at if self.world.request else None)
        return clock(due, self.world.directory.time_zone) if due else ""

    # Entering a state

    def enter(self, state: str, stayed: bool) -> None:
        """Say the state's question, once."""
        if not stayed and self.ask:
            self.session.misses = 0
        if state == "confirm_own":  # whatever number was given and refused before is not the one that is agreed to
            self.session.number = self.session.extension = ""
        if self.ask:
            getattr(self, "ask_" + state, lambda: self.say(state))()

    def ask_new(self) -> None:
        pass

    def ask_menu(self) -> None:
        if self.introduced:
            return  # first contact has the menu in it
        self.say(
            "menu",
            menu=self.menu_lines(
                self.world.directory.menus.sms if self.channel == "sms" else self.world.directory.menus.voice
            ),
        )
        if self.inbound.begins:
            self.say("menu.tail")

    def ask_more(self) -> None:
        self.say("more", menu=self.menu_lines(self.world.directory.menus.more))

    def menu_lines(self, items: tuple[MenuItem, ...]) -> str:
        """The menu's lines; nothing that isn't in the directory can be named."""
        lines = [self._menu_line(n, item) for n, item in enumerate(items, 1)]
        return ("\n" if self.channel == "sms" else " ").join(lines)

    def _menu_line(self, n: int, item: MenuItem) -> str:
        language = self.session.language
        if item.record is None:
            what, line = self.words.say(language, f"do.{item.do}", self.channel), "menu.line"
        else:
            record = self.world.directory.records[item.record]
            what, line = record.menu.get(language) or record.menu.get("en") or record.short_name, "menu.service"
        if line == "menu.service" and self.channel == "voice":
            what = what[0].lower() + what[1:]
        return self.words.say(language, line, self.channel, n=n, what=what)

    def ask_service(self) -> None:
        record = self.world.directory.records.get(self.session.record) or self.world.directory.live_line
        beside = self.world.directory.records.get(record.beside or "")
        kind = (
            "tip"
            if record.text_to
            else "police"
            if record.police
            else "live"
            if record == self.world.directory.live_line
            else "plain"
        )
        self.say(
            "service." + kind,
            purpose=record.purpose,
            service=record.short_name,
            full_name=record.name,
            run_by=record.run_by,
            phone=self.said(record.phone or ""),
            expect=record.expect,
            address=record.address or "",
            text_to=self.said(record.text_to or ""),
            text_word=record.text_word or "",
            hours=record.hours or "",
            beside=beside.short_name if beside else "",
            beside_run_by=beside.run_by if beside else "",
            beside_phone=self.said(beside.phone or "") if beside else "",
        )

    def ask_confirm_own(self) -> None:
        self.say("confirm_own", number=self.said(self.world.own_number))
        self._limits()

    def _limits(self) -> None:
        """What confidentiality has limits, once, before anybody gives details (care.md §4)."""
        if not self.session.told:
            self.session.told = 1
            self.say("limits")

    def ask_confirm_number(self) -> None:
        extension = self.session.extension
        self.say(
            "confirm_number.extension" if extension else "confirm_number",
            number=self.said(self.session.number),
            extension=self.said(extension),
        )
        self._limits()

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
