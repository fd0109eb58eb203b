"""Everything that residents read or hear, by stable ids, in gettext catalogues (one folder a language).

Lives here: finding a message and filling it in. Not here: which message (machines/), nor facts of a city (directory).
"""

import io
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel.messages.pofile import read_po

HERE = Path(__file__).parent
FALLBACK = "en"
# What staff call the languages of the labels.
LANGUAGES = {
    "en": "English",
    "es": "Spanish",
    "ht": "Haitian Creole",
    "pt": "Portuguese",
    "kea": "Cape Verdean Creole",
    "vi": "Vietnamese",
    "zh": "Chinese",
    "fr": "French",
}


def clock(at: datetime, time_zone: str) -> str:
    """The wall-clock time in a city, rounded down to the minute, with an ordinary space: '3:42 PM' (stays in GSM-7)."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'PM' if local.hour >= 12 else 'AM'}"


@cache
def catalogue(language: str) -> dict[str, str]:
    """Message id -> text of one language; empty where there is none."""
    path = HERE / language / "LC_MESSAGES" / "hotline.po"
    if not path.is_file():
        return {}
    found = read_po(io.BytesIO(path.read_bytes()), locale=None)
    return {str(m.id): str(m.string) for m in found if m.id and m.string}


class Words:
    """Messages by id. `menu.voice` is taken before `menu` where the channel is voice."""

    def __init__(self, languages: tuple[str, ...] = (FALLBACK,)):
        self._messages = {language: catalogue(language) for language in {FALLBACK, *languages}}

    def say(self, language: str, message: str, channel: str, **values: object) -> str:
        """One message, filled in. Raises KeyError for an id that no catalogue has: a test walks them all."""
        for messages in (self._messages.get(language, {}), self._messages[FALLBACK]):
            text = messages.get(f"{message}.{channel}") or messages.get(message)
            if text is not None:
                return text.format_map(values) if "{" in text else text
        raise KeyError(message)
