"""Twilio's API refuses, fails, hangs, or takes a request and says nothing: staff are reached, residents never texted twice."""

import pytest

from tests.faults.people import asked_for_the_late_text, promised
from tests.world import World
from workers.carrier import Carrier

FAULTS = ["429", "500", "20003", "hang", "accepted_then_cut"]
SURELY_NOT_DONE = ["429", "20003"]


@pytest.fixture(autouse=True)
def impatient(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Time-outs of a blink: what hangs is given up at once."""
    monkeypatch.setattr("workers.carrier.TIMEOUT_SECONDS", 0.4)
    world.kit.carrier = Carrier(world.kit.settings)
    world.company.hang_seconds = 0.6


def late_texts(world: World) -> int:
    return len(world.bodies(world.resident()))


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("fault", FAULTS)
def test_staff_are_told_of_a_promise_though_the_api_fails(world: World, fault: str, times: int) -> None:
    world.company.fail_next(fault, times=times, path="Messages")
    promised(world)
    world.wait(3)
    told = world.bodies(world.alex)
    assert told
    assert len(told) <= 1 + times  # again only where nobody knows whether it went out
    if fault in SURELY_NOT_DONE:
        assert len(told) == 1
    assert late_texts(world) == 0
    assert world.kit.ledger.check() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_ten_minutes_without_the_api_and_staff_are_reached_afterwards(world: World, fault: str) -> None:
    world.company.hang_seconds = 0.02
    world.company.fail_next(fault, times=10_000)
    promised(world)
    world.wait(10)
    world.company.heal()
    before = len(world.bodies(world.alex))
    world.wait(7)  # the reminder at 15 minutes, at the latest
    assert len(world.bodies(world.alex)) > before or fault == "accepted_then_cut"
    assert world.kit.ledger.check() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_resident_is_never_texted_twice(world: World, fault: str) -> None:
    asked_for_the_late_text(world)
    world.wait(29.5)
    world.company.fail_next(fault, times=6)
    world.wait(1)
    world.company.heal()
    world.wait(20)
    assert world.callback().late
    assert late_texts(world) <= 1
    if fault in SURELY_NOT_DONE or fault == "accepted_then_cut":
        assert late_texts(world) == 1
    history = [event.what for event in world.kit.ledger.history(world.callback().id)]
    assert (fault in SURELY_NOT_DONE) is ("late text: outcome unknown" not in history)


def test_without_faults_a_resident_is_texted_once(world: World) -> None:
    asked_for_the_late_text(world)
    world.wait(60)
    assert late_texts(world) == 1


@pytest.mark.parametrize("fault", FAULTS)
def test_a_ring_to_staff_goes_out_though_the_api_fails(world: World, fault: str) -> None:
    promised(world)
    callback, ledger = world.callback(), world.kit.ledger
    world.company.fail_next(fault, times=1, path="Calls")
    world.alex.when_rung = "answer"
    ledger.call(callback.id, ledger.claim(callback.id, "alex"))
    for _ in range(6):
        world.pump()
        world.wait(0.1)
    assert 1 <= world.rings(world.alex) <= (2 if fault == "accepted_then_cut" else 1)
    next(call for call in world.alex.calls if call.asks).press("1")
    assert world.callback().status == "calling"


def test_a_ring_that_can_never_go_out_gives_the_callback_back(world: World) -> None:
    promised(world)
    callback, ledger = world.callback(), world.kit.ledger
    world.company.hang_seconds = 0.02
    world.company.fail_next("500", times=10_000, path="Calls")
    ledger.call(callback.id, ledger.claim(callback.id, "alex"))
    world.wait(20)
    assert (world.callback().status, world.callback().claimed_by) == ("waiting", None)
    assert ledger.check() == []


def test_nothing_is_sent_for_a_callback_that_was_taken_meanwhile(world: World) -> None:
    world.company.fail_next("429", times=1)
    promised(world)
    world.pump()
    world.kit.ledger.claim(world.callback().id, "alex")
    world.wait(2)
    assert world.bodies(world.alex) == []


def test_nothing_is_texted_to_a_resident_who_stopped_meanwhile(world: World) -> None:
    asked_for_the_late_text(world)
    world.wait(29.5)
    world.company.fail_next("429", times=3)
    world.wait(0.6)
    world.resident().text("STOP")
    world.company.heal()
    world.wait(10)
    assert late_texts(world) == 0


def test_the_carriers_copy_is_emptied_though_the_api_fails_at_first(world: World) -> None:
    world.resident().text("he hits me")
    world.company.hang_seconds = 0.02
    world.company.fail_next("500", times=3)
    world.wait(30)
    assert all(message.body == "" for message in world.company.received)
    assert world.kit.store.client.zcard("redact") == 0
