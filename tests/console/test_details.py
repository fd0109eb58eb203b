"""What a callback's page says, to whom, and what it keeps to itself: numbers, names, notes, consent."""

import re
from html import unescape

import pytest

from tests.console.builders import RESIDENT, a_callback, page_of

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


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
