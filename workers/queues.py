"""RQ, as this project uses it: one queue, JSON, ids only, nothing kept.

Lives here: the queue by name and how a nudge is put on it. A worker that listens to two queues loses jobs when it is
killed (rq/rq#1716), so there is one.
"""

from typing import Any

from redis.exceptions import RedisError
from rq import Queue
from rq.serializers import JSONSerializer

from workers.store.client import Client

QUEUE = "hotline"
JOB_SECONDS = 20
FAILURE_KEPT_SECONDS = 3600
NUDGE_SECONDS = 30  # an older nudge is not run: the sweeper has nudged again


def queue(client: Client) -> Queue:
    return Queue(QUEUE, connection=client, serializer=JSONSerializer, default_timeout=JOB_SECONDS)


def nudge(to: Queue, job: str, *ids: Any, first: bool = False) -> bool:
    """Put a job on the queue. Its arguments are ids, never content. False where the store did not take it.

    Not `unique`: the record of a job whose worker was killed would keep its id, and block the next nudge, for minutes.
    A doubled nudge does nothing (jobs.py); a lost one is derived again from the outbox.
    """
    try:
        to.enqueue(
            f"workers.jobs.{job}",
            *ids,
            at_front=first,
            result_ttl=0,
            failure_ttl=FAILURE_KEPT_SECONDS,
            ttl=NUDGE_SECONDS,
            description="",
        )
    except RedisError:
        return False
    return True
