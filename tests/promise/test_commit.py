"""The commit itself: all or nothing, once, in the order that the versions say; and the outbox's own gates."""

from collections.abc import Callable

import pytest

from tests.conftest import Clock
from workers.jobs import Kit
from workers.ledger import Conflict
from workers.store import Commit, Keys

ID = "ab" * 16
KEYS = Keys("person", "message-1", "person", "person")


def commit(kit: Kit, version: str = "0", message: str = "message-1", **more: object) -> str:
    keys = Keys("person", message, "person", "person")
    return kit.store.commit(keys, Commit(version, b"session", message.encode(), **more))[0]  # type: ignore[arg-type]


def a_request(kit: Kit, promised: bool = True, minutes: float = 30) -> str:
    fields = {"phone": kit.vault.seal("+16175550107", f"cb:{ID}|phone"), "team": "trauma_line", "channel": "sms", "language": "en",
              "contact": kit.vault.seal("+16175550107", f"cb:{ID}|contact"), "contact_key": "person", "owner": "person"}  # fmt: skip
    return commit(kit, verb="request", callback_id=ID, due_at=kit.store.now() + minutes * 60, promised=promised,
                  fields=tuple(fields.items()))  # fmt: skip


def sweep(kit: Kit) -> list[str]:
    s = kit.settings
    reminders = [m * 60 for m in s.reminder_minutes]
    return [o.decode() for o in kit.store.fcall("sweep", (), (s.promise_seconds, 300, 86400, *reminders))[1]]


def test_of_two_turns_from_the_same_state_one_is_lost_and_must_read_again(kit: Kit) -> None:
    assert commit(kit, "0", "message-1") == "done"
    assert commit(kit, "0", "message-2") == "lost"
    assert commit(kit, "1", "message-2") == "done"


def test_the_same_message_is_committed_once_whatever_its_version(kit: Kit) -> None:
    assert a_request(kit) == "done"
    assert a_request(kit) == "again"
    assert kit.ledger.get(ID).requests == 1


def test_a_lost_turn_leaves_nothing_behind(kit: Kit) -> None:
    commit(kit)
    before = sorted(kit.store.client.keys("*"))
    assert commit(kit, "0", "message-9", verb="request", callback_id=ID, promised=True, due_at=1.0) == "lost"
    assert sorted(kit.store.client.keys("*")) == before


def test_another_persons_callback_cannot_be_touched_by_a_turn(kit: Kit) -> None:
    a_request(kit)
    other = Keys("someone", "message-5", "someone", "someone")
    turn = Commit("0", b"s", b"a", verb="withdraw", callback_id=ID)
    assert kit.store.commit(other, turn)[0] == "lost"
    assert kit.ledger.get(ID).status == "waiting"


def test_asking_again_never_makes_it_later(kit: Kit) -> None:
    a_request(kit)
    due = kit.ledger.get(ID).due_at
    commit(kit, "1", "message-2", verb="request", callback_id=ID, due_at=kit.store.now() + 9000, promised=True)
    assert kit.ledger.get(ID).due_at == due


def late_text(kit: Kit, clock: Clock, may_text: str) -> list[str]:
    """A promise that ran late; what `begin` says to the text that would tell the resident."""
    a_request(kit)
    kit.store.client.hset("cb:" + ID, "may_text", may_text)
    clock.advance(minutes=31)
    for _ in range(4):
        sweep(kit)
    return kit.store.words("begin", ID + ".late", 10)


def test_a_late_text_goes_only_to_who_said_yes(kit: Kit, clock: Clock) -> None:
    assert late_text(kit, clock, "yes")[0] == "go"


@pytest.mark.parametrize("answer", ["", "no"])
def test_and_to_nobody_else(kit: Kit, clock: Clock, answer: str) -> None:
    assert late_text(kit, clock, answer) == ["dropped", "no consent"]


def test_an_opt_out_stands_above_every_yes(kit: Kit, clock: Clock) -> None:
    kit.store.client.set("opt:person", "1")
    assert late_text(kit, clock, "yes") == ["dropped", "opted out"]


def test_an_entry_is_begun_once(kit: Kit, clock: Clock) -> None:
    assert late_text(kit, clock, "yes")[0] == "go"
    assert kit.store.words("begin", ID + ".late", 10) == ["sending"]


def test_a_resident_is_not_texted_again_where_nobody_knows_whether_the_first_went_out(kit: Kit, clock: Clock) -> None:
    late_text(kit, clock, "yes")
    clock.advance(seconds=60)
    assert ID + ".late" not in sweep(kit)
    assert kit.store.words("begin", ID + ".late", 10) == ["unknown"]


def test_a_page_to_staff_is_sent_again_where_nobody_knows(kit: Kit, clock: Clock) -> None:
    kit.roster.add("alex", "+16175550150", "supervisor")
    kit.roster.shift("alex", True)
    a_request(kit)
    (page,) = sweep(kit)
    assert kit.store.words("begin", page, 10)[0] == "go"
    clock.advance(seconds=11)
    assert page in sweep(kit)
    assert kit.store.words("begin", page, 10)[0] == "go"


