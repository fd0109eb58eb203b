"""Is this deployment ready to promise? Every check of /readyz, each with what it saw.

Lives here: looking. Not here: the routes (bot/health), or whether one promise may be made (decided in its turn).
"""

import time
from dataclasses import dataclass, field
from typing import Any, TypedDict

from redis.exceptions import RedisError

from workers.jobs import Kit
from workers.store import StoreDown

BEAT_SECONDS = 8.0  # beats come every 2 s; contract: dead workers or sweepers show within 10 s
OUTBOX_SECONDS = 30.0
WAITING_SECONDS = 60.0  # an entry this old was tried again and again: the carrier does not take it
CLOCK_SECONDS = 5.0
MEMORY_SHARE = 0.85
PATIENCE_SECONDS = 1.0  # after this, what has not been looked at is not looked at any more
OPENED_NUMBERS = 500  # with more open callbacks than this, the ledger's check leaves their numbers closed
SAMPLE = 100  # entries of the outbox whose age is looked at
CHECKS = ("redis_write", "durability", "worker_beat", "sweeper_beat", "outbox", "clock", "on_shift", "memory", "ledger")


class Check(TypedDict):
    """One line of /readyz. `detail` is for an operator and names nobody."""

    ok: bool
    detail: str


@dataclass(frozen=True)
class Look:
    """What one round trip said. Times are seconds since 1970 by the store's clock; None: it would not say."""

    write_error: str
    now: float  # as the ledger sees it (tests move it)
    drift: float  # this host's clock less the store's, seconds
    worker: float | None
    sweeper: float | None
    on_shift: int | None
    open: int
    next_out: float | None  # when the next entry of the outbox was due
    outbox: list[str] = field(default_factory=list)
    memory: dict[str, Any] = field(default_factory=dict)


def look(kit: Kit) -> Look:
    """Ask the store everything at once. Raises StoreDown."""
    began = time.time()
    try:
        with kit.store.client.pipeline(transaction=False) as pipe:
            pipe.set("probe:ready", "1", ex=60)
            pipe.time()
            pipe.get("test:clock")
            pipe.hmget("beat", "worker", "sweeper")
            pipe.scard("staff:on")
            pipe.zcard("cb:open")
            pipe.zrange("out:due", 0, SAMPLE - 1, withscores=True)
            pipe.info("memory")
            wrote, clock, moved, beats, shift, open_, out, memory = pipe.execute(raise_on_error=False)
    except (RedisError, OSError) as error:
        raise StoreDown(type(error).__name__) from None
    if isinstance(clock, Exception):
        raise StoreDown(str(clock).partition(" ")[0])
    seconds = clock[0] + clock[1] / 1e6
    offset = _number(moved) or 0.0 if kit.settings.hotline_env == "test" else 0.0
    worker, sweeper = beats if isinstance(beats, list) else (None, None)
    out = out if isinstance(out, list) else []
    return Look(
        write_error=str(wrote).partition(" ")[0] if isinstance(wrote, Exception) else "",
        now=seconds + offset,
        drift=(began + time.time()) / 2 - seconds,
        worker=_number(worker),
        sweeper=_number(sweeper),
        on_shift=shift if isinstance(shift, int) else None,
        open=open_ if isinstance(open_, int) else 0,
        next_out=out[0][1] if out else None,
        outbox=[oid.decode() for oid, _ in out],
        memory=memory if isinstance(memory, dict) else {},
    )


def readiness(kit: Kit) -> dict[str, Check]:
    """Every check by name. Answers within 2 s, also where the store does not."""
    began = time.monotonic()
    try:
        seen = look(kit)
    except StoreDown as error:
        return {name: _bad("unknown") for name in CHECKS} | {"redis_write": _bad(f"no answer ({error})")}
    checks = {
        "redis_write": _bad(f"the store refuses to write ({seen.write_error})")
        if seen.write_error
        else _good("written"),
        "durability": _bad("unknown"),
        "worker_beat": _beat(seen.worker, seen.now),
        "sweeper_beat": _beat(seen.sweeper, seen.now),
        "outbox": _bad("unknown"),
        "clock": Check(ok=abs(seen.drift) <= CLOCK_SECONDS, detail=f"{seen.drift:+.1f} s from the store's clock"),
        "on_shift": _good("unknown" if seen.on_shift is None else f"{seen.on_shift} on shift"),
        "memory": _memory(seen.memory),
        "ledger": _bad("unknown"),
    }
    for name, check in (("durability", _durability), ("outbox", _outbox), ("ledger", _ledger)):
        if time.monotonic() - began < PATIENCE_SECONDS:
            checks[name] = check(kit, seen)
    return checks


def outbox_age(kit: Kit, seen: Look) -> float:
    """Seconds for which the oldest entry of the outbox (of the next hundred) has waited; 0 where it is empty."""
    try:
        with kit.store.client.pipeline(transaction=False) as pipe:
            for oid in seen.outbox:
                pipe.hget(f"out:{oid}", "created_at")
            created = [at for at in map(_number, pipe.execute()) if at]
    except (RedisError, OSError) as error:
        raise StoreDown(type(error).__name__) from None
    return max(0.0, seen.now - min(created)) if created else 0.0


def _durability(kit: Kit, _: Look) -> Check:
    mode, trouble = kit.store.durability.mode, kit.store.durability.refresh()
    if trouble:
        return _bad(f"{mode}: {trouble}")
    return _good("memory: a promise may be lost when the server stops" if mode == "memory" else mode)


def _outbox(kit: Kit, seen: Look) -> Check:
    overdue = seen.now - seen.next_out if seen.next_out else 0.0
    if overdue > OUTBOX_SECONDS:
        return _bad(f"not picked up for {overdue:.0f} s")
    try:
        waiting = outbox_age(kit, seen)
    except StoreDown:
        return _bad("unknown")
    if waiting > WAITING_SECONDS:
        return _bad(f"not sent for {waiting:.0f} s: see what the carrier answers")
    return _good(f"{len(seen.outbox)} waiting")


def _ledger(kit: Kit, seen: Look) -> Check:
    try:
        if seen.open <= OPENED_NUMBERS:
            wrong = len(kit.ledger.check())
        else:
            wrong = len(kit.store.fcall("check", (), ("",))) // 2
    except (StoreDown, RedisError):
        return _bad("unknown")
    return _bad(f"{wrong} violations: flask --app bot ledger check names them") if wrong else _good(f"{seen.open} open")


def _beat(at: float | None, now: float) -> Check:
    if at is None:
        return _bad("never")
    return Check(ok=now - at <= BEAT_SECONDS, detail=f"{max(0.0, now - at):.1f} s ago")


def _memory(info: dict[str, Any]) -> Check:
    most, used = info.get("maxmemory"), info.get("used_memory")
    if not most or not used:
        return _good("no limit" if used else "the server does not tell")
    return Check(ok=used / most < MEMORY_SHARE, detail=f"{used / most:.0%} of its limit")


def _number(value: Any) -> float | None:
    try:
        return float(value)
    except (TypeError, ValueError):
        return None


def _good(detail: str) -> Check:
    return Check(ok=True, detail=detail)


def _bad(detail: str) -> Check:
    return Check(ok=False, detail=detail)
