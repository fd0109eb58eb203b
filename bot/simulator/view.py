"""What the page shows, as plain JSON: two handsets, the phones elsewhere, the phone company's own notes.

Not here: what the page's buttons do (acts.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bot.simulator.call import Call
from bot.simulator.records import Text

if TYPE_CHECKING:
    from bot.simulator.company import Company
    from bot.simulator.handset import Handset

View = dict[str, Any]

TEXTS_SHOWN, NOTES_SHOWN, ELSEWHERE_SHOWN = 100, 6, 6


def state(company: Company, resident: str, staff: str) -> View:
    """Everything on the page, for the two numbers it shows."""
    company.release_scheduled()
    here = (resident, staff)
    return {
        "resident": handset(company.phone(resident)),
        "staff": handset(company.phone(staff)),
        "outside": [outside_call(call) for call in reversed(company.every_call()) if _is_outside(call, here)],
        "elsewhere": texts_elsewhere(company, here),
        "faults": [{"kind": kind, "times": times} for kind, times in company.faults],
        "notes": list(company.debugger)[-NOTES_SHOWN:],
        "notes_total": len(company.debugger),
    }


def handset(phone: Handset) -> View:
    """One handset: its thread of texts, what rings, its present or last call."""
    thread = sorted([*phone.inbox, *phone.outbox], key=lambda text: text.at)
    return {
        "number": phone.number,
        "texts": [_text(text, phone.number) for text in thread[-TEXTS_SHOWN:]],
        "ringing": [{"sid": call.sid, "from": call.from_} for call in phone.ringing],
        "call": _call(_latest(phone)),
        "when_rung": phone.when_rung,
        "text_error": phone.text_error,
        "voicemails": phone.voicemails[-3:],
    }


def outside_call(call: Call) -> View:
    """A call to a phone that isn't on the page, with the last words it heard."""
    return {
        "sid": call.sid,
        "number": call.to,
        "from": call.from_,
        "ringing": call.status == "ringing",
        "heard": call.heard[-300:],
        "asks": bool(call.asks and "dtmf" in call.asks.input),
        "bridged": call.other is not None,
    }


def texts_elsewhere(company: Company, here: tuple[str, ...]) -> list[View]:
    """The latest texts to phones that aren't on the page, newest first."""
    others = [
        {"sid": text.sid, "to": phone.number, "body": text.body, "at": text.at.isoformat()}
        for phone in list(company.handsets.values())
        if phone.number not in here
        for text in phone.inbox[-ELSEWHERE_SHOWN:]
    ]
    return sorted(others, key=lambda text: text["at"], reverse=True)[:ELSEWHERE_SHOWN]


def _is_outside(call: Call, here: tuple[str, ...]) -> bool:
    going_on = call.status in ("ringing", "in-progress")
    return going_on and call.direction != "inbound" and call.handset.number not in here


def _latest(phone: Handset) -> Call | None:
    """The call this person is in, or else the last one they were in."""
    taken = [call for call in phone.calls if call.answered_at is not None or call.direction == "inbound"]
    return phone.call_now or (taken[-1] if taken else None)


def _text(text: Text, number: str) -> View:
    return {
        "sid": text.sid,
        "mine": text.sender == number,
        "sender": text.sender,
        "body": text.body,
        "at": text.at.isoformat(),
    }


def _call(call: Call | None) -> View | None:
    if call is None:
        return None
    asks = call.asks
    return {
        "sid": call.sid,
        "with": call.to if call.direction == "inbound" else call.from_,
        "over": call.over,
        "status": call.status,
        "lines": [{"who": line.who, "words": line.words, "language": line.language} for line in list(call.lines)],
        "seconds": round(call.seconds),
        "keyed": call.keyed,
        "bridged": call.other is not None,
        "dialling": [dial.number for dial in call.dialling.pending] if call.dialling else [],
        "asks": {
            "keys": "dtmf" in asks.input,
            "speech": "speech" in asks.input,
            "bounded": asks.num_digits is not None,
            "timeout": asks.timeout,
        }
        if asks
        else None,
    }