def test_a_stale_sender_changes_nothing_but_a_late_sent_is_believed(kit: Kit, clock: Clock) -> None:
    kit.roster.add("alex", "+16175550150", "supervisor")
    kit.roster.shift("alex", True)
    a_request(kit)
    (page,) = sweep(kit)
    first = kit.store.words("begin", page, 10)[1]
    clock.advance(seconds=11)
    sweep(kit)
    kit.store.words("begin", page, 10)
    assert kit.store.words("outcome", page, first, "failed", "", "30003", 15, "1") == ["stale"]
    assert kit.store.words("outcome", page, first, "sent", "SM1", "", 15, "") == ["sent"]


def test_an_old_ring_cannot_take_a_call_that_was_placed_anew(kit: Kit) -> None:
    kit.roster.add("alex", "+16175550150")
    a_request(kit)
    kit.ledger.claim(ID, "alex")
    old = kit.ledger.call(ID)
    kit.ledger.hang_up(old, "no-answer")
    new = kit.ledger.call(ID)
    assert old != new
    with pytest.raises(Conflict):
        kit.ledger.accept(old)
    assert kit.ledger.accept(new)[1] == "alex"


def damage(kit: Kit, how: str) -> None:
    client = kit.store.client
    breaks: dict[str, Callable[[], object]] = {
        "no timer": lambda: client.zrem("cb:timer", ID),
        "no record": lambda: client.delete("cb:" + ID),
        "timer overdue": lambda: client.zadd("cb:timer", {ID: 1}),
        "no due time": lambda: client.hset("cb:" + ID, "due_at", "soon"),
        "closed but in the queue": lambda: client.hset("cb:" + ID, "status", "closed"),
        "number damaged, or not sealed for phone": lambda: client.hset(
            "cb:" + ID, "phone", client.hget("cb:" + ID, "phone")[:-1] + b"x"),
    }  # fmt: skip
    breaks[how]()


@pytest.mark.parametrize("how", ["no timer", "no record", "timer overdue", "no due time", "closed but in the queue",
                                 "number damaged, or not sealed for phone"])  # fmt: skip
def test_every_breach_of_the_invariant_is_found(kit: Kit, how: str) -> None:
    a_request(kit)
    assert kit.ledger.check() == []
    damage(kit, how)
    assert (how, ID) in kit.ledger.check()


def test_a_lost_timer_is_mended_by_the_audit(kit: Kit) -> None:
    a_request(kit)
    kit.store.client.zrem("cb:timer", ID)
    kit.ledger.check(repair=True)
    assert kit.ledger.check() == []


def test_months_are_counted_without_identity_also_across_a_leap_day(kit: Kit, clock: Clock) -> None:
    from datetime import UTC, datetime

    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    clock.advance(seconds=leap.timestamp() - kit.store.now())
    a_request(kit)
    kit.ledger.close(ID, "reached")
    assert kit.store.client.hgetall("month:2028-02:reason") == {b"reached": b"1"}
    assert kit.store.client.hgetall("month:2028-02:channel") == {b"sms": b"1"}


def test_nothing_is_promised_on_a_callback_that_staff_closed_meanwhile(kit: Kit) -> None:
    a_request(kit)
    kit.ledger.close(ID, "reached")
    again = {"verb": "request", "callback_id": ID, "due_at": kit.store.now() + 900, "promised": True}
    assert commit(kit, "1", "message-2", **again) == "lost"  # type: ignore[arg-type]
    assert kit.ledger.page().callbacks == []


def test_what_was_held_for_closing_and_given_back_is_paged_again(kit: Kit, clock: Clock) -> None:
    kit.roster.add("alex", "+16175550150", "supervisor")
    kit.roster.shift("alex", True)
    a_request(kit)
    kit.ledger.claim(ID, "alex")
    kit.ledger.attempt(ID, "reached", who="alex")
    kit.ledger.release(ID)
    assert [page for page in sweep(kit) if page.startswith(ID + ".1000")]
    assert kit.ledger.check() == []


def test_a_failure_at_our_own_end_keeps_no_promise(kit: Kit, clock: Clock) -> None:
    kit.roster.add("alex", "+16175550150")
    a_request(kit)
    kit.ledger.claim(ID, "alex")
    ring = kit.ledger.call(ID)
    kit.ledger.accept(ring)
    kit.ledger.hang_up(ring, "failed")
    kit.ledger.attempt(ID, "failed", who="alex")
    clock.advance(minutes=31)
    sweep(kit)
    assert kit.ledger.get(ID).late


def test_reminders_that_change_between_deploys_move_no_lateness(kit: Kit, clock: Clock) -> None:
    a_request(kit)
    for minute in (5, 10, 14):
        clock.advance(minutes=minute if minute == 5 else 5 if minute == 10 else 4)
        kit.store.fcall("sweep", (), (1800, 300, 86400, 240, 480, 720, 1080, 1440))
    clock.advance(minutes=2)
    sweep(kit)  # a newer sweeper, with two reminders
    assert not kit.ledger.get(ID).late
    clock.advance(minutes=15)
    sweep(kit)
    assert kit.ledger.get(ID).late
