"""`python -m flows.words.grade [DIRECTORY]`: can somebody who left school at twelve read what we say?

Part of `make lint`. Lives here: the US school grade of our English, by the formula of Flesch and Kincaid. It needs
Pyphen, which the hotline itself does not (requirements-dev.txt). Not here: other languages, for which the formula means
nothing.

Read as one short word each: numbers, mail and web addresses, the names of services and of those who run them; nobody
can word those more simply. A line of a menu is a sentence, its digit no word. What has fewer than FEW_WORDS words is
not graded: a single long one would decide.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from pyphen import Pyphen  # type: ignore[import-untyped]

from flows.directory import CITY, Directory, load_directory
from flows.words import catalogue
from flows.words.check import PLACEHOLDER
from flows.words.sample import Sample

HIGHEST, FEW_WORDS = 6.0, 8
A_NAME = "it"
AS_CARRIERS_WANT = frozenset({"page privacy.consent"})  # the sentence that they look for, in their own words
NEVER_ALONE = "also."  # the second service of an answer: said after the first one
CHOICE = re.compile(r"^\d ", re.MULTILINE)
CONTACT = re.compile(r"\S+@\S+|\b[\w-]+(?:\.[\w-]+)+(?:/\S*)?|[+(]?\d[\d ():-]*(?:(?<=\d) [AP]M\b)?")
NAME = re.compile(r"\b(?:[A-Z][\w'-]+(?: (?:and |of |& )?[A-Z][\w'-]+)+|[A-Z]{2,})\b")
SENTENCE_END = re.compile(r"[.?!]+(?=\s|$)|\n+")
WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
SHORTENED = re.compile(r"['’](?:s|re|ll|d|ve|m)$")
VOWELS = re.compile(r"[aeiouy]+")
SILENT_END = re.compile(r"(?<=[a-z])(?:(?<![lie])e|(?<![td])ed|(?<![cgsxz])(?<!ch)(?<!sh)es)$")
HYPHENS = Pyphen(lang="en_US")


def grade(text: str) -> float:
    """The school grade that reads it: 0.39 words a sentence + 11.8 syllables a word - 15.59."""
    sentences = [found for part in SENTENCE_END.split(text) if (found := WORD.findall(part))]
    words = [word for sentence in sentences for word in sentence]
    if not words:
        return 0.0
    return 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def syllables(word: str) -> int:
    """The most that two ways find: Pyphen parts no single letter (o-pen), and some vowels stand together (di-al)."""
    bare = SHORTENED.sub("", word.lower())
    return max(1, len(HYPHENS.positions(bare)) + 1, len(VOWELS.findall(SILENT_END.sub("", bare))))


def without_names(text: str, directory: Directory) -> str:
    """The text with each name and number as one short word, and without the digits of a menu."""
    names = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in _names(directory)))
    return CONTACT.sub(f" {A_NAME} ", names.sub(A_NAME, CHOICE.sub("", text)))


def too_hard(directory: Directory) -> Iterator[str]:
    """Every English reply, as it would be sent or spoken, and every sentence of the public page that needs more."""
    for name, text in _said(directory):
        if name in AS_CARRIERS_WANT:
            continue
        plain = without_names(text, directory)
        if len(WORD.findall(plain)) >= FEW_WORDS and grade(plain) > HIGHEST:
            yield f"{name} needs grade {grade(plain):.1f}: {text!r}"


def _names(directory: Directory) -> list[str]:
    """Longest first, so that no part of a name is left."""
    names = {directory.name, directory.city}
    for record in directory.all:
        names |= {record.name, record.short_name, record.address or record.name}
        names |= {name for words in (record.run_by, record.expect) for name in NAME.findall(words)}
    return sorted(names, key=len, reverse=True)


def _said(directory: Directory) -> Iterator[tuple[str, str]]:
    sample = Sample(directory, "en")
    yield from dict(sample.texts()).items()
    yield from ((f"{name} by voice", words) for name, words in sample.spoken() if not name.startswith(NEVER_ALONE))
    for name, text in catalogue("en", "page").items():
        yield f"page {name}", PLACEHOLDER.sub(A_NAME, text)


def main(arguments: list[str]) -> int:
    """Exit status 1 where something is too hard."""
    found = list(too_hard(load_directory(Path(arguments[0]) if arguments else CITY)))
    print("\n".join(found) or f"Grade {HIGHEST:g} reads every word.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
