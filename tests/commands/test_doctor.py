"""`doctor`: what it finds in a deployment, and what it says to do."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from tests.commands.conftest import Terminal, terminal_of
from tests.conftest import ACCOUNT, TOKEN, environment, free_port
from workers.jobs import Kit
from workers.settings import load_settings


class Carrier(BaseHTTPRequestHandler):
    """Answers for the account as Twilio does."""

    answer: tuple[int, object] = (200, {"status": "active", "type": "Full"})
    asked: ClassVar[list[tuple[str, str]]] = []

    def do_GET(self) -> None:
        Carrier.asked.append((self.path, self.headers["Authorization"]))
        status, body = Carrier.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def carrier() -> Iterator[str]:
    Carrier.answer, Carrier.asked = (200, {"status": "active", "type": "Full"}), []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Carrier)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def _healthy(kit: Kit, valkey_port: int, carrier: str, **more: str) -> Kit:
    made = Kit(load_settings(environment(valkey_port, TWILIO_API_URL=carrier, **more)))
    for login in ("alex", "sam"):
        made.roster.add(login, "+16175550150", "supervisor")
    made.roster.shift("alex", True)
    for who in ("worker", "sweeper"):
        made.store.beat(who)
    return made


def _mends(terminal: Terminal) -> list[str]:
    result = terminal.run("doctor")
    found = [line for line in result.output.splitlines() if line.startswith("[mend]")]
    assert result.exit_code == bool(found)
    assert result.output.count("->") >= len(found)
    return found


def test_a_healthy_deployment(kit: Kit, valkey_port: int, carrier: str) -> None:
    terminal = terminal_of(_healthy(kit, valkey_port, carrier))
    assert _mends(terminal) == []
    (path, login), *_ = Carrier.asked
    assert path == f"/2010-04-01/Accounts/{ACCOUNT}.json"
    assert login.startswith("Basic ")
    assert TOKEN not in terminal.run("doctor").output


def test_an_empty_one(terminal: Terminal) -> None:
    found = "\n".join(_mends(terminal))
    assert "0 supervisors" in found
    assert "nobody is on shift" in found
    assert "worker_beat: never" in found
    assert "Twilio" not in found  # offline is no fault of the deployment
    assert "was not reached" in terminal.run("doctor").output


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ((401, {"code": 20003}), "[mend]"),
        ((404, {}), "[mend]"),
        ((200, {"status": "suspended"}), "[mend]"),
        ((200, {"status": "active", "type": "Trial"}), "[mend]"),
        ((503, {}), "[look]"),
        ((302, {}), "[look]"),
        ((200, ["what"]), "[look]"),
    ],
)
def test_what_twilio_says_of_the_account(
    kit: Kit, valkey_port: int, carrier: str, answer: tuple[int, object], state: str
) -> None:
    Carrier.answer = answer
    output = terminal_of(_healthy(kit, valkey_port, carrier)).run("doctor").output
    assert [line[:6] for line in output.splitlines() if "Twilio" in line and line.startswith("[")] == [state]


def test_settings_that_are_unsafe(kit: Kit, valkey_port: int, carrier: str) -> None:
    from tests.conftest import key

    one = key()
    made = _healthy(kit, valkey_port, carrier, DATA_KEY=one, SECRET_KEY=one, PUBLIC_URL="http://hotline.test")
    found = "\n".join(_mends(terminal_of(made)))
    assert "same key" in found
    assert "plain http" in found
    assert one not in found


def test_a_staff_phone_that_takes_no_texts_is_named(kit: Kit, valkey_port: int, carrier: str) -> None:
    made = _healthy(kit, valkey_port, carrier)
    made.store.client.hset("staff:sam", "no_texts", "30006")
    output = terminal_of(made).run("doctor").output
    assert "[look] sam's phone takes no texts (30006)" in output
    made.store.client.hset("staff:sam", "phone", b"sealed by another key....................")
    assert any("sam has no phone" in line for line in _mends(terminal_of(made)))


def test_a_store_that_is_away_is_a_finding_not_an_error() -> None:
    found = _mends(terminal_of(Kit(load_settings(environment(free_port())))))
    assert len(found) == 1
    assert "redis_write: no answer" in found[0]
