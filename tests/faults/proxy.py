"""A wire between the hotline and its store that loses replies: the command is done, the answer never comes."""

import contextlib
import socket
import threading


class Proxy:
    """Relays to a port. `cut(marker)`: the next connection on which `marker` is sent ends after the server has answered."""

    def __init__(self, to_port: int):
        self._to = to_port
        self._lock = threading.Lock()
        self._marker, self._times = b"", 0
        self.cuts = 0
        self.refuses = False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self, marker: bytes, times: int = 1) -> None:
        with self._lock:
            self._marker, self._times = marker, times

    def close(self) -> None:
        self._listener.close()
        for one in list(self._open):
            _shut(one)

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self._to), 2)
            except OSError:
                near.close()
                continue
            self._open |= {near, far}
            doomed = threading.Event()
            threading.Thread(target=self._forth, args=(near, far, doomed), daemon=True).start()
            threading.Thread(target=self._back, args=(far, near, doomed), daemon=True).start()

    def _forth(self, near: socket.socket, far: socket.socket, doomed: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := near.recv(65536):
                with self._lock:
                    if self._times > 0 and self._marker in data:
                        self._times -= 1
                        doomed.set()
                far.sendall(data)
        _shut(far)

    def _back(self, far: socket.socket, near: socket.socket, doomed: threading.Event) -> None:
        with contextlib.suppress(OSError):
            while data := far.recv(65536):
                if doomed.is_set():
                    self.cuts += 1
                    break
                near.sendall(data)
        _shut(near)
        _shut(far)


def _shut(one: socket.socket) -> None:
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()
