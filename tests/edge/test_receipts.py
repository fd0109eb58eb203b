"""What the carrier reports later, in any order, twice, or of things that never were: 204, and nothing out of place."""

import itertools
from urllib.parse import urlencode

import pytest

from tests.conftest import ACCOUNT
from tests.edge.wire import Wire, a_step, a_text, kept, new_sid
from tests.stories.test_promise_by_text import promised
from tests.world import World, path_of
from workers.jobs import Kit

FORGED = ["", "x", "0" * 32, "0" * 32 + ".0.sam", "../../x", "cb:" + "0" * 32, "0" * 32 + ".late", "*", "\r\nFLUSHALL\r\n", "%00",
          "0" * 32 + "." + "a" * 400, "é" * 32]  # fmt: skip


@pytest.mark.parametrize("status", ["delivered", "undelivered", "failed", "sent", "read", "", "x" * 300])
def test_a_receipt_of_a_message_that_never_was_changes_nothing(wire: Wire, kit: Kit, status: str) -> None:
    form = {"MessageSid": "nonsense", "AccountSid": ACCOUNT, "MessageStatus": status, "ErrorCode": "30005"}
    for name, given in itertools.product(("o", "p", "q"), FORGED):
        answer = wire.post("/sms/status?" + urlencode({name: given}), form)
        assert (answer.status_code, answer.data) == (204, b"")
    assert kept(kit.store.client) == {}
    assert wire.counted["safe_answers"] == 0


@pytest.mark.parametrize("status", ["completed", "busy", "no-answer", "failed", "canceled", "ringing", ""])
def test_a_report_of_a_call_that_never_was_changes_nothing(wire: Wire, kit: Kit, status: str) -> None:
    for given in FORGED:
        answer = wire.post("/voice/status?" + urlencode({"o": given}), a_step(new_sid("CA"), CallStatus=status))
        assert (answer.status_code, answer.data) == (204, b"")
    assert kept(kit.store.client) == {}


@pytest.mark.parametrize("missing", ["MessageSid", "MessageStatus", "AccountSid", "ErrorCode", "To", "From"])
def test_a_receipt_without_one_of_its_fields_is_no_error(wire: Wire, missing: str) -> None:
    form = {**a_text(""), "MessageStatus": "undelivered", "ErrorCode": "30003"}
    assert wire.post("/sms/status", {k: v for k, v in form.items() if k != missing}).status_code == 204
    assert wire.counted["safe_answers"] == 0


@pytest.mark.parametrize("order", itertools.permutations(["sent", "delivered", "undelivered"]))
def test_receipts_of_the_promises_text_in_any_order_three_times(world: World, order: tuple[str, ...]) -> None:
    """A text that was reported lost was perhaps lost: staff see it, whatever came before or after."""
    phone = world.resident()
    phone.text("call me")
    phone.text("1")
    world.company.backlog._queue.clear()  # our own order
    reply = world.company.replies[-1]
    assert reply.status_callback
    for status in order * 3:
        form = {"MessageSid": reply.sid, "AccountSid": ACCOUNT, "MessageStatus": status}
        form |= {"ErrorCode": "30005"} if status == "undelivered" else {}
        assert world.company.post(path_of(reply.status_callback), form)[0] == 204
    assert world.callback().undelivered == "30005"
    assert [e.what for e in world.kit.ledger.history(world.callback().id)].count("promise text undelivered") == 1
    assert world.kit.ledger.check() == []


@pytest.mark.parametrize("order", list(itertools.permutations(["queued", "ringing", "in-progress", "completed"]))[::5])
def test_reports_of_a_call_to_staff_in_any_order_never_end_a_call_that_goes_on(
    world: World, order: tuple[str, ...]
) -> None:
    promised(world)
    callback, ledger = world.callback(), world.kit.ledger
    world.alex.when_rung = "answer"
    ledger.call(callback.id, ledger.claim(callback.id, "alex"))
    world.pump()
    call = world.alex.calls[-1]
    call.press("1")
    assert world.callback().status == "calling"
    for status in order[: order.index("completed")]:
        world.company.post(path_of(call.status_callback), a_step(call.sid, CallStatus=status))
        assert world.callback().status == "calling"
    for _ in range(3):
        world.company.post(path_of(call.status_callback), a_step(call.sid, CallStatus="completed"))
    assert (world.callback().status, world.callback().claimed_by) == ("claimed", "alex")
    assert ledger.check() == []


def test_the_report_of_an_older_ring_does_not_end_the_newer_call(world: World) -> None:
    promised(world)
    callback, ledger = world.callback(), world.kit.ledger
    fence = ledger.claim(callback.id, "alex")
    ledger.call(callback.id, fence)
    world.pump()
    first = world.alex.calls[-1]
    first.decline()
    world.company.settle()
    world.alex.when_rung = "answer"
    ledger.call(callback.id, fence)
    world.pump()
    world.alex.calls[-1].press("1")
    world.company.post(path_of(first.status_callback), a_step(first.sid, CallStatus="busy"))
    assert world.callback().status == "calling"


# Calls to staff, delivered twice


def test_an_accepted_ring_delivered_again_after_the_call_changes_nothing(world: World) -> None:
    promised(world)
    callback, ledger = world.callback(), world.kit.ledger
    world.alex.when_rung = "answer"
    ledger.call(callback.id, ledger.claim(callback.id, "alex"))
    world.pump()
    call = world.alex.calls[-1]
    accept = path_of(call.asks.action)
    call.press("1")
    call.dial_ends("no-answer")
    before = world.callback().status
    world.company.post(accept, a_step(call.sid, Digits="1", CallStatus="completed"))
    assert world.callback().status == before == "claimed"


@pytest.mark.parametrize("path", ["/voice/staff", "/voice/staff/accept", "/voice/staff/done", "/voice/staff/outcome"])
def test_a_ring_that_nobody_ordered_is_told_so_and_bridges_nobody(wire: Wire, kit: Kit, path: str) -> None:
    for given, digits in itertools.product(FORGED, ("1", "2", "", "#" * 400)):
        answer = wire.step(f"{path}?{urlencode({'o': given})}", new_sid("CA"), Digits=digits)
        assert answer.dial == ""
        assert answer.words
    assert kept(kit.store.client) == {}
    assert wire.counted["safe_answers"] == 0
