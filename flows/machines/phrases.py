"""The words that mean something to the conversation itself, read once from phrases.yaml.

Lives here: whole messages, short questions, a name in a sentence. Not here: services and danger (understand/).
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml

LONGEST_QUESTION = 10  # words: a longer message tells something, and is understood as a whole


@cache
def _phrases() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))
    return read


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """What is asked about -> any language's pattern of it; "asks": what makes a message a question."""
    patterns = {**_phrases()["questions"], "asks": _phrases()["asks"]}
    return {name: re.compile("|".join(by_language.values())) for name, by_language in patterns.items()}


@cache
def _commands() -> dict[str, str]:
    return {
        phrase: event
        for event, by_language in _phrases()["commands"].items()
        for phrases in by_language.values()
        for phrase in phrases
    }


def plain(words: str) -> str:
    """A message as the phrases are written: lower case, straight apostrophes, no marks at its ends."""
    return " ".join(words.casefold().replace("’", "'").strip(" .!,;:").split())


def command(words: str) -> str:
    """The event that a whole message stands for, or ''."""
    return _commands().get(plain(words).rstrip("?"), "")


def is_maybe(words: str) -> bool:
    return plain(words) in _phrases()["maybe"]


def is_question(words: str) -> bool:
    return bool(_patterns()["asks"].search(plain(words)))


def question(words: str) -> str:
    """What a short question is about: cost, kept, police, private, who; '' where it is none of these."""
    text = plain(words)
    if len(text.split()) > LONGEST_QUESTION or not is_question(words):
        return ""
    return next((about for about in _phrases()["questions"] if _patterns()[about].search(text)), "")


def name_in(words: str) -> str:
    """What a person wants to be called, out of what they wrote; '' where they would rather not say."""
    text = " ".join(words.split()).strip(" .!,")
    if plain(text) in _phrases()["no_name"]:
        return ""
    begin = next((b for b in _phrases()["name_begins"] if text.casefold().startswith(b)), "")
    return text[len(begin) :].strip(" .!,")
