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
# What no machine can speak is recorded; until somebody has, the nearest language is spoken, in its own words.
SPOKEN_AS = {"ht": "fr", "kea": "pt"}
CHANGES = frozenset({"time", "number", "extension"})  # what differs from call to call can't be recorded


class Said(str):
    """A text, or a sentence to speak: in which language, and the recording to play instead ('' where there is none)."""

    __slots__ = ("language", "recording")
    language: str
    recording: str

    def __new__(cls, text: str, language: str = FALLBACK, recording: str = "") -> "Said":
        said = super().__new__(cls, text)
        said.language, said.recording = language, recording
        return said


def clock(at: datetime, time_zone: str) -> str:
    """The wall-clock time in a city, rounded down to the minute, with an ordinary space: '3:42 PM' (stays in GSM-7)."""
    local = at.astimezone(ZoneInfo(time_zone))
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'PM' if local.hour >= 12 else 'AM'}"


def part_of_day(hour: int) -> str:
    """The part of the day that an hour (0 to 23) belongs to, as languages name it beside a 12-hour clock."""
    parts = ((5, "night"), (12, "morning"), (13, "noon"), (18, "afternoon"), (19, "dusk"), (24, "evening"))
    return next(name for end, name in parts if hour < end)


def messages_in(path: Path) -> dict[str, str]:
    """Message id -> text of one .po file; those without a text are left out. Raises OSError, ValueError."""
    found = read_po(io.BytesIO(path.read_bytes()), locale=None)
    return {str(m.id): str(m.string) for m in found if m.id and m.string}


@cache
def catalogue(language: str, domain: str = "hotline") -> dict[str, str]:
    """Message id -> text of one language; empty where there is none. `domain`: hotline, or page (the public page)."""
    path = HERE / language / "LC_MESSAGES" / f"{domain}.po"
    return messages_in(path) if path.is_file() else {}


def recordings(language: str) -> dict[str, str]:
    """What a native speaker has recorded: slot -> the file's name."""
    return {f.stem: f.name for f in sorted((HERE / language / "audio").glob("*")) if f.suffix in (".wav", ".mp3")}


class Words:
    """Messages by id. `menu.voice` is taken before `menu` where the channel is voice."""

    def __init__(self, languages: tuple[str, ...] = (FALLBACK,)):
        self.languages = languages
        wanted = {FALLBACK, *languages, *(SPOKEN_AS[one] for one in languages if one in SPOKEN_AS)}
        self._messages = {language: catalogue(language) for language in wanted}
        self._recordings = {language: recordings(language) for language in languages if language in SPOKEN_AS}

    def say(self, language: str, message: str, channel: str, **values: object) -> str:
        """One message, filled in. Raises KeyError for an id that no catalogue has: a test walks them all."""
        for messages in (self._messages.get(language, {}), self._messages[FALLBACK]):
            text = messages.get(f"{message}.{channel}") or messages.get(message)
            if text is not None:
                return text.format_map(values) if "{" in text else text
        raise KeyError(message)

    def tongue(self, language: str, channel: str) -> str:
        """The language in which a channel says it: what can't be spoken is spoken in the nearest one, and what the city
        does not write is English."""
        if language not in self.languages:
            return FALLBACK
        return SPOKEN_AS.get(language, language) if channel == "voice" else language

    def recording(self, language: str, slot: str) -> str:
        """The file to play for a sentence, or ''."""
        return self._recordings.get(language, {}).get(slot, "")

    def time(self, language: str, at: datetime, time_zone: str) -> str:
        """'3:42 PM' as a language says it: '3:42 de la tarde'. Rounded down to the minute."""
        local = at.astimezone(ZoneInfo(time_zone))
        figures = f"{local.hour % 12 or 12}:{local.minute:02d}"
        return self.say(language, "clock." + part_of_day(local.hour), "", clock=figures)
