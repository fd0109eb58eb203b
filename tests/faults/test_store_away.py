"""The store is killed, slow or silent: people get the safe answer in time, nothing is promised, and it heals by itself."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

import flows.understand.model.weights as weights
from bot.twilio import create_edge
from tests.conftest import VOICE_NUMBER
from tests.edge.wire import Wire, a_step, a_text, new_sid
from tests.faults.conftest import Server
from tests.faults.people import TIME, in_time, is_safe_call, is_safe_text, promised
from tests.world import LIVE_LINE, ROSA, World
from workers.jobs import Kit

DOORS = ["/voice/staff?o=" + "0" * 32 + ".0.alex", "/voice/staff/accept?o=" + "0" * 32 + ".0.alex",
         "/voice/staff/done?o=" + "0" * 32 + ".0.alex", "/voice/staff/outcome?o=" + "0" * 32 + ".0.alex"]  # fmt: skip


def test_a_killed_store_means_the_safe_answer_in_time_and_no_promise(world: World, server: Server) -> None:
    phone = world.resident()
    phone.text("call me")
    server.kill()
    for words in ("1", "1", "call me", "he has a gun", "STOP", "CLEAR"):
        assert is_safe_text(in_time(lambda w=words: phone.text(w)))
    call = in_time(phone.call)
    assert is_safe_call(call.heard)
    in_time(lambda: call.press("1"))
    assert call.dialled[-1].number == LIVE_LINE
    assert call.dialled[-1].caller_id == VOICE_NUMBER


def test_the_safe_call_reaches_a_person_by_silence_too(world: World, server: Server) -> None:
    server.kill()
    call = world.resident().call()
    call.silence()
    assert call.dialled[-1].number == LIVE_LINE


def test_a_call_in_which_the_store_dies_goes_on_to_a_person(world: World, server: Server) -> None:
    call = world.resident().call()
    call.press("2")
    server.kill()
    in_time(lambda: call.press("1"))
    assert is_safe_call(call.heard)
    call.press("1")
    assert call.dialled[-1].number == LIVE_LINE


def test_when_the_store_is_back_all_goes_on_without_a_restart(world: World, server: Server) -> None:
    kept = promised(world)
    server.kill()
    assert is_safe_text(world.resident(ROSA).text("call me"))
    server.start()
    world.pump()
    assert TIME.findall(" ".join(world.resident().text("status"))) == TIME.findall(kept)
    promised(world, ROSA)
    assert len(world.callbacks()) == 2
    assert world.kit.ledger.check() == []
    world.wait(16)
    assert len(world.bodies(world.alex)) >= 4  # told of both, and reminded


def test_a_promise_survives_the_death_of_the_store_right_after_it(world: World, server: Server) -> None:
    for n in range(5):
        promised(world, f"+1617555012{n}")
        server.kill()
        server.start()
    assert len(world.callbacks()) == 5
    assert world.kit.ledger.check() == []


def test_a_safe_answer_is_not_kept_the_same_message_is_then_handled_as_new(world: World, server: Server) -> None:
    phone = world.resident()
    phone.text("call me")
    server.kill()
    assert is_safe_text(phone.text("1", sid="SM" + "7" * 32))
    server.start()
    world.pump()
    assert TIME.search(" ".join(phone.text("1", sid="SM" + "7" * 32)))
    assert world.callback().requests == 1


def test_the_same_step_of_a_call_is_handled_when_the_store_is_back(
    world: World, server: Server, counted: Counter[str]
) -> None:
    wire, sid = Wire(create_edge(world.kit), counted), new_sid("CA")
    wire.step("/voice", sid)
    server.kill()
    assert is_safe_call(wire.step("/voice/turn/1", sid, Digits="2").words)
    server.start()
    world.pump()
    assert wire.step("/voice/turn/1", sid, Digits="2").gather == "/voice/turn/2"


def test_an_emptied_store_is_a_new_one(world: World, server: Server) -> None:
    """Flushed, or replaced by an empty one: functions are loaded again, and what is not known is not promised."""
    promised(world)
    server.client.flushall()
    server.client.function_flush()
    said = " ".join(world.resident().text("hi"))
    assert "911" in said[:60]
    world.resident().text("call me")
    assert not TIME.search(" ".join(world.resident().text("1")))  # nobody is on shift in an empty store
    assert world.kit.ledger.check() == []


@pytest.mark.parametrize("path", DOORS)
def test_staff_on_the_phone_are_told_and_never_put_through_to_residents_lines(world: World, server: Server, path: str,
                                                                              counted: Counter[str]) -> None:  # fmt: skip
    server.kill()
    for digits in ("1", "2", ""):
        answer = in_time(lambda d=digits: Wire(create_edge(world.kit), counted).step(path, new_sid("CA"), Digits=d))
        assert answer.dial == ""
        assert answer.words


@pytest.mark.parametrize("path", ["/sms/status", "/voice/status"])
def test_reports_are_taken_without_a_store(world: World, server: Server, path: str, counted: Counter[str]) -> None:
    server.kill()
    form = {**a_text(""), **a_step(new_sid("CA")), "MessageStatus": "undelivered", "CallStatus": "completed"}
    wire = Wire(create_edge(world.kit), counted)
    for query in ("", "?o=" + "0" * 32 + ".0.alex", "?p=" + "0" * 32):
        answer = in_time(lambda q=query: wire.post(path + q, form))
        assert (answer.status_code, answer.data) == (204, b"")
    assert counted["receipts_lost"] >= 1


def test_the_web_process_starts_without_a_store(environ: dict[str, str], server: Server, counted: Counter[str]) -> None:
    from workers.settings import load_settings

    server.kill()
    wire = Wire(create_edge(Kit(load_settings(environ))), counted)
    assert is_safe_text([in_time(lambda: wire.text("hello")).words])
    server.start()
    assert "STOP" in wire.text("hello").words


# Slow


@pytest.mark.parametrize("seconds", [3, 30])
def test_a_paused_store_means_the_safe_answer_in_time(world: World, server: Server, seconds: int) -> None:
    phone = world.resident()
    phone.text("call me")
    server.client.execute_command("CLIENT", "PAUSE", seconds * 1000, "ALL")
    assert is_safe_text(in_time(lambda: phone.text("1")))
    call = in_time(phone.call)
    assert is_safe_call(call.heard)
    server.kill()
    server.start()
    world.pump()
    assert len(world.callbacks()) <= 1
    promised(world)
    assert len(world.callbacks()) == 1
    assert world.kit.ledger.check() == []


def test_a_store_that_takes_writes_late_promises_nothing_and_forgets_nothing(world: World, server: Server) -> None:
    phone = world.resident()
    phone.text("call me")
    server.client.execute_command("CLIENT", "PAUSE", 2500, "WRITE")
    assert is_safe_text(in_time(lambda: phone.text("1")))
    time.sleep(2.7)
    world.pump()
    promised(world)
    assert len(world.callbacks()) == 1


def test_a_store_that_is_a_little_slow_is_only_slow(world: World, server: Server) -> None:
    phone = world.resident()
    phone.text("call me")
    server.client.execute_command("CLIENT", "PAUSE", 600, "ALL")
    assert TIME.search(" ".join(in_time(lambda: phone.text("1"))))


def test_one_persons_messages_do_not_wait_for_each_other_when_the_store_is_silent(world: World, server: Server,
                                                                                  counted: Counter[str]) -> None:  # fmt: skip
    """Four threads serve a web process: a person who texts four times must not hold them all."""
    wire = Wire(create_edge(world.kit), counted)
    wire.text("hello")
    server.client.execute_command("CLIENT", "PAUSE", 20_000, "ALL")
    try:
        with ThreadPoolExecutor(4) as pool:
            for said in pool.map(lambda _: in_time(lambda: wire.text("he has a gun")).words, range(4)):
                assert is_safe_text([said])
    finally:
        server.kill()


def test_the_answer_does_not_wait_for_the_twilio_api(world: World) -> None:
    """Twilio hangs on everything we ask of it: people notice nothing."""
    world.company.hang_seconds = 5
    world.company.fail_next("hang", times=50)
    pumping = threading.Thread(target=world.pump)
    promised(world)
    pumping.start()
    in_time(lambda: promised(world, ROSA))
    world.company.heal()
    world.company.closing.set()
    pumping.join(20)
    assert len(world.callbacks()) == 2


def test_the_safe_answer_is_in_the_language_of_the_text_or_of_the_call_so_far(world: World, server: Server) -> None:
    call = world.resident().call()
    call.press("9")
    call.press("2")
    server.kill()
    assert "peligro" in " ".join(world.resident(ROSA).text("tengo miedo, necesito ayuda"))
    assert "In danger" in " ".join(world.resident(ROSA).text("1"))
    in_time(lambda: call.press("2"))
    last = [line for line in call.lines if line.who == "hotline"][-1]
    assert ("peligro" in last.words, last.language) == (True, "es-US")
    assert "9 1 1" in last.words
    call.press("1")
    assert call.dialled[-1].number == LIVE_LINE


def test_the_safe_answer_comes_even_when_what_failed_is_understanding(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: str) -> None:
        raise RuntimeError

    monkeypatch.setattr("flows.engine.understand", fails)
    monkeypatch.setattr("bot.twilio.safe.understand", fails)
    assert is_safe_text(world.resident().text("he hits me"))


def test_a_process_that_can_not_understand_does_not_start(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Weights that are older than the code would fail every message; better no new process than such a one."""
    weights.weights.cache_clear()
    monkeypatch.setattr(weights, "fingerprint", lambda: 0)
    with pytest.raises(weights.StaleWeights):
        create_edge(kit)
    monkeypatch.undo()
    create_edge(kit)
