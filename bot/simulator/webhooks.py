"""Signed webhooks: how they are signed, sent, retried once on a failed connection, and when.

Not here: what they say (parameters.py) or what is done with the answer (script.py, texting.py).
"""

from __future__ import annotations

import threading
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Literal
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict

from bot.simulator.records import Delivery, Params

Deliver = Callable[[str, Params, dict[str, str]], tuple[int, str]]

CONNECT_SECONDS, READ_SECONDS = 5.0, 15.0  # Twilio's own defaults
LOG_LENGTH = 2000


def over_http(target: str) -> Deliver:
    """A transport that posts to the server at `target`; a failed connection is tried once more, as Twilio does."""
    session = requests.Session()
    session.trust_env = False

    def deliver(path: str, params: Params, headers: dict[str, str]) -> tuple[int, str]:
        url = target.rstrip("/") + path
        for last in (False, True):
            try:
                answer = session.post(
                    url, data=params, headers=headers, timeout=(CONNECT_SECONDS, READ_SECONDS), allow_redirects=False
                )
            except requests.ConnectionError:
                if last:
                    return 0, ""
            except requests.RequestException:
                return 0, ""
            else:
                return answer.status_code, answer.content.decode("utf-8", "replace")
        return 0, ""

    return deliver


class Backlog:
    """Work for later: on a pool of threads, or, when `manual`, only when `settle` is called."""

    def __init__(self) -> None:
        self.manual = False
        self._queue: deque[Callable[[], object]] = deque()
        self._pool = ThreadPoolExecutor(max_workers=16, thread_name_prefix="phone-company")
        self._idle = threading.Condition()
        self._pending = 0
        self._errors: list[BaseException] = []
        self._closed = False

    def later(self, task: Callable[[], object]) -> None:
        """Run `task` soon, or on the next `settle`."""
        if self._closed:
            return
        if self.manual:
            self._queue.append(task)
            return
        with self._idle:
            self._pending += 1
        self._pool.submit(self._run, task)

    def settle(self, seconds: float = 10.0) -> None:
        """Run or await everything that is due, also what it brings about; raises what went wrong in it.

        `seconds` is how long to wait for the threads; TimeoutError afterwards.
        """
        while self._queue:
            self._queue.popleft()()
        with self._idle:
            if not self._idle.wait_for(lambda: self._pending == 0, seconds):
                raise TimeoutError(f"{self._pending} webhooks are still under way after {seconds} s")
            if self._errors:
                raise self._errors.pop(0)

    def close(self) -> None:
        """Drop what has not begun."""
        self._closed = True
        self._queue.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _run(self, task: Callable[[], object]) -> None:
        try:
            task()
        except BaseException as error:  # kept for settle(): a thread has nobody to raise to
            self._errors.append(error)
        finally:
            with self._idle:
                self._pending -= 1
                self._idle.notify_all()


class Webhooks:
    """Signs what the company sends to the hotline and keeps a log of it."""

    def __init__(self, auth_token: str, public_url: str, deliver: Deliver, clock: Callable[[], datetime]) -> None:
        self.public_url = public_url.rstrip("/")
        self.log: deque[Delivery] = deque(maxlen=LOG_LENGTH)
        self._validator = RequestValidator(auth_token)
        self._deliver = deliver
        self._clock = clock

    def absolute(self, url: str, base: str = "") -> str:
        """`url` as the TwiML at `base` means it (absolute; without `base`, a path on the hotline)."""
        return urljoin(base or self.public_url + "/", url.strip())

    def path_of(self, url: str) -> str | None:
        """The path and query that `url` has on the hotline, without the fragment; None for another server."""
        parts = urlsplit(url)
        bare = urlunsplit((parts.scheme, parts.netloc, parts.path, parts.query, ""))
        if bare == self.public_url:
            return "/"
        if not bare.startswith((self.public_url + "/", self.public_url + "?")):
            return None
        return bare.removeprefix(self.public_url)

    def signature(self, path: str, params: Params) -> str:
        """What Twilio would put into X-Twilio-Signature for a POST of `params` to `path` (query included)."""
        return str(self._validator.compute_signature(self.public_url + path, MultiDict(params)))

    def post(
        self, path: str, params: Params, signature: str | Literal[False] | None = None, **headers: str
    ) -> tuple[int, str]:
        """Send `params`; `signature`: None signs rightly, False sends none, a text is sent as it is."""
        sent = {"User-Agent": "TwilioProxy/1.1", "I-Twilio-Idempotency-Token": str(uuid.uuid4())}
        if signature is not False:
            sent["X-Twilio-Signature"] = self.signature(path, params) if signature is None else signature
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        at = self._clock()
        status, body = self._deliver(path, params, sent)
        self.log.append(Delivery(at, path, params, sent, status, body))
        return status, body
