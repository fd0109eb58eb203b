"""What the page's buttons do: texting, calling, keys, answering, and the faults that can be ordered.

Not here: the web side of it (page.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bot.simulator.call import Call
from bot.simulator.company import FAULTS
from bot.simulator.handset import WHEN_RUNG

if TYPE_CHECKING:
    from bot.simulator.company import Company
    from bot.simulator.handset import Handset

Said = dict[str, Any]
NOT_A_PHONE = frozenset({"anonymous", "restricted", "unavailable", "unknown"})  # withheld caller ID, as it arrives


class CannotDoError(ValueError):
    """The page asked for something impossible; the sentence says why and is shown to the person."""


def phone_number(written: str) -> str:
    """`written` as the phone company names a phone: E.164, or a word for a withheld number. CannotDoError otherwise."""
    word = written.strip().lower()
    if word in NOT_A_PHONE:
        return word
    digits = re.sub(r"[^\d+]", "", written)
    if re.fullmatch(r"\d{10}", digits):
        digits = "+1" + digits
    elif re.fullmatch(r"1\d{10}", digits):
        digits = "+" + digits
    if not re.fullmatch(r"\+[1-9]\d{6,14}", digits):
        raise CannotDoError("That isn't a phone number. Write it like 617 555 0107, or +16175550107.")
    return digits


def do(company: Company, said: Said) -> None:
    """Carry out one action of the page: `said["do"]` names it. CannotDoError where it makes no sense now."""
    act = ACTS.get(str(said.get("do")))
    if act is None:
        raise CannotDoError("This page asked for something that the desk phone doesn't know.")
    act(company, said)


def _phone(company: Company, said: Said) -> Handset:
    return company.phone(phone_number(str(said.get("phone", ""))))


def _call(company: Company, said: Said) -> Call:
    call = company.find_call(str(said.get("sid", "")))
    if call is None or call.over:
        raise CannotDoError("That call is over.")
    return call


def _text(company: Company, said: Said) -> None:
    body = str(said.get("body", "")).strip()
    if not body:
        raise CannotDoError("Write something first.")
    _phone(company, said).text(body[:1600])


def _dial(company: Company, said: Said) -> None:
    phone = _phone(company, said)
    if phone.call_now:
        raise CannotDoError("This phone is in a call already.")
    phone.call()


def _press(company: Company, said: Said) -> None:
    keys = str(said.get("keys", ""))
    if not re.fullmatch(r"[0-9*#]{1,32}", keys):
        raise CannotDoError("A keypad has 0 to 9, star and pound.")
    _call(company, said).press(keys, wait=bool(said.get("wait", False)))


def _say(company: Company, said: Said) -> None:
    words = str(said.get("words", "")).strip()
    if not words:
        raise CannotDoError("Write what shall be said.")
    _call(company, said).say(words)


def _when_rung(company: Company, said: Said) -> None:
    wanted = said.get("value")
    _phone(company, said).when_rung = next((known for known in WHEN_RUNG if known == wanted), "ring")


def _text_error(company: Company, said: Said) -> None:
    code = str(said.get("value") or "")
    if code and not re.fullmatch(r"\d{5}", code):
        raise CannotDoError("An error code has five digits.")
    _phone(company, said).text_error = int(code) if code else None


def _fault(company: Company, said: Said) -> None:
    kind, times = str(said.get("kind")), said.get("times", 1)
    if kind not in FAULTS or not isinstance(times, int) or not 1 <= times <= 1000:
        raise CannotDoError("Choose a fault, and 1 to 1,000 requests.")
    company.fail_next(kind, times)


ACTS: dict[str, Callable[[Company, Said], object]] = {
    "text": _text,
    "call": _dial,
    "press": _press,
    "say": _say,
    "silence": lambda company, said: _call(company, said).silence(),
    "hang_up": lambda company, said: _call(company, said).hang_up(),
    "answer": lambda company, said: _call(company, said).answer(),
    "busy": lambda company, said: _call(company, said).decline(),
    "ignore": lambda company, said: _call(company, said).ignore(),
    "voicemail": lambda company, said: _call(company, said).answer_by_machine(),
    "when_rung": _when_rung,
    "text_error": _text_error,
    "fault": _fault,
    "heal": lambda company, said: company.heal(),
}
