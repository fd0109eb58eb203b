"""The small pattern language of the data files, compiled to regular expressions with an index of key words.

A pattern is words in a row: `word`, `stem*`, `(one|or two)`, `[optional]`, `<class>`, `~` (up to 3 words between) or
`~5`, `^` and `$` for the whole message. ` & ` joins parts that may stand anywhere; ` & !` forbids one.
Not here: the patterns themselves, which are data, and what follows from a match.
"""

import re
from dataclasses import dataclass, field

Classes = dict[str, list[str]]

_ELEMENT = re.compile(r"\(([^)]*)\)|\[([^\]]*)\]|<(\w+)>|~(\d*)|([\^$])|([^\s()\[\]<>~]+)")
_NO_KEYS = frozenset[str]()


class PatternFault(ValueError):
    """A data file has a pattern that can't be read; names the pattern."""


@dataclass(frozen=True)
class Part:
    """One run of elements. `keys`: a word that begins with one of them must be in the text; empty where unknown."""

    regex: re.Pattern[str]
    keys: frozenset[str]
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


def compile_pattern(source: str, classes: Classes, spaced: bool = True) -> Pattern:
    """`spaced` is False for Chinese, where elements touch and a gap counts characters."""
    needs, bars = [], []
    for piece in source.split(" & "):
        barred = piece.strip().startswith("!")
        part = _part(piece.strip().lstrip("!"), classes, spaced)
        (bars if barred else needs).append(part)
    if not needs:
        raise PatternFault(f"nothing is required in {source!r}")
    return Pattern(source, tuple(needs), tuple(bars))


def expand(items: list[str], classes: Classes, seen: tuple[str, ...] = ()) -> list[str]:
    """The members of a class, with the classes named inside it written out."""
    out: list[str] = []
    for item in items:
        inner = re.fullmatch(r"<(\w+)>", item)
        if not inner:
            out.append(item)
        elif inner[1] in seen or inner[1] not in classes:
            raise PatternFault(f"class <{inner[1]}> is missing or contains itself")
        else:
            out.extend(expand(classes[inner[1]], classes, (*seen, inner[1])))
    return out


def _part(piece: str, classes: Classes, spaced: bool) -> Part:
    regex, keys = "(?<= )" if spaced else "", _NO_KEYS
    rest = _ELEMENT.sub("", piece).strip()
    if rest or not piece:
        raise PatternFault(f"can't read {piece!r}")
    for group, optional, name, gap, anchor, word in _ELEMENT.findall(piece):
        if anchor:
            regex = _anchored(regex, anchor, spaced)
        elif group or name or word:
            choices = expand(group.split("|") if group else [f"<{name}>"] if name else [word], classes)
            regex += _choice(choices, spaced)
            keys = _fewer(keys, _first_words(choices))
        elif optional:
            regex += _choice(expand(optional.split("|"), classes), spaced) + "?"
        else:
            regex += _gap(int(gap or 3), spaced)
    return Part(re.compile(regex), keys if spaced else _NO_KEYS, not piece.isascii())


def _anchored(regex: str, anchor: str, spaced: bool) -> str:
    if anchor == "^":
        return r"^ (?:\. )*" if spaced else r"^\.*"
    return regex + (r"(?:\. )*$" if spaced else r"\.*$")


def _choice(choices: list[str], spaced: bool) -> str:
    """Longest first, so that a phrase wins over its first word."""
    ordered = sorted({choice.strip() for choice in choices}, key=lambda choice: (-len(choice), choice))
    body = "|".join(re.escape(choice).replace(r"\*", r"[^ .]*").replace(r"\ ", " ") for choice in ordered)
    return f"(?:(?:{body}) )" if spaced else f"(?:{body})"


def _gap(words: int, spaced: bool) -> str:
    return rf"(?:[^ .]+ ){{0,{words}}}" if spaced else rf"[^.]{{0,{words}}}"


def _first_words(choices: list[str]) -> frozenset[str]:
    return frozenset(choice.split()[0] for choice in choices)


def _fewer(keys: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """The rarer requirement: fewer and longer words."""
    if not keys:
        return other
    return min(keys, other, key=lambda words: (len(words), -max(map(len, words))))
