"""What the carrier reports later: whether a text arrived, how a ring to staff ended.

Lives here: POST /sms/status and POST /voice/status. Both answer 204 whatever happens: nobody reads the answer.
"""

import re

from flask import Blueprint, Response, request
from redis.exceptions import RedisError

from bot.twilio.inbound import message_sid
from workers import counters
from workers.carrier import Sent
from workers.jobs import Kit
from workers.store import StoreDown

CODE = re.compile(r"\d{5}")
CALLBACK = re.compile(r"[0-9a-f]{32}")
OUTBOX = re.compile(r"[0-9a-f]{32}\.[\w.-]{1,60}")
FINAL = frozenset({"delivered", "undelivered", "failed", "sent"})
OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


def room(kit: Kit) -> Blueprint:
    blueprint = Blueprint("receipts", __name__)

    @blueprint.post("/sms/status")
    def message() -> Response:
        status = request.form.get("MessageStatus", "")
        if status in FINAL:
            try:
                _message(kit, status)
            except (StoreDown, RedisError):
                counters.add("receipts_lost")
        return Response(status=204)

    @blueprint.post("/voice/status")
    def call() -> Response:
        outbox_id, status = request.args.get("o", ""), request.form.get("CallStatus", "")
        if status in OVER and OUTBOX.fullmatch(outbox_id):
            try:
                kit.ledger.hang_up(outbox_id, status)
            except StoreDown:
                counters.add("receipts_lost")
        return Response(status=204)

    return blueprint


def _message(kit: Kit, status: str) -> None:
    code = request.form.get("ErrorCode", "")
    code = code if CODE.fullmatch(code) else "unknown"
    outbox_id, callback_id, sid = request.args.get("o", ""), request.args.get("p", ""), message_sid(request)
    if OUTBOX.fullmatch(outbox_id):
        kit.store.words("receipt", outbox_id, status, code, "1" if Sent("failed", code=code).deaf else "")
    elif CALLBACK.fullmatch(callback_id) and status in ("undelivered", "failed"):
        kit.store.words("undelivered", callback_id, code)
    if sid:  # the carrier's copy of our own words goes too
        kit.store.client.zadd("redact", {sid: kit.store.now() + 60}, nx=True)
