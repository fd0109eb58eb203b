"""`python -m flows.understand.measure FILE.psv ...`: how well labelled messages are understood, in figures.

A line is `language|text|accepted labels, best first|danger 0 or 1|forbidden labels`. No message is printed: whoever
tunes on what was missed in a file that measures, measures nothing any more.
"""

import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from flows.understand import Understanding, understand
from flows.understand.model.weights import ALARMS


@dataclass(frozen=True)
class Line:
    """A labelled message without its words, and what was made of it."""

    language: str
    accepted: frozenset[str]
    danger: bool
    forbidden: frozenset[str]
    got: Understanding


@dataclass(frozen=True)
class Figures:
    """Shares from 0 to 1. `heard`: danger that is answered with 911 or 988 first; `named`: that, and danger whose numbers
    are named in one line; `alarms`: calm messages taken for danger, where 911 is not accepted; `right`: the first label
    is an accepted one. Counts: `forbidden` first labels; `opted_out` who did not ask for it."""

    messages: int
    heard: float
    named: float
    sensed: int
    alarms: float
    right_english: float
    right_others: float
    forbidden: int
    opted_out: int


def read(path: Path) -> list[Line]:
    """The messages of a file, understood."""
    rows = [line.split("|") for line in path.read_text(encoding="utf-8").splitlines() if line.count("|") >= 3]
    return [
        Line(
            language,
            frozenset(accepted.split(",")),
            danger == "1",
            frozenset("".join(rest).split(",")),
            understand(text),
        )
        for language, text, accepted, danger, *rest in rows
    ]


def measure(lines: Iterable[Line]) -> Figures:
    """The figures of some messages."""
    rows = list(lines)
    danger = [row.got for row in rows if row.danger]
    calm = [row.got for row in rows if not row.danger and not ALARMS & row.accepted]
    right = {
        english: [row.got.labels[0] in row.accepted for row in rows if (row.language == "en") is english]
        for english in (True, False)
    }
    return Figures(
        messages=len(rows),
        heard=_share([got.danger for got in danger], 1.0),
        named=_share([got.danger or bool(got.unsure) for got in danger], 1.0),
        sensed=sum(got.is_sensed for got in danger),
        alarms=_share([got.danger for got in calm], 0.0),
        right_english=_share(right[True], 1.0),
        right_others=_share(right[False], 1.0),
        forbidden=sum(row.got.labels[0] in row.forbidden for row in rows),
        opted_out=sum("stop" in row.got.labels and "stop" not in row.accepted for row in rows),
    )


def _share(hits: list[bool], of_none: float) -> float:
    return sum(hits) / len(hits) if hits else of_none


def main() -> None:
    """A line a file."""
    for name in sys.argv[1:]:
        print(name, json.dumps({what: round(found, 4) for what, found in asdict(measure(read(Path(name)))).items()}))


if __name__ == "__main__":
    main()
