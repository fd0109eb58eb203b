"""Connections to Valkey or Redis. The one place where a client is made, and the limits it is made with.

A commit must never be repeated by the client library: its reply may be lost after it was done (redis-py 8 repeats every
command ten times by default).
"""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from redis.sentinel import Sentinel

CONNECT_SECONDS = 0.5
READ_SECONDS = 1.0
Client = Any  # redis-py's own types mix its blocking and its asynchronous client, and text with bytes


def connect(url: str, once: bool = True, read_seconds: float | None = READ_SECONDS) -> Client:
    """A client for `redis://`, `rediss://` or `redis+sentinel://host:port,host:port/service/db`.

    `once`: a command is sent at most once and fails within about 1.5 s; RQ's own connection passes False.
    """
    options: dict[str, Any] = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": read_seconds}
    if once:
        options["retry"] = Retry(NoBackoff(), 0)
    if url.startswith("redis+sentinel://"):
        return _by_sentinel(url, options)
    if url.startswith("rediss://") and "ssl_cert_reqs" not in parse_qs(urlsplit(url).query):
        # Heroku's key-value stores sign their own certificates; add ?ssl_cert_reqs=required where yours is signed.
        options["ssl_cert_reqs"] = "none"
    return Redis.from_url(url, **options)


def _by_sentinel(url: str, options: dict[str, Any]) -> Client:
    parts = urlsplit(url)
    hosts, path = parts.netloc.rpartition("@")[2], parts.path.strip("/").split("/")
    sentinels = [(host.rpartition(":")[0], int(host.rpartition(":")[2])) for host in hosts.split(",")]
    login: dict[str, Any] = {}
    if "@" in parts.netloc:
        login = {"username": unquote(parts.username or "") or None, "password": unquote(parts.password or "") or None}
    service, db = path[0], int(path[1]) if len(path) > 1 else 0
    # A Sentinel on the dead primary's host is the usual case: without this its ten retries hold every webhook.
    ask = {"socket_connect_timeout": CONNECT_SECONDS, "socket_timeout": CONNECT_SECONDS, "retry": Retry(NoBackoff(), 0)}
    watch = Sentinel(sentinels, sentinel_kwargs=ask, **login)
    client: Client = watch.master_for(service, db=db, **options)
    return client
