"""The peers' packages, installed into bench/work on demand and apart from the hotline's own.

Lives here: installing, and why something is missing. Not here: the programs (programs/).
"""

import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import cache

from bench.machine import HERE, PROGRAMS, WORK

PYTHON, NODE = WORK / "python", WORK / "node"
INSTALL_SECONDS = 600


def _run(*command: str) -> str:
    """'' or the last thing that a failing command said."""
    try:
        done = subprocess.run(command, cwd=WORK, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return type(error).__name__
    said = [line for line in (done.stderr or done.stdout).strip().splitlines() if "WARNING" not in line]
    return "" if done.returncode == 0 else (said[-1][:120] if said else "it failed")


def _install(mark: str, *commands: tuple[str, ...]) -> str:
    """Run commands once; a file remembers that they went well."""
    done = WORK / mark
    if done.exists():
        return ""
    WORK.mkdir(exist_ok=True)
    for command in commands:
        if why := _run(*command):
            return why
    done.touch()
    return ""


@cache
def python() -> str:
    """Install the peers in Python; '' or why they are skipped."""
    print("  installing peers in Python (once)…" if not (WORK / "python.done").exists() else "", end="", flush=True)
    requirements = str(HERE / "requirements.txt")
    pip = (
        str(PYTHON / "bin/python"),
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
        requirements,
    )
    why = _install("python.done", (sys.executable, "-m", "venv", str(PYTHON)), pip)
    return f"its packages could not be installed: {why}" if why else ""


@cache
def node() -> str:
    """Install the peers in Node; '' or why they are skipped."""
    missing = [name for name in ("node", "npm") if not shutil.which(name)]
    if missing:
        return f"{' and '.join(missing)} is not on this machine"
    NODE.mkdir(parents=True, exist_ok=True)
    shutil.copy(PROGRAMS / "package.json", NODE)
    npm = ("npm", "install", "--prefix", str(NODE), "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
    why = _install("node.done", npm)
    return f"its packages could not be installed: {why}" if why else ""


NEEDS: dict[str, Callable[[], str]] = {"": lambda: "", "python": python, "node": node}
