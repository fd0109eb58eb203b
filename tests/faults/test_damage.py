"""Garbage in the store, as a bad disk, a hurried operator or another version leaves it: one person begins anew, all others
are served, and the check names it."""

import json
import os
from collections import Counter

import pytest

from bot.twilio import create_edge
from tests.edge.wire import Wire
from tests.faults.people import TIME, promised
from tests.world import ANA, ROSA, World
from workers.ledger import NotFound
from workers.sweeper import audit

GARBAGE = [
    b"",
    b"garbage",
    b"\x00\xff\xfe",
    b"|",
    b"7|",
    b"7|\x00\x01",
    b"x|y",
    b"\xff|\xff",
    b"99999999999999999999|x",
    b"1|" + os.urandom(60),
]


@pytest.fixture
def wire(world: World, counted: Counter[str]) -> Wire:
    return Wire(create_edge(world.kit), counted)


def key_of(world: World, prefix: str) -> bytes:
    (one,) = world.kit.store.client.keys(prefix + "*")
    return one


def found(world: World) -> list[str]:
    return [what for what, _ in world.kit.ledger.check()]


# A session


@pytest.mark.parametrize("garbage", GARBAGE)
def test_a_damaged_session_is_a_new_one(world: World, wire: Wire, counted: Counter[str], garbage: bytes) -> None:
    wire.text("hi")
    wire.text("2")
    world.kit.store.client.set(key_of(world, "s:"), garbage)
    assert "911" in wire.text("hi").words[:120]
    wire.text("call me")
    assert wire.text("1").times
    assert counted["safe_answers"] == 0


SHAPES = [{}, {"v": 99, "state": "menu"}, {"v": 1, "state": "no_such_state"}, {"v": 1, "state": 7, "turns": "x"}, [], 7, None, "x",
          {"v": 1, "state": "connecting"}, {"v": 1, "state": "more"}, {"v": 1, "language": "xx", "record": "gone"},
          {"v": 1, "state": "service", "record": "gone"}, {"v": 1, "state": "confirm_number"}, {"v": 1, "at": 1e300},
          {"v": 1, "state": "waiting", "misses": -5, "thanked": 10**12, "unknown": {"a": 1}}]  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: json.dumps(shape)[:40])
@pytest.mark.parametrize("words", ["1", "call me", "hi"])
def test_a_session_of_another_version_is_understood_or_begun_anew(world: World, wire: Wire, counted: Counter[str],
                                                                  shape: object, words: str) -> None:  # fmt: skip
    wire.text("hi")
    key = key_of(world, "s:")
    sealed = world.kit.vault.seal(json.dumps(shape), "s|" + key.decode().removeprefix("s:"))
    world.kit.store.client.set(key, b"1|" + sealed)
    answer = wire.text(words)
    assert answer.words
    assert "6 1 7" not in answer.words
    wire.text("call me")
    assert wire.text("1").times
    assert counted["safe_answers"] == 0


def test_a_session_moved_from_another_person_cannot_be_opened(world: World, wire: Wire) -> None:
    wire.text("call me")
    anas = world.kit.store.client.get(key_of(world, "s:"))
    wire.text("hi", From=ROSA)
    client = world.kit.store.client
    for key in client.keys("s:*"):
        client.set(key, anas)
    assert wire.text("1", From=ROSA).times == []  # it is not she who was asked


def test_a_kept_answer_that_cannot_be_opened_is_a_safe_one(world: World, wire: Wire) -> None:
    wire.text("hi", "SM" + "1" * 32)
    client = world.kit.store.client
    client.set(key_of(world, "m:"), b"garbage")
    assert "911" in wire.text("hi", "SM" + "1" * 32).words


# A record

DAMAGED: dict[str, dict[str, bytes | None]] = {
    "no due time": {"due_at": None},
    "a due time that is none": {"due_at": b"\xff\xfe"},
    "no time of the promise": {"promised_at": None},
    "no step": {"step": None},
    "a step that is none": {"step": b"garbage"},
    "no fence": {"fence": None},
    "a status of nobody": {"status": b"\x00\x01"},
    "no attempts": {"attempts": b"many"},
    "a lease that is none": {"claimed_by": b"alex", "lease_until": b"x"},
    "no team": {"team": None},
    "a number that is none": {"phone": b"garbage"},
    "another's number": {"phone": b"swap"},
}


