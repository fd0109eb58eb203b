"""What the phone company keeps: texts, messages, the lines of a call, dials, requests.

Not here: what is done with them (handset.py, call.py, rest.py).
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from bot.simulator.call import Call

Params = dict[str, str | list[str]]

FINAL_CALL_STATUSES = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def new_sid(kind: str) -> str:
    """A fresh identifier as Twilio shapes it: two letters (`SM`, `MM`, `CA`…) and 32 hex digits."""
    return kind + secrets.token_hex(16)


@dataclass
class Text:
    """A text as a person sees it on their handset. `at` is aware UTC."""

    at: datetime
    sender: str
    body: str
    sid: str
    status: str


@dataclass
class Message:
    """A message as the phone company keeps it. `at` and `send_at` are aware UTC.

    `direction` is `inbound`, `outbound-reply` (from TwiML) or `outbound-api` (over REST);
    `params` is what the REST request said, empty for the other two.
    """

    sid: str
    to: str
    from_: str
    body: str
    at: datetime
    direction: str
    status: str
    params: Params = field(default_factory=dict)
    status_callback: str | None = None
    service_sid: str | None = None
    send_at: datetime | None = None
    error_code: int | None = None
    redacted: bool = False
    num_media: int = 0


class Line(NamedTuple):
    """One thing said in a call.

    `who`: `hotline` (TwiML's words), `me` (the person on this handset), `them` (the person bridged in),
    `line` (what the phone company did: ringing, connected, hung up). `language` is the Say's, if any.
    """

    who: str
    words: str
    language: str = ""


@dataclass(frozen=True)
class Gather:
    """What a call waits for. `timeout` in seconds; `action` absolute; `input` of `dtmf`, `speech`."""

    input: tuple[str, ...]
    action: str
    timeout: float
    finish_on_key: str
    num_digits: int | None
    action_on_empty_result: bool
    language: str
    hints: str
    speech_timeout: str


@dataclass
class Dial:
    """One number that a `<Dial>` rings. Times in seconds; `status` is `ringing`, `answered` or how it ended."""

    number: str
    caller_id: str
    at: datetime
    timeout: float
    time_limit: float
    leg: Call
    whisper: str | None = None
    status: str = "ringing"

    @property
    def sid(self) -> str:
        """The dialled leg's CallSid, which the Dial's action receives as DialCallSid."""
        return self.leg.sid


@dataclass
class RestRequest:
    """A request that reached the REST API: what it asked, how it was answered (`status` 0: cut off)."""

    at: datetime
    method: str
    path: str
    params: Params
    status: int = 0
    fault: str | None = None


@dataclass
class Delivery:
    """A webhook that was sent: `path` with query, what it carried, what came back (`status` 0: no answer)."""

    at: datetime
    path: str
    params: Params
    headers: dict[str, str]
    status: int
    body: str


@dataclass
class Fault:
    """A failure to be shown by the next `times` REST requests whose method and path fit."""

    kind: str
    times: int
    method: str | None
    path: str | None

    def fits(self, method: str, path: str) -> bool:
        """Whether this request is one that shall fail."""
        return (self.method in (None, method)) and (self.path is None or self.path in path)


def flat(params: Any) -> Params:
    """A form as a plain dict: one value as text, several as a list."""
    pairs = {name: params.getlist(name) for name in params}
    return {name: values[0] if len(values) == 1 else values for name, values in pairs.items()}
