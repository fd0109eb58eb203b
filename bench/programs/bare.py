"""The ceiling: a Flask route that checks Twilio's signature and answers the same words to everybody.

Not here: a conversation, a session, a store.
"""

import os

from flask import Flask, Response, request
from twilio.request_validator import RequestValidator

ADDRESS = os.environ["PUBLIC_URL"] + "/sms"
SAYS = "1 A person calls you\n2 Other services"
MENU = f'<?xml version="1.0" encoding="UTF-8"?><Response><Message>{SAYS}</Message></Response>'

app = Flask(__name__)
check = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])


@app.post("/sms")
def sms() -> Response:
    if check.validate(ADDRESS, request.form, request.headers.get("X-Twilio-Signature", "")):
        return Response(MENU, mimetype="text/xml")
    return Response(status=403)
