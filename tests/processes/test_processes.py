"""The promise on real processes: everything is killed, and it is kept."""

import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.processes.machine import a_machine, until
from tests.world import ANA

pytestmark = [pytest.mark.processes, pytest.mark.timeout(180)]


def test_everything_is_killed_and_every_step_of_the_promise_still_comes_once(tmp_path: Path) -> None:
    with a_machine(tmp_path, CALLBACK_MINUTES="0.25", REMINDER_MINUTES="0.08,0.16", REPAGE_MINUTES="10") as machine:
        ana = machine.company.phone(ANA)
        ana.text("call me")
        (said,) = ana.text("1")
        assert re.search(r"by \d+:\d\d [AP]M", said)
        ana.text("1")
        machine.kill("worker", "sweeper")
        machine.kill("valkey")
        time.sleep(0.5)
        machine.start("valkey", "worker", "sweeper")
        until(lambda: machine.rings_at(machine.alex.number))
        machine.kill("worker")  # between the last reminder and the late text
        machine.start("worker")
        assert until(lambda: machine.texts_to(ANA)), machine.logs()
        time.sleep(1)
        told = machine.texts_to(machine.alex.number)
        assert 3 <= len(told) <= 4  # a page whose outcome a kill made unknown may come twice, to staff alone
        assert machine.rings_at(machine.alex.number) in (1, 2)
        assert len(machine.texts_to(ANA)) == 1
        (callback,) = machine.callbacks()
        assert callback["late"] is True
        assert "5550107" not in machine.logs()


def test_one_message_delivered_to_two_processes_at_once_is_one_message(tmp_path: Path) -> None:
    with a_machine(tmp_path) as machine:
        params = {
            "MessageSid": "SM" + "a" * 32,
            "AccountSid": machine.company.account_sid,
            "From": ANA,
            "To": "48726",
            "Body": "call me",
            "NumMedia": "0",
        }
        with ThreadPoolExecutor(16) as pool:
            answers = set(pool.map(lambda _: machine.company.post("/sms", params), range(32)))
        assert len(answers) == 1
        assert answers.pop()[0] == 200


def test_readyz_says_within_ten_seconds_that_nobody_sweeps_or_works(tmp_path: Path) -> None:
    with a_machine(tmp_path) as machine:
        machine.kill("worker")
        assert until(lambda: machine.ready() == 503, seconds=10)
        machine.start("worker")
        assert until(lambda: machine.ready() == 200)
        machine.kill("sweeper", "worker")
        killed = time.monotonic()
        assert until(lambda: machine.ready() == 503, seconds=10)
        ana = machine.company.phone(ANA)
        ana.text("call me")
        time.sleep(max(0.0, killed + 11 - time.monotonic()))  # beats are believed for ten seconds
        (said,) = ana.text("1")
        assert not re.search(r"\d:\d\d [AP]M", said)  # no workers, no promise
        assert "(617) 431-0125" in said
