"""Staff who have the queue open: each asks for its live part every three seconds, as the page's script does.

Lives here: one login and many pages. Not here: the page (bot/console).
"""

import http.client
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode

from bench.hotline import STAFF, Hotline

EVERY_SECONDS = 3.0
PASSWORD = "three calm words here"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def _cookies(answer: http.client.HTTPResponse) -> str:
    return "; ".join(line.partition(";")[0] for line in answer.headers.get_all("Set-Cookie") or [])


def log_in(port: int, whole: Hotline) -> str:
    """The cookie of a supervisor. Raises RuntimeError where the door stays shut."""
    whole.kit.roster.set_password(STAFF, PASSWORD)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/staff/login")
    page = connection.getresponse()
    token, cookie = TOKEN.search(page.read().decode()), _cookies(page)
    form = urlencode({"csrf_token": token[1] if token else "", "login": STAFF, "password": PASSWORD})
    headers = {
        "Cookie": cookie,
        "Content-Type": "application/x-www-form-urlencoded",
        "Referer": "https://hotline.test/",
    }
    connection.request("POST", "/staff/login", form, headers)
    answer = connection.getresponse()
    answer.read()
    if answer.status != 303:
        raise RuntimeError(f"the login answered {answer.status}")
    return _cookies(answer)


class Page(threading.Thread):
    """One open page. `times`: milliseconds of each answer; `wrong`: how many were not 200."""

    def __init__(self, port: int, cookie: str, first: float, stop: threading.Event):
        super().__init__(daemon=True)
        self._port, self._cookie, self._first, self._stop_ = port, cookie, first, stop
        self.times: list[float] = []
        self.wrong = self.bytes = 0

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
        self._stop_.wait(self._first)
        while not self._stop_.is_set():
            began = time.perf_counter()
            try:
                connection.request("GET", "/staff/queue", headers={"Cookie": self._cookie})
                answer = connection.getresponse()
                self.bytes = max(self.bytes, len(answer.read()))
                self.wrong += answer.status != 200
            except (OSError, http.client.HTTPException):
                self.wrong += 1
                connection.close()
            took = time.perf_counter() - began
            self.times.append(1e3 * took)
            self._stop_.wait(max(0.0, EVERY_SECONDS - took))


@contextmanager
def open_pages(port: int, whole: Hotline, count: int) -> Iterator[list[Page]]:
    """That many pages, open for the length of a block."""
    cookie, stop = log_in(port, whole), threading.Event()
    pages = [Page(port, cookie, EVERY_SECONDS * n / count, stop) for n in range(count)]
    for page in pages:
        page.start()
    try:
        yield pages
    finally:
        stop.set()
        for page in pages:
            page.join(12)
