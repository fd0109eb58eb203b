"""The queue as staff see it, and the banners above it."""

import re
from html import unescape

import pytest

from flows.words import clock as clock_words
from tests.console.builders import a_callback


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", page)))


@pytest.fixture
def alive(kit):
    """Worker and sweeper are heard of: no banner about them."""
    kit.store.beat("worker")
    kit.store.beat("sweeper")


def test_soonest_due_comes_first(kit, logged_in):
    later, sooner, late = a_callback(kit, 25), a_callback(kit, 5), a_callback(kit, -2)
    page = logged_in("ana").read("/staff")
    assert sorted((late, sooner, later), key=lambda cb: page.index(f'id="open-{cb.id}"')) == [late, sooner, later]


def test_a_row_says_all_that_matters(kit, logged_in):
    agreed = {"may_text": "yes", "may_voicemail": "neutral", "may_answer": "others"}
    cb = a_callback(kit, 12, channel="voice", language="ht", undelivered="30005", **agreed)
    kit.store.client.hset(f"cb:{cb.id}", mapping={"attempts": 2, "requests": 3})
    page = text_of(logged_in("ana").read("/staff"))
    due = clock_words(cb.due_at, "America/New_York")
    facts = (cb.code, due, "in 12 min", "Haitian Creole", "asked by phone", "2 tries", "asked again 2 times")
    marks = ("Texts neutral text only", "“please call back”", "maybe others", "promise text not delivered")
    for words in facts + marks:
        assert words in page, words


def test_late_is_said_in_words(kit, logged_in, clock):
    a_callback(kit, 1)
    clock.advance(minutes=5)
    page = text_of(logged_in("ana").read("/staff"))
    assert "Late" in page
    assert "late by 4 min" in page or "late by 5 min" in page


def test_a_callback_without_a_promise_says_so(kit, logged_in):
    a_callback(kit, promised=False)
    assert "no time promised" in logged_in("ana").read("/staff")


def test_a_held_row_says_who_has_it_and_offers_no_claim(kit, logged_in):
    cb = a_callback(kit)
    ana, ben = logged_in("ana"), logged_in("ben")
    assert "Claim" in ben.read("/staff")
    ana.post(f"/staff/callbacks/{cb.id}/claim")
    theirs, hers = ben.read("/staff"), ana.read("/staff")
    assert "Ana has it" in theirs
    assert "hold ends in 3 min" in text_of(theirs)
    assert "/claim" not in theirs
    assert "You have it" in hers
    assert f'id="mine-{cb.id}"' in hers


def test_the_title_is_the_number_due_and_nothing_else(kit, logged_in):
    ana = logged_in("ana")
    assert "<title>0 due</title>" in ana.read("/staff")
    a_callback(kit)
    held = a_callback(kit, 3)
    kit.ledger.claim(held.id, "ana")
    assert "<title>1 due</title>" in ana.read("/staff")
    assert 'data-title="1 due"' in ana.read("/staff/queue")


def test_the_live_part_carries_the_stores_clock_and_no_token(kit, logged_in, clock):
    a_callback(kit)
    ana = logged_in("ana")
    clock.advance(minutes=60)
    answer = ana.client.get("/staff/queue")
    assert float(answer.headers["X-Now"]) == pytest.approx(kit.store.now(), abs=2)
    assert "csrf" not in answer.text
    assert ana.client.get("/staff/queue").text == answer.text


def test_times_of_another_day_carry_their_day(kit, logged_in):
    cb = a_callback(kit, 26 * 60)
    page = logged_in("ana").read("/staff")
    assert re.search(
        r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun) [A-Z][a-z]{2} \d+, " + clock_words(cb.due_at, "America/New_York"), page
    )


def test_a_full_queue_is_cut_and_says_so(kit, logged_in, monkeypatch):
    monkeypatch.setattr("bot.console.queue.MOST_ROWS", 2)
    for n in range(3):
        a_callback(kit, n + 1)
    assert "more than these 2" in text_of(logged_in("ana").read("/staff"))


@pytest.mark.usefixtures("alive")
def test_a_quiet_hotline_shows_no_banner(kit, logged_in):
    page = logged_in("sue", "supervisor").read("/staff")
    assert "Alarm" not in page
    assert "Notice" not in page
    assert "Nobody is waiting for a call." in page


@pytest.mark.usefixtures("alive")
def test_nobody_on_shift_is_said_to_all(kit, logged_in):
    assert "Nobody is on shift" in logged_in("ana", on_shift=False).read("/staff")


@pytest.mark.usefixtures("alive")
def test_a_phone_that_gets_no_texts_is_shown_to_supervisors(kit, logged_in):
    ana, boss = logged_in("ana"), logged_in("sue", "supervisor")
    kit.store.client.hset("staff:ana", "no_texts", "21610")
    assert "Ana's phone has texted STOP" in unescape(boss.read("/staff"))
    assert "has texted STOP" not in ana.read("/staff")


def test_silent_workers_are_said(kit, logged_in, clock):
    kit.store.beat("worker")
    kit.store.beat("sweeper")
    ana = logged_in("ana")
    assert "has reported" not in ana.read("/staff")
    clock.advance(minutes=1)
    kit.store.beat("worker")
    assert "No sweeper has reported" in ana.read("/staff")


@pytest.mark.usefixtures("alive")
def test_a_store_that_would_lose_promises_is_said(kit, logged_in):
    ana = logged_in("ana")
    kit.store.client.config_set("appendfsync", "everysec")
    kit.store.durability._looked_at = 0.0
    try:
        assert "No callback is promised to anyone now: appendfsync is everysec" in ana.read("/staff")
    finally:
        kit.store.client.config_set("appendfsync", "always")


def test_ones_own_shift_begins_and_ends(kit, logged_in):
    ana = logged_in("ana", on_shift=False)
    assert "Start shift" in ana.read("/staff")
    ana.post("/staff/shift", on="1")
    assert kit.roster.get("ana").on_shift
    assert "End shift" in ana.read("/staff")
    ana.post("/staff/shift", on="0")
    assert not kit.roster.get("ana").on_shift


def test_ones_own_phone_is_shown_by_its_last_four_digits(kit, logged_in):
    page = logged_in("ana", phone="+16175550123").read("/staff")
    assert "your phone ends in … 0123" in text_of(page)
    assert "5550123" not in page
