"""Jobs vanish, workers die between two steps or come back late: nothing is late, nothing goes out twice to a resident."""

import pytest
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from tests.faults.people import asked_for_the_late_text, promised
from tests.world import World
from workers import jobs
from workers.jobs import DEADLINE_SECONDS, deliver
from workers.queues import queue
from workers.sweeper import sweep

ENOUGH = DEADLINE_SECONDS / 60 + 0.02  # minutes after which a silent sender counts as dead


def due(world: World, kind: str) -> str:
    """The outbox entry of this kind that is to go out."""
    client = world.kit.store.client
    entries = [key.decode().removeprefix("out:") for key in client.keys("out:*") if key != b"out:due"]
    (one,) = [e for e in entries if client.hget("out:" + e, "kind").decode() == kind
              and client.hget("out:" + e, "state") in (b"ready", b"sending")]  # fmt: skip
    return one


def state(world: World, entry: str) -> str:
    return world.kit.store.client.hget("out:" + entry, "state").decode()


def swept(world: World) -> None:
    sweep(world.kit.store, world._nudges)  # type: ignore[arg-type]


# RQ


def run_jobs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "kit", lambda: world.kit)
    client = world.kit.store.client
    SimpleWorker([queue(client)], connection=client, serializer=JSONSerializer).work(burst=True, logging_level="ERROR")


def lose_every_job(world: World) -> None:
    client = world.kit.store.client
    for key in client.keys("rq:*"):
        client.delete(key)


