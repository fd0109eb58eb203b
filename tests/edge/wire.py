"""A wire to the hotline's webhooks: requests as Twilio makes them, or as somebody else would.

Lives here: signing, sending, and looking at what a request left behind. Not here: people (tests/world.py).
"""

import secrets
from collections import Counter
from collections.abc import Mapping
from urllib.parse import urlencode

from flask import Flask
from redis import Redis
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from tests.conftest import ACCOUNT, PUBLIC, SMS_NUMBER, TOKEN, VOICE_NUMBER
from tests.edge import twiml

ANA = "+16175550107"
FAR_AHEAD = "99999999999"  # a beat that never grows old
TRACES = (b"count", b"beat", b"probe:", b"test:", b"staff")  # keys that say nothing of a person or a request
Form = Mapping[str, str | list[str]]


class Wire:
    """One web process, as Twilio sees it. What it counted is in `counted`."""

    def __init__(self, edge: Flask, counted: Counter[str]):
        self.web, self.counted = edge.test_client(), counted

    def post(
        self,
        path: str,
        form: Form,
        signature: str | None = None,
        *,
        as_url: str | None = None,
        token: str = TOKEN,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """POST a form. `signature`: None is a right one, over `as_url` (default: PUBLIC_URL and the path) by `token`."""
        if signature is None:
            signature = sign(as_url or PUBLIC + path, form, token)
        pairs = [(k, one) for k, v in form.items() for one in (v if isinstance(v, list) else [v])]
        return self.web.post(
            path,
            data=urlencode(pairs),
            content_type="application/x-www-form-urlencoded",
            headers={"X-Twilio-Signature": signature, **(headers or {})},
        )

    def text(self, body: str, sid: str | None = None, **more: str | list[str] | None) -> twiml.Answer:
        """A person's text; what comes back. `more` replaces parameters (None leaves one out)."""
        answer = self.post("/sms", a_text(body, sid, **more))
        assert (answer.status_code, answer.mimetype) == (200, "text/xml")
        return twiml.read(answer.text, "sms")

    def step(self, path: str, sid: str, **more: str | list[str] | None) -> twiml.Answer:
        """One step of a call."""
        answer = self.post(path, a_step(sid, **more))
        assert (answer.status_code, answer.mimetype) == (200, "text/xml")
        return twiml.read(answer.text, "voice")


def sign(url: str, form: Form, token: str = TOKEN) -> str:
    return str(RequestValidator(token).compute_signature(url, MultiDict(form)))


def new_sid(kind: str) -> str:
    return kind + secrets.token_hex(16)


def _without_none(form: dict[str, str | list[str] | None]) -> dict[str, str | list[str]]:
    return {name: value for name, value in form.items() if value is not None}


def a_text(body: str, sid: str | None = None, **more: str | list[str] | None) -> dict[str, str | list[str]]:
    """The parameters of POST /sms that Twilio documents."""
    sid = sid or new_sid("SM")
    return _without_none(
        {
            "MessageSid": sid,
            "SmsSid": sid,
            "SmsMessageSid": sid,
            "AccountSid": ACCOUNT,
            "From": ANA,
            "To": SMS_NUMBER,
            "Body": body,
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "ApiVersion": "2010-04-01",
            "FromCity": "BOSTON",
            "FromState": "MA",
            "FromZip": "02119",
            "FromCountry": "US",
            "ToCity": "",
            "ToState": "",
            "ToZip": "",
            "ToCountry": "US",
            **more,
        }
    )


def a_step(sid: str, **more: str | list[str] | None) -> dict[str, str | list[str]]:
    """The parameters of POST /voice and of its later steps that Twilio documents."""
    return _without_none(
        {
            "CallSid": sid,
            "AccountSid": ACCOUNT,
            "From": ANA,
            "To": VOICE_NUMBER,
            "Caller": ANA,
            "Called": VOICE_NUMBER,
            "CallStatus": "in-progress",
            "ApiVersion": "2010-04-01",
            "Direction": "inbound",
            "FromCity": "BOSTON",
            "FromState": "MA",
            "FromZip": "02119",
            "FromCountry": "US",
            "ToCity": "",
            "ToState": "",
            "ToZip": "",
            "ToCountry": "US",
            "StirVerstat": "TN-Validation-Passed-A",
            **more,
        }
    )


def kept(client: "Redis") -> dict[bytes, bytes]:
    """All that the store keeps of people and requests: each key with its value, as DUMP gives it."""
    return {k: client.dump(k) or b"" for k in sorted(client.keys("*")) if not k.startswith(TRACES)}
