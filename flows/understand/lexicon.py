"""The data files of a language, loaded once: word classes, spelling, danger, routes, acts.

Not here: any judgement; danger and routes decide with what is loaded here.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Generic, TypeVar

import yaml
from rapidfuzz.distance import OSA

from flows.understand.patterns import Classes, Pattern, compile_pattern
from flows.understand.text import Message, unaccented

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
    figures: "Index[re.Pattern[str]]"
    found: dict[int, list[Any]] = field(default_factory=dict, compare=False, repr=False)  # by Index, what it matched

    @cached_property
    def literal(self) -> "View":
        """The same with figures of speech taken out."""
        text, accented = self.text, self.accented
        for regex in self.figures.near(self.words):
            text, accented = regex.sub("§ ", text), regex.sub("§ ", accented)
        if (text, accented) == (self.text, self.accented):
            return self
        return View(text, accented, self.words, self.figures)


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

    def matches(self, view: View) -> list[tuple[re.Match[str], Pattern, T]]:
        """Every pattern that holds in the message, each once. Found once a message, however often it is asked."""
        if id(self) not in view.found:
            near = (
                (pattern.find(view.text, view.accented), pattern, value)
                for pattern, value in self._near_once(view.words)
            )
            view.found[id(self)] = [(hit, pattern, value) for hit, pattern, value in near if hit]
        return view.found[id(self)]

    def near(self, words: frozenset[str]) -> list[T]:
        """What stands for the patterns that could match."""
        return [value for _, value in self._near_once(words)]

    def _near_once(self, words: frozenset[str]) -> Iterator[tuple[Pattern, T]]:
        met: set[int] = set()
        for pattern, value in self._near(words):
            if id(pattern) not in met:
                met.add(id(pattern))
                yield pattern, value

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
    simpler: dict[int, int]
    concepts: Index[Concept]
    figures: Index[re.Pattern[str]]
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
            han = message.han.translate(self.simpler)
            return View(han, han, frozenset(), self.figures)
        accented = f" {' '.join(message.words)} "
        plain = self._mend(message.plain)
        if self.language == "vi":  # with accents other words, so each form is read only where it was typed
            marked = sum(word != plain for word, plain in zip(message.words, message.plain, strict=True))
            accented, plain = accented if marked else " ", plain if marked * 3 <= len(message.words) else " "
        return View(plain, accented, frozenset(plain.split()).union(message.words), self.figures)

    def evidence(self, message: Message) -> int:
        """How much speaks for this language: two a common word, three for a letter that is found in it alone."""
        pairs = zip(message.words, message.plain, strict=True)
        known = sum(2 for word, plain in pairs if word in self.common or plain in self.common)
        return known + 3 * any(char in self.letters for word in message.words for char in word)

    def _mend(self, plain: tuple[str, ...]) -> str:
        mended = " ".join(self.spelling.get(word) or self._typed(word) for word in plain)
        spaced = _JOINED_AGES.sub(_age, _AGES.sub(_age, f" {mended} "))
        for phrase, meant in self.phrases:
            spaced = spaced.replace(phrase, meant)
        return spaced

    def _typed(self, word: str) -> str:
        """A long word of danger or service that was typed with one slip (two from eleven letters)."""
        if len(word) < 6 or word in self.real_words or not self.typos or not word.isalpha():
            return word
        slips = 2 if len(word) >= 11 else 1
        near = [meant for meant in self.typos if meant[0] == word[0] and abs(len(meant) - len(word)) <= slips]
        found = [(OSA.distance(word, meant, score_cutoff=slips), meant) for meant in near]
        best = min(found, default=(99, word))
        return best[1] if best[0] <= slips else word


def _age(hit: re.Match[str]) -> str:
    return f" {hit[1]} {'childage' if int(hit[1]) < 18 else 'adultage'} "


def _vocabulary(language: str) -> frozenset[str]:
    """Every word that the language's patterns use: none of them is a slip of the thumb."""
    texts = ((_HERE / folder / f"{language}.yaml").read_text(encoding="utf-8") for folder in ("danger", "routes"))
    return frozenset(word for text in texts for word in re.findall(r"[a-z]+", text))


