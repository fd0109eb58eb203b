"""One message understood: danger first, then whole phrases, then what it asks for.

The explicit rules speak first; a small classifier adds where they are silent. Not here: the data, and the conversation
that follows.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Literal

from flows.understand import danger, echoes, routes
from flows.understand.language import detect, evidence, worth_reading
from flows.understand.lexicon import Lexicon, View, lexicon
from flows.understand.model import opinion
from flows.understand.text import Message
from flows.understand.whole import is_thumb, meaning

Kind = Literal["words", "reaction", "auto_reply", "thanks", "empty"]

# Meanings of whole messages that are acts of the conversation, not destinations.
_ACTS = frozenset(
    {"thanks", "yes", "no", "back", "repeat", "clear", "person", "status", "withdraw", "change_number", "languages"}
)
_NUMBERS = re.compile(r"\b(?:911|988)\b")  # automatic replies name them: "if this is an emergency, call 911"
_CALLBACK_ACTS = frozenset({"status", "withdraw", "change_number", "person"})


@dataclass(frozen=True)
class Understanding:
    """`labels`: the contract's, best first, never empty. `acts`: what the conversation itself can do with it:
    status, withdraw, change_number, clear, back, repeat, person, yes, no, thanks, hello, minor, for_other, unsafe_phone.
    `danger`: 911 or 988 come first in the reply. `concepts` names why, for tests and reviewers. `unsure`: emergency_911 or
    crisis_988 where it might be danger, not enough for `danger`: the numbers are named in one line. `stated`: the labels
    that its words say, strongest first, where others are guessed by the classifier; also what is not offered beside a
    complaint about police. `evident`: its words leave no doubt about `language`."""

    labels: tuple[str, ...]
    language: str
    danger: bool
    kind: Kind
    acts: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    unsure: str = ""
    stated: tuple[str, ...] = ()
    evident: bool = False

    @property
    def is_sensed(self) -> bool:
        """Is it danger by the classifier alone?"""
        return self.concepts == danger.SENSED


def understand(text: str) -> Understanding:
    """Labels, language and danger of one message. Pure, deterministic, never raises; keeps nothing."""
    if is_thumb(text):
        return Understanding(("none",), "en", False, "thanks", ("thanks", "yes"))
    if echoes.is_empty(text):
        return Understanding(("none",), "en", False, "empty")
    if echoes.is_reaction(text):
        return _echo("reaction", echoes.after_quotation(text))
    if echoes.is_marked_automatic(text) or echoes.sounds_automatic(text):
        return _echo("auto_reply", echoes.unquoted(text))
    return _read(Message.of(text))


def _echo(kind: Kind, beside: str) -> Understanding:
    """What a phone wrote is answered by nothing, unless a person's own words of danger stand beside it."""
    got = _read(Message.of(beside))
    if got.danger and not got.is_sensed and not _NUMBERS.search(beside):
        return got
    return Understanding(("none",), got.language, False, kind)


def _read(message: Message) -> Understanding:
    spoken = evidence(message)
    views = [(lex, lex.view(message)) for lex in map(lexicon, worth_reading(spoken))]
    heard = danger.stated(views)
    found = heard.alarms
    if not found and (whole := meaning(message)):
        return _whole(*whole)
    if not found and message.whole.replace(" ", "").isdecimal():
        return Understanding(("none",), "en", False, "words")
    thought = opinion(message)
    phrases, unsure = routes.scores(views), ""
    if not found:
        found, unsure = danger.sensed(thought, heard, asks=bool(phrases))
    asked, acts = routes.weighed(phrases, thought), routes.acts(views)
    language, evident = detect(spoken, _hints(found, views))
    labels = _labels(found, asked, acts)
    stated = routes.stated(phrases)
    return Understanding(labels, language, bool(found), "words", acts, _concepts(found), unsure, stated, evident)


def _whole(what: str, language: str) -> Understanding:
    if what in _ACTS:
        labels = ("callback",) if what in _CALLBACK_ACTS else ("none",)
        acts = ("thanks", "yes") if what == "thanks" and language == "ok" else (what,)
        kind: Kind = "thanks" if what == "thanks" else "words"
        return Understanding(labels, "en" if language == "ok" else language, False, kind, acts)
    if what in ("menu", "hello"):
        greets = ("hello",) if what == "hello" else ()
        spoken = () if language == "en" else (f"language:{language}",)
        return Understanding(("menu", *spoken), language, False, "words", greets, stated=("menu",))
    written_in = what.removeprefix("language:") if ":" in what else language
    return Understanding((what,), written_in, False, "words", stated=(what,))


def _labels(found: tuple[danger.Alarm, ...], asked: list[str], acts: tuple[str, ...]) -> tuple[str, ...]:
    firm = [alarm.label for alarm in found if not alarm.soft]
    soft = [alarm.label for alarm in found if alarm.soft]
    called = ["callback"] if _CALLBACK_ACTS.intersection(acts) else []
    first = asked[:1] if soft and not firm else []
    ordered = [*firm, *first, *soft, *called, *asked] if firm or soft else [*called, *asked]
    return tuple(dict.fromkeys(ordered)) or ("none",)


def _hints(found: tuple[danger.Alarm, ...], views: list[tuple[Lexicon, View]]) -> dict[str, int]:
    """Phrases of a language speak for it: six for danger, the weight of a route otherwise, at most six."""
    hints = Counter({alarm.language: 6 for alarm in found})
    for lex, view in views:
        hints[lex.language] += min(6, sum(rule.weight for _, _, rule in lex.routes.matches(view)))
    return dict(hints)


def _concepts(found: tuple[danger.Alarm, ...]) -> tuple[str, ...]:
    return tuple(sorted({alarm.concept for alarm in found}))
