"""Random walks of the conversation alone, in two cities, whole and with services missing: what holds after every step.

Lives here: the walks and what must hold. Not here: walks with the store, where promises are kept (edge/test_any_walk.py).
"""

import copy
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from flows.directory import CITY, Directory, load_directory
from flows.engine import Engine
from flows.machines.speech import said as by
from flows.machines.talk import CALM_ANSWERS
from flows.segments import segments
from flows.turn import Channel, Outcome
from flows.words import Words
from tests.flows.person import Person
from tests.flows.test_conversation import STATES

FILES = {"boston": CITY, "port harlan": Path("docs/another-city/port-harlan.yaml")}
CITIES: dict[str, dict[str, Any]] = {
    name: yaml.safe_load(path.read_text(encoding="utf-8")) | {"translations": load_directory(path).translations}
    for name, path in FILES.items()
}
DANGER = [
    "he has a gun and is going to shoot me",
    "i want to kill myself",
    "my baby is not breathing",
    "911",
    "quiero suicidarme",
]
WORDS = ["hi", "call me", "yes", "no", "ok", "thanks", "menu", "back", "repeat", "status", "skip", "talk to a person", "this one",
         "cancel my callback", "change my number", "617 555 0123", "6175550124", "617 555", "Rosa", "after 6", "my boyfriend hits me",
         "i have a tip", "he sells from the blue house", "is this free?", "fuck you", "he reads my texts", "im ok now", "dont call he is here", "call me tomorrow instead", "no police", "i cant talk", "i have to go", "im 14", "my friend needs a call",
         "blorp", "languages", "español", "kreyòl", "português", "kriolu", "tiếng việt", "中文", "français", "llámame", "😀", "trauma support", "police complaint"]  # fmt: skip
MOVES = "!the directory is another one"
MEANWHILE = [MOVES, "+1", "+16", "+61", "+300", "!closed", "!nobody", "!somebody", "!withheld"]
TEXTS = [*"1111222345678990", *WORDS, *DANGER, "^", "CLEAR", "STOP", "START", "HELP", 'Liked "hello"', *MEANWHILE]
CALLS = [*(f"#{key}" for key in [*"111122234567890*", "6175550123", "617", "##"]), "~", "~", *WORDS, *DANGER, "clear", "call",
         "@completed", "@no-answer", "@busy", "@failed", *MEANWHILE]  # fmt: skip
OFFERED = {
    "sms": re.compile(r"^(\d) |\b[Tt]ext (\d)\b|, (\d) to ", re.MULTILINE),
    "voice": re.compile(r"\bpress (\d)\b"),
}
# Where a walk begins: deep places are seldom found by chance.
BEGINNINGS: list[list[str]] = [[], ["call me", "1"], ["call me", "1", "1", "1", "1"], ["call me", "1", "1", "1", "1", "Rosa"], ["call me", "2"],
              ["my boyfriend hits me"], ["i have a tip about a crime"], ["i want to kill myself"], ["!nobody", "call me", "1"]]  # fmt: skip
NOTATION = ("#", "~", "@", "^", "+", "!")  # of Person.does
WALK = settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


@cache
def city(name: str, gone: frozenset[str] = frozenset()) -> Directory:
    """A city, without some of its services and all that leads to them."""
    raw = CITIES[name]
    records = [record for record in raw["records"] if record["id"] not in gone or record["id"] == raw["live_line"]]
    while True:
        ids = {record["id"] for record in records}
        kept = [record for record in records if record.get("beside", raw["live_line"]) in ids]
        if len(kept) == len(records):
            break
        records = kept
    menus: dict[str, list[dict[str, Any]]] = {
        menu: [item for item in items if item.get("record", raw["live_line"]) in ids]
        for menu, items in raw["menus"].items()
    }
    while empty := {menu for menu, items in menus.items() if not items}:
        menus = {menu: [i for i in items if i.get("menu") not in empty] for menu, items in menus.items() if items}
    records = [{**r, "triage": r["triage"] if r["triage"] in menus else None} if "triage" in r else r for r in records]
    return Directory.model_validate({**raw, "records": records, "menus": menus})


@cache
def engine(languages: tuple[str, ...]) -> Engine:
    return Engine(Words(languages))


