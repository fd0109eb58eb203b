"""Staff call back: a claim, a ring, the whisper, a key, the bridge, an outcome; and all that can go otherwise."""

import pytest

from tests.stories.test_promise_by_text import promised
from tests.world import ANA, World
from workers.ledger import Conflict


def rung(world: World):  # type: ignore[no-untyped-def]
    """Claim and call; the staff phone's ringing call, answered."""
    callback = world.callback()
    world.alex.when_rung = "answer"
    fence = world.kit.ledger.claim(callback.id, "alex")
    world.kit.ledger.call(callback.id, fence)
    world.pump()
    return world.alex.calls[-1]


def test_the_whisper_says_what_staff_need_and_a_key_bridges_from_the_hotlines_number(world: World) -> None:
    promised(world)
    for words in ("1", "1", "1", "Rosa", "1"):
        world.resident().text(words)
    call = rung(world)
    assert "Rosa" not in call.heard  # a voicemail may be listening
    assert "please call back" in call.heard
    assert "English" in call.heard
    assert not call.dialled
    call.press("1")
    assert "Ask for Rosa" in call.heard
    assert (call.dialled[-1].number, call.dialled[-1].caller_id) == (ANA, world.kit.settings.voice_number)
    assert world.callback().status == "calling"
    call.dial_ends("completed", seconds=240)
    call.press("1")
    callback = world.callback()
    assert (callback.status, callback.attempts) == ("claimed", 1)  # only `close` closes
    world.kit.ledger.close(callback.id, "reached", who="alex")
    assert world.callbacks() == []


def test_a_kept_promise_is_never_late(world: World) -> None:
    promised(world)
    call = rung(world)
    call.press("1")
    call.dial_ends("completed", seconds=100)
    call.press("1")
    world.wait(45)
    assert not world.callback().late


def test_an_answering_machine_that_picks_up_at_staffs_end_is_never_bridged(world: World) -> None:
    promised(world)
    world.alex.when_rung = "voicemail"
    callback = world.callback()
    world.kit.ledger.call(callback.id, world.kit.ledger.claim(callback.id, "alex"))
    world.pump()
    assert all(not call.dialled for call in world.alex.calls)


def test_no_answer_brings_another_attempt_in_ten_minutes(world: World) -> None:
    promised(world)
    call = rung(world)
    call.press("1")
    call.dial_ends("no-answer")
    call.press("2")
    callback = world.callback()
    assert (callback.status, callback.claimed_by, callback.attempts) == ("waiting", None, 1)
    assert 590 < (callback.due_at - world.now()).total_seconds() <= 600
    told = len(world.bodies(world.alex))
    world.wait(9)
    assert len(world.bodies(world.alex)) == told
    world.wait(1.5)
    assert len(world.bodies(world.alex)) == told + 1


def test_the_outcome_key_counts_once_however_often_it_is_delivered(world: World) -> None:
    promised(world)
    call = rung(world)
    call.press("1")
    call.dial_ends("busy")
    path = f"/voice/staff/outcome?o={world.kit.store.client.hget('cb:' + world.callback().id, 'call').decode()}"
    for _ in range(3):
        world.company.post(path, {"CallSid": call.sid, "AccountSid": world.company.account_sid, "Digits": "2"})
    assert world.callback().attempts == 1


def test_taken_back_while_staffs_phone_rings_is_told_and_nobody_is_dialled(world: World) -> None:
    promised(world)
    call = rung(world)
    world.resident().text("cancel my callback")
    world.resident().text("1")
    call.press("1")
    assert not call.dialled
    assert "taken back" in call.heard


def test_the_supervisors_ringing_phone_takes_the_callback_with_a_key(world: World) -> None:
    promised(world)
    world.alex.when_rung = "answer"
    world.wait(25.5)
    call = world.alex.calls[-1]
    assert "Hotline callback" in call.heard
    call.press("1")
    assert call.dialled[-1].number == ANA
    assert world.callback().claimed_by == "alex"


def test_a_lease_does_not_run_out_while_they_talk(world: World) -> None:
    promised(world)
    call = rung(world)
    call.press("1")
    world.wait(20)
    assert (world.callback().status, world.callback().claimed_by) == ("calling", "alex")


def test_a_browser_closed_in_mid_call_gives_the_callback_back_after_the_call(world: World) -> None:
    promised(world)
    call = rung(world)
    call.press("1")
    call.hang_up()
    world.wait(15)
    assert world.callback().status == "waiting"


def test_two_who_claim_at_once_and_an_old_fence(world: World) -> None:
    world.staff("ben", "+16175550151", "responder")
    promised(world)
    ledger, callback_id = world.kit.ledger, world.callback().id
    old = ledger.claim(callback_id, "alex")
    with pytest.raises(Conflict) as refused:
        ledger.claim(callback_id, "ben")
    assert refused.value.holder == "alex"
    world.wait(4)  # alex's lease runs out
    ledger.claim(callback_id, "ben")
    for late_write in (
        lambda: ledger.attempt(callback_id, "reached", fence=old),
        lambda: ledger.close(callback_id, "reached", fence=old),
        lambda: ledger.release(callback_id, old),
        lambda: ledger.call(callback_id, old),
    ):
        with pytest.raises(Conflict):
            late_write()
    assert world.callback().claimed_by == "ben"


def test_pressing_call_twice_rings_once(world: World) -> None:
    promised(world)
    callback_id = world.callback().id
    world.kit.ledger.claim(callback_id, "alex")
    assert world.kit.ledger.call(callback_id) == world.kit.ledger.call(callback_id)
    world.pump()
    assert world.rings(world.alex) == 1


def test_a_closed_callbacks_details_are_purged_and_open_ones_never_expire(world: World) -> None:
    promised(world)
    client, callback_id = world.kit.store.client, world.callback().id
    assert client.ttl("cb:" + callback_id) == -1
    world.kit.ledger.close(callback_id, "reached")
    assert 0 < client.ttl("cb:" + callback_id) <= 7 * 86400
    assert 0 < client.ttl("log:" + callback_id) <= 7 * 86400


def test_a_late_repeat_of_the_accepting_key_dials_nobody_again(world: World) -> None:
    promised(world)
    call = rung(world)
    call.press("1")
    first = world.company.webhooks.log[-1]
    call.dial_ends("no-answer")
    call.hang_up()
    world.kit.store.client.delete(*world.kit.store.client.keys("m:*"))  # even where its answer is not kept
    world.company.post(first.path, first.params)
    assert world.callback().status == "claimed"
    world.wait(15)
    assert world.callback().status == "waiting"
