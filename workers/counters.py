"""What this process saw, added to the store's counters every second: a forged request must not cost a write.

Lives here: adding up and flushing. Not here: what the ledger counts itself (store/lua).
"""

import os
import threading
from collections import Counter

from redis.exceptions import RedisError

from workers.store import Store

FLUSH_SECONDS = 1.0
MOST_NAMES = 200  # a name is one of ours; this bounds the damage where one is not


class Counters:
    """Adds in memory, flushes to the hash `count`. A crash loses at most a second; an outage keeps adding up."""

    def __init__(self) -> None:
        self._store: Store | None = None
        self.after_fork()

    def after_fork(self) -> None:
        """A child has none of its parent's threads, and must not count for it."""
        self._lock = threading.Lock()
        self._pending: Counter[str] = Counter()
        self._thread: threading.Thread | None = None

    def add(self, name: str, n: int = 1) -> None:
        """Count `n` more of `name`. Never raises, never waits for the store."""
        with self._lock:
            if name in self._pending or len(self._pending) < MOST_NAMES:
                self._pending[name] += n
            self._keep_running()

    def start(self, store: Store) -> None:
        """From now on, flush to this store. Called again, it flushes to the later one."""
        with self._lock:
            self._store = store
            self._keep_running()

    def _keep_running(self) -> None:
        if self._store is None or (self._thread and self._thread.is_alive()):
            return
        self._thread = threading.Thread(target=self._run, name="counters", daemon=True)
        try:
            self._thread.start()
        except RuntimeError:  # no more threads, or the interpreter is ending
            self._thread = None

    def _run(self) -> None:
        pause = threading.Event()
        while not pause.wait(FLUSH_SECONDS):
            self.flush()

    def flush(self) -> None:
        """Write what has come together. Where the store is away, it is kept for the next time."""
        with self._lock:
            store, taken, self._pending = self._store, self._pending, Counter()
        if not taken:
            return
        try:
            if store is None:
                raise RedisError
            with store.client.pipeline(transaction=True) as pipe:
                for name, n in taken.items():
                    pipe.hincrby("count", name, n)
                pipe.execute()
        except (RedisError, OSError):
            with self._lock:
                self._pending.update(taken)


_here = Counters()
add, start, flush = _here.add, _here.start, _here.flush
os.register_at_fork(after_in_child=_here.after_fork)
