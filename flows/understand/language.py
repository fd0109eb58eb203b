"""Which of our languages a message is written in: scripts, letters, and each language's commonest words.

Not here: what the message asks for; "in Spanish please" is an English message that asks for Spanish.
"""

from collections.abc import Iterable, Mapping

from flows.understand.lexicon import LANGUAGES, Lexicon
from flows.understand.text import Message

DEFAULT = "en"


def detect(message: Message, lexicons: Iterable[Lexicon], hints: Mapping[str, int]) -> str:
    """The language with most evidence; `hints` are weights of phrases found in each. English where there is none."""
    if message.han:
        return "zh"
    letters = frozenset("".join(message.words))
    totals = {lex.language: hints.get(lex.language, 0) + _evidence(lex, message, letters) for lex in lexicons}
    best = max(LANGUAGES, key=lambda language: (totals.get(language, 0), -LANGUAGES.index(language)))
    return best if totals.get(best, 0) else DEFAULT


def _evidence(lex: Lexicon, message: Message, letters: frozenset[str]) -> int:
    """Two for each common word (with its accents or without), three if a letter is found in this language alone."""
    known = sum(2 for word, plain in zip(message.words, message.plain, strict=True) if {word, plain} & lex.common)
    return known + 3 * bool(letters & lex.letters)
