"""Sixteen connections that post signed messages as fast as they are answered: by wrk where it is, else by our own loop.

Lives here: one run and its figures. Not here: the messages (residents.py).
"""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench.machine import HERE, ROOT

CONNECTIONS = 16


@dataclass(frozen=True)
class Figures:
    """One run. `bad`: answers other than 2xx or 3xx, and broken connections."""

    turns: int
    seconds: float
    p50_ms: float
    p99_ms: float
    bad: int

    @property
    def rate(self) -> float:
        return self.turns / self.seconds


def generator() -> str:
    return "wrk" if shutil.which("wrk") else "our own loop (install Debian's wrk for less noise)"


def run(port: int, requests: Path, seconds: float) -> Figures:
    """Load one server. Raises RuntimeError where the generator failed or ran out of requests."""
    url = f"http://127.0.0.1:{port}/sms"
    if shutil.which("wrk"):
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{round(seconds)}s", "-s", str(HERE / "wrk.lua"), url]
        command += ["--", str(requests)]
    else:
        command = [sys.executable, "-m", "bench.loop", str(port), str(requests), str(seconds)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    line = next((one for one in done.stdout.splitlines() if one.startswith("FIGURES ")), "")
    if not line:
        raise RuntimeError(f"the load generator failed: {(done.stderr or done.stdout).strip()[-200:]}")
    turns, micros, p50, p99, wrong, broken = map(float, line.split()[1:])
    return Figures(int(turns), micros / 1e6, p50, p99, int(wrong + broken))
