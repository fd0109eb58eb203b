"""The clock of the promise: takes what is due from the ledger and hands it to RQ. Any number may run, with no leader.

Lives here: the loop. Not here: what a step does (store/lua/4_time decides and writes it in one call).
"""

import signal
import threading
import time

from rq import Queue

from workers.logs import configure, logger
from workers.queues import nudge, queue
from workers.settings import Settings, load_settings
from workers.store import Store, open_store
from workers.store.client import connect

PAUSE_SECONDS = 0.15
BEAT_SECONDS = 2.0
AUDIT_SECONDS = 10.0
MOST_WAITING = 300  # jobs on the queue; above it one more tells nothing


def sweep(store: Store, to: Queue) -> int:
    """One round: every due step is decided, what is ready to go out is nudged. How many callbacks were due."""
    s = store.settings
    reminders = [minutes * 60 for minutes in s.reminder_minutes]
    found, outbox, redactions = store.fcall(
        "sweep", (), (s.promise_seconds, s.repage_minutes * 60, s.retention_days * 86400, *reminders)
    )
    if outbox or redactions:
        room = to.count < MOST_WAITING  # a long queue is worked off first: what is ready stays so, and is nudged again
        for outbox_id in outbox if room else ():
            nudge(to, "send", outbox_id.decode())
        for sid in redactions if room else ():
            nudge(to, "redact", sid.decode())
    return int(found)


def audit(store: Store) -> None:
    """A second, dumber look at the truth: a lost timer is mended, everything else is said."""
    answer = store.fcall("check", (), ("repair",))
    for what, callback_id in zip(answer[::2], answer[1::2], strict=True):
        logger.warning("ledger_violation", what=what.decode(), callback=callback_id.decode())
        store.client.hincrby("count", "ledger_violations", 1)


def run(settings: Settings, stop: threading.Event) -> None:
    """Sweep until `stop` is set. A store that is away is waited for."""
    store = open_store(settings, patience_seconds=30)
    to = queue(connect(settings.redis_url))
    next_beat = next_audit = 0.0
    while not stop.is_set():
        now = time.monotonic()
        try:
            if now >= next_beat:
                next_beat = now + BEAT_SECONDS
                if to.count < 2 * MOST_WAITING:
                    nudge(to, "beat", first=True)
            busy = sweep(store, to) >= 64
            if now >= next_audit:
                next_audit = now + AUDIT_SECONDS
                audit(store)
        except Exception as error:  # whatever it is, the clock goes on
            logger.warning("sweep_failed", error=type(error).__name__)
            busy = False
        stop.wait(0 if busy else PAUSE_SECONDS)


def main() -> None:
    configure()
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    run(load_settings(), stop)


if __name__ == "__main__":
    main()