def damage(world: World, how: str) -> str:
    """Ana's callback, damaged; Rosa's is whole."""
    promised(world)
    callback_id, client = world.callback().id, world.kit.store.client
    promised(world, ROSA)
    rosas = next(cb.id for cb in world.callbacks() if cb.id != callback_id)
    for name, value in DAMAGED[how].items():
        if value is None:
            client.hdel("cb:" + callback_id, name)
        else:
            client.hset("cb:" + callback_id, name, client.hget("cb:" + rosas, name) if value == b"swap" else value)
    return callback_id


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_record_is_named_by_the_check(world: World, how: str) -> None:
    callback_id = damage(world, how)
    assert callback_id in [one for _, one in world.kit.ledger.check()]


@pytest.mark.parametrize("how", DAMAGED)
def test_a_damaged_record_keeps_no_other_from_being_called(world: World, how: str) -> None:
    """Rosa's promise is kept, though Ana's record is broken: staff are told, and the supervisor's phone rings."""
    anas = damage(world, how)
    world.wait(16)
    rosas = next(cb for cb in world.kit.ledger.page().callbacks if cb.id != anas)
    assert any(rosas.code in text.body and "not taken" in text.body for text in world.alex.inbox)
    world.wait(10)
    assert world.rings(world.alex) >= 1


@pytest.mark.parametrize("how", DAMAGED)
def test_whoever_has_a_damaged_record_is_still_answered(world: World, how: str, counted: Counter[str]) -> None:
    damage(world, how)
    phone = world.resident()
    for words in ("call me", "1", "status", "he has a gun", "CLEAR"):
        said = " ".join(phone.text(words))
        assert said
    assert counted["safe_answers"] == 0


def test_a_record_that_is_gone_is_named_and_the_person_may_ask_again(world: World, counted: Counter[str]) -> None:
    promised(world)
    callback_id, client = world.callback().id, world.kit.store.client
    client.delete("cb:" + callback_id)
    assert found(world)
    world.resident().text("call me")
    assert TIME.search(" ".join(world.resident().text("1")))
    assert counted["safe_answers"] == 0
    assert len(world.callbacks()) == 1


@pytest.mark.parametrize("key", ["cb:{id}", "log:{id}"])
def test_a_key_of_another_type_stops_nobody_else(world: World, key: str) -> None:
    promised(world)
    callback_id, client = world.callback().id, world.kit.store.client
    promised(world, ROSA)
    client.delete(key.format(id=callback_id))
    client.set(key.format(id=callback_id), "garbage")
    world.wait(16)
    assert len(world.bodies(world.alex)) >= 2
    assert any(cb.reveal(world.kit.vault, "phone") == ROSA for cb in world.callbacks())


def test_a_timer_that_was_lost_is_found_named_and_mended(world: World) -> None:
    promised(world)
    client, callback_id = world.kit.store.client, world.callback().id
    client.zrem("cb:timer", callback_id)
    assert world.kit.ledger.check() == [("no timer", callback_id)]
    audit(world.kit.store)
    assert world.kit.ledger.check() == []
    world.wait(16)
    assert len(world.bodies(world.alex)) == 2


@pytest.mark.parametrize("entry", ["cb:timer", "out:due"])
def test_a_name_of_nothing_in_the_clock_is_dropped(world: World, entry: str) -> None:
    client = world.kit.store.client
    client.zadd(entry, {"nothing": 0, "": 1, b"\xff\xfe": 2})
    promised(world)
    world.wait(2)
    assert len(world.bodies(world.alex)) == 1
    assert client.zscore(entry, "nothing") is None


def test_an_outbox_entry_without_its_fields_is_dropped(world: World) -> None:
    client = world.kit.store.client
    client.hset("out:x", mapping={"state": "ready"})
    client.hset("out:y", mapping={"state": "sending", "kind": "late"})
    client.zadd("out:due", {"x": 0, "y": 0})
    promised(world)
    world.wait(2)
    assert len(world.bodies(world.alex)) == 1


# What a stranger with the store's password might try


def test_a_number_pasted_into_another_record_is_neither_shown_nor_called(world: World) -> None:
    callback_id = damage(world, "another's number")
    ledger = world.kit.ledger
    assert any("number" in what for what in found(world))
    world.alex.when_rung = "answer"
    ledger.call(callback_id, ledger.claim(callback_id, "alex"))
    world.pump()
    call = world.alex.calls[-1] if world.alex.calls else None
    if call and call.asks:
        call.press("1")
    assert not any(dial.number == ROSA for one in world.alex.calls for dial in one.dialled)


def test_unknown_ids_are_not_found(world: World) -> None:
    for one in ("", "x", "../../x", "0" * 32, "*", "timer", "open"):
        with pytest.raises((NotFound, Exception)) as refused:
            world.kit.ledger.get(one)
        assert refused.type is NotFound or one in ("timer", "open")
    assert ANA
