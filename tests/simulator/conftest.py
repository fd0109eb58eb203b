"""A small hotline of our own, for the desk phone to talk to: it checks every signature and answers from a script.

Not here: the real hotline.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask, Response, request
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from bot.simulator import Company

ACCOUNT = "AC" + "5" * 32
TOKEN = "a-token-of-the-desk-phone"
PUBLIC = "https://hotline.example.org/city"
SMS, VOICE = "48726", "+16175550100"
RESIDENT, STAFF, LINE = "+16175550107", "+16175550150", "+16175550125"


class Double:
    """The hotline's stand-in. `answers` maps a path to TwiML, or to a function of the form's fields."""

    def __init__(self) -> None:
        self.answers: dict = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.app = Flask("double")
        self.app.testing = True
        self.app.add_url_rule("/city/<path:path>", view_func=self._answer, methods=["POST"])

    def _answer(self, path: str) -> Response:
        full = request.full_path.rstrip("?").removeprefix("/city")
        signature = request.headers.get("X-Twilio-Signature", "")
        if not RequestValidator(TOKEN).validate(PUBLIC + full, request.form, signature):
            return Response(status=403)
        form = request.form.to_dict()
        self.seen.append((full, form))
        answer = self.answers.get(full, self.answers.get("/" + path, ""))
        answer = answer(form) if callable(answer) else answer
        if isinstance(answer, int):
            return Response(status=answer)
        return Response(f"<Response>{answer}</Response>" if "<Response" not in answer else answer, mimetype="text/xml")

    def deliver(self, path, params, headers):
        answer = self.app.test_client().post("/city" + path, data=params, headers=headers)
        return answer.status_code, answer.get_data(as_text=True)

    def at(self, path: str) -> list[dict[str, str]]:
        """What was posted to `path` (with its query, if any), in order."""
        return [form for seen, form in self.seen if seen == path]


@pytest.fixture
def double() -> Double:
    return Double()


@pytest.fixture
def company(double: Double) -> Iterator[Company]:
    made = Company(ACCOUNT, TOKEN, PUBLIC, SMS, VOICE, deliver=double.deliver)
    made.manual = True
    yield made
    made.close()


@pytest.fixture
def rest(company: Company) -> Client:
    """twilio-python, pointed at the desk phone's own REST API over a real socket."""
    client = Client(ACCOUNT, TOKEN)
    client.api.base_url = company.serve()
    client.http_client.timeout = 5
    client.http_client.session.mount("http://", client.http_client.session.get_adapter("https://"))
    client.http_client.session.trust_env = False
    return client


@pytest.fixture
def resident(company: Company):
    return company.phone(RESIDENT)


@pytest.fixture
def staff(company: Company):
    return company.phone(STAFF)
