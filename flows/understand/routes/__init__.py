"""Which service or act a message asks for: weighted phrases of each language (the .yaml files beside this one),
weighed together with what the trained classifier thinks.

Not here: danger, which comes first and is decided elsewhere.
"""

import math
from collections.abc import Iterable, Iterator

from flows.understand.lexicon import Lexicon, Rule, View
from flows.understand.model import Opinion

ENOUGH = 3  # the weight that sends someone somewhere
POLICE_RUN = frozenset({"dvu", "sau", "cacu", "htu", "text_a_tip"})

_NOT_OF_STORIES = frozenset({"trauma_line", "text_a_tip", "dvu"})  # "watching a murder documentary"
_NAMED = 6  # a service asked for by its name

# The classifier counts in logarithms of probability. What phrases add to that, by their weight together:
_PHRASES = ((_NAMED, 6.0), (ENOUGH, 4.0), (1, 2.0))
_SILENCE = 0.6  # and what it adds to "none" that no phrase was found: most texts in the world are none of ours
_ALSO = 0.2  # so likely is what is offered second
_LEAST = 1e-4
NOT_SERVICES = frozenset({"stop", "start", "help", "menu", "callback", "abuse"})

Scores = dict[str, int]


def scores(views: Iterable[tuple[Lexicon, View]]) -> Scores:
    """The sum of the weights of the phrases found, by label; the best of the languages counts."""
    best: Scores = {}
    for lex, view in views:
        sums: Scores = {}
        for rule in _spoken(lex, view):
            sums[rule.label] = sums.get(rule.label, 0) + rule.weight
        for label, total in sums.items():
            best[label] = max(best.get(label, 0), total)
    return best


def _spoken(lex: Lexicon, view: View) -> Iterator[Rule]:
    """The phrases found, outside figures of speech ("she killed it") and stories; requests to be called are read as they stand."""
    story = any(lex.fiction.matches(view))
    for _, _, rule in lex.routes.matches(view.literal):
        if rule.label != "callback" and not (story and rule.label in _NOT_OF_STORIES and rule.weight < _NAMED):
            yield rule
    yield from (rule for _, _, rule in lex.routes.matches(view) if rule.label == "callback")


def stated(found: Scores) -> tuple[str, ...]:
    """The labels that phrases say with enough weight, strongest first, then by name."""
    return tuple(sorted((label for label in found if found[label] >= ENOUGH), key=lambda one: (-found[one], one)))


def weighed(found: Scores, thought: Opinion) -> list[str]:
    """Labels for which phrases and classifier together say more than for "none", best first."""
    nothing = math.log(max(thought.labels["none"], _LEAST)) + (0 if found else _SILENCE)
    likely_ones = {label for label in thought.labels if ":" not in label}  # a language is asked for by its name alone
    points = {label: _points(label, found, thought) for label in likely_ones.union(found) - _never(found)}
    likely = sorted((label for label in points if points[label] > nothing), key=lambda one: (-points[one], one))
    also = [one for one in likely[1:] if found.get(one, 0) >= ENOUGH or thought.labels.get(one, 0) >= _ALSO]
    return _spared([*likely[:1], *also])


def _never(found: Scores) -> set[str]:
    """Labels that are no answer here: danger is decided elsewhere, and nobody is opted out or in on a guess, nor with
    words that ask for a service too."""
    services = {label for label, weight in found.items() if weight >= ENOUGH} - NOT_SERVICES
    unsaid = {label for label in ("stop", "start") if found.get(label, 0) < ENOUGH or services}
    return {"none", "emergency_911", "crisis_988"} | unsaid


def _points(label: str, found: Scores, thought: Opinion) -> float:
    weight = found.get(label, 0)
    phrases = next((points for least, points in _PHRASES if weight >= least), 0.0)
    return math.log(max(thought.labels.get(label, 0), _LEAST)) + phrases


def _spared(labels: list[str]) -> list[str]:
    """Whoever complains of the police is offered none of its units, but the centre that is not police where one fits."""
    if "opat" not in labels:
        return labels
    first = ["opat"] * (labels[0] in POLICE_RUN)
    centre = ["fjc"] * bool(POLICE_RUN.intersection(labels))
    return list(dict.fromkeys([*first, *(label for label in labels if label not in POLICE_RUN), *centre]))


def acts(views: Iterable[tuple[Lexicon, View]]) -> tuple[str, ...]:
    """What the person wants done, or tells of: status, withdraw, change_number, person, clear, back, repeat, minor,
    for_other, unsafe_phone."""
    return tuple(sorted({rule.label for lex, view in views for _, _, rule in lex.acts.matches(view)}))
