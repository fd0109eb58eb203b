"""What staff do with a callback, from the staff's side: claim, call, record, close, look at the number."""

import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest

from bot.console import words
from tests.console.builders import RESIDENT, Browser, a_callback, an_account
from workers.records import NEXT_ATTEMPT

FENCE = re.compile(r'name="fence" value="(\d+)"')
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


def page_of(browser, cb):
    return unescape(browser.read(f"/staff/callbacks/{cb.id}"))


def fence_on(page: str) -> str:
    return FENCE.search(page).group(1)


def at(kit, moment):
    from flows.words import clock

    return clock(moment, kit.directory.time_zone)


@pytest.fixture
def ana(logged_in):
    return logged_in("ana")


@pytest.fixture
def ben(logged_in):
    return logged_in("ben")


@pytest.fixture
def held(kit, ana):
    """A callback that Ana holds, and the fence on her page."""
    cb = a_callback(kit)
    assert ana.post(f"/staff/callbacks/{cb.id}/claim").status_code == 303
    return cb, fence_on(page_of(ana, cb))


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
    assert (kit.ledger.history(cb.id)[-1].who, kit.ledger.history(cb.id)[-1].note) == ("sue", "Taken back from Ana.")


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
        assert f"The next try is due {at(kit, now.due_at)}" in page
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


def test_the_number_is_hidden_until_it_is_asked_for_and_every_look_is_kept(kit, held, ana):
    cb, fence = held
    assert "555-0199" not in page_of(ana, cb)
    for looks in (1, 2):
        answer = ana.post(f"/staff/callbacks/{cb.id}/number", fence=fence)
        assert answer.status_code == 200
        assert "(617) 555-0199" in answer.get_data(as_text=True)
        read = [e for e in kit.ledger.history(cb.id) if e.what == "read"]
        assert [(e.who, e.detail) for e in read] == [("ana", "number")] * looks
    again = ana.get(f"/staff/callbacks/{cb.id}/number")
    assert again.status_code == 303
    assert "555-0199" not in page_of(ana, cb)
    assert "Looked at: number by Ana" in re.sub(r"<[^>]+>|\s+", " ", page_of(ana, cb)).replace("  ", " ")


def test_the_number_is_not_shown_where_the_look_can_not_be_kept(kit, held, ana, monkeypatch):
    from workers.store import StoreDown

    def down(*_):
        raise StoreDown

    monkeypatch.setattr(kit.ledger, "audit", down)
    answer = ana.post(f"/staff/callbacks/{held[0].id}/number", fence=held[1])
    assert answer.status_code == 503
    assert "0199" not in answer.get_data(as_text=True)


def test_only_the_holder_and_a_supervisor_see_the_number(kit, held, ben, logged_in):
    cb, _ = held
    answer = ben.post(f"/staff/callbacks/{cb.id}/number")
    assert answer.status_code == 409
    assert "0199" not in answer.get_data(as_text=True)
    boss = logged_in("tom", "supervisor")
    assert "(617) 555-0199" in boss.post(f"/staff/callbacks/{cb.id}/number").get_data(as_text=True)
    assert kit.ledger.history(cb.id)[-1].who == "tom"


def test_anyone_adds_a_note_whoever_holds_it(kit, held, ben):
    cb, _ = held
    assert ben.post(f"/staff/callbacks/{cb.id}/note", note="She prefers mornings").status_code == 303
    assert "She prefers mornings" in page_of(ben, cb)
    assert b"mornings" not in b"".join(kit.store.client.lrange(f"log:{cb.id}", 0, -1))


def test_what_people_wrote_is_shown_and_never_run(kit, ana):
    cb = a_callback(kit, name=EVIL, good_time=EVIL, channel=EVIL, language=EVIL, undelivered=EVIL)
    ana.post(f"/staff/callbacks/{cb.id}/claim")
    ana.post(f"/staff/callbacks/{cb.id}/note", note=EVIL)
    refused = ana.post(f"/staff/callbacks/{cb.id}/outcome", fence=EVIL, outcome=EVIL, note=EVIL)
    pages = [ana.read("/staff"), ana.read(f"/staff/callbacks/{cb.id}"), ana.read("/staff/queue"), refused.text]
    pages.append(ana.post("/staff/login", login=EVIL, next=EVIL).text)
    for page in pages:
        assert "<script>" not in page
        assert "<img" not in page
    assert pages[1].count("&lt;img src=x") >= 3
    assert "{{7*7}}" in unescape(pages[1])


def test_a_language_that_one_does_not_speak_calls_for_an_interpreter(kit, logged_in):
    cb = a_callback(kit, language="es")
    assert "Have an interpreter on the line first" in page_of(logged_in("ana", languages=("en",)), cb)
    assert "which you speak" in page_of(logged_in("eva", languages=("en", "es")), cb)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["Not answered: don't text", "Not answered: leave no message", "someone else may answer"]),
        ({"may_text": "yes", "may_voicemail": "neutral", "may_answer": "only_me"},
         ["neutral text", "Leave only “please call back”", "Only they answer"]),
        ({"may_text": "no", "may_voicemail": "no", "may_answer": "others"},
         ["Don't text", "Leave no message", "Someone else may answer"]),
    ],
)  # fmt: skip
def test_the_page_says_what_they_agreed_to(kit, ana, fields, expected):
    page = page_of(ana, a_callback(kit, **fields))
    for text in expected:
        assert text in page


def test_a_number_sealed_by_a_lost_key_is_said_and_breaks_nothing(kit, ana):
    cb = a_callback(kit)
    kit.store.client.hset(f"cb:{cb.id}", "name", b"damaged")
    ana.post(f"/staff/callbacks/{cb.id}/claim")
    assert "can't be opened" in page_of(ana, cb)


def test_no_number_is_in_any_page_of_the_room_but_the_one_that_was_asked_for(kit, held, ana):
    cb, _ = held
    for path in (
        "/staff",
        "/staff/queue",
        "/staff/ended",
        f"/staff/callbacks/{cb.id}",
        f"/staff/callbacks/{cb.id}/status",
    ):
        assert RESIDENT[2:] not in re.sub(r"\D", "", ana.read(path).replace(cb.id, ""))
