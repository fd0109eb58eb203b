"""The process that runs RQ's jobs.

Lives here: one SimpleWorker on one queue (a crash takes the process, and the process manager starts it again). It also
sweeps, so that one worker alone can keep every promise.
"""

import threading
import time

from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from workers import sweeper
from workers.logs import configure, logger
from workers.queues import queue
from workers.settings import load_settings
from workers.store.client import connect

WORKER_TTL_SECONDS = 25  # RQ waits for a job at most this long less 15 s, so that a lost connection is noticed soon
MAINTENANCE_SECONDS = 30


def main() -> None:
    configure()
    settings = load_settings()
    threading.Thread(target=sweeper.run, args=(settings, threading.Event()), daemon=True).start()
    stopped = False
    while not stopped:
        client = connect(settings.redis_url, once=False, read_seconds=WORKER_TTL_SECONDS)
        worker = SimpleWorker(
            [queue(client)],
            connection=client,
            serializer=JSONSerializer,
            worker_ttl=WORKER_TTL_SECONDS,
            maintenance_interval=MAINTENANCE_SECONDS,
            log_job_description=False,
        )
        worker.max_connection_wait_time = 1.0  # RQ's own is 60 s: too long without a beat once the store is back
        try:
            worker.work(with_scheduler=False, logging_level="WARNING")
            stopped = worker._stop_requested  # RQ also returns on a time-out of the store: then begin again
        except (RedisError, OSError) as error:
            logger.warning("store_down", error=type(error).__name__)
        time.sleep(0 if stopped else 0.5)


if __name__ == "__main__":
    main()
