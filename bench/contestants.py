"""Everything whose turns are counted: the ceiling, the hotline, the peers; each as one process.

Lives here: how each is started on a free port. Not here: loading it (turns.py).
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from bench.hotline import Hotline, hotline, valkey, web
from bench.machine import PROGRAMS, free_port, running, wait_for
from bench.peers import NODE, PYTHON
from bench.residents import ACCOUNT, PUBLIC, TOKEN

GUNICORN = ("-m", "gunicorn", "-w", "1", "--chdir", str(PROGRAMS))


@dataclass(frozen=True)
class Contestant:
    """`needs`: whose packages ('', python or node). `dialogue`: of residents.DIALOGUES. `server`: of the hotline."""

    name: str
    does: str
    dialogue: str = "number"
    needs: str = ""
    command: Callable[[int], list[str]] | None = None
    server: str = ""


@dataclass(frozen=True)
class Started:
    """One that answers on `port`; `group`: its processes, whose CPU is counted."""

    port: int
    group: int
    hotline: Hotline | None


def _bare_granian(port: int) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1", "--blocking-threads", "4"]
    return [*command, "--no-ws", "--port", str(port), "--working-dir", str(PROGRAMS), "bare:app"]


CONTESTANTS = (
    Contestant(
        "bare Flask, gunicorn sync",
        "signature, constant answer: the ceiling",
        command=lambda port: [sys.executable, *GUNICORN, "-b", f"127.0.0.1:{port}", "bare:app"],
    ),
    Contestant("bare Flask, granian", "signature, constant answer", command=_bare_granian),
    Contestant("hotline, granian", "everything, as the Procfile starts it", "ones", server="granian"),
    Contestant("hotline, gunicorn gthread ×4", "everything", "ones", server="gthread"),
    Contestant("hotline, gunicorn sync", "everything", "ones", server="sync"),
    Contestant(
        "Flask + transitions, gunicorn sync",
        "signature, session in Redis",
        needs="python",
        command=lambda port: [str(PYTHON / "bin/python"), *GUNICORN, "-b", f"127.0.0.1:{port}", "transitions_bot:app"],
    ),
    Contestant(
        "Bot Framework for Python, aiohttp",
        "signature, session in memory",
        needs="python",
        command=lambda port: [str(PYTHON / "bin/python"), str(PROGRAMS / "framework_bot.py"), str(port)],
    ),
    Contestant(
        "Express + twilio, node",
        "signature, session in Redis",
        needs="node",
        command=lambda _: ["node", str(PROGRAMS / "express_bot.js")],
    ),
    Contestant(
        "Botkit + its Twilio adapter, node",
        "signature, session in memory",
        needs="node",
        command=lambda _: ["node", str(PROGRAMS / "botkit_bot.js")],
    ),
)


@contextmanager
def started(one: Contestant) -> Iterator[Started]:
    """It, with a store of its own, for the length of a block."""
    with ExitStack() as stack:
        if one.server:
            whole = stack.enter_context(hotline())
            port, process = stack.enter_context(web(whole.env, one.server))
            yield Started(port, process.pid, whole)
            return
        store, port = stack.enter_context(valkey(durable=False)), free_port()
        env = {
            "PUBLIC_URL": PUBLIC,
            "TWILIO_ACCOUNT_SID": ACCOUNT,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "REDIS_URL": f"redis://127.0.0.1:{store}/0",
            "PORT": str(port),
            "NODE_PATH": str(NODE / "node_modules"),
            "NODE_ENV": "production",
        }
        assert one.command
        process = stack.enter_context(running("-".join(one.name.lower().split()), one.command(port), env))
        wait_for(port, process)
        yield Started(port, process.pid, None)
