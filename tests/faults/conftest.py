"""Each of these tests has a Valkey of its own, which may be killed, slowed or cut off."""

import signal
import subprocess
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import free_port, start_valkey
from tests.faults.proxy import Proxy
from tests.world import World
from workers import counters
from workers.jobs import Kit
from workers.store.client import connect


class Server:
    """A Valkey that can be killed and started again on the same port, with what it had on disk."""

    def __init__(self, folder: Path):
        self.port, self.folder = free_port(), folder
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.process = start_valkey(self.port, str(self.folder))

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    @property
    def client(self):  # type: ignore[no-untyped-def]
        """A connection of the test's own, past any proxy."""
        return connect(f"redis://127.0.0.1:{self.port}/0", read_seconds=10)

    def on_disk(self) -> bytes:
        return b"".join(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def proxy(server: Server) -> Iterator[Proxy]:
    made = Proxy(server.port)
    yield made
    made.close()


@pytest.fixture
def valkey_port(server: Server) -> int:
    return server.port


class SturdyWorld(World):
    """Its phone company has a clock of its own, and does not ask the hotline's store for the time."""

    waited = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(minutes=self.waited)

    def wait(self, minutes: float) -> None:
        super().wait(minutes)
        self.waited += minutes


@pytest.fixture
def world(kit: Kit, environ: dict[str, str]) -> Iterator[World]:
    made = SturdyWorld(kit, environ)
    made.alex = made.staff()
    yield made
    made.company.close()


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    seen: Counter[str] = Counter()
    monkeypatch.setattr(counters, "add", lambda name, n=1: seen.update({name: n}))
    return seen
