"""Texts: an inbound message becomes a turn, its outcome one message.

Lives here: POST /sms. Not here: the conversation (flows/) or the commit (bot/twilio/turns.py).
"""

import re
from xml.sax.saxutils import escape, quoteattr

from flask import Blueprint, Response, request
from twilio.twiml.messaging_response import MessagingResponse

from bot.twilio.inbound import message_sid, person
from bot.twilio.safe import SafeAnswers, xml
from bot.twilio.turns import Turns
from flows.turn import Inbound, Outcome
from workers import counters
from workers.jobs import Kit

LONGEST = 1600  # characters of a message; Twilio carries no more
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
EMPTY = str(MessagingResponse())


def room(kit: Kit, turns: Turns, safe: SafeAnswers) -> Blueprint:
    blueprint = Blueprint("sms", __name__)
    ours = frozenset(kit.settings.sms_numbers)
    status = kit.settings.public_url + "/sms/status"

    def render(outcome: Outcome, promised: str) -> str:
        """One message; the carrier tells of its delivery, which for a promise shows on the callback."""
        if not outcome.says:
            return EMPTY
        said = escape(NOT_XML.sub("", "\n".join(outcome.says)))
        action = quoteattr(f"{status}?p={promised}" if promised else status)
        # Written out: the library takes 65 µs of a turn for this one element. Tests hold it to be well formed.
        return f'<?xml version="1.0" encoding="UTF-8"?><Response><Message action={action}>{said}</Message></Response>'

    @blueprint.post("/sms")
    def sms() -> Response:
        form, sid = request.form, message_sid(request)
        to = form.get("To", "")
        if not sid or to not in ours:
            counters.add("not_ours")
            return safe.answer(request)
        sender = form.get("From", "")
        who = person(sender)
        if not who.address or sender in ours or sender == kit.settings.voice_number:
            counters.add("sender_cant_be_answered")  # a short code, a name, a withheld number, ourselves
            return xml(EMPTY)
        inbound = Inbound(
            "sms",
            words=form.get("Body", "")[:LONGEST],
            media=form.get("NumMedia", "0") not in ("", "0"),
            opt_out_type=_opt_out_type(form.get("OptOutType", "")),
            short_code=not to.startswith("+"),
        )
        return xml(turns.play(who, "sms|" + who.address, sid, inbound, render, redact=sid))

    return blueprint


def _opt_out_type(value: str) -> str:
    return value.upper() if value.upper() in ("STOP", "START", "HELP") else ""
