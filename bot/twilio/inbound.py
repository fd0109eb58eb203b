"""Who is at the other end of a webhook, and which message or step of a call it is.

Lives here: reading Twilio's form with suspicion: addresses come in many forms (E.164, short codes, whatsapp:).
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from flask import Request

from flows.phone import read_number

MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
CALL_SID = re.compile(r"CA[0-9a-fA-F]{32}")
E164 = re.compile(r"\+[1-9][0-9]{6,14}")  # not \d: other scripts' digits would make a second person of one
CHANNEL = re.compile(r"(whatsapp|rcs|messenger):[\w+.@:-]{3,64}")
# Keypad spellings of ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE: they look like numbers and are none.
WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})


@dataclass(frozen=True, slots=True)
class Person:
    """`address`: what keys their session, '' where they can't be told from others. `number`: callable E.164 or ''."""

    address: str
    number: str


@lru_cache(maxsize=4096)
def person(sender: str) -> Person:
    """Who a From is."""
    if E164.fullmatch(sender) and sender not in WITHHELD:
        return Person(sender, str(read_number(sender).e164 or ""))
    return Person(sender if CHANNEL.fullmatch(sender) else "", "")


def message_sid(request: Request) -> str:
    sid = request.form.get("MessageSid", "")
    return sid if MESSAGE_SID.fullmatch(sid) else ""


def call_sid(request: Request) -> str:
    sid = request.form.get("CallSid", "")
    return sid if CALL_SID.fullmatch(sid) else ""
