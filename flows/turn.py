"""The nouns of a turn: what came in, what the world is like, what goes out.

Lives here: plain shapes. Not here: the conversation (machines/) or the function that plays it (engine.py).
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from flows.directory import Directory
from flows.session import Session
from flows.words import Said

Channel = Literal["sms", "voice"]
Asks = Literal["", "choice", "number", "words"]


@dataclass(frozen=True, slots=True)
class Inbound:
    """What a person did. `opt_out_type`: Twilio has answered STOP, START or HELP already. `dial`: how a dial ended."""

    channel: Channel
    words: str = ""
    digits: str = ""
    silent: bool = False
    dial: str = ""
    begins: bool = False
    media: bool = False
    opt_out_type: str = ""
    short_code: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """The person's open callback, as far as a conversation may know it."""

    due_at: datetime
    promised: bool
    late: bool
    status: str


@dataclass(frozen=True, slots=True)
class World:
    """What a turn may know besides the session. Times are aware UTC; numbers E.164.

    `why_no_promise`: '' where a promise can be kept now, else 'nobody' (is on shift), 'workers' or 'store'.
    `not_called`: numbers that nobody may have us call (staff members' own).
    `own_number`: the number that they use, where it can be called back; `can_text`: may it also receive texts?
    """

    now: datetime
    directory: Directory
    promise_minutes: float
    why_no_promise: str
    request: Request | None
    opted_out: bool
    own_number: str
    can_text: bool
    sms_number: str
    voice_number: str
    ours: tuple[str, ...]
    not_called: frozenset[str] = frozenset()
    quotas: bool = True

    @property
    def is_late(self) -> bool:
        """The time that was said has passed: it is not said again."""
        return self.request is not None and (self.request.late or self.request.due_at < self.now)


@dataclass(slots=True)
class Effects:
    """What a turn wants done, all in one commit. `fields` are in clear: numbers, names and times are sealed later."""

    verb: str = ""  # '', request, update or withdraw
    promised: bool = False
    due_at: datetime | None = None
    fields: dict[str, str] = field(default_factory=dict)
    opt: str = ""  # '', 'out' or 'in'
    clear: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """A turn's result. `says`: texts, or sentences to speak. `asks`: what is awaited by voice."""

    session: Session
    says: list[Said]
    effects: Effects
    asks: Asks = ""
    dial: str = ""
    hang_up: bool = False
    unconfirmed: tuple[Said, ...] = ()  # what is said instead, where a promise was stored but nobody confirmed it
