"""The city's directory: one record a service, checked when it is read.

Lives here: the schema and the file's reader. Not here: anything about a city (that is the file), nor what is said of a
record (flows/words).
"""

from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from flows.phone import written

FACTS = ("phone", "text_to", "email", "web", "address", "hours", "cost", "confidentiality", "languages")
FRESH_DAYS = 90


class DirectoryError(SystemExit):
    """The directory file can't be used; the message says where and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Record(_Strict):
    """One service. `phone`: E.164. `beside`: the service that is not police, named together with a police-run one."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    short_name: str
    run_by: str
    police: bool
    purpose: str
    for_whom: str
    expect: str
    phone: str | None = Field(default=None, pattern=r"^\+1\d{10}$")
    text_to: str | None = Field(default=None, pattern=r"^\d{3,10}$")
    text_word: str | None = None
    email: str | None = None
    web: str | None = None
    address: str | None = None
    hours: str | None = None
    cost: str | None = None
    confidentiality: str | None = None
    languages: str | None = None
    beside: str | None = None
    menu: dict[str, str] = Field(default_factory=dict)
    anonymous_only: bool = False
    source: Literal["page", "public"]
    checked: date
    unsure: tuple[str, ...] = ()

    @property
    def written_phone(self) -> str:
        """(617) 555-0123, as people read it; '' where there is none."""
        return written(self.phone) if self.phone else ""


class MenuItem(_Strict):
    """One line of a menu: a record, or something to do."""

    record: str | None = None
    do: Literal["callback", "connect", "more", "quiet"] | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "MenuItem":
        if (self.record is None) == (self.do is None):
            raise ValueError("a menu item is either a record or something to do")
        return self


class Menus(_Strict):
    """At most nine lines by text (one digit), five by voice (care.md: at most 5 a level)."""

    sms: tuple[MenuItem, ...] = Field(min_length=1, max_length=9)
    voice: tuple[MenuItem, ...] = Field(min_length=1, max_length=5)
    more: tuple[MenuItem, ...] = Field(default=(), max_length=5)


class Emergency(_Strict):
    number: str = Field(pattern=r"^\d{3}$")
    text: bool = False


class Directory(_Strict):
    """A city: its name, its time zone, its menus and its records."""

    city: str
    name: str
    time_zone: str
    region: str
    languages: tuple[str, ...] = ("en",)
    live_line_id: str = Field(alias="live_line")
    interpreter_line: str | None = None
    emergency: Emergency
    crisis: Emergency
    menus: Menus
    all: tuple[Record, ...] = Field(alias="records", min_length=1)

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("a time zone such as America/New_York") from None
        return value

    @model_validator(mode="after")
    def _hangs_together(self) -> "Directory":
        ids = [record.id for record in self.all]
        if len(ids) != len(set(ids)):
            raise ValueError("two records have the same id")
        named = [r.beside for r in self.all if r.beside]
        named += [i.record for menu in (self.menus.sms, self.menus.voice, self.menus.more) for i in menu if i.record]
        for name in [*named, self.live_line_id]:
            if name not in ids:
                raise ValueError(f"{name} is named but has no record")
        if not self.live_line.phone or self.live_line.police:
            raise ValueError("live_line needs a phone, and must not be run by the police")
        for record in self.all:
            if record.police and not record.anonymous_only and not record.beside:
                raise ValueError(f"{record.id} is run by police: name the service beside it that is not")
        return self

    @cached_property
    def records(self) -> dict[str, Record]:
        return {record.id: record for record in self.all}

    @property
    def live_line(self) -> Record:
        """Who answers at once, at any hour."""
        return self.records[self.live_line_id]

    def stale(self, today: date) -> list[str]:
        """What somebody should check: facts older than 90 days, from outside the page, or marked unsure."""
        lines = []
        for record in self.all:
            if today - record.checked > timedelta(days=FRESH_DAYS):
                lines.append(f"{record.id}: last checked {record.checked}, more than {FRESH_DAYS} days ago")
            lines += [
                f"{record.id}: {fact} is unsure: {getattr(record, fact, None) or 'not known'}" for fact in record.unsure
            ]
        return lines


def load_directory(path: Path) -> Directory:
    """Read and check a directory file. Raises DirectoryError with the place of each fault."""
    try:
        return Directory.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        faults = "\n".join(f"  {'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors())
        raise DirectoryError(f"The directory {path} can't be used:\n{faults}") from None
    except (OSError, yaml.YAMLError) as error:
        raise DirectoryError(f"The directory {path} can't be read: {error}") from None
