"""Twilio's edge: its own small Flask application, without sessions, CSRF or anything else meant for browsers.

Lives here: the check that every webhook passes, and the last resort when anything behind it fails. Not here: what a
message or a call leads to (bot/sms.py, bot/voice.py, bot/staff_phone.py).
"""

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from bot import receipts, sms, staff_phone, voice
from bot.twilio.safe import SafeAnswers
from bot.twilio.signature import Signatures
from bot.twilio.turns import Turns
from flows.understand import ready
from workers import counters
from workers.jobs import Kit
from workers.logs import logger

LARGEST_BODY = 512 * 1024  # bytes; Twilio's own are a few kilobytes


def create_edge(kit: Kit) -> Flask:
    """The application behind /sms and /voice."""
    edge = Flask("edge", static_folder=None)
    edge.config.update(MAX_CONTENT_LENGTH=LARGEST_BODY, PROVIDE_AUTOMATIC_OPTIONS=False)
    ready()
    signatures, safe, turns = Signatures(kit.settings), SafeAnswers(kit), Turns(kit)
    edge.extensions.update(hotline=kit, safe=safe)

    @edge.before_request
    def check_signature() -> Response | None:
        if request.url_rule is None or signatures.are_good(request):
            return None
        counters.add("signature_failures")
        return Response(status=403)

    @edge.errorhandler(Exception)
    def last_resort(error: Exception) -> Response | HTTPException:
        if isinstance(error, HTTPException):
            return Response(status=error.code or 400)
        counters.add("safe_answers")
        logger.error("safe_answer", error=type(error).__name__, route=request.path, place=_place(error))
        return safe.answer(request)

    for room in (sms.room(kit, turns, safe), voice.room(kit, turns, safe), staff_phone.room(kit), receipts.room(kit)):
        edge.register_blueprint(room)
    return edge


def _place(error: Exception) -> str:
    """File and line of the innermost frame, without any of its values."""
    frame = error.__traceback__
    while frame and frame.tb_next:
        frame = frame.tb_next
    return f"{frame.tb_frame.f_code.co_filename.rpartition('/')[2]}:{frame.tb_lineno}" if frame else ""
