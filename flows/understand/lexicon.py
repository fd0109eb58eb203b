"""The data files of a language, loaded once: word classes, spelling, danger, routes, acts.

Not here: any judgement; danger.py and routes.py decide with what is loaded here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from rapidfuzz.distance import OSA

from flows.understand.patterns import Classes, Pattern, compile_pattern
from flows.understand.text import Message

LANGUAGES = ("en", "es", "ht", "pt", "kea", "vi", "zh", "fr")
T = TypeVar("T")
_HERE = Path(__file__).parent
_AGES = re.compile(r" (\d{1,2}) ?(?:yo|yrs?|years?|anos?|ans|mois|month|months|tuoi|an)(?: old| de edad| gen)? ")
_JOINED_AGES = re.compile(r" (\d{1,2})(?:yo|yr|yrs|y o|yearold) ")


@dataclass(frozen=True)
class View:
    """A message as the patterns of one language see it: " word word . word "; Chinese has no spaces."""

    text: str
    accented: str
    words: frozenset[str]

    def without(self, spans: Iterable[re.Pattern[str]]) -> "View":
        """The same with figures of speech taken out."""
        text, accented = self.text, self.accented
        for regex in spans:
            text, accented = regex.sub("§ ", text), regex.sub("§ ", accented)
        return View(text, accented, self.words)


@dataclass(frozen=True)
class Concept:
    """One thing that is danger, as one language says it. `soft`: named in one line, after the service."""

    name: str
    label: str
    patterns: tuple[Pattern, ...]
    bars: tuple[Pattern, ...]
    negatable: bool
    past: bool
    fiction: bool
    soft: bool


@dataclass(frozen=True)
class Rule:
    """A phrase that speaks for a label, and how loudly (3 is enough alone)."""

    label: str
    weight: int
    pattern: Pattern


class Index(Generic[T]):
    """Patterns found by a word that they need, so that a message only meets those that could match."""

    def __init__(self, entries: Iterable[tuple[Pattern, T]]) -> None:
        self._whole: dict[str, list[tuple[Pattern, T]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[Pattern, T]]] = defaultdict(list)
        self._always: list[tuple[Pattern, T]] = []
        for pattern, value in entries:
            self._add(pattern, value)

    def _add(self, pattern: Pattern, value: T) -> None:
        keyed = [part for part in pattern.needs if part.keys]
        if not keyed:
            self._always.append((pattern, value))
            return
        for key in min(keyed, key=lambda part: len(part.keys)).keys:
            stem, star, _ = key.partition("*")
            (self._stems if star else self._whole)[stem].append((pattern, value))

    def matches(self, view: View) -> Iterator[tuple[re.Match[str], Pattern, T]]:
        """Every pattern that holds in the message, each once."""
        met: set[int] = set()
        for pattern, value in self._near(view.words):
            if id(pattern) not in met:
                met.add(id(pattern))
                if hit := pattern.find(view.text, view.accented):
                    yield hit, pattern, value

    def _near(self, words: frozenset[str]) -> Iterator[tuple[Pattern, T]]:
        yield from self._always
        for word in words:
            yield from self._whole.get(word, ())
            for length in range(2, len(word) + 1):
                if word[:length] in self._stems:
                    yield from self._stems[word[:length]]


@dataclass(frozen=True)
class Lexicon:
    """Everything that one language's files say."""

    language: str
    spelling: dict[str, str]
    phrases: tuple[tuple[str, str], ...]
    typos: tuple[str, ...]
    real_words: frozenset[str]
    common: frozenset[str]
    letters: frozenset[str]
    concepts: Index[Concept]
    figures: tuple[re.Pattern[str], ...]
    fiction: Index[str]
    past: Index[str]
    present: Index[str]
    negation: re.Pattern[str] | None
    routes: Index[Rule]
    acts: Index[Rule]

    @property
    def spaced(self) -> bool:
        return self.language != "zh"

    def view(self, message: Message) -> View:
        """The message in this language's spelling: slang and short forms written out, ages marked, typing mended."""
        if not self.spaced:
            return View(message.han, message.han, frozenset())
        plain = self._mend(message.plain)
        return View(plain, f" {' '.join(message.words)} ", frozenset(plain.split()).union(message.words))

    def _mend(self, plain: tuple[str, ...]) -> str:
        mended = " ".join(self.spelling.get(word) or self._typed(word) for word in plain)
        spaced = _JOINED_AGES.sub(_age, _AGES.sub(_age, f" {mended} "))
        for phrase, meant in self.phrases:
            spaced = spaced.replace(phrase, meant)
        return spaced

    def _typed(self, word: str) -> str:
        """A long word of danger or service that was typed with one slip (two from nine letters)."""
        if len(word) < 6 or word in self.real_words or not self.typos or not word.isalpha():
            return word
        slips = 2 if len(word) >= 9 else 1
        near = [meant for meant in self.typos if meant[0] == word[0] and abs(len(meant) - len(word)) <= slips]
        found = [(OSA.distance(word, meant, score_cutoff=slips), meant) for meant in near]
        best = min(found, default=(99, word))
        return best[1] if best[0] <= slips else word


