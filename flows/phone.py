"""Phone numbers as people write, key or say them: which one can be called, and how it is shown and read aloud.

Not here: whose number it is, whether it may be called now, and what is answered when it can't be.
"""

import json
import re
import sys
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers

from flows.understand.digits import folded, plain_digits

LONGEST = 2000  # characters looked at; a message has 1,600 at most

# Called without an interpreter, a bill or a border: the states and the US territories in the +1 plan.
HOME_REGIONS = frozenset({"US", "PR", "VI", "GU", "AS", "MP"})
_EMERGENCY, _CRISIS = "911", "988"
_SERVICE = frozenset({"211", "311", "411", "511", "611", "711", "811"})


class E164(str):
    """A number such as +16175550123. `str()` is the number; `repr()` hides it, so that it stays out of logs."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"E164(…{self[-2:]})"


@dataclass(frozen=True)
class Reading:
    """What a text says about a number.

    `reason`: ok, same (the number they write from), own (the hotline's), none, emergency, crisis, service (211, 311…),
    short_code, premium, abroad, area_code (one is missing), too_short, too_long, two_numbers, invalid.
    `extension` is digits to be said to whoever dials; it is never part of `e164`.
    """

    e164: E164 | None
    extension: str | None
    reason: str


def read_number(text: str, own: Collection[str] = (), region: str = "US") -> Reading:
    """The one number in a message, or the reason why there is none to call. Never raises.

    `own`: the hotline's numbers in E.164. `region`: where a number without a country code belongs.
    """
    plain = plain_digits(text[:LONGEST])
    found = [reading for run in _runs(plain) for reading in _read_run(run, region)]
    callable_ = {reading.e164: reading for reading in reversed(found) if reading.e164}
    if len(callable_) > 1 or (callable_ and any(reading.reason == "area_code" for reading in found)):
        return Reading(None, None, "two_numbers")
    for number, reading in callable_.items():
        return Reading(None, None, "own") if number in own else reading
    if refused := [reading for reading in found if reading.reason != "none"]:
        return refused[0]
    words = folded(plain)
    same = _SAME.search(words) and not _NOT_SAME.search(words) and not _ABOUT_IT.search(words)
    return Reading(None, None, "same" if same else "none")


def written(e164: str) -> str:
    """(617) 555-0123; a number of another country stays as it is."""
    return f"({e164[2:5]}) {e164[5:8]}-{e164[8:]}" if re.fullmatch(r"\+1\d{10}", e164) else str(e164)


def spoken(e164: str) -> str:
    """6 1 7, 5 5 5, 0 1 2 3: digits in groups, with a pause between them."""
    digits = e164.lstrip("+")
    groups = [digits[1:4], digits[4:7], digits[7:]] if re.fullmatch(r"\+1\d{10}", e164) else [digits]
    return ", ".join(" ".join(group) for group in groups)


# -- Words beside digits ----------------------------------------------------------------------------------------------

# The same phone, in the languages of the hotline (compared without accents).
_SAME = re.compile(
    r"\b(this|same|current) (one|number|phone|cell|line|1|#)|^(this|the same|same|here|same as before)$"
    r"|\b(one|number|phone) (i am|im|i'm)\b|\bmy (own )?(number|phone|cell)\b"
    r"|\b(number|one) i('m| am|m)? (text|call|writ|us)|\bhere is fine\b"
    r"|\b(est[ea]|mismo|misma|mi|aqui) (numero|telefono|celular|mismo|linea)\b"
    r"|^(est[ea]|el mismo|la misma|aqui)$|\bes[te]+ mismo\b"
    r"|\b(este|esse|mesmo|meu|neste|nesse|deste) (numero|telefone|celular|mesmo)\b|^(este|esse|o mesmo)$"
    r"|\b(menm|sa|mem) (nimewo|telefon)|\b(nimewo|telefon) (sa|mwen|la)\b|^(sa a|menm lan|menm nan)$|\bnimewo a menm\b"
    r"|\b(mesmu|es|nha|kel) (numeru|nunbru|telefoni)\b|^(es li|mesmu)$"
    r"|\b(ce|meme|mon) (numero|telephone|portable)\b|^(celui[- ]ci|le meme)$"
    r"|\bso (nay|dang|cua toi|toi dang|dien thoai nay)\b|\bcung so\b|^so cu$"
    r"|(这|這|本|同|我的|我这)(个|個|一个|一個|支)?(号|號|电话|電話|手机|手機)|同一个?|就这个|就這個|一样的号码|相同"
)
_NOT_SAME = re.compile(
    r"\b(not|isnt|isn't|dont|don't|never|different|another|other|new|otro|otra|outro|outra)\b"
    r"|\b(lot nimewo|yon lot|autre|khac|n?o es|nao e|ka e|pa e|pa rele|no llame|nao ligue)\b|别|另|不|換|换"
)
# Said about this phone, but not that it is the one to call: a question, what somebody does with it, what ails it.
_ABOUT_IT = re.compile(
    r"[?？¿]|\b(he|she|they|who|how|will|is|has|have|sees?|saw|reads?|checks?|watch\w*|took|takes|got|track\w*|safe)\b"
    r"|\b(private|secret|dying|dead|died|broke\w*|lost|stole\w*|off)\b"
    r"|\b(quien|como|lee|revisa|ve|tiene|li gade|quem|olha|qui|lit|regarde)\b"
)
# What looks like digits and is not a number: prices, clock times, dates, homes, ages.
_NOT_NUMBERS = re.compile(
    r"[$€£]\s*\d[\d,.]*|\b\d[\d,.]*\s*(?:dollars?|bucks|usd|dolares|reais|euros?|%)"
    r"|\b\d{1,2}(?::\d\d)?\s*(?:[ap]\.?\s?m\b\.?|o'?clock)|\b\d{1,2}:\d\d(?::\d\d)?\b"
    r"|(?<![\d/.-])\d{1,2}[/.-]\d{1,2}(?:[/.-](?:19|20)?\d\d)?(?![\d/-]|\.\d)|\b(?:19|20)\d\d-\d\d?-\d\d?\b"
    r"|\b(?:apt|apartment|apto?|unit|suite|room|rm|floor|fl|piso|zip|age|aged|bus|route|gate|box|cuarto|apartamento)"
    r"\b\.?\s*(?:is|es|#|no\.?|number)?\s*\d{1,5}\b(?![\s.-]*\d)"
    r"|\b\d{1,3}\s*(?:years?|yrs?|yo|y/o|anos?|months?|min(?:utes)?|hours?|hrs?|days?|weeks?|people|kids|th|st|nd|rd)\b"
    r"|\b\d{1,5}\s+(?:\w+\s+){1,2}(?:st|street|ave|avenue|rd|road|blvd|sq|square)\b",
    re.IGNORECASE,
)


# -- Digits in a row, and what they are -------------------------------------------------------------------------------

_RUN = re.compile(r"\+?\s?\(?\d(?:[\s().\-*/_,·•~|#+]*\d)*\)?")
_GROUP = re.compile(r"\d+")
_EXTENSION = re.compile(
    r"\s*[,;(]?\s*(?:extension|extensao|ext|x|anexo|ramal|poste|interno|ekstansyon|分机|#)[\s.:#]*(\d{1,6})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Run:
    """Digit groups in a row, what parts them, and an extension that follows."""

    text: str
    groups: tuple[str, ...]
    gaps: tuple[str, ...]
    extension: str | None

    @property
    def digits(self) -> str:
        return "".join(self.groups)


def _runs(plain: str) -> Iterator[_Run]:
    text = _NOT_NUMBERS.sub(" ; ", plain)
    at = 0
    while hit := _RUN.search(text, at):
        body, at = hit[0], hit.end()
        extension = _EXTENSION.match(_unaccented(text), at)
        if extension and len(_GROUP.findall(body)) and len("".join(_GROUP.findall(body))) >= 7:
            at = extension.end()
        elif extension := re.search(r"(?<=\d)\s?#\s?(\d{1,6})$", body):
            body = body[: extension.start()]
        groups = tuple(_GROUP.findall(body))
        yield _Run(body, groups, tuple(_GROUP.split(body)[1:-1]), extension[1] if extension else None)


def _unaccented(text: str) -> str:
    """Same length as the text: only letters that carry one accent are changed."""
    return "".join(unicodedata.normalize("NFD", c)[:1] or c for c in text)


def _read_run(run: _Run, region: str) -> Iterator[Reading]:
    digits, plus = run.digits, run.text.lstrip("(").startswith("+")
    if (whole := _national(digits)) and not (plus and len(digits) == 10 and _foreign(digits)):
        yield _judge(whole, run.extension)
    elif plus or _foreign_prefix(run):
        yield Reading(None, None, "abroad" if len(digits) >= 8 else "too_short")
    elif numbers := _windows(run):
        yield from (_judge(number, run.extension) for number in numbers)
    else:
        yield Reading(None, None, _why_not(run))


def _national(digits: str) -> str | None:
    """The ten digits of a +1 number, after 1, 00 1 or 011 1."""
    for prefix in ("", "1", "001", "0111"):
        rest = digits.removeprefix(prefix)
        if len(rest) == 10 and len(digits) == 10 + len(prefix) and rest[0] in "23456789":
            return rest
    return None


def _foreign(digits: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse("+" + digits))
    except phonenumbers.NumberParseException:
        return False


def _foreign_prefix(run: _Run) -> bool:
    """00 44…, 011 44…, or a first group that is another country's code of a valid number."""
    digits = run.digits
    for prefix in ("011", "00"):
        if digits.startswith(prefix) and _foreign(digits.removeprefix(prefix)):
            return True
    first = run.groups[0]
    return len(digits) > 10 and len(first) <= 3 and first[0] != "1" and _country(first) and _foreign(digits)


def _country(code: str) -> bool:
    return int(code) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE


def _windows(run: _Run) -> list[str]:
    """Numbers inside a longer run: a time before them, or another number after them."""
    groups, found, at, last = run.groups, [], 0, 0
    while at < len(groups):
        if end := _window_end(groups, at):
            found.append(_national("".join(groups[at:end])) or "")
            at = last = end
        else:
            at += 1
    tail = run.gaps[last - 1] if 0 < last < len(groups) else ","
    return found if all(found) and re.search(r"[,\n/|]", tail) else []


def _window_end(groups: tuple[str, ...], at: int) -> int | None:
    """Where a number that begins at this group ends; its area code must be a group, or all of it one."""
    for end in range(at + 1, min(at + 6, len(groups)) + 1):
        part = groups[at:end]
        head = part[1:] if part[0] == "1" and len(part) > 1 else part
        if _national("".join(part)) and len(head[0]) in (3, 6, 10, 11):
            return end
    return None


def _why_not(run: _Run) -> str:
    digits = run.digits
    if len(run.groups) == 1 and digits in (_EMERGENCY, _CRISIS):
        return "emergency" if digits == _EMERGENCY else "crisis"
    if len(run.groups) == 1 and digits in _SERVICE:
        return "service"
    if len(digits) in (5, 6) and len(run.groups) == 1:
        return "short_code" if digits[0] in "23456789" else "none"
    if len(digits) < 6 or (len(digits) == 6 and len(run.groups) != 2):
        return "none"
    if len(digits) == 7 and digits[0] in "23456789":
        return "area_code"
    return "invalid" if len(digits) == 10 else "too_short" if len(digits) < 10 else "too_long"


def _judge(national: str, extension: str | None) -> Reading:
    reason = _verdict(national)
    return Reading(E164("+1" + national), extension, "ok") if reason == "ok" else Reading(None, None, reason)


def _verdict(national: str) -> str:
    """NANP structure: area and exchange are NXX and neither is N11. 555-0100 to 0199 are fictional and let through."""
    area, exchange = national[:3], national[3:6]
    if area == "900" or exchange == "976":
        return "premium"
    if exchange[0] in "01" or exchange[1:] == "11":
        return "invalid"
    if exchange == "555" and national[6:] == "1212":
        return "service"  # directory assistance, billed
    home = _area_region(area)
    return "invalid" if home is None else "ok" if home in HOME_REGIONS else "abroad"


@lru_cache(maxsize=1000)
def _area_region(area: str) -> str | None:
    """The region of a +1 area code by the library's metadata, None where it is not in use."""
    if area in {"700", "710"} or area in {"500", "533", "544", "566", "577", "588"} or area[:2] == "52":
        return None  # follow-me and government ranges: no resident's phone
    for exchange in range(200, 1000, 7):
        number = phonenumbers.PhoneNumber(country_code=1, national_number=int(f"{area}{exchange}4567"))
        if region := phonenumbers.region_code_for_number(number):
            return str(region)
    return None


def main() -> None:
    """The filter of the contract: JSON lines {"text"} to {"e164", "reason"}, one for each line."""
    for raw in sys.stdin.buffer:
        try:
            reading = read_number(str(json.loads(raw.decode("utf-8", "replace"))["text"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            reading = Reading(None, None, "invalid")
        answer = {"e164": reading.e164, "reason": reading.reason, "extension": reading.extension}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
