"""What the store holds of a session, of the answer that is kept for repeats, and of an open callback, in bytes.

Lives here: used_memory before and after. Not here: making the turns (recorded.py).
"""

from typing import Any

from bench.hotline import hotline
from bench.recorded import record, repeat
from bench.report import Section, table
from flows.turn import Outcome
from workers.jobs import Kit
from workers.store import Commit

COUNT = 100_000
AIM = 1024  # bytes a session, less than


def _used(kit: Kit) -> int:
    return int(kit.store.client.info("memory")["used_memory"])


def _forget(kit: Kit, pattern: str, count: int) -> float:
    """Bytes each that go when the keys of a pattern do."""
    before, client = _used(kit), kit.store.client
    for keys in _batches(list(client.scan_iter(pattern, count=5000)), 1000):
        client.delete(*keys)
    return (before - _used(kit)) / count


def _batches(items: list[Any], size: int) -> list[list[Any]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


def texts(outcome: Outcome, _: str) -> str:
    """About as long as the message that carries it."""
    said = "\n".join(outcome.says)
    return f'<?xml version="1.0" encoding="UTF-8"?><Response><Message action="/sms/status">{said}</Message></Response>'


def _store(kit: Kit, turn: Commit, count: int, first: int) -> float:
    before = _used(kit)
    for n in range(first, first + count):
        repeat(kit, turn, n)
    return (_used(kit) - before) / count


def measure(quick: bool) -> Section:
    count = 1000 if quick else COUNT
    with hotline(processes=(), durable=False) as whole:
        kit, turns = whole.kit, record(whole.kit, texts)
        asked, promised = turns[1], turns[2]
        turn = _store(kit, asked, count, 0)
        answer, list_entry = _forget(kit, "m:*", count), _forget(kit, "redact", count)
        session = turn - answer - list_entry
        promise = _store(kit, promised, count, count)
        longer = _forget(kit, "m:*", count) + _forget(kit, "redact", count)
        again = _forget(kit, "s:*", 2 * count)
    rows = [
        ["a session, awaiting “is this number right?”", f"{session:,.0f}", f"under {AIM:,}: {'yes' if session < AIM else 'NO'}"],
        ["the same, as what goes when it is deleted", f"{again:,.0f}", ""],
        ["the answer kept for repeats (24 h)", f"{answer:,.0f}", ""],
        ["the message's place in the list to redact (a minute)", f"{list_entry:,.0f}", ""],
        ["an open callback with its history and timer", f"{promise - longer - session:,.0f}", ""],
        ["the answer that carries a promise, and its place in the list", f"{longer:,.0f}", ""],
    ]
    text = f"`used_memory` of the store for {count:,} of each, sealed and committed by the hotline's own code.\n\n"
    return Section("Memory", text + table(("kept", "bytes each", "aim"), rows))
