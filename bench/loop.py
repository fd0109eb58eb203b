"""Our own load generator, for machines without wrk: one thread, one selector, keep-alive, each request sent once.

`python -m bench.loop PORT FILE SECONDS` prints the line that load.py reads. It costs more CPU than wrk does.
"""

import selectors
import socket
import sys
import time
from collections.abc import Iterator

from bench.load import CONNECTIONS
from bench.residents import HEADERS

HEAD = "".join(f"{name}: {value}\r\n" for name, value in HEADERS.items())


def requests(path: str) -> Iterator[bytes]:
    with open(path) as lines:
        for line in lines:
            signature, _, form = line.rstrip("\n").partition("\t")
            head = f"POST /sms HTTP/1.1\r\n{HEAD}X-Twilio-Signature: {signature}\r\nContent-Length: {len(form)}\r\n\r\n"
            yield (head + form).encode()


class Line:
    """One connection: sends, waits for the whole answer, connects again where the server hung up."""

    def __init__(self, port: int, chooser: selectors.BaseSelector):
        self._port, self._chooser = port, chooser
        self._socket: socket.socket | None = None
        self._got, self.began = b"", 0.0

    def send(self, request: bytes) -> None:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), 10)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._chooser.register(self._socket, selectors.EVENT_READ, self)
        self._got, self.began = b"", time.perf_counter()
        self._socket.sendall(request)

    def receive(self) -> int:
        """The status once the answer is whole, 0 before that, -1 where the connection broke."""
        assert self._socket
        part = self._socket.recv(65536)
        self._got += part
        head, gap, rest = self._got.partition(b"\r\n\r\n")
        length = _length(head)
        if gap and length >= 0 and len(rest) >= length:
            if b"connection: close" in head.lower():
                self.close()
            return int(head[9:12])
        if part:
            return 0
        self.close()
        return -1

    def close(self) -> None:
        if self._socket:
            self._chooser.unregister(self._socket)
            self._socket.close()
            self._socket = None


def _length(head: bytes) -> int:
    _, found, rest = head.lower().partition(b"content-length:")
    return int(rest.split(b"\r\n", 1)[0]) if found else -1


def drive(port: int, path: str, seconds: float) -> tuple[list[float], int, float]:
    """(milliseconds of each answer, how many were wrong, seconds)."""
    chooser = selectors.DefaultSelector()
    ready = list(requests(path))[::-1]
    times: list[float] = []
    wrong = 0
    lines = [Line(port, chooser) for _ in range(CONNECTIONS)]
    start = time.perf_counter()
    for line in lines:
        line.send(ready.pop())
    while time.perf_counter() - start < seconds:
        for key, _ in chooser.select(1):
            status = key.data.receive()
            if status:
                times.append(1e3 * (time.perf_counter() - key.data.began))
                wrong += not 200 <= status < 400
                if not ready:
                    raise SystemExit("all requests are used up")
                key.data.send(ready.pop())
    return times, wrong, time.perf_counter() - start


def main() -> None:
    times, wrong, seconds = drive(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]))
    times.sort()
    p50, p99 = times[len(times) // 2], times[len(times) * 99 // 100]
    print(f"FIGURES {len(times)} {seconds * 1e6:.0f} {p50:.3f} {p99:.3f} {wrong} 0")


if __name__ == "__main__":
    main()
