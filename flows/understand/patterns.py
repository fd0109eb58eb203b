"""The small pattern language of the data files, compiled to regular expressions with an index of key words.

A pattern is words in a row: `word`, `stem*`, `(one|or two)`, `[optional]`, `<class>`, `~` (up to 3 words between) or
`~5`, `^` and `$` for the whole message. ` & ` joins parts that may stand anywhere; ` & !` forbids one.
Not here: the patterns themselves, which are data, and what follows from a match.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

Classes = dict[str, list[str]]
Keys = frozenset[str]

_TOKEN = re.compile(r"<\w+>|~\d*|[()\[\]|^$]|[^\s()\[\]<>~|^$]+")
_NO_KEYS: Keys = frozenset()
_WORDS_BETWEEN = 3


class PatternFault(ValueError):
    """A data file has a pattern that can't be read; names the pattern."""


@dataclass(frozen=True)
class Part:
    """One run of elements. `keys`: a word that begins with one of them must be in the text; empty where unknown."""

    regex: re.Pattern[str]
    keys: Keys
    accented: bool


@dataclass(frozen=True)
class Pattern:
    """All of `needs` (the first gives the place) and none of `bars`."""

    source: str
    needs: tuple[Part, ...]
    bars: tuple[Part, ...] = field(default=())

    def find(self, text: str, accented: str) -> re.Match[str] | None:
        """Where the first part matches, if the whole pattern holds."""
        if any(part.regex.search(accented if part.accented else text) for part in self.bars):
            return None
        first: re.Match[str] | None = None
        for part in self.needs:
            hit = part.regex.search(accented if part.accented else text)
            if hit is None:
                return None
            first = first or hit
        return first


@dataclass(frozen=True)
class _Piece:
    """A compiled element: its regular expression, and words of which one must occur (none known: empty)."""

    regex: str
    keys: Keys


def compile_pattern(source: str, classes: Classes, spaced: bool = True, accented: bool = False) -> Pattern:
    """`spaced` is False for Chinese, where elements touch and a gap counts characters. `accented`: find it in the text
    with accents even if it has none itself (it always is where it has some).
    """
    needs: list[Part] = []
    bars: list[Part] = []
    for piece in f" {source} ".split(" & "):
        bare = piece.strip()
        part = _Reader(source, classes, spaced).part(bare.lstrip("!"), accented)
        (bars if bare.startswith("!") else needs).append(part)
    if not needs:
        raise PatternFault(f"nothing is required in {source!r}")
    return Pattern(source, tuple(needs), tuple(bars))


class _Reader:
    """Reads one part, left to right."""

    def __init__(self, source: str, classes: Classes, spaced: bool) -> None:
        self.source, self.classes, self.spaced = source, classes, spaced
        self.tokens: list[str] = []

    def part(self, piece: str, accented: bool) -> Part:
        self.tokens = _TOKEN.findall(piece)[::-1]
        read = self._row(until="")
        if not read.regex:
            raise self._fault("an empty part")
        start = "(?<= )" if self.spaced and not piece.startswith("^") else ""
        keys = read.keys if self.spaced else _NO_KEYS
        return Part(re.compile(start + read.regex), keys, accented or not read.regex.isascii())

    def _row(self, until: str) -> _Piece:
        """Elements up to a closing mark, which stays for the caller."""
        regex, keys = "", _NO_KEYS
        while self.tokens and self.tokens[-1] not in ("|", ")", "]"):
            piece = self._element(self.tokens.pop())
            regex, keys = regex + piece.regex, _rarer(keys, piece.keys)
        if not until and self.tokens:
            raise self._fault(f"a stray {self.tokens[-1]!r}")
        return _Piece(regex, keys)

    def _element(self, token: str) -> _Piece:
        if token == "(":
            return self._choice(self._alternatives(")"))
        if token == "[":
            return _Piece(self._choice(self._alternatives("]")).regex + "?", _NO_KEYS)
        if token.startswith("<"):
            return self._class(token[1:-1])
        if token.startswith("~"):
            return _Piece(self._gap(int(token[1:] or _WORDS_BETWEEN)), _NO_KEYS)
        if token in "^$":
            return _Piece(self._anchor(token), _NO_KEYS)
        body = re.escape(token).replace(r"\*", "[^ .]*")
        return _Piece(body + " " * self.spaced, frozenset([token]))

    def _alternatives(self, closing: str) -> list[_Piece]:
        rows = [self._row(until=closing)]
        while self.tokens and self.tokens[-1] == "|":
            self.tokens.pop()
            rows.append(self._row(until=closing))
        if not self.tokens or self.tokens.pop() != closing:
            raise self._fault(f"{closing!r} is missing")
        return rows

    def _class(self, name: str) -> _Piece:
        if name not in self.classes:
            raise self._fault(f"there is no class <{name}>")
        inner = {key: items for key, items in self.classes.items() if key != name}
        rows = [self._inner(item, inner) for item in self.classes[name]]
        return self._choice(rows)

    def _inner(self, item: str, classes: Classes) -> _Piece:
        reader = _Reader(item, classes, self.spaced)
        reader.tokens = _TOKEN.findall(item)[::-1]
        return reader._row(until="")

    def _choice(self, rows: Iterable[_Piece]) -> _Piece:
        kept = [row for row in rows if row.regex]
        keys = frozenset().union(*(row.keys for row in kept)) if all(row.keys for row in kept) else _NO_KEYS
        return _Piece(f"(?:{'|'.join(dict.fromkeys(row.regex for row in kept))})", keys)

    def _gap(self, size: int) -> str:
        return rf"(?:[^ .]+ ){{0,{size}}}" if self.spaced else rf"[^.]{{0,{size}}}"

    def _anchor(self, mark: str) -> str:
        if mark == "^":
            return r"^ (?:\. )*" if self.spaced else r"^\.*"
        return r"(?:\. )*$" if self.spaced else r"\.*$"

    def _fault(self, why: str) -> PatternFault:
        return PatternFault(f"{why} in {self.source!r}")


def _rarer(keys: Keys, other: Keys) -> Keys:
    """The more selective of two requirements: fewer words, and longer ones."""
    if not keys or not other:
        return keys or other
    return min(keys, other, key=lambda words: (len(words), -max(map(len, words))))
