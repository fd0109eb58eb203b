"""A machine that runs the Procfile: its own Valkey, the phone company, every process as a process."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

from bot.simulator.company import Company
from tests.conftest import (
    ACCOUNT,
    API_TOKEN,
    PUBLIC,
    SMS_NUMBER,
    STAFF_PHONE,
    TOKEN,
    VOICE_NUMBER,
    environment,
    free_port,
    start_valkey,
)

ROOT = Path(__file__).resolve().parents[2]


def until(what, seconds: float = 20, every: float = 0.1):  # type: ignore[no-untyped-def]
    """The first true value of `what()`, or its last; waits at most `seconds`."""
    end = time.monotonic() + seconds
    while True:
        value = what()
        if value or time.monotonic() > end:
            return value
        time.sleep(every)


class Machine:
    """Starts, kills and asks. `company` is the phone company; `alex` is on shift."""

    def __init__(self, folder: Path, **settings: str):
        self.folder, self.port, self.store_port = folder, free_port(), free_port()
        self.company = Company(ACCOUNT, TOKEN, PUBLIC, SMS_NUMBER, VOICE_NUMBER, target=f"http://127.0.0.1:{self.port}")
        self.env = {
            **os.environ,
            **environment(
                self.store_port,
                TWILIO_API_URL=self.company.serve(),
                PORT=str(self.port),
                WEB_CONCURRENCY="2",
                **settings,
            ),
        }
        lines = (ROOT / "Procfile").read_text().splitlines()
        self.commands = dict(line.split(": ", 1) for line in lines if line)
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.start("valkey", *self.commands)
        staff = [sys.executable, "-m", "flask", "--app", "bot", "staff"]
        for words in (["add", "alex", "--phone", STAFF_PHONE, "--role", "supervisor"], ["on", "alex"]):
            subprocess.run([*staff, *words], cwd=ROOT, env=self.env, check=True, capture_output=True, timeout=30)
        self.alex = self.company.phone(STAFF_PHONE)
        assert until(lambda: self.ready() == 200), self.logs()

    def start(self, *names: str) -> None:
        for name in names:
            if name == "valkey":
                self.running[name] = start_valkey(self.store_port, str(self.folder))
                continue
            with open(self.folder / f"{name}.log", "ab") as log:
                self.running[name] = subprocess.Popen(
                    self.commands[name].split(), cwd=ROOT, env=self.env, stdout=log, stderr=log, start_new_session=True
                )

    def kill(self, *names: str, sign: int = signal.SIGKILL) -> None:
        for name in names:
            process = self.running.pop(name)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, sign) if name != "valkey" else process.send_signal(sign)
            process.wait(20)

    def ready(self) -> int:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/readyz", timeout=5).status_code
        except requests.RequestException:
            return 0

    def callbacks(self) -> list[dict]:
        answer = requests.get(
            f"http://127.0.0.1:{self.port}/api/callbacks", timeout=10, headers={"Authorization": f"Bearer {API_TOKEN}"}
        )
        return answer.json()["callbacks"]

    def texts_to(self, number: str) -> list[str]:
        return [m.body for m in self.company.messages if m.to == number]

    def rings_at(self, number: str) -> int:
        return sum(call.to == number for call in self.company.calls)

    def logs(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def stop(self) -> None:
        self.kill(*list(self.running))
        self.company.close()


@contextmanager
def a_machine(folder: Path, **settings: str) -> Iterator[Machine]:
    machine = Machine(folder, **settings)
    try:
        yield machine
    finally:
        machine.stop()
