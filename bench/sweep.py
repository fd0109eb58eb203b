"""How late a step is when thousands of callbacks are due at one instant, with one sweeper.

Lives here: making them due together, and reading when each was done. Not here: what a step does.
"""

import sys
import time
from contextlib import ExitStack
from pathlib import Path

from bench.hotline import STAFF, environment, kit, valkey
from bench.machine import WORK, free_port, running
from bench.recorded import record, repeat
from bench.report import Section, table
from bot.twilio.turns import BEAT_SECONDS
from workers.jobs import Kit

COUNT = 2000
LEAD_SECONDS = 4.0  # to start the processes in
PATIENCE_SECONDS = 90


def _callbacks(made: Kit, count: int) -> list[str]:
    """Open callbacks, promised by the hotline's own code; nothing else is due."""
    promise = record(made)[2]
    made.store.client.delete("cb:timer", "cb:open", "redact")
    return [repeat(made, promise, n, due_at=made.store.now() + 1800) for n in range(count)]


def _make_due(made: Kit, ids: list[str], at: float) -> None:
    made.store.client.delete("redact")
    with made.store.client.pipeline(transaction=True) as pipe:
        for one in ids:
            pipe.hset(f"cb:{one}", "step_at", f"{at:.3f}")
            pipe.zadd("cb:timer", {one: at})
        pipe.execute()


def _step_times(made: Kit, ids: list[str]) -> list[float]:
    """When each step was done, by the store's clock: it writes a text to staff. Waits for all of them."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        with made.store.client.pipeline(transaction=False) as pipe:
            for one in ids:
                pipe.hget(f"out:{one}.0.{STAFF}", "created_at")
            found = pipe.execute()
        if all(found):
            return sorted(map(float, found))
        time.sleep(1)
    raise RuntimeError(f"{found.count(None)} steps were not done within {PATIENCE_SECONDS} s")


def _texted(made: Kit, notes: Path, count: int) -> tuple[list[float], float]:
    """When each text reached the carrier, and the oldest beat of the worker meanwhile, in seconds."""
    oldest, end = 0.0, time.monotonic() + PATIENCE_SECONDS
    times: list[float] = []
    while len(times) < count and time.monotonic() < end:
        time.sleep(0.5)
        times = [float(line) for line in notes.read_text().split()]
        oldest = max(oldest, made.store.now() - float(made.store.client.hget("beat", "worker") or made.store.now()))
    return sorted(times), oldest


def once(count: int, processes: tuple[str, ...]) -> tuple[list[float], list[float], float]:
    """Seconds late: of each step, and of each text at the carrier; and the worker's oldest beat."""
    notes = WORK / "texts"
    notes.write_text("")
    with ExitStack() as stack:
        store, carrier = stack.enter_context(valkey()), free_port()
        stack.enter_context(running("carrier", [sys.executable, "-m", "bench.carrier", str(carrier), str(notes)]))
        env = environment(store, carrier)
        made = kit(env)
        ids = _callbacks(made, count)
        due = made.store.now() + LEAD_SECONDS
        _make_due(made, ids, due)
        for name in processes:
            stack.enter_context(running(name, [sys.executable, "-m", "bot.start", name], env))
        time.sleep(LEAD_SECONDS)
        steps = [at - due for at in _step_times(made, ids)]
        if "worker" not in processes:
            return steps, [], 0.0
        times, oldest = _texted(made, notes, count)
        return steps, [at - due for at in times], oldest


def measure(quick: bool) -> Section:
    count = 200 if quick else COUNT
    alone, _, _ = once(count, ("sweeper",))
    steps, texted, oldest = once(count, ("sweeper", "worker"))
    rows = [
        _row("step, one sweeper", alone),
        _row("step, one sweeper and one worker (which sweeps too)", steps),
        _row("text at the carrier, the same", texted),
    ]
    text = f"{count:,} callbacks whose first step falls due at one instant; seconds late by the store's clock.\n\n"
    beat = f"\n\nThe worker's beat was up to {oldest:.1f} s old meanwhile; "
    beat += f"from {BEAT_SECONDS:.0f} s on nothing is promised."
    return Section("Lateness", text + table(("what", "count", "p50 s", "p99 s", "last s"), rows) + beat)


def _row(name: str, late: list[float]) -> list[str]:
    return [name, f"{len(late):,}", *(f"{late[min(len(late) - 1, int(len(late) * q))]:.2f}" for q in (0.5, 0.99, 1))]
