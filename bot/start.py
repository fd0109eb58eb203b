"""Starts one process of the Procfile: `python3 -m bot.start web|worker|sweeper`.

Standard library only: where the project's own virtual environment is beside it, that Python takes over, so that
`.venv/bin/honcho start` works whatever `python3` is on the path.
"""

import os
import runpy
import sys
from pathlib import Path

PROCESSES = {"web": "bot.serve", "worker": "workers.worker", "sweeper": "workers.sweeper", "simulator": "bot.simulator"}
OURS = Path(__file__).resolve().parent.parent / ".venv"


def main() -> None:
    if len(sys.argv) != 2 or sys.argv[1] not in PROCESSES:
        raise SystemExit(f"usage: python3 -m bot.start {'|'.join(PROCESSES)}")
    python = OURS / "bin/python"
    if python.exists() and Path(sys.prefix).resolve() != OURS.resolve():
        os.execv(python, [str(python), "-m", "bot.start", sys.argv[1]])
    runpy.run_module(PROCESSES[sys.argv[1]], run_name="__main__")


if __name__ == "__main__":
    main()
