"""Who is let in: only what Twilio signed with our account's token, for our address, with these very fields."""

from collections.abc import Callable

import pytest

from bot.twilio import create_edge
from tests.conftest import PUBLIC, TOKEN
from tests.edge.conftest import open_for_promises
from tests.edge.wire import Wire, a_step, a_text, kept, new_sid, sign
from workers.jobs import Kit
from workers.settings import load_settings

FORM = a_text("call me")
FORGED: dict[str, Callable[[str, dict], str]] = {
    "none": lambda path, form: "",
    "made up": lambda path, form: "bm90IGEgc2lnbmF0dXJlLCBzb3JyeSE=",
    "not base64": lambda path, form: "?",
    "the token itself": lambda path, form: TOKEN,
    "over http": lambda path, form: sign(PUBLIC.replace("https", "http") + path, form),
    "of another host": lambda path, form: sign("https://evil.test" + path, form),
    "of another path": lambda path, form: sign(PUBLIC + path + "/more", form),
    "of another query": lambda path, form: sign(PUBLIC + path + "?o=1", form),
    "by another token": lambda path, form: sign(PUBLIC + path, form, "another-token"),
    "by an empty token": lambda path, form: sign(PUBLIC + path, form, ""),
    "of another body": lambda path, form: sign(PUBLIC + path, {**form, "Body": "hello"}),
    "of fewer fields": lambda path, form: sign(PUBLIC + path, {k: v for k, v in form.items() if k != "From"}),
    "not ASCII": lambda path, form: "é" * 28,
    "100 kB": lambda path, form: "A" * 100_000,
    "twice": lambda path, form: sign(PUBLIC + path, form) * 2,
    "in small letters": lambda path, form: sign(PUBLIC + path, form).lower(),
}
DOORS = ("/sms", "/sms/status", "/voice", "/voice/turn/1", "/voice/safe", "/voice/status", "/voice/staff",
         "/voice/staff/accept", "/voice/staff/done", "/voice/staff/outcome")  # fmt: skip


@pytest.mark.parametrize("kind", FORGED)
def test_a_forged_signature_gets_nothing_changes_nothing_and_is_counted(wire: Wire, kit: Kit, kind: str) -> None:
    wire.text("hello")
    before = kept(kit.store.client)
    for n, path in enumerate(DOORS, 1):
        form = {**FORM, **a_step(new_sid("CA")), "Digits": "1"}
        answer = wire.post(path, form, FORGED[kind](path, form))
        assert (answer.status_code, answer.data) == (403, b""), path
        assert wire.counted["signature_failures"] == n
    assert kept(kit.store.client) == before


def test_no_signature_header_at_all_is_a_forged_one(wire: Wire, kit: Kit) -> None:
    for path in DOORS:
        answer = wire.web.post(path, data=dict(FORM))
        assert (answer.status_code, answer.data) == (403, b"")
    assert kept(kit.store.client) == {}
    assert wire.counted["signature_failures"] == len(DOORS)


def test_every_route_of_the_edge_is_behind_the_check(kit: Kit) -> None:
    routes = {str(rule).replace("<int(max=9999):step>", "1") for rule in create_edge(kit).url_map.iter_rules()}
    assert routes == set(DOORS)


