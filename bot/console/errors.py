"""What people see when something can't be done: a calm page, never a stack trace.

Lives here: the error pages of all pages for people. Not here: problem documents (bot/api), the safe answer
(bot/twilio).
"""

import traceback
from typing import Any

from flask import Flask, render_template, request
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from redis.exceptions import RedisError
from werkzeug.exceptions import HTTPException

from workers.logs import logger
from workers.store import StoreDown

WORDS = {
    400: ("That didn't work", "Something was missing from what the page sent. Go back, reload the page and try again."),
    403: ("Not for this account", "Your account can't do that. Ask a supervisor if you need it."),
    404: ("Not here", "There is no such page, or its details were deleted after their time."),
    405: ("Not that way", "This page can't be opened like that. Go back to the queue."),
    413: ("Too long", "That was more than a form may hold. Shorten the note and try again."),
    500: (
        "Our mistake",
        "Something broke on our side. Callbacks are safe: they are kept apart from this page. Try again.",
    ),
    429: ("Wait a little", "That was too many tries. Wait a few minutes."),
    503: (
        "One moment",
        "The hotline's memory doesn't answer; calls and texts still get the safe answer. Try again in a moment.",
    ),
}


def page(status: int, words: str = "", **headers: str) -> Any:
    """An error page that needs no store and knows nobody."""
    title, usual = WORDS.get(status, WORDS[400] if status < 500 else WORDS[500])
    staff = request.path.startswith("/staff")
    return render_template("console/error.html", title=title, words=words or usual, staff=staff), status, headers


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    for down in (StoreDown, RedisError):
        app.register_error_handler(down, _store_down)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(Exception, _unexpected)


def _http(error: HTTPException) -> Any:
    if error.response is not None:
        return error.response
    return page(error.code or 500)


def _store_down(error: Exception) -> Any:
    logger.warning("store_down", error=type(error).__name__, place="console")
    return page(503, **{"Retry-After": "5"})


def _forged(error: CSRFError) -> Any:
    return page(
        400,
        "This page was open for too long, or it was not ours. Nothing was changed. Go back to the queue and try again.",
    )


def _too_many(error: RateLimitExceeded) -> Any:
    words = "That was too many tries. Wait a few minutes, then try once more. A supervisor can help meanwhile."
    return page(429, words, **{"Retry-After": "60"})


def _unexpected(error: Exception) -> Any:
    frames = traceback.extract_tb(error.__traceback__)[-3:]  # places, never values
    places = " ".join(f"{frame.name}:{frame.lineno}" for frame in frames)
    logger.error("console_fault", error=type(error).__name__, detail=places)
    return page(500)