def test_all_of_rqs_keys_deleted_and_nothing_is_late(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client, to = world.kit.store.client, queue(world.kit.store.client)
    promised(world)
    for _ in range(3):
        sweep(world.kit.store, to)
        assert client.keys("rq:job:*")
        lose_every_job(world)
        client.incrbyfloat("test:clock", 6)
    assert world.bodies(world.alex) == []
    sweep(world.kit.store, to)
    run_jobs(world, monkeypatch)
    assert len(world.bodies(world.alex)) == 1
    assert world.kit.ledger.check() == []


def test_jobs_of_strangers_and_of_code_that_is_gone_block_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = queue(world.kit.store.client)
    for n in range(30):
        to.enqueue("no.such.module.job", n, result_ttl=0, failure_ttl=10)
        to.enqueue("workers.jobs.no_such_job", n, result_ttl=0, failure_ttl=10)
        to.enqueue("workers.jobs.send", "no-such-entry", result_ttl=0, failure_ttl=10)
    promised(world)
    sweep(world.kit.store, to)
    run_jobs(world, monkeypatch)
    assert len(world.bodies(world.alex)) == 1


def test_a_job_that_runs_ten_times_sends_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    promised(world)
    swept(world)
    to, entry = queue(world.kit.store.client), due(world, "text")
    for _ in range(10):
        to.enqueue("workers.jobs.send", entry, result_ttl=0)
    run_jobs(world, monkeypatch)
    assert len(world.bodies(world.alex)) == 1


# Between `begin` and `outcome`


def test_a_worker_that_died_before_it_sent_leaves_a_staff_text_to_the_next(world: World) -> None:
    promised(world)
    swept(world)
    entry = due(world, "text")
    assert world.kit.store.words("begin", entry, DEADLINE_SECONDS)[0] == "go"
    world._nudges.jobs.clear()
    assert world.bodies(world.alex) == []
    world.wait(ENOUGH)
    assert len(world.bodies(world.alex)) == 1
    assert state(world, entry) == "sent"


def test_a_worker_that_died_after_it_sent_may_page_staff_once_more(world: World) -> None:
    promised(world)
    swept(world)
    entry = due(world, "text")
    attempt, kind, callback_id, login, extra = world.kit.store.words("begin", entry, DEADLINE_SECONDS)[1:]
    jobs._send(world.kit, entry, kind, world.kit.ledger.get(callback_id), login, extra)
    world._nudges.jobs.clear()
    world.wait(2)
    assert 1 <= len(world.bodies(world.alex)) <= 2
    assert attempt == "1"


@pytest.mark.parametrize("sent_before", [True, False])
def test_a_worker_that_died_with_a_residents_text_leaves_it_for_ever(world: World, sent_before: bool) -> None:
    asked_for_the_late_text(world)
    world.wait(29)
    world.kit.store.client.incrbyfloat("test:clock", 61)
    swept(world)
    entry = due(world, "late")
    _, kind, callback_id, login, extra = world.kit.store.words("begin", entry, DEADLINE_SECONDS)[1:]
    if sent_before:
        jobs._send(world.kit, entry, kind, world.kit.ledger.get(callback_id), login, extra)
    world.wait(30)
    assert len(world.bodies(world.resident())) == sent_before
    assert state(world, entry) in ("unknown", "sent")
    assert (
        "late text: outcome unknown" in [e.what for e in world.kit.ledger.history(world.callback().id)] or sent_before
    )
    assert world.kit.ledger.check() == []


def test_a_worker_paused_for_two_minutes_that_comes_back_is_not_heard(world: World) -> None:
    """SIGSTOP between begin and outcome; somebody else has sent it meanwhile."""
    promised(world)
    swept(world)
    entry = due(world, "text")
    words = world.kit.store.words
    attempt = words("begin", entry, DEADLINE_SECONDS)[1]
    world._nudges.jobs.clear()
    world.wait(2)
    assert state(world, entry) == "sent"
    for result in ("retry", "failed", "unknown"):
        assert words("outcome", entry, attempt, result, "", "429", 1, "1") == ["stale"]
    assert words("outcome", entry, attempt, "sent", "SM" + "0" * 32, "", 1, "") == ["stale"]
    assert state(world, entry) == "sent"
    assert world.kit.roster.get("alex").no_texts == ""
    world.wait(2)
    assert len(world.bodies(world.alex)) == 1


def test_a_late_refusal_does_not_undo_a_newer_attempt(world: World) -> None:
    promised(world)
    swept(world)
    entry, words = due(world, "text"), world.kit.store.words
    first = words("begin", entry, DEADLINE_SECONDS)[1]
    world.kit.store.client.incrbyfloat("test:clock", DEADLINE_SECONDS + 1)
    swept(world)
    second = words("begin", entry, DEADLINE_SECONDS)[1]
    assert (first, second) == ("1", "2")
    assert words("outcome", entry, first, "failed", "", "21610", 1, "1") == ["stale"]
    assert state(world, entry) == "sending"
    assert words("outcome", entry, second, "sent", "SM" + "1" * 32, "", 1, "") == ["sent"]


def test_a_late_success_ends_it_before_it_goes_out_again(world: World) -> None:
    """Thought dead, it had sent: the entry is settled and nobody sends it once more."""
    promised(world)
    swept(world)
    entry, words = due(world, "text"), world.kit.store.words
    attempt = words("begin", entry, DEADLINE_SECONDS)[1]
    world.kit.store.client.incrbyfloat("test:clock", DEADLINE_SECONDS + 1)
    swept(world)
    assert words("outcome", entry, attempt, "sent", "SM" + "1" * 32, "", 1, "") == ["sent"]
    deliver(world.kit, entry)
    assert world.bodies(world.alex) == []


def test_a_late_success_of_a_residents_text_that_counted_as_unknown_is_not_sent_again(world: World) -> None:
    asked_for_the_late_text(world)
    world.wait(29)
    world.kit.store.client.incrbyfloat("test:clock", 61)
    swept(world)
    entry, words = due(world, "late"), world.kit.store.words
    attempt = words("begin", entry, DEADLINE_SECONDS)[1]
    world.wait(2)
    assert state(world, entry) == "unknown"
    words("outcome", entry, attempt, "retry", "", "429", 1, "")
    deliver(world.kit, entry)
    world.wait(5)
    assert world.bodies(world.resident()) == []


def test_dead_workers_are_noticed_before_the_next_promise(world: World) -> None:
    promised(world)
    world.kit.store.client.incrbyfloat("test:clock", 11)
    assert "by " not in " ".join(world.resident("+16175550109").text("call me"))
    said = " ".join(world.resident("+16175550109").text("1"))
    assert "can't promise a time" in said