def _age(hit: re.Match[str]) -> str:
    return f" {hit[1]} {'childage' if int(hit[1]) < 18 else 'adultage'} "


def _read(folder: str, language: str) -> dict[str, Any]:
    path = _HERE / folder / f"{language}.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or {})  # noqa: S506 (a safe loader)


def _index(sources: Iterable[str], classes: Classes, spaced: bool) -> Index[str]:
    return Index((compile_pattern(source, classes, spaced), source) for source in sources)


def _rules(table: dict[str, dict[int, list[str]]], classes: Classes, spaced: bool) -> Index[Rule]:
    return Index(
        (pattern := compile_pattern(source, classes, spaced), Rule(label, weight, pattern))
        for label, weights in table.items()
        for weight, sources in weights.items()
        for source in sources
    )


def _concepts(table: dict[str, dict[str, Any]], classes: Classes, spaced: bool) -> Index[Concept]:
    entries: list[tuple[Pattern, Concept]] = []
    for name, row in table.items():
        patterns = tuple(compile_pattern(source, classes, spaced) for source in row["say"])
        concept = Concept(
            name,
            row["label"],
            patterns,
            tuple(compile_pattern(source, classes, spaced) for source in row.get("not", [])),
            row.get("negatable", False),
            row.get("past", False),
            row.get("fiction", True),
            row.get("soft", False),
        )
        entries.extend((pattern, concept) for pattern in patterns)
    return Index(entries)


def _figures(sources: list[str], classes: Classes, spaced: bool) -> tuple[re.Pattern[str], ...]:
    return tuple(compile_pattern(source, classes, spaced).needs[0].regex for source in sources)


def _negation(sources: list[str], classes: Classes, spaced: bool) -> re.Pattern[str] | None:
    """A word of denial at most two words before what it denies, in the same sentence."""
    if not sources:
        return None
    gap = r"(?:[^ .]+ ){0,2}$" if spaced else r"[^.]{0,3}$"
    words = "|".join(compile_pattern(source, classes, spaced).needs[0].regex.pattern for source in sources)
    return re.compile(f"(?:{words}){gap}")


@lru_cache(maxsize=len(LANGUAGES))
def lexicon(language: str) -> Lexicon:
    """The lexicon of one of LANGUAGES, read from the package's own files."""
    words, danger, routes = (_read(folder, language) for folder in ("words", "danger", "routes"))
    classes: Classes = {name: _items(value) for name, value in words.get("classes", {}).items()}
    spaced = language != "zh"
    return Lexicon(
        language,
        {short: meant for row in words.get("spelling", {}).items() for short, meant in [map(str, row)]},
        tuple((f" {a} ", f" {b} ") for a, b in words.get("phrases", {}).items()),
        tuple(_items(words.get("typos", ""))),
        frozenset(_items(words.get("real_words", ""))),
        frozenset(_items(words.get("common", ""))),
        frozenset(words.get("letters", "")),
        _concepts(danger.get("concepts", {}), classes, spaced),
        _figures(danger.get("figures", []), classes, spaced),
        _index(danger.get("fiction", []), classes, spaced),
        _index(danger.get("past", []), classes, spaced),
        _index(danger.get("present", []), classes, spaced),
        _negation(danger.get("negation", []), classes, spaced),
        _rules(routes.get("routes", {}), classes, spaced),
        _rules({act: {3: sources} for act, sources in routes.get("acts", {}).items()}, classes, spaced),
    )


def _items(value: Any) -> list[str]:
    """A class is a list, or one line of words parted by " / " or, for single words, by spaces."""
    if isinstance(value, list):
        return [str(item) for item in value]
    text = str(value)
    return [item.strip() for item in text.split("/")] if "/" in text else text.split()
