"""Calls to staff: the whisper, the key that accepts, the bridge to the resident, the outcome by key.

Lives here: POST /voice/staff and what follows. Nobody sees anybody's number: both see the hotline's. An answering
machine presses no key, so nothing is bridged to one.
"""

from collections.abc import Callable

from flask import Blueprint, Response, request
from redis.exceptions import RedisError
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from bot.receipts import OUTBOX
from bot.sms import NOT_XML
from bot.twilio.inbound import call_sid
from bot.twilio.safe import xml
from flows.words import LANGUAGES, clock
from workers.jobs import Kit
from workers.ledger import LONGEST_CALL_SECONDS, Conflict, NotFound
from workers.records import Callback
from workers.store import StoreDown

RING_SECONDS = 30  # the resident's phone
OUTCOMES = {
    "1": "reached",
    "2": "no_answer",
    "3": "voicemail_left",
    "4": "busy",
    "5": "someone_else",
    "6": "call_later",
}
MESSAGES = {
    "neutral": 'You may leave a message that only says "please call back".',
    "named": "You may leave a message and say who called.",
}
ASK_OUTCOME = (
    "If you reached them, press 1. No answer, 2. You left a message, 3. Busy, 4. "
    "Someone else answered, 5. They asked for another time, 6. Or hang up and write it in the console."
)


def room(kit: Kit) -> Blueprint:
    blueprint = Blueprint("staff_phone", __name__)

    @blueprint.post("/voice/staff")
    def whisper() -> Response:
        return _once(kit, lambda o: _whisper(kit, o))

    @blueprint.post("/voice/staff/accept")
    def accept() -> Response:
        return _once(kit, lambda o: _accept(kit, o))

    @blueprint.post("/voice/staff/done")
    def done() -> Response:
        return _once(kit, lambda o: _done(kit, o))

    @blueprint.post("/voice/staff/outcome")
    def outcome() -> Response:
        return _once(kit, lambda o: _outcome(kit, o))

    return blueprint


def _once(kit: Kit, step: Callable[[str], str]) -> Response:
    """One step of a ring; the same step of the same call again gets the same answer and does nothing (24 hours)."""
    given = request.args.get("o", "")
    outbox_id = given if OUTBOX.fullmatch(given) else ""
    place = kit.vault.lookup("step", f"{call_sid(request)}|{request.path}|{outbox_id}|{request.form.get('Digits', '')}")
    try:
        kept = kit.store.client.get("m:" + place)
        answer = kit.vault.open(kept, "m|" + place) if kept else step(outbox_id)
        if not kept and call_sid(request) and kit.store.client.exists("out:" + outbox_id):
            kit.store.client.set("m:" + place, kit.vault.seal(answer, "m|" + place), ex=86400, nx=True)
    except (NotFound, Conflict, StoreDown, RedisError) as why:
        answer = _farewell(_sorry(why))
    return xml(answer)


def _whisper(kit: Kit, outbox_id: str) -> str:
    callback, _ = kit.ledger.look(outbox_id)
    return _ask(f"/voice/staff/accept?o={outbox_id}", whispered(kit, callback), "Press 1 to call them now.")


def _accept(kit: Kit, outbox_id: str) -> str:
    if request.form.get("Digits") != "1":
        kit.ledger.hang_up(outbox_id, "not accepted")
        return _farewell("OK. The callback stays in the queue.")
    callback, _ = kit.ledger.accept(outbox_id)
    return _bridge(kit, callback, outbox_id)


def _done(kit: Kit, outbox_id: str) -> str:
    kit.ledger.hang_up(outbox_id, request.form.get("DialCallStatus", "completed")[:20])
    return _ask(f"/voice/staff/outcome?o={outbox_id}", "The call is over.", ASK_OUTCOME)


