"""How many SMS segments a text costs, and in which encoding.

Not here: shortening or splitting a text, and the words themselves.
"""

import unicodedata
from typing import Literal, NamedTuple

Encoding = Literal["GSM-7", "UCS-2"]

# 3GPP TS 23.038: the basic alphabet, and the ten characters that cost two septets.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
_LOOKALIKES = {"đ": "d", "Đ": "D", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."}
_GSM = _BASIC | _EXTENDED

_GSM_ONE, _GSM_MANY = 160, 153  # septets in a single message, and in each part after its 6-byte header
_UCS_ONE, _UCS_MANY = 70, 67  # UTF-16 code units, likewise


class Segments(NamedTuple):
    """`units` are septets (GSM-7) or UTF-16 code units (UCS-2); `parts` is what the carrier bills."""

    encoding: Encoding
    units: int
    parts: int


def outside_gsm(text: str) -> set[str]:
    """The characters that force the whole message into UCS-2."""
    return set(text) - _GSM


def segments(text: str) -> Segments:
    """Encoding, length in its units and number of segments of one outgoing message; an empty one counts as 1."""
    if outside_gsm(text):
        return _count("UCS-2", [2 if ord(char) > 0xFFFF else 1 for char in text], _UCS_ONE, _UCS_MANY)
    return _count("GSM-7", [2 if char in _EXTENDED else 1 for char in text], _GSM_ONE, _GSM_MANY)


def _count(encoding: Encoding, widths: list[int], single: int, part: int) -> Segments:
    """A character of two units is never cut between two parts, so parts may be one unit short."""
    total = sum(widths)
    if total <= single:
        return Segments(encoding, total, 1)
    parts, room = 1, part
    for width in widths:
        if width > room:
            parts, room = parts + 1, part
        room -= width
    return Segments(encoding, total, parts)


def fold(text: str, whole: bool = False) -> str:
    """The text in GSM-7 as far as that goes: letters that are outside it lose their accents, others stay.

    `whole`: all lose them, for a language in which half of the accents read worse than none.
    """
    return "".join(_plain(char) if char not in _GSM or (whole and char.isalpha()) else char for char in text)


def _plain(char: str) -> str:
    bare = _LOOKALIKES.get(char) or unicodedata.normalize("NFD", char)[0]
    return char if outside_gsm(bare) else bare
