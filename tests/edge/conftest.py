"""The hotline's edge over the real store, with somebody on shift and workers that are alive."""

from collections import Counter

import pytest

from bot.twilio import create_edge
from tests.edge.wire import FAR_AHEAD, Wire
from workers import counters
from workers.jobs import Kit


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What the processes of this test counted."""
    seen: Counter[str] = Counter()
    monkeypatch.setattr(counters, "add", lambda name, n=1: seen.update({name: n}))
    return seen


def open_for_promises(kit: Kit) -> None:
    kit.store.client.sadd("staff:on", "sam")
    kit.store.client.hset("beat", mapping={"worker": FAR_AHEAD, "sweeper": FAR_AHEAD})


@pytest.fixture
def wire(kit: Kit, counted: Counter[str]) -> Wire:
    open_for_promises(kit)
    return Wire(create_edge(kit), counted)
