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

# How likely danger must be. Chosen so that fewer than one in a hundred everyday texts raise an alarm.
_SURE = 0.7
_SURE_AGAINST = 0.9  # where the words stand in a figure of speech, the past or a story
_PLAIN = 0.8  # below this such an alarm comes after the service that was asked for
_UNSURE = 0.3  # too little for an alarm, enough to name 911 and 988 in one line
SENSED = ("sensed",)  # the concept of what the classifier alone says
_ALARMS = frozenset({"emergency_911", "crisis_988"})


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
    `doubted`: those whose words stand in a figure of speech, the past or a story."""

    alarms: tuple[Alarm, ...]
    denied: frozenset[str]
    doubted: frozenset[str]


def stated(views: Iterable[tuple[Lexicon, View]]) -> Heard:
    """Every concept of danger that a message states, firm before soft, 911 before 988, each concept once."""
    found: set[Alarm] = set()
    elsewhere: set[tuple[str, str]] = set()  # "not suicidal": the word is French too, and not denied there
    denied: set[str] = set()
    doubted: set[str] = set()
    for lex, view in views:
        plain = view.literal
        if plain.text != view.text:
            doubted |= _ALARMS
        for hit, _, concept in lex.concepts.matches(plain):
            if _is_denied(lex, plain, concept, hit):
                denied.add(concept.label)
                elsewhere.add((concept.name, hit[0]))
            elif not _holds(lex, plain, concept):
                doubted.add(concept.label)
                elsewhere.add((concept.name, hit[0]))
            elif (concept.name, hit[0]) not in elsewhere:
                found.add(Alarm(concept.label, concept.name, lex.language, concept.soft))
    ordered = sorted(found, key=lambda a: (a.soft, a.label != "emergency_911", a.concept, a.language))
    return Heard(tuple(ordered), frozenset(denied), frozenset(doubted))


def sensed(thought: Opinion, heard: Heard, asks: bool) -> tuple[tuple[Alarm, ...], str]:
    """(what the classifier adds where the lexicon states nothing, the alarm that it is not sure of or "")."""
    if thought.alarm in heard.denied or thought.danger <= _UNSURE:
        return (), ""
    if thought.danger <= (_SURE_AGAINST if thought.alarm in heard.doubted else _SURE):
        return (), thought.alarm
    return (Alarm(thought.alarm, SENSED[0], "", soft=asks and thought.danger <= _PLAIN),), ""


def _is_denied(lex: Lexicon, view: View, concept: Concept, hit: re.Match[str]) -> bool:
    """A word of denial before it in its sentence, or one of the concept's own exceptions."""
    before = hit.string[: hit.start()].rpartition(".")[2]
    if concept.negatable and lex.negation and lex.negation.search(before):
        return True
    return any(bar.find(view.text, view.accented) for bar in concept.bars)


def _holds(lex: Lexicon, view: View, concept: Concept) -> bool:
    """Not long ago, and not in a story."""
    if concept.fiction and any(lex.fiction.matches(view)):
        return False
    return not concept.past or not any(lex.past.matches(view)) or any(lex.present.matches(view))
