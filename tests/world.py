"""A small world for stories: the real store, the real webhooks with real signatures, the phone company, a clock.

What a story does: people text and call through their handsets, time passes, staff act. What it checks: what each of
them read or heard, what stands in the queue, and that nothing else was sent.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.parse import urlsplit

from bot.simulator.company import Company
from bot.simulator.handset import Handset
from bot.twilio import create_edge
from tests.conftest import ACCOUNT, PUBLIC, SMS_NUMBER, STAFF_PHONE, TOKEN, VOICE_NUMBER
from workers.carrier import Carrier
from workers.jobs import Kit, deliver
from workers.records import Callback
from workers.settings import load_settings
from workers.sweeper import sweep

LIVE_LINE = "+16174310125"
ANA, ROSA = "+16175550107", "+16175550108"


class _Nudges:
    """Collects what the sweeper would put on RQ's queue."""

    def __init__(self) -> None:
        self.jobs: list[tuple[str, str]] = []

    count = 0

    def enqueue(self, job: str, *ids: str, **_: object) -> None:
        self.jobs.append((job.rpartition(".")[2], *ids))  # type: ignore[arg-type]


class World:
    """Everybody and everything of a story. `alex`: the staff member who is on shift from the start."""

    alex: Handset

    def __init__(self, kit: Kit, environ: dict[str, str]):
        self.company = Company(ACCOUNT, TOKEN, PUBLIC, SMS_NUMBER, VOICE_NUMBER, deliver=self._post, clock=self.now)
        self.company.manual = True
        kit.settings = load_settings({**environ, "TWILIO_API_URL": self.company.serve()})
        kit.store.settings = kit.settings
        kit.carrier = Carrier(kit.settings)
        self.kit = kit
        self.edge = create_edge(kit).test_client()
        self._nudges = _Nudges()
        self.kit.store.beat("worker")
        self.pump()

    def _post(self, path: str, params: dict, headers: dict) -> tuple[int, str]:
        answer = self.edge.post(path, data=params, headers=headers)
        return answer.status_code, answer.get_data(as_text=True)

    # People

    def resident(self, number: str = ANA) -> Handset:
        return self.company.phone(number)

    def staff(
        self, login: str = "alex", phone: str = STAFF_PHONE, role: str = "supervisor", on: bool = True
    ) -> Handset:
        self.kit.roster.add(login, phone, role)
        self.kit.roster.shift(login, on)
        return self.company.phone(phone)

    # Time

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.kit.store.now(), UTC) if hasattr(self, "kit") else datetime.now(UTC)

    def pump(self) -> None:
        """Let sweeper, workers and carrier do all that is due now."""
        for _ in range(20):
            self.kit.store.beat("worker")
            sweep(self.kit.store, self._nudges)  # type: ignore[arg-type]
            jobs, self._nudges.jobs = self._nudges.jobs, []
            for job, one in jobs:
                if job == "send":
                    deliver(self.kit, one)
                elif self.kit.carrier.redact(one):
                    self.kit.store.client.zrem("redact", one)
            self.company.settle()
            if not jobs:
                return

    def wait(self, minutes: float) -> None:
        """Time passes, a minute (or what is left of one) at a time, and everything due is done on the way."""
        while minutes > 0:
            step = min(1.0, minutes)
            self.kit.store.client.incrbyfloat("test:clock", step * 60)
            minutes -= step
            self.pump()

    # What stands in the queue

    def callbacks(self) -> list[Callback]:
        return self.kit.ledger.page().callbacks

    def callback(self) -> Callback:
        """The one open callback."""
        (one,) = self.callbacks()
        return one

    def clock(self, minutes_ahead: float = 0) -> str:
        """Boston's wall clock as people read it, now or some minutes ahead."""
        from datetime import timedelta

        from flows.words import clock

        return clock(self.now() + timedelta(minutes=minutes_ahead), "America/New_York")

    def bodies(self, handset: Handset) -> list[str]:
        """What the hotline texted to a handset of its own accord (not as replies)."""
        return [m.body for m in self.company.messages if m.to == handset.number]

    def rings(self, handset: Handset) -> int:
        return sum(1 for call in self.company.calls if call.to == handset.number)


@contextmanager
def a_world(kit: Kit, environ: dict[str, str]) -> Iterator[World]:
    world = World(kit, environ)
    try:
        yield world
    finally:
        world.company.close()


def path_of(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + ("?" + parts.query if parts.query else "")
