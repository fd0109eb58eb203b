"""Is somebody in danger, by the explicit lexicon of each language (the .yaml files beside this one).

The lexicon stands above the classifier: what it states is danger, and what it hears denied ("not suicidal") is not.
The classifier adds what the lexicon has no words for. Not here: scores, menus, or what is answered. A false alarm
costs a line of text, a miss may cost a life.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flows.understand.lexicon import Concept, Lexicon, View
from flows.understand.model import Opinion
from flows.understand.model.weights import ALARMS

# How likely danger must be. Chosen so that fewer than one in a hundred everyday texts raise an alarm.
_SURE = 0.6
_SURE_AGAINST = 0.9  # where the words stand in a figure of speech, the past or a story
_SURE_BESIDE = 0.98  # where one of the exceptions to them stands beside them
_PLAIN = 0.8  # below this such an alarm comes after the service that was asked for
_UNSURE = 0.3  # too little for an alarm, enough to name 911 and 988 in one line
SENSED = ("sensed",)  # the concept of what the classifier alone says


@dataclass(frozen=True)
class Alarm:
    """`label` is emergency_911 or crisis_988; `soft` ones are named after the service that was asked for."""

    label: str
    concept: str
    language: str
    soft: bool


@dataclass(frozen=True)
class Heard:
    """What the lexicon makes of a message. `denied`: the labels of danger that it says is not ("not suicidal").
    `doubted`: those whose words stand in a figure of speech, the past or a story. `barred`: those beside whose words
    stands an exception ("my laptop")."""

    alarms: tuple[Alarm, ...]
    denied: frozenset[str]
    doubted: frozenset[str]
    barred: frozenset[str] = frozenset()

    def least(self, alarm: str) -> float:
        """How likely that danger must be for the classifier to raise the alarm alone."""
        if alarm in self.barred:
            return _SURE_BESIDE
        return _SURE_AGAINST if alarm in self.doubted else _SURE


def stated(views: Iterable[tuple[Lexicon, View]]) -> Heard:
    """Every concept of danger that a message states, firm before soft, 911 before 988, each concept once."""
    found: set[Alarm] = set()
    elsewhere: set[tuple[str, str]] = set()  # "not suicidal": the word is French too, and not denied there
    denied: set[str] = set()
    doubted: set[str] = set()
    barred: set[str] = set()
    for lex, view in views:
        plain = view.literal
        if plain.text != view.text:
            doubted |= ALARMS
        for hit, _, concept in lex.concepts.matches(plain):
            if _is_denied(lex, concept, hit):
                denied.add(concept.label)
                elsewhere.add((concept.name, hit[0]))
            elif _is_barred(plain, concept):
                barred.add(concept.label)
                elsewhere.add((concept.name, hit[0]))
            elif not _holds(lex, plain, concept):
                doubted.add(concept.label)
                elsewhere.add((concept.name, hit[0]))
            elif (concept.name, hit[0]) not in elsewhere:
                found.add(Alarm(concept.label, concept.name, lex.language, concept.soft))
    ordered = sorted(found, key=lambda a: (a.soft, a.label != "emergency_911", a.concept, a.language))
    return Heard(tuple(ordered), frozenset(denied), frozenset(doubted), frozenset(barred))


def sensed(thought: Opinion, heard: Heard, asks: bool) -> tuple[tuple[Alarm, ...], str]:
    """(what the classifier adds where the lexicon states nothing, the alarm that it is not sure of or "")."""
    if thought.alarm in heard.denied or thought.danger <= _UNSURE:
        return (), ""
    if thought.danger <= heard.least(thought.alarm):
        return (), thought.alarm
    return (Alarm(thought.alarm, SENSED[0], "", soft=asks and thought.danger <= _PLAIN),), ""


def _is_denied(lex: Lexicon, concept: Concept, hit: re.Match[str]) -> bool:
    """A word of denial before it in its sentence."""
    return concept.negatable and _is_negated(lex, hit)


def _is_negated(lex: Lexicon, hit: re.Match[str]) -> bool:
    before = hit.string[: hit.start()].rpartition(".")[2]
    return bool(lex.negation and lex.negation.search(before))


def _is_barred(view: View, concept: Concept) -> bool:
    """One of the concept's own exceptions: what else the message speaks of, which denies nothing."""
    return any(bar.find(view.text, view.accented) for bar in concept.bars)


def _holds(lex: Lexicon, view: View, concept: Concept) -> bool:
    """Not long ago, and not in a story ("this is not a movie" is none)."""
    if concept.fiction and any(not _is_negated(lex, hit) for hit, *_ in lex.fiction.matches(view)):
        return False
    return not concept.past or not any(lex.past.matches(view)) or any(lex.present.matches(view))
