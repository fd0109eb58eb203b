"""What the store holds of a session, of the answer that is kept for repeats, and of an open callback, in bytes.

Lives here: used_memory before and after. Not here: making the turns (recorded.py).
"""

import time
from typing import Any

from bench.hotline import hotline
from bench.recorded import record, repeat
from bench.report import Section, table
from workers.jobs import Kit
from workers.store import Commit

COUNT = 100_000
AIM = 1024  # bytes a session, less than


def _used(kit: Kit) -> int:
    """Once the server has freed what was deleted, which it does beside its other work."""
    while kit.store.client.info("memory")["lazyfree_pending_objects"]:
        time.sleep(0.05)
    return int(kit.store.client.info("memory")["used_memory"])


def _forget(kit: Kit, pattern: str, count: int) -> float:
    """Bytes each that go when the keys of a pattern do."""
    before, client = _used(kit), kit.store.client
    for keys in _batches(list(client.scan_iter(pattern, count=5000)), 1000):
        client.delete(*keys)
    return (before - _used(kit)) / count


def _batches(items: list[Any], size: int) -> list[list[Any]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


def _store(kit: Kit, turn: Commit, count: int, first: int) -> float:
    before = _used(kit)
    for n in range(first, first + count):
        repeat(kit, turn, n)
    return (_used(kit) - before) / count


def measure(quick: bool) -> Section:
    count = 1000 if quick else COUNT
    with hotline(processes=()) as whole:
        kit = whole.kit
        turns = record(kit)
        kit.store.client.config_set("appendonly", "no")  # only memory is looked at from here on
        empty = _used(kit)
        turn = _store(kit, turns[1], count, 0)
        answer, in_list = _forget(kit, "m:*", count), _forget(kit, "redact", count)
        session = _forget(kit, "s:*", count)
        _store(kit, turns[2], count, count)
        for pattern in ("m:*", "redact", "s:*"):
            _forget(kit, pattern, count)
        callback = (_used(kit) - empty) / count
    rows = [
        ["a turn, all that it leaves", f"{turn:,.0f}", ""],
        ["· the session", f"{session:,.0f}", f"under {AIM:,}: {'yes' if session < AIM else 'NO'}"],
        ["· the answer kept for repeats (24 hours)", f"{answer:,.0f}", ""],
        ["· its place in the list to redact (a minute)", f"{in_list:,.0f}", ""],
        ["an open callback with its history and timer", f"{callback:,.0f}", ""],
    ]
    text = f"`used_memory` of the store for {count:,} of each, sealed and committed by the hotline's own code.\n\n"
    return Section("Memory", text + table(("kept", "bytes each", "aim"), rows))
