"""A relay between the server and PostgreSQL that counts round trips."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

READY_FOR_QUERY = b"Z"


class Relay:
    """Passes everything on. Each round trip ends with the message ReadyForQuery, pings as well."""

    def __init__(self, target: int) -> None:
        self.round_trips = 0
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Takes no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                front, _ = self._listener.accept()
                back = socket.create_connection(("127.0.0.1", self._target))
                for end in (front, back):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass, args=(front, back), daemon=True).start()
                threading.Thread(target=self._answer, args=(back, front), daemon=True).start()

    def _pass(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError), sink:
            while received := source.recv(65536):
                sink.sendall(received)
            sink.shutdown(socket.SHUT_RDWR)

    def _answer(self, source: socket.socket, sink: socket.socket) -> None:
        rest = b""
        with suppress(OSError), sink:
            while received := source.recv(65536):
                rest = self._count(rest + received)
                sink.sendall(received)
            sink.shutdown(socket.SHUT_RDWR)

    def _count(self, data: bytes) -> bytes:
        """Counts in whole messages, and answers with the beginning of the next one.

        A message is a byte for its kind, and its length without that byte (PostgreSQL, 55.7).
        """
        while len(data) >= 5:
            end = 1 + int.from_bytes(data[1:5], "big")
            if len(data) < end:
                break
            self.round_trips += data[:1] == READY_FOR_QUERY
            data = data[end:]
        return data


@contextmanager
def relay(target: int) -> Iterator[Relay]:
    """A relay to this port of the loopback."""
    relay = Relay(target)
    try:
        yield relay
    finally:
        relay.close()
