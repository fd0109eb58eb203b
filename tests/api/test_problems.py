"""Whatever goes wrong below /api is a problem document, and says nothing that it should not."""

import json

import pytest
from flask import Flask

from bot.api import blueprint
from tests.api.builders import Partner, a_callback, an_app, is_problem
from tests.conftest import environment, free_port
from workers.jobs import Kit
from workers.settings import load_settings

CANARY = "canary-4711"


def _send(partner: Partner, path: str, raw: bytes, content_type: str = "application/json"):  # type: ignore[no-untyped-def]
    return partner.client.post("/api" + path, headers=partner._headers(), data=raw, content_type=content_type)


@pytest.mark.parametrize(
    "path", ["", "/", "/nothing", "/callbacks/", "//callbacks", "/callbacks/a/b/c", "/callbacks/a/unclaim"]
)
def test_an_unknown_address(partner: Partner, path: str) -> None:
    is_problem(partner.get(path), 404)


def test_pages_outside_the_api_keep_their_own_404(partner: Partner) -> None:
    for path in ("/nothing", "/apiary", "/apis/x"):
        assert partner.client.get(path).mimetype == "text/html"


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/callbacks", "GET"),
        ("GET", "/callbacks/x/claim", "POST"),
        ("PUT", "/callbacks/x", "GET"),
        ("TRACE", "/reports/monthly", "GET"),
    ],
)
def test_a_wrong_method_says_which_is_right(partner: Partner, method: str, path: str, allowed: str) -> None:
    answer = partner.client.open(
        "/api" + path, method=method, headers={**partner._headers(), "X-HTTP-Method-Override": "GET"}
    )
    is_problem(answer, 405)
    assert allowed in answer.headers["Allow"]


@pytest.mark.parametrize(
    "raw", [b"{", b"", b"   ", b"\xff\xfe", b'{"staff": "a",}', b"{'staff': 'a'}", b"[" * 12000, b"\x00"]
)
def test_what_is_not_json(partner: Partner, kit: Kit, raw: bytes) -> None:
    is_problem(_send(partner, f"/callbacks/{a_callback(kit)}/claim", raw), 400)


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "",
        "application/xml",
        "application/json-patch+json",
    ],
)
def test_what_is_not_sent_as_json(partner: Partner, kit: Kit, kind: str) -> None:
    is_problem(_send(partner, f"/callbacks/{a_callback(kit)}/claim", b'{"staff":"alex"}', kind), 415)


def test_a_large_body_is_refused(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit)
    is_problem(
        _send(partner, f"/callbacks/{one}/attempts", json.dumps({"outcome": "busy", "note": "x" * 17000}).encode()), 413
    )
    is_problem(
        _send(partner, f"/callbacks/{one}/attempts", json.dumps({"outcome": "busy", "note": "x" * 2001}).encode()), 422
    )
    assert kit.ledger.get(one).attempts == 0


@pytest.mark.parametrize(
    "body",
    [
        {"outcome": CANARY},
        {"outcome": "busy", CANARY * 20: CANARY},
        {"outcome": 4711},
        {},
        {"outcome": "busy", "note": [CANARY]},
        {"outcome": "busy", "status": CANARY},
    ],
)
def test_fields_that_are_wrong_are_named_but_not_repeated(partner: Partner, kit: Kit, body: dict[str, object]) -> None:
    document = is_problem(partner.post(f"/callbacks/{a_callback(kit)}/attempts", body), 422)
    assert document["errors"]
    assert all(len(fault["field"]) <= 100 for fault in document["errors"])
    assert CANARY not in json.dumps([fault["message"] for fault in document["errors"]])


def test_lone_surrogates_and_control_characters_in_a_note(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit)
    is_problem(_send(partner, f"/callbacks/{one}/attempts", b'{"outcome":"busy","note":"\\ud800"}'), 400)
    answer = _send(partner, f"/callbacks/{one}/attempts", b'{"outcome":"busy","note":"a\\u0000\\u202eb<script>"}')
    assert answer.status_code == 201
    assert partner.owner().get(f"/callbacks/{one}").get_json()["notes"][0]["text"] == "a\x00\u202eb<script>"


def test_a_store_that_is_away_is_503_everywhere() -> None:
    kit = Kit(load_settings(environment(free_port())))
    partner = Partner(an_app(kit, blueprint).test_client())
    answers = [
        partner.get("/callbacks"),
        partner.owner().get("/callbacks/x"),
        partner.get("/reports/monthly"),
        partner.post("/callbacks/x/claim", {"staff": "alex"}),
        partner.post("/callbacks/x/release"),
        partner.post("/callbacks/x/call"),
        partner.post("/callbacks/x/attempts", {"outcome": "busy"}),
        partner.post("/callbacks/x/close", {"reason": "reached"}),
    ]
    for answer in answers:
        is_problem(answer, 503)
        assert answer.headers["Retry-After"]
        assert "127.0.0.1" not in answer.text


def test_a_bug_of_ours_shows_no_trace(app: Flask, partner: Partner, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    def bug(*_: object) -> None:
        raise KeyError(CANARY)

    monkeypatch.setattr(kit.ledger, "page", bug)
    app.testing = True
    answer = partner.get("/callbacks")
    is_problem(answer, 500)
    assert CANARY not in answer.text
    assert "Traceback" not in answer.text


def test_handlers_of_the_console_do_not_reach_into_the_api(kit: Kit) -> None:
    app = an_app(kit)
    for what in (404, 405, 409, 413, 500, Exception):
        app.register_error_handler(what, lambda _: ("<h1>console</h1>", 418))  # type: ignore[arg-type]
    app.register_blueprint(blueprint)
    partner = Partner(app.test_client())
    is_problem(partner.get("/nothing"), 404)
    is_problem(partner.client.delete("/api/callbacks"), 405)
    is_problem(partner.owner().get("/callbacks/nobody"), 404)
    is_problem(_send(partner, "/callbacks/x/close", b"x" * 20000), 413)
