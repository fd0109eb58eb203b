"""The figures of /metrics, read from the store when Prometheus asks. Labels are words of ours: they name nobody.

Lives here: the collector. Not here: who counts (store/lua, workers/counters).
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from workers.health import Look, look, outbox_age
from workers.jobs import Kit
from workers.records import OPEN
from workers.store import StoreDown

BATCH = 1000


def render(kit: Kit) -> bytes:
    """Prometheus' text format. A store that is away is a figure too: hotline_store_up 0."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Figures(kit))
    return generate_latest(registry)


class Figures(Collector):
    """One scrape: reads everything first, so that it is all there or only hotline_store_up 0."""

    def __init__(self, kit: Kit):
        self._kit = kit

    def describe(self) -> list[Metric]:
        return []

    def collect(self) -> Iterator[Metric]:
        try:
            seen = look(self._kit)
            found = [*self._beats(seen), *self._callbacks(seen), self._events()]
        except (StoreDown, RedisError):
            yield _gauge("hotline_store_up", "Whether the store answers.", 0)
            return
        yield _gauge("hotline_store_up", "Whether the store answers.", 1)
        yield from found

    def _beats(self, seen: Look) -> list[Metric]:
        trouble = self._kit.store.durability.refresh()
        found: list[Metric] = [
            _gauge(
                "hotline_durability_ok", "Whether a promise would survive what PROMISE_DURABILITY names.", not trouble
            ),
            _gauge("hotline_store_writes", "Whether the store takes writes.", not seen.write_error),
            _gauge("hotline_on_shift", "Staff on shift now.", seen.on_shift or 0),
            _gauge("hotline_clock_offset_seconds", "This host's clock less the store's.", seen.drift),
            _gauge(
                "hotline_outbox_age_seconds",
                "How long the oldest unsent message or ring waits.",
                outbox_age(self._kit, seen),
            ),
        ]
        for name, at in (("worker", seen.worker), ("sweeper", seen.sweeper)):
            if at is not None:
                found.append(
                    _gauge(f"hotline_{name}_beat_age_seconds", f"Since a {name} was last alive.", seen.now - at)
                )
        most, used = seen.memory.get("maxmemory"), seen.memory.get("used_memory")
        if most and used:
            found.append(_gauge("hotline_store_memory_ratio", "Share of the store's memory limit in use.", used / most))
        return found

    def _callbacks(self, seen: Look) -> list[Metric]:
        by_status, oldest, overdue = Counter(dict.fromkeys(OPEN, 0)), seen.now, 0
        for status, requested, due, attempted in self._open():
            by_status[status] += 1
            oldest = min(oldest, requested)
            overdue += due < seen.now and not attempted
        open_ = GaugeMetricFamily("hotline_callbacks_open", "Callbacks that are not closed.", labels=["status"])
        for status in OPEN:
            open_.add_metric([status], by_status[status])
        return [
            open_,
            _gauge("hotline_callbacks_overdue", "Open callbacks past their time without an attempt.", overdue),
            _gauge("hotline_callback_oldest_seconds", "Age of the oldest open callback.", seen.now - oldest),
        ]

    def _open(self) -> Iterator[tuple[str, float, float, bool]]:
        client: Any = self._kit.store.client
        ids = client.zrange("cb:open", 0, -1)
        for first in range(0, len(ids), BATCH):
            with client.pipeline(transaction=False) as pipe:
                for one in ids[first : first + BATCH]:
                    pipe.hmget(b"cb:" + one, "status", "requested_at", "due_at", "first_attempt_at")
                for status, requested, due, attempted in pipe.execute():
                    if status and requested and due:
                        yield status.decode(), float(requested), float(due), bool(attempted)

    def _events(self) -> Metric:
        family = CounterMetricFamily("hotline_events", "What has happened, ever.", labels=["event"])
        counted: dict[bytes, bytes] = self._kit.store.client.hgetall("count")
        for name, n in sorted(counted.items()):
            family.add_metric([name.decode("utf-8", "replace")], float(n))
        return family


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=float(value))
