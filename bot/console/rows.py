"""A callback as the pages show it: times in the city's time zone, and words in place of codes.

Lives here: what is shown. Not here: how it looks (templates/), nor any personal detail (callbacks.py opens those).
"""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from zoneinfo import ZoneInfo

from bot.console import words
from flows.directory import Directory
from flows.words import clock
from workers.records import Callback, when


@dataclass(frozen=True)
class Row:
    """One callback at one moment. `due` and `lease` are seconds since 1970 by the store's clock, for the countdowns."""

    cb: Callback
    due_words: str
    due: float
    is_late: bool
    left: str
    lease: float | None
    lease_left: str
    holder: str
    is_mine: bool
    consent: list[tuple[str, str, str]]
    language: str
    channel: str
    attempts: str
    asked_again: str
    status: str
    last_dial: str
    asked_for: str


class Times:
    """The moment of a page, by the store's clock, in the city's time zone."""

    def __init__(self, now: float, directory: Directory):
        self.now, self.zone, self.directory = now, directory.time_zone, directory

    def say(self, at: datetime | None) -> str:
        """'3:42 PM', with the day where it isn't today; '' for no time."""
        if at is None:
            return ""
        local, today = (x.astimezone(ZoneInfo(self.zone)).date() for x in (at, self._at()))
        day = "" if local == today else f"{local:%a} {local:%b} {local.day}, "
        return day + clock(at, self.zone)

    def in_seconds(self, seconds: float) -> str:
        return self.say(when(self.now + seconds))

    def _at(self) -> datetime:
        return when(self.now) or datetime.min


def span(seconds: float) -> str:
    """'12 min', '1 h 05 min': whole minutes, never 0."""
    minutes = max(1, ceil(seconds / 60))
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"


def row(cb: Callback, times: Times, me: str) -> Row:
    due = cb.due_at.timestamp()
    left = due - times.now
    late = cb.is_open and left <= 0
    lease = cb.lease_until.timestamp() if cb.claimed_by and cb.lease_until else None
    again = cb.requests - 1
    return Row(
        cb=cb,
        due_words=times.say(cb.due_at),
        due=due,
        is_late=late,
        left=f"late by {span(-left)}" if late else f"in {span(left)}",
        lease=lease,
        lease_left=span(lease - times.now) if lease else "",
        holder=words.person(cb.claimed_by or ""),
        is_mine=cb.claimed_by == me,
        consent=words.consent(cb),
        language=words.language(cb.language),
        channel=words.CHANNELS.get(cb.channel, cb.channel),
        attempts=words.times(cb.attempts, "try")
        if cb.attempts == 1
        else f"{cb.attempts} tries"
        if cb.attempts
        else "not tried yet",
        asked_again=f"asked again {words.times(again, 'time')}" if again > 0 else "",
        status=words.STATUS.get(cb.status, cb.status),
        last_dial=words.dial(cb),
        asked_for=words.asked_for(cb, times.directory),
    )
