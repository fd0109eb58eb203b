"""One message made comparable: case, width, accents, apostrophes, spaces, sentence ends.

Not here: what any word means, and spelling in a given language (see lexicon.py).
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

LONGEST = 2000  # characters read; a message has 1,600 at most

_ENGLISH_ENDINGS = re.compile(r"(?<=\w)'(?=(?:t|s|m|re|ve|ll|d)\b)")
_SENTENCE_ENDS = re.compile(r"[.!?;\n\r。！？；…:：]+")
# "No, he is going to kill me" answers a question, and denies nothing that follows.
_NO_FIRST = re.compile(r"^(\s*(?:no|nope|nah|não|nao|nau|non|nou|không|khong|ko|ka)),")
_GAPS = re.compile(r"[^\w.§']+")
_QUOTES = str.maketrans(dict.fromkeys("‘’‛ʼ´`′", "'"))
_SQUEEZED = re.compile(r"([^\W\d])\1{2,}")
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")


def _clean(text: str) -> str:
    """NFKC and casefold; marks without width, controls and lone surrogates gone; quotes straight."""
    kept = "".join(" " if c.isspace() else c for c in text[:LONGEST] if _keeps(c))
    return unicodedata.normalize("NFKC", kept)[:LONGEST].translate(_QUOTES).casefold()


@lru_cache(maxsize=4096)
def _keeps(char: str) -> bool:
    return char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co", "Me")


def normal(text: str) -> str:
    """The normal form that all use: NFKC, casefold, punctuation trimmed at both ends, single spaces. Accents stay."""
    words = " ".join(_clean(text).split())
    start, end = 0, len(words)
    while start < end and not _counts(words[start]):
        start += 1
    while end > start and not _counts(words[end - 1]):
        end -= 1
    return words[start:end]


def _counts(char: str) -> bool:
    """Letters, digits and their marks; an emoji counts too, so that a thumb alone is not an empty message."""
    return char.isalnum() or unicodedata.category(char) in ("So", "Sk", "Mn", "Mc")


@lru_cache(maxsize=4096)
def _bare(char: str) -> str:
    if char in "đð":
        return "d"
    return "".join(c for c in unicodedata.normalize("NFD", char) if not unicodedata.combining(c))


def unaccented(text: str) -> str:
    """The text as typed on a keyboard without accents."""
    return text if text.isascii() else "".join(map(_bare, text))


def words_of(text: str) -> list[str]:
    """Words with accents; a lone "." stands where a sentence ends. English endings stay on ("dont"), others are cut."""
    clean = _NO_FIRST.sub(r"\1.", unicodedata.normalize("NFC", _clean(text)))
    plain = _SENTENCE_ENDS.sub(" . ", _ENGLISH_ENDINGS.sub("", clean))
    return [_squeeze(word) for word in _GAPS.sub(" ", plain.replace("'", " ").replace("_", " ")).split()]


def _squeeze(word: str) -> str:
    """helppp, noooo: three or more of a letter as one."""
    return _SQUEEZED.sub(r"\1", word)


def han_of(text: str) -> str:
    """Chinese text for matching: no spaces, "." where a sentence ends; traditional forms are in the data."""
    return re.sub(r"[\s,，、\"'“”]+", "", _SENTENCE_ENDS.sub(".", _clean(text)))


@dataclass(frozen=True)
class Message:
    """The forms of one message that every language reads. Never kept after the turn."""

    words: tuple[str, ...]
    plain: tuple[str, ...]
    han: str

    @classmethod
    def of(cls, text: str) -> "Message":
        """Chinese is read by characters, everything else by words; `plain` is without accents."""
        words = tuple(words_of(text))
        return cls(words, tuple(map(unaccented, words)), han_of(text) if HAN.search(text) else "")

    @property
    def whole(self) -> str:
        """The message as one phrase with accents, sentence ends dropped: " ".join of its words."""
        return " ".join(word for word in self.words if word != ".")
