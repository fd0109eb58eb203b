"""The store: every server-side function behind one method, on one client.

Lives here: how functions are called, the versioned library, the durability of a commit. Not here: what the
functions decide (lua/), or what is in a field (vault.py seals it before it comes here).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ReadOnlyError, RedisError, ResponseError

from workers.settings import Settings
from workers.store.client import Client, connect
from workers.store.durability import Durability
from workers.store.library import library


class StoreDown(Exception):
    """The store did not answer, or refused: nobody knows whether a write was done."""


class PromiseNotDurable(Exception):
    """The commit was done, but nobody confirmed that it would survive what PROMISE_DURABILITY names."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The four keys of a turn, made of keyed hashes: they name nobody."""

    session: str
    answer: str
    opt_out: str
    owner: str

    @property
    def all(self) -> tuple[str, str, str, str]:
        return ("s:" + self.session, "m:" + self.answer, "opt:" + self.opt_out, "own:" + self.owner)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What one read of the store says. Times are seconds since 1970 by the store's clock."""

    session: bytes | None
    answer: bytes | None  # sealed; b'' where it was given too long ago to be repeated
    opted_out: bool
    callback_id: str | None
    callback: tuple[str, ...]  # status, due_at, promised, late
    now: float
    on_shift: int
    worker_beat: float
    sweeper_beat: float


@dataclass(frozen=True, slots=True)
class Commit:
    """One turn to be stored, all or nothing. `verb`: '', request, update or withdraw."""

    version: str
    session: bytes
    answer: bytes
    redact: str = ""
    verb: str = ""
    callback_id: str = ""
    due_at: float = 0.0
    promised: bool = False
    opt: str = ""  # '', 'out' or 'in'
    fields: tuple[tuple[str, str | bytes], ...] = ()


def _text(value: bytes | None) -> str:
    return value.decode("utf-8", "replace") if value else ""


class Store:
    """Calls the hotline's functions. Every method may raise StoreDown."""

    def __init__(self, settings: Settings, client: Client | None = None):
        self.settings = settings
        self.client = client or connect(settings.redis_url)
        self.durability = Durability(self.client, settings.promise_durability)
        self._version, self._source = library(settings.hotline_env == "test")

    def load(self) -> None:
        """Put the functions of this version on the server. Old versions stay, for old code in a rolling deploy."""
        try:
            self.client.function_load(self._source, replace=True)
        except RedisError as error:
            raise StoreDown(type(error).__name__) from None

    def fcall(self, name: str, keys: Sequence[str] = (), args: Sequence[Any] = (), read_only: bool = False) -> Any:
        """Call one function. Where the server doesn't know it yet (new, emptied, failed over), load it first."""
        command = ("FCALL_RO" if read_only else "FCALL", f"{name}_{self._version}", len(keys), *keys, *args)
        try:
            return self.client.execute_command(*command)
        except ReadOnlyError:
            self.client.connection_pool.disconnect()  # a failover left us with a replica: ask anew who is the primary
            raise StoreDown("ReadOnlyError") from None
        except ResponseError as error:
            if "Function not found" not in str(error):
                raise StoreDown(str(error)[:80]) from None
        except RedisError as error:
            raise StoreDown(type(error).__name__) from None
        self.load()
        try:
            return self.client.execute_command(*command)
        except RedisError as error:
            raise StoreDown(type(error).__name__) from None

    def words(self, name: str, *args: Any) -> list[str]:
        """Call a function that answers a list of words (what staff do, the outbox)."""
        answer = self.fcall(name, (), args)
        return [_text(part) for part in answer] if isinstance(answer, list) else [_text(answer)]

    def read(self, keys: Keys) -> Snapshot:
        """Everything a turn needs, in one round trip; the server's durability rides along once a second."""
        if self.durability.is_stale():
            try:
                self.durability.refresh()
            except RedisError as error:
                raise StoreDown(type(error).__name__) from None
        session, answer, opted, cb, fields, now, on_shift, worker, sweeper = self.fcall(
            "read", keys.all, read_only=True
        )
        return Snapshot(
            session,
            answer,
            bool(opted),
            _text(cb) or None,
            tuple(_text(f) for f in fields),
            float(now),
            int(on_shift),
            float(worker or 0),
            float(sweeper or 0),
        )

    def commit(self, keys: Keys, turn: Commit) -> tuple[str, bytes]:
        """('done', b''), ('again', the sealed answer given before), ('lost', b'') or ('other', a callback's id).

        When it answers 'done' the turn is as durable as PROMISE_DURABILITY demands: under `appendfsync always` the
        server replies after its fsync. Raises PromiseNotDurable where a promise was stored but not confirmed.
        """
        args: list[Any] = [
            turn.version,
            turn.session,
            round(self.settings.session_hours * 3600),
            turn.answer,
            turn.redact,
            turn.verb,
            turn.callback_id,
            f"{turn.due_at:.3f}",
            "1" if turn.promised else "0",
            turn.opt,
            self.settings.retention_days * 86400,
        ]
        for name, value in turn.fields:
            args += (name, value)
        if turn.promised and self.settings.promise_durability == "replica":
            result = self._commit_and_wait(keys, args)
        else:
            result = self.fcall("commit", keys.all, args)
        return _text(result[0]), result[1] if len(result) > 1 else b""

    def _commit_and_wait(self, keys: Keys, args: list[Any]) -> list[bytes]:
        """WAIT speaks only for the connection that wrote: both go down one pipe."""
        try:
            with self.client.pipeline(transaction=False) as pipe:
                pipe.execute_command("FCALL", f"commit_{self._version}", 4, *keys.all, *args)
                pipe.execute_command("WAIT", 1, 700)
                result, copies = pipe.execute()
        except RedisError as error:
            raise StoreDown(type(error).__name__) from None
        if result[0] == b"done" and int(copies) < 1:
            raise PromiseNotDurable
        return list(result)

    def unpromise(self, keys: Keys, answer: bytes, callback_id: str) -> None:
        """Replace the kept answer of an unconfirmed promise by the truth, so that a repeat hears that too."""
        self.fcall("unpromise", (keys.all[1], keys.all[3]), (answer, callback_id))

    def now(self) -> float:
        """The store's clock, in seconds since 1970."""
        try:
            seconds, micros = self.client.time()
        except RedisError as error:
            raise StoreDown(type(error).__name__) from None
        moved = float(self.client.get("test:clock") or 0) if self.settings.hotline_env == "test" else 0.0
        return float(seconds) + float(micros) / 1e6 + moved

    def beat(self, who: str) -> None:
        """Say that a kind of process is alive, by the store's clock."""
        self.client.hset("beat", who, f"{self.now():.3f}")


def open_store(settings: Settings, patience_seconds: float = 0.0) -> Store:
    """A store with its functions loaded. Waits up to `patience_seconds` for a server that is starting."""
    store = Store(settings)
    end = time.monotonic() + patience_seconds
    while True:
        try:
            store.load()
            return store
        except StoreDown:
            if time.monotonic() >= end:
                return store
            time.sleep(0.2)
