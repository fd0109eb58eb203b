"""What staff do with a callback, from the staff's side: claim, call, record, close, add a note."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.console import words
from flows.words import clock as clock_words
from tests.console.builders import Browser, a_callback, an_account, page_of
from workers.records import NEXT_ATTEMPT


def at(kit, moment):
    return clock_words(moment, kit.directory.time_zone)


def test_claiming_leads_to_the_callback_and_says_so(kit, ana):
    cb = a_callback(kit)
    answer = ana.post(f"/staff/callbacks/{cb.id}/claim")
    assert answer.location == f"/staff/callbacks/{cb.id}"
    page = page_of(ana, cb)
    assert f"{cb.code} is yours." in page
    assert "You have it since" in page
    assert kit.ledger.get(cb.id).claimed_by == "ana"


def test_whoever_comes_second_reads_who_has_it_and_since_when(kit, held, ben):
    cb, _ = held
    answer = ben.post(f"/staff/callbacks/{cb.id}/claim")
    since = kit.ledger.history(cb.id)[-1].at
    assert answer.status_code == 409
    assert f"Ana took this at {at(kit, since)}." in answer.get_data(as_text=True)
    assert kit.ledger.get(cb.id).claimed_by == "ana"


def test_of_two_who_claim_at_once_one_has_it(kit, app):
    people = []
    for login in ("ana", "ben", "cy", "dee"):
        an_account(kit, login)
        people.append(Browser(app).log_in(login))
    for _ in range(10):
        cb = a_callback(kit)
        with ThreadPoolExecutor(4) as pool:
            codes = list(pool.map(lambda b, i=cb.id: b.post(f"/staff/callbacks/{i}/claim").status_code, people))
        assert sorted(codes) == [303, 409, 409, 409]
        assert kit.ledger.get(cb.id).fence == "1"


def test_an_outdated_page_changes_nothing_says_who_has_it_and_keeps_the_note(kit, clock, held, ana, ben):
    cb, old = held
    kit.ledger.release(cb.id)
    ben.post(f"/staff/callbacks/{cb.id}/claim")
    clock.advance(minutes=5)
    answer = ana.post(f"/staff/callbacks/{cb.id}/outcome", fence=old, outcome="reached", note="She asked for Friday")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "Ben took this at" in page
    assert kit.ledger.get(cb.id).attempts == 0
    for action in ("call", "close", "release", "outcome"):
        assert ana.post(f"/staff/callbacks/{cb.id}/{action}", fence=old, reason="reached").status_code == 409
    assert kit.ledger.get(cb.id).claimed_by == "ben"


def test_what_was_typed_is_still_there_when_the_hold_ran_out(kit, clock, held, ana):
    cb, fence = held
    kit.ledger.release(cb.id)
    ana.post(f"/staff/callbacks/{cb.id}/claim")
    answer = ana.post(f"/staff/callbacks/{cb.id}/outcome", fence=fence, outcome="busy", note="a <long> note")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    assert "You took this at" in page
    assert "a &lt;long&gt; note</textarea>" in page
    assert 'value="busy" required checked' in page


def test_after_the_hold_ran_out_nobody_has_it_and_the_page_says_so(kit, held, ana):
    cb, fence = held
    kit.ledger.release(cb.id)
    answer = ana.post(f"/staff/callbacks/{cb.id}/close", fence=fence, reason="reached")
    assert answer.status_code == 409
    assert "Nobody has this now" in answer.get_data(as_text=True)
    assert kit.ledger.get(cb.id).is_open


@pytest.mark.parametrize("action", ["release", "call", "outcome", "close"])
@pytest.mark.parametrize("fence", ["", "1"])
def test_only_whoever_holds_it_may_change_it_even_with_the_right_fence(kit, held, ben, action, fence):
    cb, _ = held
    answer = ben.post(f"/staff/callbacks/{cb.id}/{action}", fence=fence, outcome="reached", reason="reached")
    assert answer.status_code == 409
    assert "Ana took this" in answer.get_data(as_text=True)
    now = kit.ledger.get(cb.id)
    assert (now.claimed_by, now.status, now.attempts) == ("ana", "claimed", 0)


def test_a_form_without_its_fence_is_refused_to_its_holder_too(kit, held, ana):
    cb, _ = held
    assert ana.post(f"/staff/callbacks/{cb.id}/close", reason="reached").status_code == 409
    assert kit.ledger.get(cb.id).is_open


def test_giving_it_back(kit, held, ana):
    cb, fence = held
    ana.post(f"/staff/callbacks/{cb.id}/release", fence=fence)
    assert kit.ledger.get(cb.id).status == "waiting"
    assert "is back in the queue" in page_of(ana, cb)


def test_a_supervisor_takes_it_back_and_that_is_kept(kit, logged_in, held):
    cb, fence = held
    boss = logged_in("sue", "supervisor")
    assert "Take it back from Ana" in page_of(boss, cb)
    assert boss.post(f"/staff/callbacks/{cb.id}/release", fence="0").status_code == 409
    assert boss.post(f"/staff/callbacks/{cb.id}/release").status_code == 409
    assert boss.post(f"/staff/callbacks/{cb.id}/release", fence=fence).status_code == 303
    assert kit.ledger.get(cb.id).status == "waiting"
    last = kit.ledger.history(cb.id)[-1]
    assert (last.who, last.what, last.detail) == ("sue", "taken back", "ana")


def test_call_rings_the_holders_phone_once_however_often_it_is_pressed(kit, held, ana):
    cb, fence = held
    for _ in range(3):
        assert ana.post(f"/staff/callbacks/{cb.id}/call", fence=fence).status_code == 303
    due = kit.store.client.zrange("out:due", 0, -1)
    assert len(due) == 1
    assert kit.store.client.hmget(b"out:" + due[0], "kind", "login") == [b"bridge", b"ana"]
    assert "Press 1 on your phone" in page_of(ana, cb)
    assert "(617) 555-0100" in page_of(ana, cb)


def test_a_call_that_ended_asks_for_its_outcome(kit, held, ana):
    cb, fence = held
    ana.post(f"/staff/callbacks/{cb.id}/call", fence=fence)
    oid = kit.store.client.zrange("out:due", 0, -1)[0].decode()
    kit.ledger.accept(oid)
    kit.ledger.hang_up(oid, "no-answer")
    assert "Nobody picked up. Record what happened." in re.sub(r"<[^>]+>|\s+", " ", page_of(ana, cb)).replace("  ", " ")


@pytest.mark.parametrize("outcome", sorted(NEXT_ATTEMPT))
def test_each_outcome_leads_to_what_the_page_said(kit, held, ana, outcome):
    cb, fence = held
    said = page_of(ana, cb)
    before = kit.ledger.get(cb.id).due_at
    assert words.OUTCOMES[outcome] in said
    answer = ana.post(f"/staff/callbacks/{cb.id}/outcome", fence=fence, outcome=outcome, note="calm voice")
    assert answer.status_code == 303
    now, page = kit.ledger.get(cb.id), page_of(ana, cb)
    assert now.attempts == 1
    last = next(e for e in kit.ledger.history(cb.id) if e.what == "attempt")
    assert (last.detail, last.who, last.note) == (outcome, "ana", "calm voice")
    assert "calm voice" in page
    if NEXT_ATTEMPT[outcome] == "hold":
        assert now.claimed_by == "ana"
        assert "stays with you until you close it" in page
    else:
        assert now.status == "waiting"
        # The page counts from when it is made (the minute may have turned since), and names the day after midnight.
        times = "|".join(at(kit, now.due_at + timedelta(minutes=m)) for m in (-1, 0, 1))
        assert re.search(rf"The next try is due (\w+ \w+ \d+, )?({times})", page)
        assert (now.due_at == before) == (outcome == "failed")


@pytest.mark.parametrize(
    ("action", "form", "words_"),
    [
        ("outcome", {"outcome": ""}, "Choose what happened"),
        ("outcome", {"outcome": "made_up"}, "Choose what happened"),
        ("close", {"reason": ""}, "Choose why"),
        ("close", {"reason": "referred"}, "Choose the service"),
        ("close", {"reason": "referred", "referred_to": "made_up"}, "Choose the service"),
        ("note", {"note": "  "}, "Write the note first"),
    ],
)
def test_a_form_that_leaves_it_open_is_asked_again(kit, held, ana, action, form, words_):
    cb, fence = held
    answer = ana.post(f"/staff/callbacks/{cb.id}/{action}", fence=fence, **form)
    assert answer.status_code == 400
    assert words_ in answer.get_data(as_text=True)
    assert kit.ledger.get(cb.id).attempts == 0
    assert kit.ledger.get(cb.id).is_open


@pytest.mark.parametrize("reason", sorted(words.REASONS))
def test_each_reason_closes_it(kit, held, ana, reason):
    cb, fence = held
    ana.post(f"/staff/callbacks/{cb.id}/close", fence=fence, reason=reason, referred_to="safelink")
    now = kit.ledger.get(cb.id)
    assert (now.status, now.reason) == ("closed", reason)
    page = page_of(ana, cb)
    assert words.REASONS[reason] in page
    assert ("SafeLink" in page) == (reason == "referred")
    assert cb.code in ana.read("/staff/ended")


def test_nothing_can_be_done_with_what_is_over(kit, held, ana):
    cb, fence = held
    ana.post(f"/staff/callbacks/{cb.id}/close", fence=fence, reason="reached")
    page = page_of(ana, cb)
    assert "<textarea" not in page
    assert "Show number" not in page
    for action in ("claim", "call", "release", "outcome", "close", "note"):
        answer = ana.post(
            f"/staff/callbacks/{cb.id}/{action}", fence=fence, outcome="reached", reason="reached", note="x"
        )
        assert answer.status_code == 409
        assert "closed already" in answer.get_data(as_text=True)


def test_anyone_adds_a_note_whoever_holds_it(kit, held, ben):
    cb, _ = held
    assert ben.post(f"/staff/callbacks/{cb.id}/note", note="She prefers mornings").status_code == 303
    assert "She prefers mornings" in page_of(ben, cb)
    assert b"mornings" not in b"".join(kit.store.client.lrange(f"log:{cb.id}", 0, -1))
