"""Headers, cookies, addresses, and pages when the store is gone."""

import pytest
from flask import Flask, url_for

from tests.conftest import environment, free_port, start_valkey
from tests.console.builders import Browser, a_callback, a_web_side, an_account
from workers.jobs import Kit
from workers.settings import load_settings

PAGES = ("/staff/login", "/staff", "/staff/nowhere", "/", "/healthz", "/staff/static/look.css", "/public/page.css")
CSP = {
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "frame-ancestors 'none'", "base-uri 'none'",
}  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_served_with_strict_headers(browser, path):
    headers = browser.get(path).headers
    assert set(headers["Content-Security-Policy"].split("; ")) == CSP
    assert int(headers["Strict-Transport-Security"].removeprefix("max-age=")) >= 31536000
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"


def test_pages_of_the_room_are_kept_nowhere(logged_in):
    ana = logged_in("ana")
    for path in ("/staff", "/staff/queue", "/staff/ended", "/staff/password", "/staff/login", "/staff/nowhere"):
        assert ana.client.get(path).headers["Cache-Control"] == "no-store"


def test_the_cookie_is_secure_unreadable_and_of_this_host_alone(browser):
    cookie = browser.get("/staff/login").headers["Set-Cookie"]
    name, *flags = cookie.split("; ")
    assert name.startswith("__Host-hotline=")
    assert set(flags) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def on_plain_http(valkey_port) -> Flask:
    kit = Kit(load_settings(environment(valkey_port, PUBLIC_URL="http://127.0.0.1:8000")))
    kit.store.load()
    return a_web_side(kit)


def test_on_plain_http_the_cookie_has_a_plain_name_and_there_is_no_hsts(kit, valkey_port):
    answer = on_plain_http(valkey_port).test_client().get("/staff/login", headers={"X-Forwarded-Proto": "http"})
    assert answer.headers["Set-Cookie"].startswith("hotline=")
    assert "Secure" not in answer.headers["Set-Cookie"]
    assert "Strict-Transport-Security" not in answer.headers


@pytest.mark.parametrize("host", ["10.0.0.7:8000", "localhost", "evil.example", "xn--e1afmkfd.example"])
def test_health_answers_by_any_name_over_plain_http(app, host):
    answer = app.test_client().get("/healthz", headers={"Host": host})
    assert answer.status_code == 200
    assert "Location" not in answer.headers
    assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers", [{"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example"}]
)
def test_a_forged_host_is_in_no_link(app, headers):
    for path in ("/staff", "/staff/login", "/", "/staff/nowhere", "/staff/"):
        answer = app.test_client().get(path, headers=headers)
        assert "evil" not in answer.text
        assert "evil" not in answer.headers.get("Location", "")


def test_a_whole_address_follows_the_public_one(app):
    app.add_url_rule("/where", "where", lambda: url_for("public.page", _external=True))
    assert app.test_client().get("/where", headers={"Host": "evil.example"}).text == "https://hotline.test/"


def test_a_form_that_is_too_long_is_refused_calmly(logged_in):
    answer = logged_in("ana").post("/staff/shift", on="x" * 70_000)
    assert answer.status_code == 413
    assert "Traceback" not in answer.text


def test_a_fault_of_ours_shows_no_trace_and_no_value(app, logged_in, monkeypatch):
    def broken(*_, **__):
        raise ValueError("+16175550199 secret")

    ana = logged_in("ana")
    app.testing = False
    monkeypatch.setattr("bot.console.queue._fragment", broken)
    answer = ana.client.get("/staff")
    assert answer.status_code == 500
    assert "Our mistake" in answer.text
    assert "0199" not in answer.text
    assert "ValueError" not in answer.text


@pytest.fixture
def gone(tmp_path):
    """Somebody was logged in and held a callback; then the store was killed."""
    port = free_port()
    server = start_valkey(port, str(tmp_path))
    kit = Kit(load_settings(environment(port)))
    kit.store.load()
    an_account(kit, "ana", "admin")
    cb = a_callback(kit)
    browser = Browser(a_web_side(kit)).log_in("ana")
    kit.ledger.claim(cb.id, "ana")
    server.kill()
    server.wait()
    return browser, cb


def test_with_the_store_gone_every_page_is_calm_and_nothing_is_a_trace(gone):
    browser, cb = gone
    at = f"/staff/callbacks/{cb.id}"
    answers = [
        browser.get(path) for path in ("/staff", "/staff/queue", at, at + "/status", "/staff/roster", "/staff/ended")
    ]
    answers += [
        browser.post(at + "/" + what, fence="1", outcome="busy")
        for what in ("claim", "call", "outcome", "close", "number")
    ]
    answers += [browser.post("/staff/shift", on="1"), browser.post("/staff/login", login="ana", password="x")]
    for answer in answers:
        assert answer.status_code == 503
        assert "The hotline's memory doesn't answer; calls and texts still get the safe answer." in answer.text.replace(
            "&#39;", "'"
        )
        assert "Traceback" not in answer.text
        assert answer.headers["Retry-After"]


def test_with_the_store_gone_the_door_and_the_public_page_open(gone):
    browser, _ = gone
    for path in ("/", "/staff/login", "/healthz", "/staff/static/look.css", "/staff/nowhere"):
        assert browser.get(path).status_code in (200, 404)


def test_with_the_store_gone_guessing_is_never_a_fault(gone):
    browser, _ = gone
    codes = {browser.post("/staff/login", login="ana", password="x").status_code for _ in range(8)}
    assert codes == {503, 429}  # counted by this process alone, meanwhile
