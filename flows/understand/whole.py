"""Messages that are one known phrase: compliance words, greetings, thanks, yes and no, names of languages.

Not here: phrases inside longer messages (routes), and words that need a place in a conversation.
"""

from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

import yaml

from flows.understand.text import Message, unaccented

OptWord = Literal["stop", "start", "help"]
Meaning = tuple[str, str]  # (what it means, the language)

_FILE = Path(__file__).parent / "whole.yaml"
_THUMBS = frozenset("👍👌🙏❤♥😊🙂🤝💯✅💙💜🧡💛💚🤍🖤")
_POLITE = ("please ", "por favor ", "pls ", "plz ")


@lru_cache(maxsize=1)
def _table() -> dict[str, Meaning]:
    """Phrase to meaning. Phrases with accents need them; those without match with or without."""
    rows: dict[str, dict[str, str]] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    table: dict[str, Meaning] = {}
    for meaning, languages in rows.items():
        for language, phrases in languages.items():
            for phrase in str(phrases).split("/"):
                table.setdefault(" ".join(phrase.split()), (meaning, language))
    return table


def meaning(message: Message) -> Meaning | None:
    """What the message is, as a whole."""
    whole = message.whole
    plain = unaccented(whole)
    table = _table()
    return table.get(whole) or table.get(plain) or _polite(plain, table)


def _polite(plain: str, table: dict[str, Meaning]) -> Meaning | None:
    """With "please" before or after it. Not for compliance words: those are whole messages as they stand."""
    bare = plain
    for word in _POLITE:
        bare = bare.removeprefix(word).removesuffix(" " + word.strip())
    found = table.get(bare)
    return found if found and found[0] not in ("stop", "start", "help") else None


def opt_word(text: str) -> OptWord | None:
    """STOP, START or HELP in any of our languages, as the whole message and nothing else (47 CFR 64.1200(a)(10))."""
    found = meaning(Message.of(text))
    return cast(OptWord, found[0]) if found and found[0] in ("stop", "start", "help") else None


def is_thumb(text: str) -> bool:
    """Nothing but a thumb, a heart or folded hands."""
    marks = [
        char
        for char in text
        if not char.isspace() and char not in "\ufe0f\u200d" and not "\U0001f3fb" <= char <= "\U0001f3ff"
    ]
    return bool(marks) and all(char in _THUMBS for char in marks)
