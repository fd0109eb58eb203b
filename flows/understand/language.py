"""Which of our languages a message is written in: scripts, letters, and each language's commonest words.

Not here: what the message asks for; "in Spanish please" is an English message that asks for Spanish.
"""

from collections.abc import Mapping

from flows.understand.lexicon import LANGUAGES, lexicon
from flows.understand.text import Message

DEFAULT = "en"
_EVIDENT = 4  # two common words, or one with its accents
_PLENTY = 4  # two common words of another language: enough to leave out those of which there is none

Evidence = dict[str, int]


def evidence(message: Message) -> Evidence:
    """How much speaks for each language; Chinese characters speak for Chinese alone."""
    found = {language: lexicon(language).evidence(message) for language in LANGUAGES if language != "zh"}
    return {**found, "zh": 9} if message.han else found


def worth_reading(found: Evidence) -> list[str]:
    """The languages whose patterns are tried. English always; any other while nothing speaks against it."""
    most = max(found.values())
    return [language for language in LANGUAGES if language == DEFAULT or _speaks(language, found, most)]


def _speaks(language: str, found: Evidence, most: int) -> bool:
    mine = found.get(language, 0)
    if language == "vi" and not mine:
        return False  # without accents its short words are found in every language
    return language in found and (most < _PLENTY or mine * 3 >= most)


def detect(found: Evidence, hints: Mapping[str, int]) -> tuple[str, bool]:
    """The language with most evidence and phrases found (`hints`, their weight), English where there is none; and do its
    words leave no doubt?"""
    totals = {language: found.get(language, 0) + hints.get(language, 0) for language in LANGUAGES}
    if found.get("zh"):
        return "zh", True
    best = max(LANGUAGES, key=lambda language: (totals[language], -LANGUAGES.index(language)))
    if not found.get(best) and hints.get(DEFAULT):
        return DEFAULT, False  # "trauma" is a word of several: nothing else in the message speaks against English
    others = max(total for language, total in totals.items() if language != best)
    return best if totals[best] else DEFAULT, totals[best] >= _EVIDENT and totals[best] > others
