"""Tokens: who gets in, who is told why not, and that a number is never seen without the scope for it."""

import pytest

from tests.api.builders import NAME, PHONE, Partner, a_callback, is_problem
from tests.conftest import API_TOKEN, REVEAL_TOKEN
from workers.jobs import Kit

ROUTES = [("GET", "/callbacks"), ("GET", "/callbacks/x"), ("GET", "/reports/monthly")]
ROUTES += [("POST", f"/callbacks/x/{verb}") for verb in ("claim", "release", "call", "attempts", "close")]


HEADERS = [None, "", "Bearer", "Bearer ", "Bearer wrong", "Basic cGFydG5lcg==", API_TOKEN, f"Token {API_TOKEN}"]
HEADERS += [f"Bearer {API_TOKEN}x", "Bearer \xe9\xff"]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_nobody_gets_in_without_a_token(partner: Partner, method: str, path: str) -> None:
    for header in HEADERS:
        headers = {} if header is None else {"Authorization": header}
        answer = partner.client.open("/api" + path, method=method, headers=headers)
        is_problem(answer, 401)
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_the_list_of_routes_above_is_complete(partner: Partner) -> None:
    found = {
        (method, rule.rule.replace("<callback_id>", "x").removeprefix("/api"))
        for rule in partner.client.application.url_map.iter_rules()
        for method in (rule.methods or set()) & {"GET", "POST"}
    }
    assert found - {("GET", "/openapi.json")} == set(ROUTES)


def test_a_token_is_taken_in_any_case_of_the_scheme(partner: Partner) -> None:
    assert partner.client.get("/api/callbacks", headers={"Authorization": f"bearer {API_TOKEN}"}).status_code == 200


@pytest.mark.parametrize(
    "query",
    [f"token={API_TOKEN}", f"access_token={API_TOKEN}", "api_key=anything", f"status={API_TOKEN}", f"x={REVEAL_TOKEN}"],
)
def test_a_token_in_the_address_is_refused(partner: Partner, query: str) -> None:
    for path in ("/callbacks?", "/openapi.json?"):
        assert is_problem(partner.get(path + query), 400)["type"].endswith("token-in-address")


def test_a_partner_without_the_reveal_scope_never_sees_a_number(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit)
    kit.roster.add("alex", "+16175550150")
    answers = [
        partner.get(f"/callbacks/{one}"),
        partner.get("/callbacks"),
        partner.post(f"/callbacks/{one}/claim", {"staff": "alex"}),
        partner.post(f"/callbacks/{one}/attempts", {"outcome": "no_answer", "note": "rang 617 555 0133"}),
        partner.post(f"/callbacks/{one}/close", {"reason": "unreachable"}),
        partner.get("/callbacks?status=closed"),
        partner.get("/reports/monthly"),
    ]
    assert [a.status_code for a in answers] == [403, 200, 200, 201, 200, 200, 200]
    assert is_problem(answers[0], 403)["type"].endswith("scope")
    for answer in answers:
        for secret in (PHONE, PHONE[2:], "555 0133", NAME, NAME.split()[1]):
            assert secret not in answer.text
    assert "read" not in [event.what for event in kit.ledger.history(one)]


def test_whoever_may_read_numbers_reads_everything_and_it_is_kept(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit, extension="12", may_answer="only_me", may_text="yes", may_voicemail="neutral")
    partner.post(f"/callbacks/{one}/attempts", {"outcome": "no_answer", "note": "a child answered"})
    seen = partner.owner().get(f"/callbacks/{one}")
    assert seen.status_code == 200
    assert seen.headers["Cache-Control"] == "no-store"
    shown = seen.get_json()
    assert (shown["phone"], shown["extension"], shown["name"], shown["who_may_answer"]) == (
        PHONE,
        "12",
        NAME,
        "only_me",
    )
    assert (shown["safe_to_text"], shown["safe_to_voicemail"]) == (True, True)
    assert [(note["by"], note["text"]) for note in shown["notes"]] == [("api:partner", "a child answered")]
    reads = [(line["what"], line["by"], line["detail"]) for line in shown["history"] if line["what"] == "read"]
    assert reads == [("read", "api:owner", "number, name and notes")]


def test_what_cannot_be_audited_is_not_shown(partner: Partner, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    from workers.store import StoreDown

    one = a_callback(kit)

    def fail(*_: str) -> None:
        raise StoreDown("TimeoutError")

    monkeypatch.setattr(kit.ledger, "audit", fail)
    answer = partner.owner().get(f"/callbacks/{one}")
    is_problem(answer, 503)
    assert PHONE not in answer.text


def test_a_number_sealed_by_a_lost_key_is_said_to_be_unreadable(partner: Partner, kit: Kit) -> None:
    one = a_callback(kit)
    kit.store.client.hset(f"cb:{one}", "phone", b"xxxx" + b"0" * 40)
    assert is_problem(partner.owner().get(f"/callbacks/{one}"), 500)["type"].endswith("sealed")
    assert partner.get("/callbacks").status_code == 200