class Walker:
    """Somebody, and what holds after each thing that they do."""

    def __init__(self, name: str, channel: Channel, gone: frozenset[str]):
        self.directory, self.other = city(name), city(name, gone)
        self.words = Words(self.directory.languages)
        self.person = Person(engine(self.directory.languages), self.directory, channel)
        self.channel = channel
        self.over = channel == "voice"  # no call has begun, or it has ended
        self.move()

    def move(self) -> None:
        """A new directory is put in place, with services missing or back again."""
        self.directory, self.other = self.other, self.directory
        self.person.directory = self.directory
        self.missing = self._names_of(self.other) - self._names_of(self.directory)

    @staticmethod
    def _names_of(directory: Directory) -> set[str]:
        """What only a service that is there may be called by, and where it is rung."""
        told = {name for r in directory.all for name in (r.name, r.written_phone, r.phone and by(r.phone, "voice"))}
        lines = {r.menu for r in directory.all if r.menu}
        return {words for words in told | lines if words}

    def step(self, step: str) -> None:
        if self.over and not step.startswith(("+", "!")):
            self.over = False
            self.step("call")
        if step == MOVES:
            self.move()
            return
        silent_before = self.person.opted_out
        outcome = self.person.does(step)
        note(f"{step!r}: {outcome.says}" if outcome else step)
        if outcome is None:
            return
        self.over = outcome.hang_up
        self.holds(step, outcome, silent_before)
        if not self.over and not self.person.opted_out and outcome.says and not outcome.dial:
            self.goes_on(outcome)

    # After every step

    def holds(self, step: str, outcome: Outcome, opted_out: bool) -> None:
        said = "\n".join(outcome.says)
        assert outcome.session.state in STATES
        assert not [name for name in self.missing if name in said], said
        if step in DANGER:
            assert re.search(r"9 ?1 ?1|9 ?8 ?8", said[:100]), said
        if self.channel == "voice":
            assert outcome.hang_up or outcome.dial or outcome.asks
            assert said
            return
        assert segments(said).parts <= 3, said
        assert said or self._silent_on_purpose(step, outcome, opted_out)

    def _silent_on_purpose(self, step: str, outcome: Outcome, opted_out: bool) -> bool:
        session = outcome.session
        return step.startswith("Liked") or opted_out or session.thanked > 2 or session.misses > CALM_ANSWERS

    # Wherever they stand

    def goes_on(self, outcome: Outcome) -> None:
        """What works in every state, each tried by somebody who stands where they do."""
        for digit in {found for groups in OFFERED[self.channel].findall("\n".join(outcome.says)) for found in groups}:
            if digit:
                self._understood(("#" if self.channel == "voice" else "") + digit)
        for words in ("back", "menu", "repeat", "help", "i would like a real person to call me please"):
            self._understood(words)
        assert self._tried("menu").session.state in ("menu", "new")
        here = self.person.session.state
        assert self._tried("repeat").session.state == ("menu" if here == "new" else here)
        self._reaches_a_person()

    def _tried(self, *steps: str) -> Outcome:
        someone = copy.copy(self.person)
        outcomes = [someone.does(step) for step in steps]
        note(f"  then {steps} -> {outcomes[-1].session.state}: {outcomes[-1].says}")
        return outcomes[-1]

    def _understood(self, step: str) -> None:
        outcome = self._tried(step)
        lost = self.words.say(outcome.session.language, "not_understood", self.channel)
        assert outcome.says or outcome.dial, (self.person.session, step)
        assert lost not in outcome.says, (self.person.session, step, outcome.says)

    def _reaches_a_person(self) -> None:
        """Asked for: rung at once, or by text the number of who answers at any hour. A call back is one answer further."""
        live = self.directory.live_line
        for step in ("talk to a person", "#0") if self.channel == "voice" else ("talk to a person",):
            outcome = self._tried(step)
            told = self.channel == "sms" and live.written_phone in "\n".join(outcome.says)
            assert told or outcome.dial == live.phone
        if not self.person.request:
            assert self._tried("call me").session.state in ("confirm_own", "ask_number")


def walks(steps: list[str]) -> st.SearchStrategy[list[str]]:
    any_text = st.text(max_size=60).filter(lambda words: not words.startswith(NOTATION))
    then = st.lists(st.sampled_from(steps) | any_text, min_size=1, max_size=12)
    return st.builds(list.__add__, st.sampled_from(BEGINNINGS), then)


def missing(name: str) -> st.SearchStrategy[frozenset[str]]:
    ids = [record["id"] for record in CITIES[name]["records"]]
    return st.just(frozenset()) | st.frozensets(st.sampled_from(ids), max_size=6)


SOMEWHERE = st.sampled_from(sorted(CITIES)).flatmap(lambda name: st.tuples(st.just(name), missing(name)))


@given(place=SOMEWHERE, steps=walks(TEXTS))
@WALK
def test_whatever_is_texted_the_conversation_goes_on(place: tuple[str, frozenset[str]], steps: list[str]) -> None:
    walker = Walker(place[0], "sms", place[1])
    for step in steps:
        walker.step(step)


@given(place=SOMEWHERE, steps=walks(CALLS))
@WALK
def test_whatever_is_keyed_or_spoken_the_call_goes_on(place: tuple[str, frozenset[str]], steps: list[str]) -> None:
    walker = Walker(place[0], "voice", place[1])
    for step in steps:
        walker.step(step)


# What a walk has found, by its shortest story.


def after(*steps: str) -> tuple[Person, str]:
    """Somebody in Boston, and the last answer that they got."""
    someone = Person(engine(city("boston").languages), city("boston"))
    outcomes = [someone.does(step) for step in steps]
    return someone, "\n".join(outcomes[-1].says)


@pytest.mark.parametrize("first", ["status", "is this free?", "cancel my callback", "fuck you"])
def test_who_has_been_told_who_we_are_is_not_told_again(first: str) -> None:
    _, said = after(first, "is this free?")
    assert not said.startswith(city("boston").name)


def test_the_list_of_languages_is_short_enough_to_be_a_first_answer() -> None:
    _, said = after("languages")
    assert segments(said).parts <= 3


def test_danger_that_is_told_again_after_a_word_we_did_not_get_is_answered_once() -> None:
    _, said = after("português", DANGER[0], "xyzzy", DANGER[0])
    assert segments(said).parts <= 3


@pytest.mark.parametrize("language", city("boston").languages)
@pytest.mark.parametrize("word", ["HELP", "STOP", "START"])
def test_what_is_answered_to_a_carriers_word_is_short_enough_in_every_language(language: str, word: str) -> None:
    someone, _ = after("call me", "1")
    someone.session.language = language
    assert segments("\n".join(someone.says(word).says)).parts <= 3


@pytest.mark.parametrize("asked", ["their_name", "good_time"])
def test_who_asks_for_a_person_where_a_name_or_a_time_is_asked_for_gets_one(asked: str) -> None:
    someone, _ = after("call me", "1", "1", "1", "1", *["1"] * (asked == "good_time"))
    assert someone.session.state == asked
    assert someone.directory.live_line.written_phone in "\n".join(someone.says("talk to a person").says)
