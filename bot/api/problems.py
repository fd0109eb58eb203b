"""Problem documents (RFC 9457): the only form in which the API says no.

Lives here: the refusals, and how errors become one. Not here: who may come in (gate), what is valid (shapes).
"""

import json
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from workers.ledger import Conflict, NotFound
from workers.logs import logger
from workers.records import rfc3339
from workers.store import StoreDown
from workers.vault import Unsealable

CODES = (400, 404, 405, 408, 413, 414, 415, 500, 501, 503)
KIND = "urn:hotline:problem:"


class Problem(Exception):
    """A refusal. `kind` is a word for programs ('' where the status says it all), `detail` a sentence for people."""

    def __init__(self, status: int, detail: str, kind: str = "", headers: dict[str, str] | None = None, **more: Any):
        super().__init__(detail)
        self.status, self.detail, self.kind, self.headers, self.more = status, detail, kind, headers or {}, more

    def response(self) -> Response:
        body = {
            "type": KIND + self.kind if self.kind else "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            **self.more,
        }
        return Response(
            json.dumps(body),
            self.status,
            {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **self.headers},
            content_type="application/problem+json",
        )


def from_http(error: HTTPException) -> Problem:
    """What Flask or Werkzeug refused (no such route, method, size…)."""
    status = error.code if error.code and error.code >= 400 else 404  # a redirect to a tidier address is no answer here
    headers = {}
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        headers["Allow"] = ", ".join(sorted(error.valid_methods))
    words = {
        404: "There is nothing at this address.",
        405: "This address does not take that method.",
        413: "The body is larger than 16 kB.",
        500: "Something broke. It has been logged.",
    }
    return Problem(
        status, words.get(status, HTTPStatus(status).description or "The request can't be understood."), headers=headers
    )


def from_conflict(error: Conflict) -> Problem:
    words = {
        "held": "Somebody else has it.",
        "stale": "The fence is outdated: it has changed hands since.",
        "unclaimed": "Nobody holds it: claim it first.",
    }
    kind = error.why if error.why in words else "over"
    detail = words.get(error.why, error.why[0].upper() + error.why[1:] + ".")
    return Problem(409, detail, kind, holder=error.holder or None, since=rfc3339(error.since))


def from_store(error: Exception) -> Problem:
    logger.warning("store_down", error=type(error).__name__, place="api")
    return Problem(
        503,
        "The store does not answer. A write may or may not have been done: read before you repeat it.",
        "store-down",
        {"Retry-After": "5"},
    )


def from_fault(error: Exception) -> Problem:
    logger.error("api_fault", error=type(error).__name__)
    return Problem(500, "Something broke. It has been logged.")


def install(blueprint: Blueprint) -> None:
    """Every way in which a view can fail, in one place."""
    handlers: dict[Any, Any] = {
        Problem: lambda error: error.response(),
        NotFound: lambda _: Problem(404, "There is no such callback.", "no-callback").response(),
        Conflict: lambda error: from_conflict(error).response(),
        StoreDown: lambda error: from_store(error).response(),
        RedisError: lambda error: from_store(error).response(),
        Unsealable: lambda _: Problem(
            500, "Its data was sealed with a key that DATA_KEY no longer has.", "sealed"
        ).response(),
        HTTPException: lambda error: from_http(error).response(),
        Exception: lambda error: from_fault(error).response(),
    }
    for code in CODES:
        handlers[code] = handlers[HTTPException]
    for what, handler in handlers.items():
        blueprint.register_error_handler(what, handler)
