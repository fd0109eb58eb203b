"""The words that mean something to the conversation itself, read once from the files beside this one (one a language).

Lives here: whole messages, short questions, a name in a sentence. Not here: services and danger (understand/).
"""

import re
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

import yaml

from flows.understand.text import unaccented

LONGEST_QUESTION = 10, 60  # words, letters: a longer message tells something, and is understood as a whole
# What somebody may tell of how they can be helped; the first that fits.
TELLS = ("no_police", "no_call", "safe", "leaving", "quiet")
ABOUT = (
    "delete",
    "cost",
    "kept",
    "police",
    "private",
    "who",
)  # what a short question may be about; the first that fits


@cache
def _phrases() -> tuple[dict[str, Any], ...]:
    """Every language's file; all are tried, as nobody writes only one."""
    return tuple(
        yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(Path(__file__).parent.glob("*.yaml"))
    )


@cache
def _pattern(about: str) -> re.Pattern[str]:
    """Any language's pattern of what is asked about; of what makes a question, for "asks"."""
    return re.compile("|".join(one["asks"] if about == "asks" else one["questions"][about] for one in _phrases()))


@cache
def _told(what: str) -> re.Pattern[str]:
    return re.compile("|".join(one["tells"][what] for one in _phrases()))


@cache
def _times() -> re.Pattern[str]:
    """A time that is wished for, and what goes on about it: "tomorrow", "morning after 9"."""
    return re.compile(f"(?:{_told('wish').pattern})(?:,? ?(?:{_told('wish_more').pattern}))*")


@cache
def _whole(name: str) -> frozenset[str]:
    """The phrases of one list, as `plain` makes them."""
    return frozenset(map(plain, chain.from_iterable(one[name] for one in _phrases())))


@cache
def _commands() -> dict[str, str]:
    return {
        plain(said): event for one in _phrases() for event, all_of_it in one["commands"].items() for said in all_of_it
    }


@cache
def _beginnings() -> tuple[str, ...]:
    """What stands before a name, longest first."""
    return tuple(sorted(chain.from_iterable(one["name_begins"] for one in _phrases()), key=len, reverse=True))


def plain(words: str) -> str:
    """A message as the phrases are compared: lower case, no accents, straight apostrophes, no marks at its ends."""
    return " ".join(unaccented(words.casefold()).replace("’", "'").strip(" .!,;:¡¿。！，").split())


def command(words: str) -> str:
    """The event that a whole message stands for, or ''."""
    return _commands().get(plain(words).rstrip("?？"), "")


def is_maybe(words: str) -> bool:
    return plain(words) in _whole("maybe")


def is_question(words: str) -> bool:
    return bool(_pattern("asks").search(plain(words)))


def question(words: str) -> str:
    """What a short question is about, one of ABOUT; '' where it is none of these."""
    text = plain(words)
    most_words, most_letters = LONGEST_QUESTION
    if len(text.split()) > most_words or len(text) > most_letters or not is_question(words):
        return ""
    return next((about for about in ABOUT if _pattern(about).search(text)), "")


def told(words: str) -> str:
    """What a message tells of how somebody can be helped, one of TELLS; '' where it tells none of it."""
    text = plain(words)
    what = next((one for one in TELLS if _told(one).search(text)), "")
    if what == "leaving" and (is_question(words) or _told("no_leaving").search(text)):
        return ""
    return "" if what == "safe" and _told("no_safe").search(text) else what


def time_in(words: str) -> str:
    """When a call should come, out of a request for one ("tomorrow morning"), and nothing else of it; or ''."""
    hit = _times().search(plain(words))
    return hit[0] if hit else ""


def name_in(words: str) -> str:
    """What a person wants to be called, out of what they wrote; '' where they would rather not say."""
    text = " ".join(words.split()).strip(" .!,")
    if plain(text) in _whole("no_name"):
        return ""
    lower = text.casefold()
    bare = unaccented(lower)  # "je m'appelle", "toi ten la": as many letters with accents as without
    begin = next((b for b in _beginnings() if lower.startswith(b) or bare.startswith(unaccented(b))), "")
    return text[len(begin) :].strip(" .!,")
