"""The city's directory: one record a service, checked when it is read.

Lives here: the schema and the file's reader. Not here: anything about a city (that is the file, and the .po files
beside it), nor what is said of a record (flows/words).
"""

import re
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from flows.phone import written
from flows.words import FALLBACK, catalogue, messages_in

CITY = Path(__file__).with_name("boston.yaml")  # the city that ships; DIRECTORY names another

# What residents read or hear of a record, so what is translated; and the facts that somebody must check.
WORDS = ("name", "short_name", "run_by", "purpose", "for_whom", "expect", "hours", "cost", "confidentiality", "menu")
FACTS = ("phone", "text_to", "email", "web", "address", "hours", "cost", "confidentiality", "languages")
TEXT, VOICE = "sms", "voice"
LONGEST_SHORT_NAME = 4  # letters
MOST_BY_TEXT, MOST_BY_VOICE = 9, 5  # lines of a menu: one digit; care.md: at most 5 a level


class DirectoryError(SystemExit):
    """The directory file can't be used; the message says where and why."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Fact(_Strict):
    """Where a fact comes from (a key of the directory's `sources`), when it was last compared with it, how sure."""

    source: str
    checked: date
    unsure: bool = False


class Record(_Strict):
    """One service. `phone`: E.164. `beside`: the service that is not police, named together with a police-run one.

    `answers`: the labels of flows/understand beside which it may be offered (its own id, where none given); the first
    record of a label is where it leads, others are asked for by name. `called`: other names by which people ask for it.
    `private`: whoever asks for it may be watched, so we ask if the phone is safe. `triage`: a menu of questions that
    leads to the right one. `facts`: those with another source or date than the record's own.
    """

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
    menu: str | None = None
    answers: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    private: bool = False
    triage: str | None = None
    anonymous_only: bool = False
    danger_first: bool = False  # whoever asks may be near danger: the emergency number is said first
    source: str
    checked: date
    facts: dict[str, Fact] = Field(default_factory=dict)

    @property
    def written_phone(self) -> str:
        """(617) 555-0123, as people read it; '' where there is none."""
        return written(self.phone) if self.phone else ""

    def about(self, fact: str) -> Fact:
        """Source, date and sureness of one fact."""
        return self.facts.get(fact) or Fact(source=self.source, checked=self.checked)


class MenuItem(_Strict):
    """One line of a menu: a record, another menu, or something to do. `words`: said instead of the record's own."""

    record: str | None = None
    menu: str | None = None
    do: Literal["callback", "connect", "quiet"] | None = None
    words: str | None = None

    @model_validator(mode="after")
    def _one_of_them(self) -> "MenuItem":
        if sum(what is not None for what in (self.record, self.menu, self.do)) != 1:
            raise ValueError("a menu item is one of: a record, a menu, something to do")
        if self.menu and not self.words:
            raise ValueError("a menu item that leads to a menu needs words")
        return self


class Emergency(_Strict):
    """`text`: it can be texted. `sentence`: what to text, in English, for whoever writes another {language}."""

    number: str = Field(pattern=r"^\d{3}$")
    text: bool = False
    sentence: str | None = None

    @field_validator("sentence")
    @classmethod
    def _sentence(cls, value: str | None) -> str | None:
        if value and set(re.findall(r"\{(\w*)", value)) - {"language"}:
            raise ValueError("only {language} is filled in")
        return value


class Source(_Strict):
    """Where facts come from. `page`: the page that the directory was made from, which is believed."""

    name: str
    url: str | None = None
    page: bool = False


class Directory(_Strict):
    """A city: its name, its time zone, its menus and its records. `menus`: `sms` and `voice` are the first."""

    city: str
    name: str
    time_zone: str
    region: str
    languages: tuple[str, ...] = ("en",)
    live_line_id: str = Field(alias="live_line")
    interpreter_line: str | None = None
    emergency: Emergency
    crisis: Emergency
    sources: dict[str, Source]
    menus: dict[str, tuple[MenuItem, ...]]
    all: tuple[Record, ...] = Field(alias="records", min_length=1)
    translations: dict[str, dict[str, str]] = Field(default_factory=dict)  # language -> "dvu.purpose" -> words

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("a time zone such as America/New_York") from None
        return value

    @field_validator("languages")
    @classmethod
    def _written(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if FALLBACK not in value:
            raise ValueError("English (en) is one of them: what nobody has translated is said in it")
        for language in value:
            if not catalogue(language):
                raise ValueError(f"{language} has no catalogue in flows/words")
        return value

    @model_validator(mode="after")
    def _hangs_together(self) -> "Directory":
        ids = [record.id for record in self.all]
        if len(ids) != len(set(ids)):
            raise ValueError("two records have the same id")
        items = [item for menu in self.menus.values() for item in menu]
        named = [r.beside for r in self.all if r.beside] + [i.record for i in items if i.record]
        for name in [*named, self.live_line_id]:
            if name not in ids:
                raise ValueError(f"{name} is named but has no record")
        menus = [i.menu for i in items if i.menu] + [r.triage for r in self.all if r.triage] + [TEXT, VOICE]
        for name in menus:
            if not self.menus.get(name):
                raise ValueError(f"the menu {name} is named but has no lines")
        self._check_people()
        self._check_menus()
        return self

    def _check_people(self) -> None:
        if not self.live_line.phone or self.live_line.police:
            raise ValueError("live_line needs a phone, and must not be run by the police")
        for record in self.all:
            if record.text_to and not record.phone:
                raise ValueError(f"{record.id} can be texted: it needs a phone too, for who calls")
            if record.police and not record.anonymous_only and not record.beside:
                raise ValueError(f"{record.id} is run by police: name the service beside it that is not")
            if record.beside and not self.records[record.beside].phone:
                raise ValueError(f"{record.beside} stands beside {record.id}: it needs a phone")
            for fact in [record.about("phone"), *record.facts.values()]:
                if fact.source not in self.sources:
                    raise ValueError(f"{record.id}: {fact.source} is not one of the sources")
            if unknown := record.facts.keys() - set(FACTS):
                raise ValueError(f"{record.id}: {min(unknown)} is no fact")

    def _check_menus(self) -> None:
        """Few enough lines for the channel, and every service that has a place in a menu is reached on both."""
        for channel, most in ((TEXT, MOST_BY_TEXT), (VOICE, MOST_BY_VOICE)):
            reached = self._below(channel)
            for name in reached:
                if len(self.menus[name]) > most:
                    raise ValueError(f"the menu {name} has more than {most} lines")
            records = {item.record for name in reached for item in self.menus[name]}
            for record in self.all:
                if record.menu and record.id not in records:
                    raise ValueError(f"{record.id} has a place in no menu of {channel}")

    def _below(self, name: str) -> list[str]:
        reached = [name]
        for one in reached:
            reached += [i.menu for i in self.menus[one] if i.menu and i.menu not in reached]
        return reached

    @cached_property
    def records(self) -> dict[str, Record]:
        return {record.id: record for record in self.all}

    @cached_property
    def answering(self) -> dict[str, Record]:
        """By label of flows/understand: the record that it leads to."""
        return {label: record for record in reversed(self.all) for label in record.answers or (record.id,)}

    @cached_property
    def called(self) -> dict[str, Record]:
        """By a name that people use (lower case): the record. Short words ("best") are left to flows/understand."""
        names = [(name, r) for r in self.all for name in (*r.called, r.name, r.short_name)]
        return {n.casefold(): r for n, r in reversed(names) if " " in n or len(n) > LONGEST_SHORT_NAME}

    @property
    def live_line(self) -> Record:
        """Who answers at once, at any hour."""
        return self.records[self.live_line_id]

    def told(self, record: Record, what: str, language: str) -> str:
        """A record's words in a language; in English where nobody has translated them; '' where there are none."""
        return self.translations.get(language, {}).get(f"{record.id}.{what}") or getattr(record, what) or ""

    def line(self, menu: str, n: int, language: str) -> str:
        """What the nth line of a menu says, where that is not something to do (flows/words)."""
        item = self.menus[menu][n - 1]
        if item.words:
            return self.translations.get(language, {}).get(f"menu.{menu}.{n}") or item.words
        record = self.records[item.record or self.live_line_id]
        return self.told(record, "menu", language) or self.told(record, "short_name", language)

    def named(self, language: str) -> str:
        """The hotline's own name."""
        return self.translations.get(language, {}).get("name") or self.name

    def to_translate(self) -> dict[str, str]:
        """Everything of the directory that residents read, by the ids of its .po files."""
        found = {"name": self.name}
        found |= {f"{r.id}.{what}": words for r in self.all for what in WORDS if (words := getattr(r, what))}
        for menu, items in self.menus.items():
            found |= {f"menu.{menu}.{n}": item.words for n, item in enumerate(items, 1) if item.words}
        return found


def load_directory(path: Path) -> Directory:
    """Read and check a directory file, and the translations beside it (boston.yaml, boston.es.po).

    Raises DirectoryError with the place of each fault.
    """
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        words = {f.name.split(".")[-2]: messages_in(f) for f in sorted(path.parent.glob(f"{path.stem}.*.po"))}
        return Directory.model_validate({**raw, "translations": words} if isinstance(raw, dict) else raw)
    except ValidationError as error:
        faults = "\n".join(f"  {'.'.join(map(str, f['loc']))}: {f['msg']}" for f in error.errors())
        raise DirectoryError(f"The directory {path} can't be used:\n{faults}") from None
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise DirectoryError(f"The directory {path} can't be read: {error}") from None
