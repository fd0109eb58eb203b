"""The shapes of what is kept: a callback, a line of its history, a staff account.

Lives here: decoding a record, with its personal fields still sealed until somebody opens them. Not here: changing one.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from workers.vault import Unsealable, Vault

Outcome = Literal[
    "reached",
    "call_later",
    "no_answer",
    "busy",
    "failed",
    "voicemail_left",
    "someone_else",
    "wrong_number",
    "declined",
    "emergency",
]
CloseReason = Literal[
    "reached", "referred", "declined", "wrong_number", "emergency", "unreachable", "duplicate", "withdrawn"
]
Role = Literal["responder", "supervisor", "admin", "auditor"]

# Seconds until the next attempt (care.md §7: busy 3 minutes, no answer 10, machine 30, our own fault at once).
# 'hold' keeps it with whoever holds it until they close it; '' leaves the promise's own plan as it is.
NEXT_ATTEMPT: dict[str, str] = {
    "reached": "hold",
    "wrong_number": "hold",
    "declined": "hold",
    "emergency": "hold",
    "failed": "",
    "busy": "180",
    "no_answer": "600",
    "someone_else": "600",
    "voicemail_left": "1800",
    "call_later": "3600",
}
OPEN = ("waiting", "claimed", "calling")
PERSONAL = ("phone", "extension", "name", "contact", "good_time")


def when(seconds: str | float | None) -> datetime | None:
    """Seconds since 1970, as kept in the store -> an aware UTC datetime, or None where there is none."""
    return datetime.fromtimestamp(float(seconds), UTC) if seconds else None


def rfc3339(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def short_code(callback_id: str) -> str:
    """What people say aloud for a callback: four letters or digits that can't be mistaken for others."""
    alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
    number = int.from_bytes(callback_id[:8].encode(), "big")
    out = ""
    for _ in range(4):
        number, digit = divmod(number, len(alphabet))
        out += alphabet[digit]
    return out


@dataclass(frozen=True)
class Event:
    """One line of a callback's history. `note` is open text only where it was asked for with the vault."""

    at: datetime
    what: str
    who: str
    detail: str
    note: str


@dataclass(frozen=True)
class Callback:
    """A promise. Times are aware UTC datetimes; personal fields are sealed: open them with `reveal`."""

    id: str
    status: str
    team: str
    channel: str
    language: str
    requested_at: datetime
    due_at: datetime
    promised: bool
    attempts: int
    requests: int
    claimed_by: str | None
    claimed_at: datetime | None
    lease_until: datetime | None
    fence: str
    late: bool
    urgent: bool  # they spoke of danger or suicide
    asked_for: str  # what else of the team than support: the id of its directory record, or ''
    may_text: str  # '', 'yes' or 'no'
    may_voicemail: str  # '', 'neutral', 'named' (it may say who called) or 'no'
    may_answer: str  # '', 'only_me' or 'others'
    undelivered: str
    last_dial: str
    reason: str
    referred_to: str
    closed_at: datetime | None
    sealed: dict[str, bytes] = field(repr=False)

    @property
    def code(self) -> str:
        return short_code(self.id)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def reveal(self, vault: Vault, name: str) -> str:
        """A personal field in clear: phone and contact (E.164), extension, name, good_time. '' where none was given."""
        value = self.sealed.get(name, b"")
        return vault.open(value, f"cb:{self.id}|{name}") if value else ""


def callback(callback_id: str, raw: dict[bytes, bytes]) -> Callback:
    """Decode a record. Raises ValueError or KeyError where it is damaged."""
    sealed = {name: raw[name.encode()] for name in PERSONAL if name.encode() in raw}
    row = {k.decode(): v.decode() for k, v in raw.items() if k.decode() not in PERSONAL}
    requested, due = when(row["requested_at"]), when(row["due_at"])
    if requested is None or due is None:
        raise ValueError("no time")
    return Callback(
        id=callback_id,
        status=row["status"],
        team=row["team"],
        channel=row["channel"],
        language=row["language"],
        requested_at=requested,
        due_at=due,
        promised=row["promised"] == "1",
        attempts=int(row["attempts"]),
        requests=int(row["requests"]),
        claimed_by=row["claimed_by"] or None,
        claimed_at=when(row.get("claimed_at")),
        lease_until=when(row["lease_until"]),
        fence=row["fence"],
        late=row["late"] == "1",
        urgent=row.get("urgent") == "1",
        asked_for=row.get("asked_for", ""),
        may_text=row.get("may_text", ""),
        may_voicemail=row.get("may_voicemail", ""),
        may_answer=row.get("may_answer", ""),
        undelivered=row.get("undelivered", ""),
        last_dial=row.get("last_dial", ""),
        reason=row.get("reason", ""),
        referred_to=row.get("referred_to", ""),
        closed_at=when(row.get("closed_at")),
        sealed=sealed,
    )


@dataclass(frozen=True)
class Staff:
    """A staff account. `phone` is E.164 in clear: staff numbers are opened when the account is read."""

    login: str
    role: str
    phone: str = field(repr=False)
    languages: tuple[str, ...]
    on_shift: bool
    no_texts: str  # '' or the carrier's code that says why this phone can't receive texts
    disabled: bool
    must_change: bool
    epoch: str  # raised when the password or role changes: older logins are dead
    password_hash: str = field(repr=False)

    @property
    def is_supervisor(self) -> bool:
        return self.role in ("supervisor", "admin")


def staff(login: str, raw: dict[bytes, bytes], on_shift: bool, vault: Vault) -> Staff:
    """Decode an account. A phone that can't be opened is shown as none, so that the roster still lists the person."""
    try:
        phone = vault.open(raw.get(b"phone", b""), f"staff:{login}|phone")
    except Unsealable:
        phone = ""
    row = {k.decode(): v.decode() for k, v in raw.items() if k != b"phone"}
    return Staff(
        login=login,
        role=row.get("role", "responder"),
        phone=phone,
        languages=tuple(filter(None, row.get("languages", "").split(","))),
        on_shift=on_shift,
        no_texts=row.get("no_texts", ""),
        disabled=row.get("disabled") == "1",
        must_change=row.get("must_change") == "1",
        epoch=row.get("epoch", "0"),
        password_hash=row.get("password", ""),
    )