@pytest.mark.parametrize("value", ["algorithm=none", "algorithm=HMAC_MD5", "algorithm=HMAC_SHA256; key=SharedKey", ""])
def test_the_header_that_chooses_key_and_algorithm_is_not_for_us(wire: Wire, kit: Kit, value: str) -> None:
    answer = wire.post("/sms", FORM, headers={"X-Twilio-Webhooks-Signature-Settings": value})
    assert (answer.status_code, answer.data) == (403, b"")
    assert kept(kit.store.client) == {}


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.test"},
        {"Host": "[::1"},
        {"Host": "hotline.test:99999"},
        {"X-Forwarded-Host": "evil.test", "X-Forwarded-Proto": "http", "X-Forwarded-For": "6.6.6.6"},
        {"X-Forwarded-Port": "1", "X-Forwarded-Prefix": "/evil", "Forwarded": "host=evil.test;proto=http"},
        {"X-Original-URL": "/voice", "X-Rewrite-URL": "/voice", "X-HTTP-Method-Override": "PUT"},
        {"I-Twilio-Idempotency-Token": "x" * 300, "User-Agent": "curl\x7f"},
        {"Cookie": "session=x", "Origin": "https://evil.test", "Referer": "https://evil.test"},
    ],
)
def test_what_a_stranger_or_a_proxy_adds_neither_helps_nor_harms(wire: Wire, headers: dict[str, str]) -> None:
    sid = new_sid("SM")
    right = wire.post("/sms", a_text("hello", sid), headers=headers)
    assert right.status_code == 200
    assert "911" in right.text
    assert "evil" not in right.text
    assert wire.post("/sms", a_text("hello", sid), "wrong", headers=headers).status_code == 403
    evil = {**headers, "X-Forwarded-Host": "evil.test"}
    for_evil = wire.post("/sms", a_text("hello"), as_url="https://evil.test/sms", headers=evil)
    assert for_evil.status_code == 403


@pytest.mark.parametrize("query", ["?o=a%20b", "?o=%C3%A9&p=%2B1", "?p=1&o=2&o=3", "?o=a+b", "?", "?o", "?o=%ED%A0%80"])
def test_a_query_is_compared_as_it_was_sent(wire: Wire, query: str) -> None:
    for path in ("/sms", "/sms/status", "/voice", "/voice/status"):
        form = {**FORM, **a_step(new_sid("CA"))}
        assert wire.post(path + query, form).status_code in (200, 204)
        if len(query) > 1:
            assert wire.post(path + query, form, sign(PUBLIC + path, form)).status_code == 403


@pytest.mark.parametrize("signed", [PUBLIC, PUBLIC + ":443", PUBLIC + ":8443"])
@pytest.mark.parametrize("public", [PUBLIC, PUBLIC + ":8443"])
def test_the_port_is_no_matter_of_who_signed_but_of_which_address(kit: Kit, environ: dict[str, str], public: str,
                                                                  signed: str) -> None:  # fmt: skip
    """Twilio signs some addresses with their port and some without it."""
    kit.settings = load_settings({**environ, "PUBLIC_URL": public})
    web = create_edge(kit).test_client()
    form = a_text("hello")
    status = web.post("/sms", data=form, headers={"X-Twilio-Signature": sign(signed + "/sms", form)}).status_code
    ours = signed in (PUBLIC, public) or (signed == PUBLIC + ":443" and public == PUBLIC)
    assert status == (200 if ours else 403)


@pytest.mark.parametrize("phase", ["before", "during", "after"])
def test_a_token_is_rotated_without_a_lost_message(kit: Kit, environ: dict[str, str], phase: str) -> None:
    present, old = {"before": ("old", ""), "during": ("new", "old"), "after": ("new", "")}[phase]
    kit.settings = load_settings({**environ, "TWILIO_AUTH_TOKEN": present, "TWILIO_AUTH_TOKEN_OLD": old})
    open_for_promises(kit)
    web = create_edge(kit).test_client()
    seen = {}
    for token in ("old", "new", "", "other"):
        form = a_text("hello")
        headers = {"X-Twilio-Signature": sign(PUBLIC + "/sms", form, token)}
        seen[token] = web.post("/sms", data=form, headers=headers).status_code
    let_in = {"before": {"old"}, "during": {"old", "new"}, "after": {"new"}}[phase]
    assert {token for token, status in seen.items() if status == 200} == let_in
    assert set(seen.values()) <= {200, 403}


@pytest.mark.parametrize(
    "account", ["AC" + "9" * 32, "", "AC" + "0" * 31 + "1 ", ["AC" + "9" * 32, "AC" + "0" * 31 + "1"]]
)
def test_another_accounts_request_is_refused_though_its_signature_fits(wire: Wire, kit: Kit,
                                                                       account: str | list[str]) -> None:  # fmt: skip
    for path in DOORS:
        answer = wire.post(path, {**FORM, **a_step(new_sid("CA")), "AccountSid": account})
        assert (answer.status_code, answer.data) == (403, b"")
    assert kept(kit.store.client) == {}
