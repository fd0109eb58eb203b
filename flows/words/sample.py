"""Every reply as it would be sent, with the directory's own facts and the longest times and numbers.

Lives here: rendering, for the checks of length and of reading level, and for recordings. Not here: what is too long
(check.py) or too hard (grade.py).
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial

from flows.directory import Directory
from flows.engine import fit
from flows.machines.talk import Talk
from flows.session import Session
from flows.turn import Channel, Inbound, Request, World
from flows.words import Words, catalogue

NOW = datetime(2026, 11, 25, 17, 29, tzinfo=UTC)  # 12:29 PM in Boston: the longest time of day
# States whose question is sent together with something: what is said before it.
TOGETHER: dict[str, tuple[str, ...]] = {
    "menu": (),
    "confirm_own": (),
    "confirm_number": (),
    "may_text": ("promise",),
    "languages": (),
}
# Parts of others, or told with a service's own facts: rendered where they belong.
PARTS = (
    "menu",
    "more",
    "do.",
    "clock.",
    "language.named.",
    "service.",
    "also",
    "first.sms",
    "first.languages",
    "connecting",
)


def _also(talk: Talk) -> None:
    talk.also = [talk.record] if talk.record else []
    talk.tell_also()


def _danger(talk: Talk) -> None:
    """All that words of danger may be answered with at once."""
    talk.alarm, talk.overdose = "emergency", True
    talk.sound_alarm()


# What a call says of each service.
TELLS: dict[str, Callable[[Talk], None]] = {
    "service": lambda talk: talk.enter("service", stayed=False),
    "also": _also,
    "connecting": Talk.dial_this,
}


class Sample:
    """One language's replies, texted and spoken."""

    def __init__(self, directory: Directory, language: str, words: Words | None = None):
        self.directory, self.language = directory, language
        self.words = words or Words(directory.languages)

    def texts(self) -> Iterator[tuple[str, str]]:
        """(name, the whole text) of every reply by text."""
        for name in catalogue(self.language):
            if not name.endswith(".voice") and not name.startswith(PARTS):
                yield name, self._text(partial(self._say, name=name.removesuffix(".sms")))
        yield "first", self._text(Talk.say_first)
        yield "first, languages asked for", self._state("languages", "danger.numbers")
        yield "danger, all of it", self._text(_danger)
        for menu in self.directory.menus:
            yield f"more {menu}", self._state("more", menu=menu)
        for state, leads in TOGETHER.items():
            yield state, self._state(state, *leads)
        for record in self.directory.all:
            yield f"service {record.id}", self._state("service", record=record.id)
            yield f"first contact, service {record.id}", self._state("service", "first.short", record=record.id)

    def spoken(self) -> Iterator[tuple[str, str]]:
        """(name, the words) of all that a call may say, by the names that recordings have."""
        for name in catalogue(self.language):
            if not name.endswith(".sms") and not name.startswith((*PARTS, "language.")):
                bare = name.removesuffix(".voice")
                yield bare, self._spoken(partial(self._say, name=bare))
        yield "menu", self._spoken(lambda talk: talk.enter("menu", stayed=False))
        for menu in self.directory.menus:
            yield f"more.{menu}", self._spoken(lambda talk: talk.enter("more", stayed=False), menu=menu)
        for record in self.directory.all:
            for name, tell in TELLS.items():
                yield f"{name}.{record.id}", self._spoken(tell, record=record.id)

    def _spoken(self, tell: Callable[[Talk], None], record: str = "", menu: str = "") -> str:
        talk = self._talk("voice")
        talk.session.record, talk.session.menu = record, menu
        talk.record = self.directory.records.get(record)
        tell(talk)
        return " ".join(talk.says)

    def _state(self, state: str, *leads: str, record: str = "", menu: str = "") -> str:
        def tell(talk: Talk) -> None:
            talk.session.record, talk.session.menu, talk.session.number = record, menu, "+16175550123"
            for name in leads:
                self._say(talk, name)
            talk.enter(state, stayed=False)

        return self._text(tell)

    def _text(self, tell: Callable[[Talk], None]) -> str:
        talk = self._talk()
        tell(talk)
        return "\n".join(fit(talk))

    def _say(self, talk: Talk, name: str) -> None:
        tip = next((r for r in self.directory.all if r.text_to), self.directory.live_line)
        talk.say(
            name,
            number=talk.said("+16175550123"),
            extension="123456",
            what=self.words.say(self.language, "language.named.kea", "sms"),
            time=talk.time(),
            service=talk.told(tip, "short_name"),
            full_name=talk.told(tip, "name"),
            run_by=talk.told(tip, "run_by"),
            english=self.directory.emergency.sentence,
            text_word=tip.text_word,
            text_to=tip.text_to,
            phone=talk.said(tip.phone or ""),
        )

    def _talk(self, channel: Channel = "sms") -> Talk:
        talk = Talk()
        talk.begin(Session(language=self.language), Inbound(channel), self._world(), self.words)
        return talk

    def _world(self) -> World:
        return World(
            now=NOW,
            directory=self.directory,
            promise_minutes=30,
            why_no_promise="",
            request=Request(NOW + timedelta(minutes=30), True, False, "waiting"),
            opted_out=False,
            own_number="+16175550107",
            can_text=True,
            sms_number="48726",
            voice_number="+16175550100",
            ours=(),
        )
