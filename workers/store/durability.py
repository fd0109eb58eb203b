"""Would a promise survive? What PROMISE_DURABILITY demands of the server, looked at again every second (replica: five).

`aof` needs `appendonly yes` and `appendfsync always`: under `everysec` even WAITAOF acknowledges too early
(redis/redis#13793). `replica` needs a replica that answers WAIT. `memory` needs nothing and is refused in production.
"""

import time
from collections.abc import Callable

from redis.exceptions import ConnectionError, RedisError, TimeoutError

from workers.store.client import Client

FRESH_SECONDS = {"aof": 1.0, "replica": 5.0, "memory": 60.0}


class Durability:
    """Keeps the last look at the server. `trouble` is '' where promises may be made, else what is wrong, in words."""

    def __init__(self, client: Client, mode: str):
        self._client, self.mode = client, mode
        self.trouble = "not looked at yet"
        self._looked_at = 0.0

    def is_stale(self) -> bool:
        return time.monotonic() - self._looked_at > FRESH_SECONDS[self.mode]

    def refresh(self) -> str:
        """Look again. Raises ConnectionError, TimeoutError: who can't reach the server need not wait for it twice."""
        looks: dict[str, Callable[[], str]] = {
            "aof": self._look_at_aof,
            "replica": self._look_at_replicas,
            "memory": lambda: "",
        }
        try:
            self.trouble = looks[self.mode]()
        except (ConnectionError, TimeoutError):
            self.trouble = "the server does not answer"
            raise
        except RedisError as error:
            self.trouble = f"the server does not tell its durability ({type(error).__name__})"
        self._looked_at = time.monotonic()
        return self.trouble

    def _look_at_aof(self) -> str:
        with self._client.pipeline(transaction=False) as pipe:
            pipe.config_get("append*")
            pipe.info("persistence")
            config, info = pipe.execute()
        config = {_s(k): _s(v) for k, v in config.items()}
        if config.get("appendonly") != "yes":
            return "the server keeps no append-only file: set appendonly yes"
        if config.get("appendfsync") != "always":
            return f"appendfsync is {config.get('appendfsync')}: it must be always"
        if info.get("aof_last_write_status", "ok") != "ok":
            return "the server could not write its append-only file"
        return ""

    def _look_at_replicas(self) -> str:
        with self._client.pipeline(transaction=False) as pipe:
            pipe.set("probe:wait", "1", ex=60)
            pipe.execute_command("WAIT", 1, 300)
            _, copies = pipe.execute()
        return "" if int(copies) >= 1 else "no replica confirmed a write within 0.3 s"


def _s(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
