"""A small application with the rooms that are under test, callbacks and accounts to put into it."""

import secrets
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.conftest import API_TOKEN, REVEAL_TOKEN
from workers.jobs import Kit
from workers.store import Commit, Keys

PHONE, NAME, STAFF_PHONE = "+16175550133", "Jo Canary", "+16175550150"


def an_app(kit: Kit, *blueprints: Any) -> Flask:
    app = Flask("bot", static_folder=None)
    app.extensions["hotline"] = kit
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    return app


def a_callback(kit: Kit, due_in: float = 1800, promised: bool = True, **fields: str) -> str:
    """A promise as a resident's turn stores it; its id. `due_in`: seconds. Personal fields get sealed."""
    one, owner = secrets.token_urlsafe(9), secrets.token_hex(8)
    given = {
        "team": "trauma_line",
        "channel": "sms",
        "language": "en",
        "phone": PHONE,
        "name": NAME,
        "owner": owner,
    } | fields
    personal = ("phone", "name", "contact", "extension", "good_time")
    sealed = tuple((k, kit.vault.seal(v, f"cb:{one}|{k}") if k in personal else v) for k, v in given.items())
    turn = Commit(
        "0",
        b"session",
        b"answer",
        verb="request",
        callback_id=one,
        due_at=kit.store.now() + due_in,
        promised=promised,
        fields=sealed,
    )
    assert kit.store.commit(Keys(owner, owner, owner, owner), turn) == ("done", b"")
    return one


def a_colleague(kit: Kit, login: str = "alex", role: str = "responder") -> str:
    kit.roster.add(login, STAFF_PHONE, role)
    return login


@dataclass
class Partner:
    """Somebody's software that uses the API."""

    client: FlaskClient
    token: str = API_TOKEN

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def get(self, path: str) -> TestResponse:
        return self.client.get("/api" + path, headers=self._headers())

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self.client.post("/api" + path, headers=self._headers(), json={} if body is None else body)

    def owner(self) -> "Partner":
        """The same, with the token that may read numbers."""
        return Partner(self.client, REVEAL_TOKEN)


def is_problem(answer: TestResponse, status: int) -> dict[str, Any]:
    """Assert that it is a problem document of this status; the document."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    document: dict[str, Any] = answer.get_json(force=True)
    assert document["status"] == status
    assert document["title"]
    assert document["type"]
    assert document["detail"]
    return document
