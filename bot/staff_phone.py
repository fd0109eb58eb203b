"""Calls to staff: the whisper, the key that accepts, the bridge to the resident, the outcome by key.

Lives here: POST /voice/staff and what follows. Nobody sees anybody's number: both see the hotline's. An answering
machine presses no key, so nothing is bridged to one.
"""

from flask import Blueprint, Response, request
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from bot.receipts import OUTBOX
from bot.sms import NOT_XML
from bot.twilio.safe import xml
from flows.words import clock
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
ASK_OUTCOME = (
    "If you reached them, press 1. No answer, 2. You left a message, 3. Busy, 4. "
    "Someone else answered, 5. They asked for another time, 6. Or hang up and write it in the console."
)
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


def room(kit: Kit) -> Blueprint:
    blueprint = Blueprint("staff_phone", __name__)

    def outbox_id() -> str:
        given = request.args.get("o", "")
        return given if OUTBOX.fullmatch(given) else ""

    @blueprint.post("/voice/staff")
    def whisper() -> Response:
        try:
            callback, _ = kit.ledger.look(outbox_id())
        except (NotFound, Conflict, StoreDown) as why:
            return _farewell(_sorry(why))
        return _ask(f"/voice/staff/accept?o={outbox_id()}", whispered(kit, callback), "Press 1 to call them now.")

    @blueprint.post("/voice/staff/accept")
    def accept() -> Response:
        if request.form.get("Digits") != "1":
            kit.ledger.hang_up(outbox_id(), "not accepted")
            return _farewell("OK. The callback stays in the queue.")
        try:
            callback, _ = kit.ledger.accept(outbox_id())
        except (NotFound, Conflict, StoreDown) as why:
            return _farewell(_sorry(why))
        return _bridge(kit, callback, outbox_id())

    @blueprint.post("/voice/staff/done")
    def done() -> Response:
        kit.ledger.hang_up(outbox_id(), request.form.get("DialCallStatus", "completed")[:20])
        return _ask(f"/voice/staff/outcome?o={outbox_id()}", "The call is over.", ASK_OUTCOME)

    @blueprint.post("/voice/staff/outcome")
    def outcome() -> Response:
        result = OUTCOMES.get(request.form.get("Digits", ""))
        if result is None:
            return _farewell("Please write the outcome in the console. Goodbye.")
        try:
            _record(kit, outbox_id(), result)
        except (NotFound, Conflict, StoreDown) as why:
            return _farewell(_sorry(why))
        return _farewell(
            "Thank you. It is written down. " + ("Please close it in the console. " if result == "reached" else "")
        )

    return blueprint


def _record(kit: Kit, outbox_id: str, result: str) -> None:
    """Once for each call, however often Twilio sends the key. Raises StoreDown, Conflict, NotFound."""
    callback, login = kit.ledger.look(outbox_id)
    mark = "m:" + kit.vault.lookup("outcome", outbox_id)
    if kit.store.client.set(mark, b"", nx=True, ex=86400):
        kit.ledger.attempt(callback.id, result, who=login)


def whispered(kit: Kit, callback: Callback) -> str:
    """What a staff member needs to know before they speak. To the staff phone only."""
    say = [
        f"Hotline callback {' '.join(callback.code)}, {'late, was ' if callback.late else ''}due "
        f"{clock(callback.due_at, kit.directory.time_zone)}.",
        f"They speak {LANGUAGES.get(callback.language, 'another language')}.",
    ]
    if callback.urgent:
        say.append("They spoke of danger. Ask first if they are safe.")
    if name := callback.reveal(kit.vault, "name"):
        say.append(f"Ask for {name}.")
    if when := callback.reveal(kit.vault, "good_time"):
        say.append(f"About a good time they said: {when}.")
    if callback.may_answer != "others":
        say.append("If someone else picks up, say nothing of the hotline.")
    say.append(
        'You may leave a message that only says "please call back".'
        if callback.may_voicemail == "neutral"
        else "Leave no message."
    )
    return NOT_XML.sub("", " ".join(say))


def _ask(action: str, *sentences: str) -> Response:
    call = VoiceResponse()
    asked = Gather(num_digits=1, action=action, method="POST", timeout=10, action_on_empty_result=True)
    for text in sentences:
        asked.say(text, language="en-US")
    call.append(asked)
    return xml(str(call))


def _bridge(kit: Kit, callback: Callback, outbox_id: str) -> Response:
    call = VoiceResponse()
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
    return xml(str(call))


def _farewell(words: str) -> Response:
    call = VoiceResponse()
    call.say(words, language="en-US")
    call.hangup()
    return xml(str(call))


def _sorry(why: Exception) -> str:
    if isinstance(why, StoreDown):
        return "The hotline's memory does not answer. Please try again in a minute, from the console."
    if isinstance(why, Conflict):
        if why.holder:
            return "Someone else has this callback now. Thank you. Goodbye."
        return "This callback needs no call any more: it was taken back or closed. Thank you. Goodbye."
    return "This callback is not there any more. Thank you. Goodbye."
