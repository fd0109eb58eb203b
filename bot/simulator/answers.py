"""The JSON of the REST API: messages, calls, pages of them, errors, as Twilio writes them.

Not here: what a request does (resources.py).
"""

from __future__ import annotations

import json
import math
from datetime import datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import Response

from bot.simulator.records import Message

if TYPE_CHECKING:
    from bot.simulator.call import Call

JSON = dict[str, Any]


class ApiError(Exception):
    """A request is refused: HTTP `status`, Twilio's `code`, a sentence."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


def written(body: JSON, status: int = 200) -> Response:
    """`body` as a response."""
    return Response(json.dumps(body), status=status, content_type="application/json")


def error_body(error: ApiError) -> JSON:
    """An error as Twilio writes it."""
    more_info = f"https://www.twilio.com/docs/errors/{error.code}"
    return {"code": error.code, "message": error.message, "more_info": more_info, "status": error.status}


def message_json(account_sid: str, message: Message) -> JSON:
    """One message."""
    uri = f"/2010-04-01/Accounts/{account_sid}/Messages/{message.sid}.json"
    at_service = message.service_sid and message.status in ("accepted", "scheduled")
    return {
        "account_sid": account_sid,
        "api_version": "2010-04-01",
        "body": message.body,
        "date_created": _date(message.at),
        "date_sent": None if message.status in ("accepted", "queued", "scheduled") else _date(message.at),
        "date_updated": _date(message.at),
        "direction": message.direction,
        "error_code": message.error_code,
        "error_message": f"Error {message.error_code}" if message.error_code else None,
        "from": message.from_ or None,
        "messaging_service_sid": message.service_sid,
        "num_media": str(message.num_media),
        "num_segments": "0" if at_service else str(max(1, math.ceil(len(message.body) / 153))),  # roughly
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": message.status,
        "subresource_uris": {"media": uri.removesuffix(".json") + "/Media.json"},
        "to": message.to,
        "uri": uri,
    }


def call_json(account_sid: str, call: Call) -> JSON:
    """One call."""
    uri = f"/2010-04-01/Accounts/{account_sid}/Calls/{call.sid}.json"
    return {
        "account_sid": account_sid,
        "annotation": None,
        "answered_by": call.answered_by,
        "api_version": "2010-04-01",
        "caller_name": None,
        "date_created": _date(call.at),
        "date_updated": _date(call.ended_at or call.answered_at or call.at),
        "direction": call.direction,
        "duration": str(call.duration_seconds) if call.over else None,
        "end_time": _date(call.ended_at),
        "forwarded_from": None,
        "from": call.from_,
        "from_formatted": call.from_,
        "group_sid": None,
        "parent_call_sid": call.parent.sid if call.parent else None,
        "phone_number_sid": "",
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": _date(call.answered_at),
        "status": call.status,
        "subresource_uris": {},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": "",
        "uri": uri,
    }


def page_json(name: str, items: list[JSON], query: dict[str, str], path: str) -> JSON:
    """One page of `items` under `name`; `query` may hold PageSize (50, at most 1,000) and Page (from 0)."""
    size = min(1000, max(1, int(query.get("PageSize", 50))))
    page = max(0, int(query.get("Page", 0)))
    start = page * size

    def uri(number: int) -> str:
        return f"{path}?{urlencode({**query, 'PageSize': size, 'Page': number})}"

    return {
        name: items[start : start + size],
        "end": min(start + size, len(items)) - 1,
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1) if start + size < len(items) else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": uri(page - 1) if page else None,
        "start": start,
        "uri": uri(page),
    }


def _date(moment: datetime | None) -> str | None:
    """RFC 2822, as the 2010-04-01 API writes times."""
    return format_datetime(moment) if moment else None
