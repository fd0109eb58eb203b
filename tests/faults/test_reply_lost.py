"""The store did what it was asked, and its answer was lost: the person hears no untruth, and nothing is done twice."""

from collections import Counter
from collections.abc import Callable

import pytest

from bot.twilio import create_edge
from tests.edge.wire import Wire, a_text, new_sid
from tests.faults.conftest import Server
from tests.faults.people import in_time, is_safe_call, is_safe_text
from tests.faults.proxy import Proxy
from tests.world import World
from workers.jobs import Kit
from workers.settings import load_settings


@pytest.fixture
def wire(world: World, environ: dict[str, str], proxy: Proxy, counted: Counter[str]) -> Wire:
    """A web process whose store is behind the proxy; the world's own is not."""
    behind = Kit(load_settings({**environ, "REDIS_URL": f"redis://127.0.0.1:{proxy.port}/0"}))
    return Wire(create_edge(behind), counted)


def test_the_promise_was_stored_and_the_answer_lost(wire: Wire, world: World, proxy: Proxy) -> None:
    wire.text("call me")
    sid = new_sid("SM")
    proxy.cut(b"commit_")
    assert is_safe_text([in_time(lambda: wire.text("1", sid)).words])
    assert proxy.cuts == 1
    callback = world.callback()  # it was stored: calling somebody who was not promised harms nobody
    again = wire.text("1", sid)
    assert again.times == [world.clock((callback.due_at - world.now()).total_seconds() / 60)]
    assert wire.text("1", sid) == again
    assert world.callback().requests == 1
    assert world.kit.ledger.check() == []


def test_the_promise_by_phone_was_stored_and_the_answer_lost(wire: Wire, world: World, proxy: Proxy) -> None:
    sid = new_sid("CA")
    wire.step("/voice", sid)
    wire.step("/voice/turn/1", sid, Digits="2")
    proxy.cut(b"commit_")
    safe = in_time(lambda: wire.step("/voice/turn/2", sid, Digits="1"))
    assert is_safe_call(safe.words)
    assert wire.step("/voice/turn/2", sid, Digits="1").times
    assert len(world.callbacks()) == 1
    assert world.callback().requests == 1


@pytest.mark.parametrize("times", [1, 2, 3])
@pytest.mark.parametrize("marker", [b"read_", b"commit_"])
def test_however_often_the_answer_is_lost_there_is_one_callback(wire: Wire, world: World, proxy: Proxy, marker: bytes,
                                                                times: int) -> None:  # fmt: skip
    for words in ("call me", "1"):
        sid = new_sid("SM")
        proxy.cut(marker, times)
        said = [in_time(lambda w=words, s=sid: wire.text(w, s)) for _ in range(times + 1)]
        assert sum(is_safe_text([one.words]) for one in said) >= 1
        assert said[-1].words == wire.text(words, sid).words
    assert said[-1].times
    assert world.callback().requests == 1
    assert world.kit.ledger.check() == []


WORDS: dict[str, tuple[list[str], str, Callable[[World], bool]]] = {
    "STOP": (["hi"], "STOP", lambda world: bool(world.kit.store.client.keys("opt:*"))),
    "CLEAR": (["call me", "2"], "CLEAR", lambda world: not world.kit.store.client.keys("s:*")),
    "taken back": (["call me", "1", "cancel my callback"], "1", lambda world: world.callbacks() == []),
    "consent": (["call me", "1"], "1", lambda world: world.callback().may_text == "yes"),
}


@pytest.mark.parametrize("what", WORDS)
def test_whatever_was_asked_is_done_once_though_its_answer_was_lost(
    wire: Wire, world: World, proxy: Proxy, what: str
) -> None:
    before, words, done = WORDS[what]
    for text in before:
        wire.text(text)
    sid = new_sid("SM")
    proxy.cut(b"commit_")
    assert is_safe_text([wire.text(words, sid).words])
    assert done(world)
    repeated = wire.text(words, sid)
    assert repeated == wire.text(words, sid)
    assert done(world)
    assert world.kit.ledger.check() == []


@pytest.mark.xfail(strict=True, reason="a second 1 after a lost promise answers a question that nobody heard")
def test_a_one_sent_again_as_a_new_message_agrees_to_nothing_that_was_not_asked(
    wire: Wire, world: World, proxy: Proxy
) -> None:
    """They read the safe answer instead of the promise, and text 1 once more. They never saw "may we text you here?"."""
    wire.text("call me")
    proxy.cut(b"commit_")
    assert is_safe_text([wire.text("1").words])
    answer = wire.text("1")
    assert world.callback().may_text == ""
    assert answer.times


def test_a_key_of_staff_whose_answer_was_lost_counts_once(
    world: World, environ: dict[str, str], proxy: Proxy, wire: Wire
) -> None:
    wire.text("call me")
    wire.text("1")
    callback, ledger = world.callback(), world.kit.ledger
    world.alex.when_rung = "answer"
    ring = ledger.call(callback.id, ledger.claim(callback.id, "alex"))
    world.pump()
    for path, digits, marker in (("accept", "1", b"accept_"), ("done", "", b"hang_up_"), ("outcome", "2", b"attempt_")):
        proxy.cut(marker)
        for _ in range(2):
            answer = wire.step(f"/voice/staff/{path}?o={ring}", world.alex.calls[-1].sid, Digits=digits)
            assert answer.words or answer.dial
    assert (world.callback().attempts, world.callback().status) == (1, "waiting")
    assert ledger.check() == []


def test_a_web_process_whose_connections_were_all_cut_goes_on(
    wire: Wire, world: World, proxy: Proxy, server: Server
) -> None:
    wire.text("hi")
    server.client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    said = [wire.text("menu").words for _ in range(3)]
    assert any("(617) 431-0125" in words and "1 A person calls you" in words for words in said)
    assert not is_safe_text([said[-1]])


def test_a_message_is_never_half_taken(wire: Wire, world: World, proxy: Proxy) -> None:
    """Cut on every command in turn: after each, the same message again gives one consistent story."""
    for marker in (b"FCALL_RO", b"FCALL", b"CONFIG", b"INFO"):
        number = f"+1617555{200 + len(marker):04}"
        for words in ("call me", "1"):
            form = a_text(words, From=number)
            proxy.cut(marker)
            answers = [wire.post("/sms", form).text for _ in range(3)]
            assert answers[1] == answers[2]
            proxy.cut(b"", 0)
        assert sum(cb.reveal(world.kit.vault, "phone") == number for cb in world.callbacks()) == 1
    assert world.kit.ledger.check() == []