def _read(folder: str, language: str) -> dict[str, Any]:
    path = _HERE / folder / f"{language}.yaml"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return dict(yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or {})  # noqa: S506 (a safe loader)


class _Compiler:
    """Compiles the sources of one language. Vietnamese patterns are written with accents and compiled twice: so, and as
    typed on a keyboard without them.
    """

    def __init__(self, language: str, classes: Classes) -> None:
        self.spaced = language != "zh"
        self.doubled = language == "vi"
        self.classes = classes
        self.bare = {name: [unaccented(item) for item in items] for name, items in classes.items()}

    def patterns(self, source: str) -> list[Pattern]:
        first = compile_pattern(source, self.classes, self.spaced, accented=self.doubled)
        return [first, compile_pattern(unaccented(source), self.bare)] if self.doubled else [first]

    def all(self, sources: Iterable[str]) -> tuple[Pattern, ...]:
        return tuple(pattern for source in sources for pattern in self.patterns(source))

    def index(self, sources: Iterable[str]) -> Index[str]:
        return Index((pattern, pattern.source) for pattern in self.all(sources))

    def spans(self, sources: Iterable[str]) -> Index[re.Pattern[str]]:
        return Index((pattern, pattern.needs[0].regex) for pattern in self.all(sources))

    def regexes(self, sources: Iterable[str]) -> tuple[re.Pattern[str], ...]:
        return tuple(pattern.needs[0].regex for pattern in self.all(sources))

    def rules(self, table: dict[str, dict[int, list[str]]]) -> Index[Rule]:
        return Index(
            (pattern, Rule(label, weight, pattern))
            for label, weights in table.items()
            for weight, sources in weights.items()
            for pattern in self.all(sources)
        )

    def concepts(self, table: dict[str, dict[str, Any]]) -> Index[Concept]:
        entries: list[tuple[Pattern, Concept]] = []
        for name, row in table.items():
            patterns, bars = self.all(row["say"]), self.all(row.get("not", []))
            flags = (row.get(flag, flag == "fiction") for flag in ("negatable", "past", "fiction", "soft"))
            entries.extend((pattern, Concept(name, row["label"], patterns, bars, *flags)) for pattern in patterns[:1])
            concept = entries[-1][1]
            entries.extend((pattern, concept) for pattern in patterns[1:])
        return Index(entries)

    def negation(self, sources: list[str]) -> re.Pattern[str] | None:
        """A word of denial at most two words before what it denies, in the same sentence."""
        gap = r"(?:[^ .]+ ){0,2}$" if self.spaced else r"[^.]{0,3}$"
        words = "|".join(regex.pattern for regex in self.regexes(sources))
        return re.compile(f"(?:{words}){gap}") if words else None


@lru_cache(maxsize=len(LANGUAGES))
def lexicon(language: str) -> Lexicon:
    """The lexicon of one of LANGUAGES, read from the package's own files."""
    words, danger, routes = (_read(folder, language) for folder in ("words", "danger", "routes"))
    compiler = _Compiler(language, {name: _items(value) for name, value in words.get("classes", {}).items()})
    return Lexicon(
        language,
        {str(short): str(meant) for short, meant in words.get("spelling", {}).items()},
        tuple((f" {a} ", f" {b} ") for a, b in words.get("phrases", {}).items()),
        tuple(_items(words.get("typos", ""))),
        frozenset(_items(words.get("real_words", ""))) | _vocabulary(language),
        frozenset(_items(words.get("common", ""))),
        frozenset(words.get("letters", "")),
        str.maketrans(words.get("traditional", ""), words.get("simplified", "")),
        compiler.concepts(danger.get("concepts", {})),
        compiler.spans(danger.get("figures", [])),
        compiler.index(danger.get("fiction", [])),
        compiler.index(danger.get("past", [])),
        compiler.index(danger.get("present", [])),
        compiler.negation(danger.get("negation", [])),
        compiler.rules(routes.get("routes", {})),
        compiler.rules({act: {3: sources} for act, sources in routes.get("acts", {}).items()}),
    )


def _items(value: Any) -> list[str]:
    """A class is a list, or one line of words parted by " / " or, for single words, by spaces."""
    if isinstance(value, list):
        return [str(item) for item in value]
    text = str(value)
    return [item.strip() for item in text.split("/")] if "/" in text else text.split()
