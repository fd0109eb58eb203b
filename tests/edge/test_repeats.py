"""The same request again: the same bytes and one effect, at once or later, on one process or on two."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.twilio import create_edge
from flows.session import load
from tests.conftest import VOICE_NUMBER
from tests.edge import twiml
from tests.edge.wire import ANA, Form, Wire, a_step, a_text, kept, new_sid
from workers.jobs import Kit

TOMORROW = 86_400  # seconds: what the store keeps no longer than this is gone by then


@pytest.fixture
def second(kit: Kit, wire: Wire) -> Wire:
    """Another web process on the same store."""
    return Wire(create_edge(Kit(kit.settings)), wire.counted)


def callbacks(kit: Kit) -> int:
    return len(kit.ledger.page().callbacks)


def at_once(send: list[Callable[[], str]]) -> list[str]:
    """All of them at the same moment, each on a thread."""
    gate = Barrier(len(send))

    def one(what: Callable[[], str]) -> str:
        gate.wait()
        return what()

    with ThreadPoolExecutor(len(send)) as pool:
        return list(pool.map(one, send))


def a_day_passes(kit: Kit) -> None:
    client = kit.store.client
    for key in client.keys("*"):
        if 0 < client.ttl(key) <= TOMORROW:
            client.delete(key)


STEPS: dict[str, list[tuple[str, Form]]] = {
    "a promise by text": [("/sms", a_text(words, new_sid("SM"))) for words in ("hi", "call me", "1", "1", "2", "Rosa")],
    "taken back": [("/sms", a_text(words, new_sid("SM"))) for words in ("call me", "1", "cancel my callback", "1")],
    "STOP and START": [("/sms", a_text(words, new_sid("SM"))) for words in ("hi", "STOP", "hello", "START", "hello")],
    "CLEAR": [("/sms", a_text(words, new_sid("SM"))) for words in ("call me", "1", "CLEAR", "hi")],
    "danger": [("/sms", a_text(words, new_sid("SM"))) for words in ("he has a gun", "1", "1")],
    "not understood": [("/sms", a_text(words, new_sid("SM"))) for words in ("blorp", "blorp", "blorp", "blorp")],
}


@pytest.mark.parametrize("story", STEPS)
def test_each_message_of_a_story_sent_three_times_is_the_story_sent_once(wire: Wire, second: Wire, kit: Kit,
                                                                         story: str) -> None:  # fmt: skip
    for path, form in STEPS[story]:
        first = wire.post(path, form)
        left = kept(kit.store.client)
        for again in (wire, second):
            repeat = again.post(path, form)
            assert (repeat.status_code, repeat.data, repeat.headers["Content-Type"]) == (
                first.status_code, first.data, first.headers["Content-Type"])  # fmt: skip
        assert kept(kit.store.client) == left
    for path, form in STEPS[story]:  # and all of it once more, late and in a row
        wire.post(path, form)
    assert kept(kit.store.client) == left
    assert wire.counted["safe_answers"] == 0


def test_a_repeat_with_other_words_gets_the_first_answer(wire: Wire, kit: Kit) -> None:
    sid = new_sid("SM")
    first = wire.post("/sms", a_text("hello", sid)).data
    left = kept(kit.store.client)
    assert wire.post("/sms", a_text("STOP", sid)).data == first
    assert kept(kit.store.client) == left


@pytest.mark.parametrize("words", ["hi", "call me", "1", "STOP"])
def test_one_message_delivered_twenty_times_at_once_to_two_processes(wire: Wire, second: Wire, kit: Kit,
                                                                     words: str) -> None:  # fmt: skip
    if words == "1":
        wire.text("call me")
    form = a_text(words)
    answers = at_once([lambda w=w: w.post("/sms", form).text for w in (wire, second) * 10])
    assert len(set(answers)) == 1
    assert callbacks(kit) == (words == "1")
    if words == "1":
        callback = kit.ledger.page().callbacks[0]
        assert callback.requests == 1
        assert twiml.read(answers[0], "sms").times
    assert kit.ledger.check() == []


def test_fifty_messages_of_one_person_at_once_are_all_taken(wire: Wire, second: Wire, kit: Kit) -> None:
    wire.text("hello")
    forms = [a_text(f"what is this {n}") for n in range(50)]
    answers = at_once(
        [lambda w=w, f=f: w.post("/sms", f).text for w, f in zip((wire, second) * 25, forms, strict=True)]
    )
    assert all(twiml.read(answer, "sms").words for answer in answers)
    assert wire.counted["safe_answers"] == 0
    (key,) = kit.store.client.keys("s:*")
    session = load(kit.vault.open(kit.store.client.get(key).partition(b"|")[2], "s|" + key.decode().removeprefix("s:")))
    assert session.turns == 51  # one after the other: none was overwritten
    assert [second.post("/sms", f).text for f in forms] == answers


def test_fifty_people_at_once_each_get_their_own_promise(wire: Wire, second: Wire, kit: Kit) -> None:
    people = [f"+1617555{n:04}" for n in range(200, 250)]

    def ask(web: Wire, number: str) -> str:
        return web.text("call me", From=number).words + "\n" + web.text("1", From=number).words

    answers = at_once([lambda w=w, p=p: ask(w, p) for w, p in zip((wire, second) * 25, people, strict=True)])
    for number, answer in zip(people, answers, strict=True):
        assert f"(617) 555-{number[-4:]}" in answer
        assert twiml.TIME.search(answer)
    assert {cb.reveal(kit.vault, "phone") for cb in kit.ledger.page(limit=100).callbacks} == set(people)
    assert kit.ledger.check() == []


def test_one_person_by_text_and_by_phone_at_once_has_one_callback(wire: Wire, second: Wire, kit: Kit) -> None:
    sid = new_sid("CA")
    wire.text("call me")
    wire.step("/voice", sid)
    second.step("/voice/turn/1", sid, Digits="2")
    at_once([
        lambda: wire.text("1").words,
        lambda: second.step("/voice/turn/2", sid, Digits="1").words,
    ])  # fmt: skip
    assert callbacks(kit) == 1
    assert kit.ledger.check() == []


# Replays, later


def test_after_clear_a_replay_says_nothing_of_what_was_said(wire: Wire, kit: Kit) -> None:
    earlier = [a_text("call me"), a_text("1")]
    said = [wire.post("/sms", form).text for form in earlier]
    assert twiml.read(said[1], "sms").times
    wire.text("CLEAR")
    left = kept(kit.store.client)
    assert [twiml.read(wire.post("/sms", form).text, "sms").words for form in earlier] == ["", ""]
    assert kept(kit.store.client) == left


def test_after_clear_a_replay_has_no_effect(wire: Wire, kit: Kit) -> None:
    earlier = [a_text("call me"), a_text("1"), a_text("1"), a_text("STOP")]
    for form in earlier:
        wire.post("/sms", form)
    wire.text("START")
    wire.text("CLEAR")
    left = kept(kit.store.client)
    for form in earlier:
        wire.post("/sms", form)
    assert kept(kit.store.client) == left


def test_a_replay_after_a_day_is_answered_with_nothing_and_has_no_effect(wire: Wire, kit: Kit) -> None:
    earlier = [a_text("call me"), a_text("1"), a_text("STOP")]
    for form in earlier:
        wire.post("/sms", form)
    wire.text("START")
    kit.ledger.close(kit.ledger.page().callbacks[0].id, "reached")
    a_day_passes(kit)
    left = kept(kit.store.client)
    assert [twiml.read(wire.post("/sms", form).text, "sms").words for form in earlier] == [""] * 3
    assert callbacks(kit) == 0
    assert kept(kit.store.client) == left


# Calls


def test_each_step_of_a_call_delivered_again_is_the_same_step(wire: Wire, second: Wire, kit: Kit) -> None:
    sid, path, said = new_sid("CA"), "/voice", []
    for more in ({}, {"Digits": "2"}, {"Digits": "1"}, {"Digits": "1"}, {"SpeechResult": "no", "Confidence": "0.9"}):
        form = a_step(sid, **more)
        first = wire.post(path, form)
        said.append((path, form, first.data))
        assert {w.post(path, form).data for w in (wire, second, wire)} == {first.data}
        path = twiml.read(first.text, "voice").gather
    left = kept(kit.store.client)
    assert [wire.post(path, form).data for path, form, _ in said] == [data for *_, data in said]
    assert kept(kit.store.client) == left
    assert kit.ledger.page().callbacks[0].requests == 1


def test_one_step_delivered_at_once_to_two_processes(wire: Wire, second: Wire, kit: Kit) -> None:
    sid = new_sid("CA")
    wire.step("/voice", sid)
    wire.step("/voice/turn/1", sid, Digits="2")
    form = a_step(sid, Digits="1")
    answers = at_once([lambda w=w: w.post("/voice/turn/2", form).text for w in (wire, second) * 8])
    assert len(set(answers)) == 1
    assert twiml.read(answers[0], "voice").times
    assert callbacks(kit) == 1


def test_going_back_and_pressing_the_same_key_again_is_no_repeat(wire: Wire) -> None:
    sid = new_sid("CA")
    at = wire.step("/voice", sid)
    seen = []
    for key in ("3", "9", "3", "9", "3"):
        at = wire.step(at.gather, sid, Digits=key)
        seen.append(at)
    assert len({one.gather for one in seen}) == 5  # each a step of its own
    assert seen[0].words == seen[2].words == seen[4].words != seen[1].words


def test_the_same_key_at_the_same_step_of_another_call_is_no_repeat(wire: Wire, kit: Kit) -> None:
    for n in range(3):
        sid = new_sid("CA")
        number = f"+1617555011{n}"
        wire.step("/voice", sid, From=number)
        wire.step("/voice/turn/1", sid, From=number, Digits="2")
        assert wire.step("/voice/turn/2", sid, From=number, Digits="1").times
    assert callbacks(kit) == 3


@pytest.mark.parametrize("path", ["/voice/turn/0", "/voice/turn/1", "/voice/turn/7", "/voice/turn/9998"])
@pytest.mark.parametrize("more", [{}, {"Digits": "1"}, {"Digits": "2"}, {"Digits": "#"}, {"SpeechResult": "yes"},
                                  {"SpeechResult": "call me"}, {"DialCallStatus": "no-answer"}, {"Digits": "6175550144"}])  # fmt: skip
def test_a_step_of_a_call_that_nobody_remembers_leads_on(wire: Wire, kit: Kit, path: str, more: dict[str, str]) -> None:
    """A deploy, an expired session, a webhook out of order: the person begins anew."""
    answer = wire.step(path, new_sid("CA"), **more)
    assert answer.leads_on
    assert callbacks(kit) == 0


def test_steps_in_another_order_end_with_the_person_led_on_and_one_callback_at_most(wire: Wire, kit: Kit) -> None:
    sid = new_sid("CA")
    steps = [("/voice/turn/3", {"Digits": "1"}), ("/voice/turn/1", {"Digits": "2"}), ("/voice", {}),
             ("/voice/turn/2", {"Digits": "1"}), ("/voice/turn/1", {"Digits": "2"}), ("/voice/turn/4", {"Digits": "1"})]  # fmt: skip
    for path, more in steps:
        assert wire.step(path, sid, **more).leads_on
    assert callbacks(kit) <= 1
    assert kit.ledger.check() == []
    assert wire.counted["safe_answers"] == 0


def test_a_key_that_arrives_after_the_hang_up_keeps_what_it_asked_for(wire: Wire, kit: Kit) -> None:
    sid = new_sid("CA")
    wire.step("/voice", sid)
    wire.step("/voice/turn/1", sid, Digits="2")
    assert wire.post("/voice/status", a_step(sid, CallStatus="completed")).status_code == 204
    wire.step("/voice/turn/2", sid, Digits="1", CallStatus="completed")
    assert callbacks(kit) == 1


def test_a_text_sid_and_a_call_sid_never_meet(wire: Wire) -> None:
    same = "a" * 32
    texted, called = wire.text("hello", "SM" + same), wire.step("/voice", "CA" + same, From=ANA, To=VOICE_NUMBER)
    assert texted.words != called.words
    assert wire.text("hello", "MM" + same).words
