"""The phone company: its handsets, its records, the clock, and the faults it shows on request.

Not here: its REST API (rest.py), the course of a call (call.py), the web page (page.py).
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Literal

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from bot.simulator import rest, texting
from bot.simulator.call import Call
from bot.simulator.handset import Handset
from bot.simulator.records import Fault, Message, Params, RestRequest
from bot.simulator.webhooks import Backlog, Deliver, Webhooks, over_http

FAULTS = ("429", "500", "20003", "hang", "accepted_then_cut", "slow")
CREATING_FAULTS = frozenset({"accepted_then_cut"})


class _Quiet(WSGIRequestHandler):
    """Logs no requests: their addresses hold phone numbers, and the page asks often."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class Company:
    """A phone company with one account, whose numbers belong to the hotline.

    `deliver(path_with_query, params, headers) -> (status, body)` carries the signed webhooks; by default they are
    posted to `target` (default: `public_url`). Signatures are always over `public_url`. `clock` gives aware UTC.

    `messages` and `calls` are what the hotline created over REST, in order; `requests` is all that it asked;
    `received` are the texts people sent, `replies` those in TwiML. `debugger` lists what Twilio's would complain of.
    With `manual` set, everything that happens later (ringing, status callbacks) happens in `settle()`.
    With `timed` set, a phone that nobody answers stops ringing by itself, as the hotline asked.
    """

    voice_path, voice_status_path, sms_path = "/voice", "/voice/status", "/sms"

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        public_url: str,
        sms_number: str,
        voice_number: str,
        deliver: Deliver | None = None,
        *,
        target: str | None = None,
        more_numbers: tuple[str, ...] = (),
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.account_sid, self.auth_token = account_sid, auth_token
        self.sms_number, self.voice_number = sms_number, voice_number
        self.numbers = frozenset({sms_number, voice_number, *more_numbers})
        self.clock = clock
        self.webhooks = Webhooks(auth_token, public_url, deliver or over_http(target or public_url), clock)
        self.backlog = Backlog()
        self.timed = False
        self.hang_seconds, self.slow_seconds = 15.0, 2.0
        self.messages: list[Message] = []
        self.calls: list[Call] = []
        self.replies: list[Message] = []
        self.received: list[Message] = []
        self.requests: list[RestRequest] = []
        self.debugger: deque[str] = deque(maxlen=500)
        self.handsets: dict[str, Handset] = {}
        self.closing = threading.Event()
        self._all_messages: dict[str, Message] = {}
        self._all_calls: dict[str, Call] = {}
        self._faults: list[Fault] = []
        self._lock = threading.Lock()
        self._server: BaseWSGIServer | None = None

    # -- people

    def phone(self, number: str) -> Handset:
        """The handset with this number, made on first use."""
        with self._lock:
            return self.handsets.setdefault(number, Handset(self, number))

    def post(
        self, path: str, params: Params, signature: str | Literal[False] | None = None, **headers: str
    ) -> tuple[int, str]:
        """Post raw `params` to the hotline: (status, body). `signature`: None is right, False is none, a text is sent.

        `headers` are added, with `_` for `-`. What comes back is not acted on.
        """
        return self.webhooks.post(path, params, signature, **headers)

    # -- time

    @property
    def manual(self) -> bool:
        """Whether callbacks wait for `settle()` rather than go out on threads."""
        return self.backlog.manual

    @manual.setter
    def manual(self, value: bool) -> None:
        self.backlog.manual = value

    def settle(self, seconds: float = 10.0) -> None:
        """Let everything happen that is due, until nothing is; TimeoutError after `seconds`."""
        self.backlog.settle(seconds)

    def release_scheduled(self, now: datetime | None = None) -> list[Message]:
        """Send the scheduled messages whose time has come by `now` (default: the clock); returns them."""
        moment = now or self.clock()
        with self._lock:
            due = [m for m in self.messages if m.status == "scheduled" and m.send_at and m.send_at <= moment]
            for message in due:
                message.status = "queued"
        for message in due:
            texting.dispatch(self, message)
        return due

    # -- faults

    def fail_next(self, kind: str, times: int = 1, method: str | None = None, path: str | None = None) -> None:
        """Make the next `times` REST requests fail, of those with this `method` and with `path` in their path.

        `429` and `500` and `20003` answer so; `hang` keeps the connection for `hang_seconds` and drops it;
        `slow` answers after `slow_seconds`; `accepted_then_cut` does what was asked, then drops the connection
        (POST only, unless said otherwise).
        """
        if kind not in FAULTS:
            raise ValueError(f"a fault is one of {FAULTS}, not {kind!r}")
        if kind in CREATING_FAULTS and method is None:
            method = "POST"
        with self._lock:
            self._faults.append(Fault(kind, times, method, path))

    def heal(self) -> None:
        """Forget the faults that are still to come."""
        with self._lock:
            self._faults.clear()

    @property
    def faults(self) -> list[tuple[str, int]]:
        """The faults still to come, as (kind, times)."""
        return [(fault.kind, fault.times) for fault in self._faults]

    def take_fault(self, method: str, path: str) -> str | None:
        """The fault that this request shall show, if any; it is used up."""
        with self._lock:
            for fault in self._faults:
                if fault.fits(method, path):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._faults.remove(fault)
                    return fault.kind
        return None

    def complain(self, what: str) -> None:
        """Note what Twilio's debugger would show."""
        self.debugger.append(what)

    # -- records

    def keep(self, message: Message) -> bool:
        """File a message under its sid and its direction; False where there is one with this sid already."""
        with self._lock:
            if message.sid in self._all_messages:
                return False
            self._all_messages[message.sid] = message
            {"inbound": self.received, "outbound-reply": self.replies}.get(message.direction, self.messages).append(
                message
            )
            return True

    def forget(self, sid: str) -> bool:
        """Delete a message's record; False where there is none. `messages` keeps it for tests, redacted."""
        with self._lock:
            message = self._all_messages.pop(sid, None)
        if message is None:
            return False
        message.body, message.redacted = "", True
        return True

    def message(self, sid: str) -> Message | None:
        """The message with this sid, sent or received."""
        return self._all_messages.get(sid)

    def every_message(self) -> list[Message]:
        """All messages on record, newest first."""
        with self._lock:
            return list(reversed(self._all_messages.values()))

    def find_call(self, sid: str) -> Call | None:
        """The call with this sid, whoever made it."""
        return self._all_calls.get(sid)

    def every_call(self) -> list[Call]:
        """All calls, newest first."""
        with self._lock:
            return list(reversed(self._all_calls.values()))

    def new_call(self, direction: str, from_: str, to: str, handset: Handset, **more: Any) -> Call:
        """A call on `handset`, filed under its sid."""
        call = Call(self, direction, from_, to, handset, **more)
        with self._lock:
            self._all_calls[call.sid] = call
            handset.calls.append(call)
            if direction == "outbound-api":
                self.calls.append(call)
        return call

    # -- the REST API

    def rest_app(self) -> Flask:
        """The REST API as a Flask app: `/2010-04-01/Accounts/…`."""
        app = Flask("phone_company")
        app.register_blueprint(rest.create_rest(self))
        return app

    def serve(self, port: int = 0, app: Flask | None = None) -> str:
        """Run the REST API (or `app`) on this machine alone, in a thread; returns its address. Port 0 is any free."""
        server = make_server("127.0.0.1", port, app or self.rest_app(), threaded=True, request_handler=_Quiet)
        self._server = server
        threading.Thread(target=lambda: server.serve_forever(0.02), name="phone-company-rest", daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}"

    def close(self) -> None:
        """Stop the server, wake what hangs, drop what was still to come."""
        self.closing.set()
        self.backlog.close()
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None
