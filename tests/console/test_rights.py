"""Every route of the staff room × every role × logged out: who gets in. A new route must be named here."""

import pytest
from flask import url_for

from bot.console.room import RIGHTS
from tests.console.builders import Browser, a_callback, an_account

ROLES = ("responder", "supervisor", "admin", "auditor")
ALL, ACT, LOOK, SUPERVISE = set(ROLES), {"responder", "supervisor", "admin"}, {"supervisor", "admin", "auditor"}, {
    "supervisor", "admin"}  # fmt: skip

# endpoint, method: who may. `None`: anybody, logged in or not.
WHO = {
    ("console.static", "GET"): None,
    ("console.login", "GET"): None,
    ("console.login", "POST"): None,
    ("console.logout", "POST"): ALL,
    ("console.password", "GET"): ALL,
    ("console.password", "POST"): ALL,
    ("console.queue", "GET"): ALL,
    ("console.queue_with_slash", "GET"): ALL,
    ("console.queue_part", "GET"): ALL,
    ("console.ended", "GET"): ALL,
    ("console.shift", "POST"): ACT,
    ("console.callback", "GET"): ALL,
    ("console.callback_part", "GET"): ALL,
    ("console.claim", "POST"): ACT,
    ("console.release", "POST"): ACT,
    ("console.call", "POST"): ACT,
    ("console.outcome", "POST"): ACT,
    ("console.close", "POST"): ACT,
    ("console.note", "POST"): ACT,
    ("console.number", "GET"): ACT,
    ("console.number", "POST"): ACT,
    ("console.roster", "GET"): LOOK,
    ("console.shift_of", "POST"): SUPERVISE,
    ("console.texts_of", "POST"): SUPERVISE,
    ("console.account_of", "POST"): SUPERVISE,
}
CHOICES = {"onoff": "off", "state": "open", "filename": "look.css", "login": "somebody"}


def routes(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/staff"):
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield rule, method


def path_of(app, endpoint, callback_id):
    rule = next(r for r, _ in routes(app) if r.endpoint == endpoint)
    values = {name: CHOICES.get(name, callback_id) for name in rule.arguments}
    with app.test_request_context():
        return url_for(endpoint, **values)


def test_every_route_is_named_here(app):
    assert {(rule.endpoint, method) for rule, method in routes(app)} == set(WHO)


def test_a_view_that_names_no_right_is_closed(kit, app, logged_in):
    app.view_functions["console.ended"] = lambda: "open to all"
    assert logged_in("ana", "admin").client.get("/staff/ended").status_code == 403


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gets_what_is_its_own_and_nothing_else(kit, app, logged_in, role):
    cb = a_callback(kit)
    an_account(kit, "somebody")
    browser = logged_in("ana", role)
    for endpoint, method in sorted(WHO, key=lambda case: case == ("console.logout", "POST")):
        answer = browser.client.open(path_of(app, endpoint, cb.id), method=method, data={"csrf_token": browser.token})
        allowed, case = WHO[endpoint, method], f"{role} {method} {endpoint}: {answer.status}"
        if (endpoint, method) == ("console.login", "POST"):
            assert answer.status_code == 401, case  # an empty password
        elif allowed is None or role in allowed:
            assert answer.status_code not in (401, 403, 404, 405, 500, 503), case
        else:
            assert answer.status_code == 403, case


def test_whoever_is_not_logged_in_gets_nothing(kit, app):
    cb = a_callback(kit)
    before = kit.ledger.history(cb.id), kit.ledger.get(cb.id)
    browser = Browser(app)
    browser.get("/staff/login")
    for endpoint, method in (case for case in WHO if WHO[case] is not None):
        answer = browser.client.open(path_of(app, endpoint, cb.id), method=method, data={"csrf_token": browser.token})
        if endpoint.endswith("_part"):
            assert answer.status_code == 401, endpoint
        else:
            assert answer.status_code == 303, endpoint
            assert answer.location.startswith("/staff/login"), endpoint
        assert cb.code not in answer.get_data(as_text=True)
    assert (kit.ledger.history(cb.id), kit.ledger.get(cb.id)) == before


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_change_without_our_token_changes_nothing(kit, app, logged_in, token):
    cb = a_callback(kit)
    an_account(kit, "somebody")
    browser = logged_in("ana", "admin")
    before = kit.ledger.history(cb.id), kit.roster.all()
    for endpoint, _ in (case for case in WHO if case[1] == "POST"):
        answer = browser.client.post(path_of(app, endpoint, cb.id), data={"csrf_token": token, "on": "0"})
        assert answer.status_code == 400, endpoint
    assert (kit.ledger.history(cb.id), kit.roster.all()) == before
    assert browser.client.get("/staff").status_code == 200


def test_a_token_of_somebody_else_is_not_ours(kit, logged_in):
    ana, ben = logged_in("ana"), logged_in("ben")
    ana.token = ben.token
    assert ana.post("/staff/shift", on="0").status_code == 400
    assert kit.roster.get("ana").on_shift


def test_an_id_that_is_none_is_not_found(kit, logged_in):
    a_callback(kit)
    browser = logged_in("ana")
    for callback_id in ("open", "timer", "closed", "0" * 32, "..", "%2e%2e", "a" * 5000, "é", "x:y"):
        for what in ("", "/status", "/claim", "/number", "/close"):
            path = f"/staff/callbacks/{callback_id}{what}"
            answer = browser.get(path) if what in ("", "/status") else browser.post(path, fence="0")
            assert answer.status_code in (404, 405), (path, answer.status)


def test_a_method_can_not_be_smuggled_in(kit, logged_in):
    browser = logged_in("ana")
    browser.client.get("/staff/shift", headers={"X-HTTP-Method-Override": "POST"}, query_string={"on": "0"})
    assert kit.roster.get("ana").on_shift


def test_an_auditor_sees_no_name_number_or_note(kit, logged_in):
    cb = a_callback(kit, name="Zoe Quiet", good_time="after six")
    kit.ledger.note(cb.id, "a secret note", "ben")
    page = logged_in("audie", "auditor", on_shift=False).read(f"/staff/callbacks/{cb.id}")
    for secret in ("Zoe Quiet", "after six", "a secret note", "555-0199", "5550199"):
        assert secret not in page
    assert "<textarea" not in page
    assert "Claim" not in page


def test_the_table_of_rights_knows_every_role(kit):
    assert set(RIGHTS) == set(ROLES)
