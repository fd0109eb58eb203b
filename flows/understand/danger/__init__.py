"""Is somebody in danger, by the explicit lexicon of each language (the .yaml files beside this one).

Not here: scores, menus, or what is answered. A false alarm costs a line of text, a miss may cost a life.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from flows.understand.lexicon import Concept, Lexicon, View


@dataclass(frozen=True)
class Alarm:
    """`label` is emergency_911 or crisis_988; `soft` ones are named after the service that was asked for."""

    label: str
    concept: str
    language: str
    soft: bool


def alarms(views: Iterable[tuple[Lexicon, View]]) -> tuple[Alarm, ...]:
    """Every concept of danger that a message states, 911 before 988, firm before soft, each concept once."""
    found: set[Alarm] = set()
    denied: set[tuple[str, str]] = set()  # "not suicidal": the word is French too, and not denied there
    for lex, view in views:
        plain = view.without(lex.figures)
        for hit, _, concept in lex.concepts.matches(plain):
            if not _holds(lex, plain, concept, hit):
                denied.add((concept.name, hit[0]))
            elif (concept.name, hit[0]) not in denied:
                found.add(Alarm(concept.label, concept.name, lex.language, concept.soft))
    return tuple(sorted(found, key=lambda a: (a.soft, a.label != "emergency_911", a.concept, a.language)))


def _holds(lex: Lexicon, view: View, concept: Concept, hit: re.Match[str]) -> bool:
    """Not denied, not long ago, not in a story, and none of the concept's own exceptions."""
    if concept.negatable and lex.negation and lex.negation.search(hit.string[: hit.start()].rpartition(".")[2]):
        return False
    if any(bar.find(view.text, view.accented) for bar in concept.bars):
        return False
    if concept.fiction and any(lex.fiction.matches(view)):
        return False
    return not concept.past or not any(lex.past.matches(view)) or any(lex.present.matches(view))