def _outcome(kit: Kit, outbox_id: str) -> str:
    digits = request.form.get("Digits", "")
    result = OUTCOMES.get(digits)
    if result is None and digits:
        return _ask(f"/voice/staff/outcome?o={outbox_id}", "That key has no outcome.", ASK_OUTCOME)
    if result is None:
        return _farewell("Please write the outcome in the console. Goodbye.")
    _record(kit, outbox_id, result)
    return _farewell(
        "Thank you. It is written down. " + ("Please close it in the console. " if result == "reached" else "")
    )


def _record(kit: Kit, outbox_id: str, result: str) -> None:
    """Once for each call, also where its key is delivered twice at the same moment."""
    callback, login = kit.ledger.look(outbox_id)
    mark = "m:" + kit.vault.lookup("outcome", outbox_id)
    if not kit.store.client.set(mark, b"", nx=True, ex=86400):
        return
    try:
        kit.ledger.attempt(callback.id, result, who=login)
    except (Conflict, NotFound):  # refused: nothing was written (after StoreDown nobody knows, so the mark stays)
        kit.store.client.delete(mark)
        raise


def whispered(kit: Kit, callback: Callback) -> str:
    """What whoever picks up hears before a key: nothing of the person, for it may be a voicemail that listens."""
    due = clock(callback.due_at, kit.directory.time_zone)
    say = [f"Hotline callback {' '.join(callback.code)}, {'late, was ' if callback.late else ''}due {due}."]
    say.append(f"They speak {LANGUAGES.get(callback.language, 'another language')}.")
    if record := kit.directory.records.get(callback.asked_for):
        say.append(f"They asked for {record.name}.")
    if callback.urgent:
        say.append("They spoke of danger. Ask first if they are safe.")
    if callback.may_answer != "others":
        say.append("If someone else picks up, say nothing of the hotline.")
    say.append(MESSAGES.get(callback.may_voicemail, "Leave no message."))
    return " ".join(say)


def confided(kit: Kit, callback: Callback) -> str:
    """What a staff member hears after the key, before the resident's phone rings: what to call them, and when."""
    name, when = callback.reveal(kit.vault, "name"), callback.reveal(kit.vault, "good_time")
    say = [f"Ask for {name}." if name else "", f"About a good time they said: {when}." if when else ""]
    return NOT_XML.sub("", " ".join([*filter(None, say), "Calling them now."]))


def _ask(action: str, *sentences: str) -> str:
    call = VoiceResponse()
    asked = Gather(num_digits=1, action=action, method="POST", timeout=10, action_on_empty_result=True)
    for text in sentences:
        asked.say(text, language="en-US")
    call.append(asked)
    return str(call)


def _bridge(kit: Kit, callback: Callback, outbox_id: str) -> str:
    call = VoiceResponse()
    call.say(confided(kit, callback), language="en-US")
    dial = Dial(
        action=f"/voice/staff/done?o={outbox_id}",
        method="POST",
        caller_id=kit.settings.voice_number,
        timeout=RING_SECONDS,
        time_limit=LONGEST_CALL_SECONDS,
    )
    extension = callback.reveal(kit.vault, "extension")
    more = {"send_digits": "wwww" + extension} if extension.isdigit() else {}
    dial.number(callback.reveal(kit.vault, "phone"), **more)
    call.append(dial)
    return str(call)


def _farewell(words: str) -> str:
    call = VoiceResponse()
    call.say(words, language="en-US")
    call.hangup()
    return str(call)


def _sorry(why: Exception) -> str:
    if isinstance(why, (StoreDown, RedisError)):
        return "The hotline's memory does not answer. Please try again in a minute, from the console."
    if isinstance(why, Conflict):
        if why.holder:
            return "Someone else has this callback now. Thank you. Goodbye."
        if why.why == "dialled":
            return "This ring was used already. Please call again from the console. Goodbye."
        return "This callback needs no call any more: it was taken back or closed. Thank you. Goodbye."
    return "This callback is not there any more. Thank you. Goodbye."
