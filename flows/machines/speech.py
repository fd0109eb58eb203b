"""What one turn collects and how it speaks.

Lives here: saying things. Not here: what is said of services (telling.py), what is asked (asking.py), nor what a step
does (talk.py).
"""

from functools import lru_cache

from flows.directory import Record
from flows.phone import Reading, spoken, written
from flows.session import TOLD, Session
from flows.turn import Effects, Inbound, World
from flows.understand import Understanding
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
    notices: dict[Said, int]  # those of `says` that may be left out where a text grows too long -> their bit of TOLD
    in_full: bool  # a service is told of in full though it was the last already
    stayed: bool  # the state was not left
    effects: Effects
    reading: Reading
    record: Record | None
    heard: Understanding  # what the words mean
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
    overdose: bool  # the danger is an overdose
    also: list[Record]  # other services that the same message asks for

    def begin(self, session: Session, inbound: Inbound, world: World, words: Words) -> None:
        self.session, self.inbound, self.world, self.words = session, inbound, world, words
        self.state = session.state
        self.says, self.notices, self.effects = [], {}, Effects()
        self.in_full = self.stayed = False
        self.reading, self.record, self.alarm, self.free_words = Reading(None, None, "none"), None, "", ""
        self.about, self.unconfirmed = "", []
        self.dial, self.hang_up, self.ask, self.introduced = "", False, True, False
        self.asked_language, self.menu_name, self.about_other = "", "", False
        self.overdose, self.also = False, []

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
        """What is said once, and in the next text where there is no room in this one."""
        if self.say_once(what):
            self.notices[self.says[-1]] = TOLD[what]

    def say_owed(self, what: str) -> None:
        """What found no room before."""
        self.session.owed &= ~TOLD[what]
        self.say(what)
        self.notices[self.says[-1]] = TOLD[what]

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
