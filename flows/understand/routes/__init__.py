"""Which service or act a message asks for: weighted phrases of each language (the .yaml files beside this one).

Not here: danger, which comes first and is decided elsewhere. A trained classifier could stand beside `scores`
and add to its numbers; nothing else would change.
"""

from collections.abc import Iterable, Iterator

from flows.understand.lexicon import Lexicon, Rule, View

ENOUGH = 3  # the weight that sends someone somewhere
_HINT = 2  # enough where nothing else was said

# With equal scores, the narrower service first.
ORDER = [
    "opat",
    "text_a_tip",
    "safetynet",
    "north_star",
    "htu",
    "sau",
    "cacu",
    "dvu",
    "youthconnect_dashboard",
    "youthconnect",
    "roca",
    "best",
    "shotspotter_info",
    "trauma_line",
    "fjc",
    "callback",
    "stop",
    "start",
    "menu",
    "help",
    "abuse",
]
POLICE_RUN = frozenset({"dvu", "sau", "cacu", "htu", "text_a_tip"})

_NOT_OF_STORIES = frozenset({"trauma_line", "text_a_tip", "dvu"})  # "watching a murder documentary"
_NAMED = 6  # a service asked for by its name

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
    for _, _, rule in lex.routes.matches(view.without(lex.figures)):
        if rule.label != "callback" and not (story and rule.label in _NOT_OF_STORIES and rule.weight < _NAMED):
            yield rule
    yield from (rule for _, _, rule in lex.routes.matches(view) if rule.label == "callback")


def ranked(found: Scores) -> list[str]:
    """Labels with enough weight, best first. Someone who complains of the police is offered none of its units."""
    least = ENOUGH if max(found.values(), default=0) >= ENOUGH else _HINT
    enough = [label for label, total in found.items() if total >= least]
    if "opat" in enough:
        enough = [label for label in enough if label not in POLICE_RUN] + ["fjc"] * bool(
            POLICE_RUN.intersection(enough)
        )
        return ["opat", *sorted({label for label in enough if label != "opat"}, key=lambda label: _rank(label, found))]
    return sorted(enough, key=lambda label: _rank(label, found))


def _rank(label: str, found: Scores) -> tuple[int, int, str]:
    return (-found.get(label, 0), ORDER.index(label) if label in ORDER else len(ORDER), label)


def acts(views: Iterable[tuple[Lexicon, View]]) -> tuple[str, ...]:
    """What the person wants done: status, withdraw, change_number, person, clear, back, repeat."""
    return tuple(sorted({rule.label for lex, view in views for _, _, rule in lex.acts.matches(view)}))
