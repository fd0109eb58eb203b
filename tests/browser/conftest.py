"""A real browser in front of a real server. Skipped, with the reason, where there is no Chromium."""

import threading
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from tests.conftest import environment, free_port
from tests.console.builders import a_web_side
from workers.jobs import Kit
from workers.settings import load_settings
from workers.store.client import connect


@pytest.fixture
def address() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture
def kit(valkey_port: int, address: str) -> Iterator[Kit]:
    settings = load_settings(environment(valkey_port, PUBLIC_URL=address))
    connect(settings.redis_url).flushall()
    made = Kit(settings)
    made.store.load()
    made.store.beat("worker")
    made.store.beat("sweeper")
    yield made
    made.store.client.close()


@pytest.fixture
def server(kit: Kit, address: str) -> Iterator[str]:
    """The pages for people, served at their public address."""
    port = int(address.rpartition(":")[2])
    running = make_server("127.0.0.1", port, a_web_side(kit), threaded=True)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield address
    running.shutdown()
    thread.join()


@pytest.fixture
def faults() -> list[str]:
    """What the browser complained of: script errors, and anything that the security policy refused."""
    return []


@pytest.fixture
def page(chromium: Browser, server: str, faults: list[str]) -> Iterator[Page]:
    context = chromium.new_context(base_url=server, viewport={"width": 1280, "height": 860})
    shown = context.new_page()
    shown.on("pageerror", lambda error: faults.append(str(error)))
    shown.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield shown
    context.close()
