"""Runs the desk phone: `python -m bot.simulator`, on SIMULATOR_PORT (default 8001), for this machine alone.

HOTLINE_TARGET is where webhooks go, by default the web process on this machine. Not here: the page itself (page.py).
"""

import os
from threading import Event

from bot.simulator.page import create_company, create_simulator
from workers.settings import load_settings


def main() -> None:
    """Serve until interrupted."""
    settings = load_settings()
    company = create_company(settings, os.environ.get("HOTLINE_TARGET"))
    try:
        app = create_simulator(settings, company=company)
    except RuntimeError as error:
        raise SystemExit(str(error)) from None
    address = company.serve(int(os.environ.get("SIMULATOR_PORT", "8001")), app)
    print(f"Desk phone: {address}", flush=True)
    try:
        Event().wait()
    except KeyboardInterrupt:
        company.close()


if __name__ == "__main__":
    main()
