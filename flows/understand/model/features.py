"""What the classifier sees of a message: words, pairs of words near each other, pieces of words; Chinese by characters.

Training and run time share this code. Each feature is a 32-bit number that is the same on every machine.
Not here: weights. Whoever changes what is counted here trains anew (`make model`); a test notices if not.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from flows.understand.lexicon import lexicon
from flows.understand.text import HAN, Message

Keys = NDArray[np.uint32]

_LONGEST_WORD = 30
_MOST_WORDS = 200
_PIECES = range(3, 7)
_HAN_PIECES = range(1, 4)


def features(message: Message) -> tuple[Keys, Keys]:
    """(words and pairs of them, pieces of words), each sorted and without repeats. Order and number don't count."""
    words = [word[:_LONGEST_WORD] for word in message.plain if word != "."][:_MOST_WORDS]
    pieces = [piece for word in set(words) for piece in _pieces(word)]
    return _keys(_words(words)), _keys([*pieces, *_han(message.han)])


def _words(words: list[str]) -> Iterator[str]:
    yield f"length {min(len(words), 12)}"
    yield from words
    for first, second in pairwise(["^", *words, "$"]):
        yield f"{first} {second}"
    for first, second in zip(words, words[2:], strict=False):
        yield f"{first} * {second}"


@lru_cache(maxsize=4096)
def _pieces(word: str) -> tuple[str, ...]:
    """Three to six letters in a row, the word's ends marked; none of a Chinese word, which has its own."""
    if HAN.search(word):
        return ()
    marked = f"<{word}>"
    return tuple("~" + marked[at : at + size] for size in _PIECES for at in range(len(marked) - size + 1))


def _han(text: str) -> list[str]:
    """One to three Chinese characters in a row, traditional ones as simplified."""
    if not text:
        return []
    marked = f"^{text[: 2 * _MOST_WORDS].translate(lexicon('zh').simpler)}$"
    return ["~" + marked[at : at + size] for size in _HAN_PIECES for at in range(len(marked) - size + 1)]


def _keys(names: Iterable[str]) -> Keys:
    return np.unique(np.fromiter((crc32(name.encode()) for name in names), np.uint32))
