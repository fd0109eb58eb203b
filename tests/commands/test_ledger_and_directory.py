"""`ledger check`, `ledger story` and `directory check`."""

import json
from datetime import date

import pytest

from flows.directory import Directory
from tests.api.builders import NAME, PHONE, a_callback, a_colleague
from tests.commands.conftest import Terminal
from tests.conftest import Clock
from workers.jobs import Kit


def test_the_ledger_holds(terminal: Terminal, kit: Kit) -> None:
    a_callback(kit)
    result = terminal.run("ledger check")
    assert result.exit_code == 0
    assert json.loads(result.stdout) == {"ok": True, "violations": []}


def test_a_broken_promise_is_named_as_json_and_exits_1(terminal: Terminal, kit: Kit) -> None:
    lost, fine, unreadable = a_callback(kit), a_callback(kit), a_callback(kit)
    kit.store.client.zrem("cb:timer", lost)
    kit.store.client.hset(f"cb:{unreadable}", "phone", b"damaged" * 10)
    result = terminal.run("ledger check")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert found["ok"] is False
    assert {v["id"]: v["what"].split()[0] for v in found["violations"]} == {lost: "no", unreadable: "number"}
    assert fine not in result.stdout
    assert kit.store.client.zscore("cb:timer", lost) is None


def test_a_story_tells_each_step_without_personal_data(terminal: Terminal, kit: Kit, clock: Clock) -> None:
    a_colleague(kit)
    one = a_callback(kit)
    clock.advance(minutes=3)
    kit.ledger.claim(one, "alex")
    kit.ledger.call(one)
    clock.advance(minutes=1)
    kit.ledger.attempt(one, "no_answer", f"{NAME} lives with Zebra, {PHONE}", "alex")
    output = terminal.run(f"ledger story {one}").output
    steps = [line.split("  ")[-1].strip() for line in output.splitlines()[2:]]
    assert steps[0] == "requested"
    assert "claimed alex" in steps
    assert "attempt alex no_answer" in steps
    assert any(step.startswith("outbox bridge alex: ready") for step in steps)
    assert "+3:00" in output
    assert "+4:00" in output
    assert one in output
    for secret in (PHONE, PHONE[2:], NAME, "Zebra"):
        assert secret not in output


@pytest.mark.parametrize("one", ["nobody", "open", "timer", "closed", "../x", "x" * 65, "*"])
def test_a_story_of_nothing(terminal: Terminal, kit: Kit, one: str) -> None:
    a_callback(kit)
    assert "no such callback" in terminal.fails(f"ledger story {one}")


def test_facts_that_need_checking_are_listed(terminal: Terminal, kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[date] = []

    def stale(_: Directory, today: date) -> list[str]:
        asked.append(today)
        return ["dvu: last checked long ago", "sau: phone is unsure"]

    monkeypatch.setattr("bot.commands.directory.stale", stale)
    result = terminal.run("directory check")
    assert result.exit_code == 0
    assert result.output.splitlines()[-1] == "2 facts need checking."
    assert result.output.startswith("dvu: last checked")
    assert len(asked) == 1
    monkeypatch.setattr("bot.commands.directory.stale", lambda *_: [])
    assert "Every fact" in terminal.run("directory check").output
