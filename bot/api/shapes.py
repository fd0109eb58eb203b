"""What goes in and comes out of the API. The OpenAPI document is made of these models.

Lives here: shapes and the rules of a single field. Not here: what a callback is (workers/records).
"""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, RootModel

from workers.records import Callback, Event, Outcome, rfc3339
from workers.vault import Vault

At = Annotated[str, Field(json_schema_extra={"format": "date-time"}, description="RFC 3339, UTC")]
Fence = Annotated[int, Field(ge=0, le=10**12)] | Annotated[str, Field(pattern=r"^[0-9]{1,12}$")]
OTHER = "other"  # what is kept of a referral to somewhere that has no record in the directory
Who = Literal["only_me", "others"]
WHO: dict[str, Who] = {"only_me": "only_me", "others": "others"}
Status = Literal["waiting", "claimed", "calling", "closed", "withdrawn"]
Month = Annotated[
    str, Field(pattern=r"^2[0-9]{3}-(0[1-9]|1[0-2])(-[0-9]{2})?$", description="YYYY-MM; a day is ignored")
]


def _whole(value: Any) -> Any:
    """Only digits are a number in an address: no signs, spaces or points."""
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else value


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class ListQuery(_In):
    status: Status | None = Field(None, description="One status; without it, all that are open")
    team: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")] | None = Field(
        None, description="Id of a directory record"
    )
    limit: Annotated[int, BeforeValidator(_whole), Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,128}$")] | None = Field(
        None, description="next_cursor of a page"
    )


class MonthsQuery(_In):
    first: Month | None = Field(
        None, alias="from", description="First month; eleven before the last where it is left out"
    )
    last: Month | None = Field(None, alias="to", description="Last month; the present one where it is left out")


class Fenced(_In):
    fence: Fence | None = Field(None, description="What `claim` gave; an outdated one gets 409")


class ClaimIn(_In):
    staff: str = Field(min_length=1, max_length=64, description="Login of the staff member who takes it")


class AttemptIn(Fenced):
    outcome: Outcome
    note: str = Field("", max_length=2000, description="Kept encrypted")


class CloseReferred(Fenced):
    reason: Literal["referred"]
    referred_to: str = Field(
        min_length=1, max_length=120, description="Id of a directory record. Anything else is kept as an encrypted note"
    )


class CloseOther(Fenced):
    reason: Literal["reached", "declined", "wrong_number", "emergency", "unreachable", "duplicate", "withdrawn"]


class CloseIn(RootModel[Annotated[CloseReferred | CloseOther, Field(discriminator="reason")]]):
    pass


class CallbackOut(BaseModel):
    """A callback without number or name. `safe_to_*`: null until the resident has said."""

    id: str
    team: str
    status: Status
    channel: str
    language: str
    requested_at: At
    due_at: At
    attempts: int
    claimed_by: str | None = Field(description="Login")
    late: bool
    safe_to_text: bool | None
    safe_to_voicemail: bool | None = Field(description='true: a message that says only "please call back"')


class ClaimOut(CallbackOut):
    fence: int


class NoteOut(BaseModel):
    at: At
    by: str
    text: str


class EventOut(BaseModel):
    at: At
    what: str
    by: str
    detail: str


class RevealOut(CallbackOut):
    phone: str = Field(description="E.164")
    extension: str
    name: str
    who_may_answer: Who | None
    good_time: str
    notes: list[NoteOut]
    history: list[EventOut]


class PageOut(BaseModel):
    callbacks: list[CallbackOut]
    next_cursor: str | None


class ProblemOut(BaseModel):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str


class ConflictOut(ProblemOut):
    holder: str | None
    since: At | None


class FieldFault(BaseModel):
    field: str
    message: str


class InvalidOut(ProblemOut):
    errors: list[FieldFault]


def _time(at: datetime) -> str:
    return rfc3339(at) or ""


def _plain(cb: Callback) -> dict[str, Any]:
    return {
        "id": cb.id,
        "team": cb.team,
        "status": cb.status,
        "channel": cb.channel,
        "language": cb.language,
        "requested_at": _time(cb.requested_at),
        "due_at": _time(cb.due_at),
        "attempts": cb.attempts,
        "claimed_by": cb.claimed_by,
        "late": cb.late,
        "safe_to_text": {"yes": True, "no": False}.get(cb.may_text),
        "safe_to_voicemail": {"neutral": True, "named": True, "no": False}.get(cb.may_voicemail),
    }


def shown(cb: Callback) -> CallbackOut:
    return CallbackOut(**_plain(cb))


def claimed(cb: Callback, fence: str) -> ClaimOut:
    return ClaimOut(**_plain(cb), fence=int(fence))


def revealed(cb: Callback, vault: Vault, events: list[Event]) -> RevealOut:
    """Everything, in clear. Raises Unsealable."""
    clear: dict[str, Any] = {name: cb.reveal(vault, name) for name in ("phone", "extension", "name", "good_time")}
    return RevealOut(
        **_plain(cb),
        **clear,
        who_may_answer=WHO.get(cb.may_answer),
        notes=[NoteOut(at=_time(e.at), by=e.who, text=e.note) for e in events if e.note],
        history=[EventOut(at=_time(e.at), what=e.what, by=e.who, detail=e.detail) for e in events],
    )
