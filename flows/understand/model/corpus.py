"""The messages that the classifier learns from: ../training/*.psv, in five folds that measure each other.

Not here: messages of the tests, which are left out even where somebody wrote the same words here.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

from flows.understand.model.weights import ALARMS
from flows.understand.text import normal

_TRAINING = Path(__file__).parents[1] / "training"
_MEASURING = Path(__file__).parents[3] / "tests" / "flows"
FOLDS = 5

# Danger only as an answer to our own question; alone they say nothing.
_ANSWERS = frozenset(
    "sometimes/maybe/i guess so/every day/yeah kind of/kinda idk/please hurry/vit vit/kill me".split("/")  # noqa: SIM905
)


@dataclass(frozen=True)
class Example:
    """One labelled message. `accepted`: best first. `danger`: 911 or 988 must come first."""

    language: str
    text: str
    accepted: tuple[str, ...]
    danger: bool

    @property
    def fold(self) -> int:
        """0 to 4, by the text alone."""
        return crc32(normal(self.text).encode()) % FOLDS

    @property
    def unclear(self) -> bool:
        """Neither answer would be wrong: it teaches nothing about danger."""
        return not self.danger and bool(ALARMS.intersection(self.accepted))


def examples() -> list[Example]:
    """Every message to learn from, each once, in the order of its normal form."""
    aside = {normal(text) for _, text, *_ in _lines(_MEASURING)}
    found: dict[str, Example] = {}
    for language, text, accepted, danger, *_ in _lines(_TRAINING):
        form = normal(text)
        if form not in aside and form not in _ANSWERS:
            found.setdefault(form, Example(language, text, tuple(accepted.split(",")), danger == "1"))
    return [found[form] for form in sorted(found)]


def checksum(rows: Iterable[Example]) -> int:
    """A number for what was learned from."""
    return crc32("\n".join(f"{row.text}|{','.join(row.accepted)}|{row.danger}" for row in rows).encode())


def _lines(folder: Path) -> list[list[str]]:
    texts = (path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.psv")))
    lines = (line for text in texts for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [line.split("|") for line in lines if line.count("|") >= 3]
