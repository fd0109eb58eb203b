"""Logs: one JSON line an event, on standard output, with ids and words of ours only.

Lives here: an allow-list of what may be logged, and a second net that masks digits. Not here: counters (bot/health).
"""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "what",
        "callback",
        "error",
        "step",
        "channel",
        "outcome",
        "ms",
        "route",
        "status",
        "staff",
        "process",
        "detail",
        "reason",
        "place",
        "port",
        "code",
    }
)
DIGITS = re.compile(r"\d(?:[\s().-]*\d){6,}")
logger = structlog.get_logger("hotline")


def only_allowed(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drop every key that is not allowed; mask runs of seven digits or more, except in ids of ours."""
    kept: dict[str, Any] = {}
    for key, value in event.items():
        if key in ALLOWED:
            text = value if isinstance(value, (int, float, bool)) or value is None else str(value)[:200]
            kept[key] = (
                DIGITS.sub("…", text) if isinstance(text, str) and key not in ("callback", "timestamp") else text
            )
    return kept


class _Masking(logging.Filter):
    """Libraries log through the standard module: their messages are masked and lose their arguments and traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = DIGITS.sub("…", record.getMessage())[:300], ()
        if record.exc_info and record.exc_info[0]:
            record.msg += f" [{record.exc_info[0].__name__}]"
        record.exc_info, record.exc_text, record.stack_info = None, None, None
        return True


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps({"level": record.levelname.lower(), "event": record.name, "detail": record.getMessage()})


def configure() -> None:
    """Set up both structlog and the standard module. Call once at the start of a process."""
    handler = logging.StreamHandler(sys.stdout)
    handler.addFilter(_Masking())
    handler.setFormatter(_Json())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stdout),
        cache_logger_on_first_use=True,
    )
