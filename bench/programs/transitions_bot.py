"""A peer: the bot that many would write by hand, with Flask, twilio, transitions, and sessions in Redis.

Not here: durability, free text, staff. It keeps no promise.
"""

import json
import os

import phonenumbers
from flask import Flask, Response, request
from redis import Redis
from transitions import Machine
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

ADDRESS = os.environ["PUBLIC_URL"] + "/sms"
HOUR = 3600
WORDS = {
    "menu": "1 A person calls you\n2 Other services",
    "ask_number": "Which number should we call?",
    "confirm": "We can call you on {number}. Is that right?\n1 Yes\n2 No",
    "promised": "OK. We'll call {number}.\n1 A person calls you\n2 Other services",
}

app = Flask(__name__)
check = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
sessions = Redis.from_url(os.environ["REDIS_URL"])


class Resident:
    """What the machine moves: one resident's state and number."""

    def __init__(self, number: str):
        self.number = number

    def says_one(self, words: str) -> bool:
        return words.strip() == "1"

    def gives_number(self, words: str) -> bool:
        try:
            found = phonenumbers.parse(words, "US")
        except phonenumbers.NumberParseException:
            return False
        self.number = phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
        return True


machine = Machine(model=None, states=list(WORDS), initial="menu", auto_transitions=False)
for source, target, guard in (
    ("menu", "ask_number", "says_one"),
    ("promised", "ask_number", "says_one"),
    (["menu", "promised"], "menu", None),
    ("ask_number", "confirm", "gives_number"),
    ("ask_number", "=", None),
    ("confirm", "promised", "says_one"),
    ("confirm", "ask_number", None),
):
    machine.add_transition("hear", source, target, conditions=guard)


@app.post("/sms")
def sms() -> Response:
    if not check.validate(ADDRESS, request.form, request.headers.get("X-Twilio-Signature", "")):
        return Response(status=403)
    key = "session:" + request.form["From"]
    kept = json.loads(sessions.get(key) or "{}")
    resident = Resident(kept.get("number", ""))
    machine.add_model(resident, initial=kept.get("state", "menu"))
    resident.hear(request.form["Body"])  # type: ignore[attr-defined]
    machine.remove_model(resident)
    state = resident.state  # type: ignore[attr-defined]
    sessions.set(key, json.dumps({"state": state, "number": resident.number}), ex=HOUR)
    answer = MessagingResponse()
    answer.message(WORDS[state].format(number=resident.number))
    return Response(str(answer), mimetype="text/xml")
