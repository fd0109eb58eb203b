"""The web process: granian serving the application on PORT, with WEB_CONCURRENCY worker processes.

Lives here: the server's settings. Granian was measured against gunicorn in bench/.
"""

import gc

from granian import Granian
from granian.constants import Interfaces

from workers.logs import configure
from workers.settings import load_settings

THREADS = 4  # of each process: enough to overlap the store's fsyncs


def main() -> None:
    configure()
    settings = load_settings()  # a bad setting stops the start here, with its name
    Granian(
        "bot.serve:app",
        factory=True,
        interface=Interfaces.WSGI,
        address="0.0.0.0",
        port=settings.port,
        workers=settings.web_concurrency,
        blocking_threads=THREADS,
        respawn_failed_workers=True,
        log_access=False,
        websockets=False,
        backlog=1024,
    ).serve()


def app() -> object:
    """What each worker process serves."""
    configure()
    from bot import create_app
    from workers import counters

    made = create_app()
    counters.start(made.extensions["hotline"].store)
    gc.freeze()  # what is loaded by now stays: looking through it again and again would hold up a reply for 80 ms
    return made


if __name__ == "__main__":
    main()
