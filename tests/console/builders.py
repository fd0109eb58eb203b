"""What staff tests begin with: accounts, callbacks, a web side for people, and somebody at a browser.

Lives here: builders. Not here: the store and the kit (tests/conftest.py).
"""

import re
import secrets
from dataclasses import dataclass, field
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bot import console, public
from workers.jobs import Kit
from workers.records import Callback
from workers.store import Commit, Keys

PASSWORD = "three calm words here"
RESIDENT = "+16175550199"
FENCE = re.compile(r'name="fence" value="(\d+)"')
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def a_web_side(kit: Kit) -> Flask:
    """Pages for people, without Twilio's edge. It does what bot.app does, and no more."""
    app = Flask("bot", static_folder=None)
    app.extensions["hotline"] = kit
    app.secret_key = kit.settings.secret_key.get_secret_value()
    console.init_app(app)
    app.register_blueprint(public.blueprint)

    @app.get("/healthz")
    def healthz() -> str:
        return "ok"

    return app


def an_account(
    kit: Kit,
    login: str,
    role: str = "responder",
    on_shift: bool = True,
    first: bool = False,
    languages: tuple[str, ...] = ("en",),
    phone: str = "",
) -> str:
    """An account with PASSWORD, or with `first` its first password; the password."""
    password = kit.roster.add(login, phone or f"+16175550{100 + secrets.randbelow(100)}", role, languages)
    if not first:
        kit.roster.set_password(login, PASSWORD)
    if on_shift and role != "auditor":
        kit.roster.shift(login, True)
    return password if first else PASSWORD


def a_callback(
    kit: Kit, due_in_minutes: float = 30, phone: str = RESIDENT, promised: bool = True, **fields: str
) -> Callback:
    """An open callback as a resident's turn stores it. `fields`: in clear; the personal ones are sealed here."""
    callback_id = secrets.token_hex(16)
    mark = secrets.token_hex(8)
    sealed = {
        name: kit.vault.seal(value, f"cb:{callback_id}|{name}")
        for name, value in {"phone": phone, **fields}.items()
        if name in ("phone", "name", "good_time", "extension", "contact")
    }
    plain = {"team": "trauma_line", "channel": "sms", "language": "en", **fields}
    both = {**plain, **sealed}
    turn = Commit(
        "0",
        b"{}",
        b"answer",
        verb="request",
        callback_id=callback_id,
        promised=promised,
        due_at=kit.store.now() + due_in_minutes * 60,
        fields=tuple(both.items()),
    )
    assert kit.store.commit(Keys(mark, mark, mark, mark), turn)[0] == "done"
    return kit.ledger.get(callback_id)


@dataclass
class Browser:
    """Somebody at a browser without JavaScript: follows what the page offers, tokens included."""

    app: Flask
    client: FlaskClient = field(init=False)
    token: str = ""

    def __post_init__(self) -> None:
        self.client = self.app.test_client()

    def get(self, path: str, **more: object) -> TestResponse:
        answer = self.client.get(path, **more)  # type: ignore[arg-type]
        found = TOKEN.search(answer.get_data(as_text=True))
        self.token = found.group(1) if found else self.token
        return answer

    def post(self, path: str, **form: str) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token, **form})

    def log_in(self, login: str, password: str = PASSWORD) -> "Browser":
        self.get("/staff/login")
        answer = self.post("/staff/login", login=login, password=password)
        assert answer.status_code == 303, answer.get_data(as_text=True)
        self.get("/staff")
        return self

    def read(self, path: str) -> str:
        """The page's text, which must be there."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.status
        return answer.get_data(as_text=True)


def page_of(browser: Browser, cb: Callback) -> str:
    """A callback's page, as somebody reads it."""
    return unescape(browser.read(f"/staff/callbacks/{cb.id}"))


def fence_on(page: str) -> str:
    """The fence that a page's forms carry."""
    found = FENCE.search(page)
    assert found
    return found.group(1)
