"""A stand-in for Twilio's REST API that takes everything at once, so that workers do their real work.

`python -m bench.carrier PORT [FILE]` notes when each request came in FILE. Not here: any behaviour of Twilio's.
"""

import asyncio
import sys
import time

ANSWER = b'{"sid":"SM%032x"}'


class Taker(asyncio.Protocol):
    """Answers 201 to each request, once its body is there."""

    note = staticmethod(lambda: None)
    count = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._got = transport, b""

    def data_received(self, data: bytes) -> None:
        self._got += data
        head, gap, rest = self._got.partition(b"\r\n\r\n")
        _, found, after = head.lower().partition(b"content-length:")
        length = int(after.split(b"\r\n", 1)[0]) if found else 0
        if gap and len(rest) >= length:
            self._got = rest[length:]
            self._answer()

    def _answer(self) -> None:
        Taker.count += 1
        Taker.note()
        body = ANSWER % Taker.count
        head = b"HTTP/1.1 201 Created\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
        self._transport.write(head + body)  # type: ignore[attr-defined]


async def serve(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Taker, "127.0.0.1", port)
    await server.serve_forever()


def main() -> None:
    if len(sys.argv) > 2:
        notes = open(sys.argv[2], "w", buffering=1)  # noqa: SIM115 (open until the process ends)
        Taker.note = staticmethod(lambda: print(f"{time.time():.6f}", file=notes))
    asyncio.run(serve(int(sys.argv[1])))


if __name__ == "__main__":
    main()
