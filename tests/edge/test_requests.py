"""Requests of another shape than Twilio's: refused in so many words, or answered rightly; never a 5xx, never a trace."""

import gzip
import json
import time
from urllib.parse import urlencode

import pytest

from tests.conftest import PUBLIC
from tests.edge import twiml
from tests.edge.wire import Wire, a_step, a_text, kept, new_sid, sign
from workers.jobs import Kit

DOORS = ["/sms", "/voice", "/voice/turn/1", "/sms/status", "/voice/status", "/voice/staff", "/voice/staff/accept"]
FORM_TYPE = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "OPTIONS", "XYZZY"])
def test_only_post_is_taken(wire: Wire, kit: Kit, method: str) -> None:
    form = a_text("call me")
    for path in DOORS:
        signed = {"X-Twilio-Signature": sign(PUBLIC + path + "?" + urlencode(form), {})}
        for more in ({}, {"query_string": form, "headers": signed}):
            answer = wire.web.open(path, method=method, **more)
            assert (answer.status_code, answer.data) == (405, b"")
    assert kept(kit.store.client) == {}


@pytest.mark.parametrize("path", ["/sms/", "/sms/x", "/smsx", "/voice/turn/", "/voice/turn/-1", "/voice/turn/x", "/voice/turn/10000",
                                  "/voice/turn/1/2", "/voices", "/voice/../sms", "/sms/status/x", "/voice/staff/x"])  # fmt: skip
def test_other_paths_are_nothing(wire: Wire, kit: Kit, path: str) -> None:
    answer = wire.post(path, {**a_text("call me"), **a_step(new_sid("CA"))})
    assert (answer.status_code, answer.data) == (404, b"")
    assert kept(kit.store.client) == {}


def test_a_json_body_has_no_fields_and_the_person_gets_the_safe_answer_at_most(wire: Wire, kit: Kit) -> None:
    form = a_text("call me")
    for path, url in (("/sms", PUBLIC + "/sms"), ("/voice", PUBLIC + "/voice")):
        for fields in (form, {}):
            headers = {"X-Twilio-Signature": sign(url, fields)}
            answer = wire.web.post(path, data=json.dumps(form), content_type="application/json", headers=headers)
            assert answer.status_code in (200, 403, 415)
            assert "(617)" not in answer.text or "911" in answer.text
    assert kept(kit.store.client) == {}


def test_a_multipart_body_with_the_right_signature_is_a_form_too(wire: Wire) -> None:
    form = {name: value for name, value in a_text("hello").items() if value}
    headers = {"X-Twilio-Signature": sign(PUBLIC + "/sms", form)}
    answer = wire.web.post("/sms", data=form, content_type="multipart/form-data", headers=headers)
    assert answer.status_code == 200
    assert "911" in twiml.read(answer.text, "sms").words


@pytest.mark.parametrize("kind", ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x",
                                  "multipart/mixed; boundary=x", "text/plain", "", "x/y; charset=utf-16", ";;;", "é"])  # fmt: skip
def test_a_body_of_another_type_is_refused_or_answered_safely(wire: Wire, kit: Kit, kind: str) -> None:
    for fields in (a_text("call me"), {}):
        headers = {"X-Twilio-Signature": sign(PUBLIC + "/sms", fields), "Content-Type": kind}
        answer = wire.web.post("/sms", data=urlencode(fields), headers=headers)
        assert answer.status_code == 200 or 400 <= answer.status_code < 500
    assert wire.counted["safe_answers"] == 0
    assert not any(key.startswith(b"cb:") for key in kept(kit.store.client))


def test_a_compressed_body_is_refused(wire: Wire, kit: Kit) -> None:
    form = a_text("hello")
    answer = wire.web.post(
        "/sms",
        data=gzip.compress(urlencode(form).encode()),
        content_type=FORM_TYPE,
        headers={"X-Twilio-Signature": sign(PUBLIC + "/sms", form), "Content-Encoding": "gzip"},
    )
    assert (answer.status_code, answer.data) == (403, b"")
    assert kept(kit.store.client) == {}


@pytest.mark.parametrize("size", [100_000, 1_000_000, 10_000_000])
@pytest.mark.parametrize("signed", [True, False])
def test_a_large_body_is_answered_or_refused_in_time(wire: Wire, kit: Kit, size: int, signed: bool) -> None:
    form = a_text("hello " * (size // 6))
    body = urlencode(form)
    signature = sign(PUBLIC + "/sms", form) if signed else "wrong"
    began = time.monotonic()
    answer = wire.web.post("/sms", data=body, content_type=FORM_TYPE, headers={"X-Twilio-Signature": signature})
    assert time.monotonic() - began < 3
    if size == 100_000 and signed:
        assert "911" in twiml.read(answer.text, "sms").words
    else:
        assert answer.status_code in (403, 413)
        assert answer.data == b""
        assert kept(kit.store.client) == {}


@pytest.mark.parametrize("body", [b"Body=%ED%A0%80", b"Body=%FF%FE", b"Body=%", b"Body=%zz", b"&&&==&", b"Body", b"\x00\xff", b"a=b;c=d",
                                  b"Body=\xc3\x28", b"=" * 5000])  # fmt: skip
def test_a_body_that_is_no_text_is_refused_or_answered_safely(wire: Wire, kit: Kit, body: bytes) -> None:
    for signature in ("wrong", sign(PUBLIC + "/sms", {}), sign(PUBLIC + "/sms", {"Body": "\ufffd"})):
        headers = {"X-Twilio-Signature": signature}
        answer = wire.web.post("/sms", data=body, content_type=FORM_TYPE, headers=headers)
        assert answer.status_code in (200, 400, 403)
    assert wire.counted["safe_answers"] == 0
    assert kept(kit.store.client) == {}


def test_two_thousand_parts_are_too_many(wire: Wire) -> None:
    fields = {f"f{n}": "x" for n in range(2000)}
    headers = {"X-Twilio-Signature": sign(PUBLIC + "/sms", fields)}
    answer = wire.web.post("/sms", data=fields, content_type="multipart/form-data", headers=headers)
    assert (answer.status_code, answer.data) == (413, b"")


def test_no_answer_of_the_edge_says_what_it_is_made_of(wire: Wire) -> None:
    for answer in (
        wire.web.get("/sms"),
        wire.post("/sms", a_text("hello")),
        wire.web.post("/voice"),
        wire.web.get("/smsx"),
    ):
        assert "Set-Cookie" not in answer.headers
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "X-Powered-By" not in answer.headers
        assert "Traceback" not in answer.text
