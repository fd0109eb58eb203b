"""The roster as supervisors use it."""

from html import unescape

import pytest

from tests.console.builders import a_callback, an_account


@pytest.fixture
def boss(logged_in):
    return logged_in("sue", "supervisor")


def test_it_shows_everybody_and_no_whole_number(kit, boss):
    an_account(kit, "ana", languages=("en", "es"), phone="+16175550123")
    page = boss.read("/staff/roster")
    assert "phone ends in 0123" in page
    assert "55501" not in page
    assert "Spanish" in page


def test_a_supervisor_begins_and_ends_shifts_of_others(kit, boss):
    an_account(kit, "ana", on_shift=False)
    boss.post("/staff/roster/ana/shift/on")
    assert kit.roster.get("ana").on_shift
    boss.post("/staff/roster/ana/shift/off")
    assert not kit.roster.get("ana").on_shift


def test_an_auditor_and_a_shut_account_are_never_on_shift(kit, boss):
    an_account(kit, "audie", "auditor", on_shift=False)
    an_account(kit, "ana", on_shift=False)
    kit.roster.disable("ana")
    for login in ("audie", "ana"):
        boss.post(f"/staff/roster/{login}/shift/on")
        assert not kit.roster.get(login).on_shift
    assert "can't be on shift" in unescape(boss.read("/staff/roster"))


def test_a_deaf_phone_says_why_and_is_mended(kit, boss):
    an_account(kit, "ana")
    kit.store.client.hset("staff:ana", "no_texts", "30006")
    assert "is a landline" in boss.read("/staff/roster")
    boss.post("/staff/roster/ana/texts")
    assert kit.roster.get("ana").no_texts == ""
    assert "is a landline" not in boss.read("/staff/roster")


def test_a_shut_account_is_out_and_what_it_held_goes_back(kit, boss, logged_in):
    ana = logged_in("ana")
    rows = [a_callback(kit, n + 1) for n in range(3)]
    for cb in rows:
        ana.post(f"/staff/callbacks/{cb.id}/claim")
    kit.ledger.attempt(rows[0].id, "reached", fence="1")
    boss.post("/staff/roster/ana/account/shut")
    assert ana.client.get("/staff").status_code == 303
    assert [kit.ledger.get(cb.id).status for cb in rows] == ["waiting"] * 3
    assert "3 callbacks went back" in boss.read("/staff/roster")
    boss.post("/staff/roster/ana/account/open")
    assert not kit.roster.get("ana").disabled


@pytest.mark.parametrize(("who", "whom", "code"), [
    ("supervisor", "supervisor", 403), ("supervisor", "admin", 403), ("supervisor", "responder", 303),
    ("admin", "supervisor", 303), ("admin", "admin", 303),
])  # fmt: skip
def test_who_may_shut_whom(kit, logged_in, who, whom, code):
    an_account(kit, "victor", whom)
    assert logged_in("ivy", who).post("/staff/roster/victor/account/shut").status_code == code
    assert kit.roster.get("victor").disabled == (code == 303)


def test_nobody_shuts_their_own_account(kit, logged_in):
    assert logged_in("ada", "admin").post("/staff/roster/ada/account/shut").status_code == 403
    assert not kit.roster.get("ada").disabled


def test_whom_nobody_knows_is_not_found(boss):
    for path in ("nobody/shift/on", "../x/texts", "nobody/account/shut", "sue/shift/maybe"):
        assert boss.post(f"/staff/roster/{path}").status_code == 404


def test_a_phone_that_can_not_be_read_is_an_alarm(kit, boss):
    an_account(kit, "ana")
    kit.store.client.hset("staff:ana", "phone", b"damaged")
    assert "can’t be read" in boss.read("/staff/roster")
    assert "Ana's phone number can't be read" in unescape(boss.read("/staff"))
