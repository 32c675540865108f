"""A client that knows just enough of HTTP/1.1 to cost little beside the server."""

import json
import re
import socket
from typing import Any

LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
NEXT = re.compile(rb'\r\nlink: <([^>]*)>; rel="next"', re.IGNORECASE)
TIMEOUT_SECONDS = 30


class Client:
    """One keep-alive connection."""

    def __init__(self, address: tuple[str, int]) -> None:
        self._socket = socket.create_connection(address, TIMEOUT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def send(self, request: bytes) -> tuple[int, bytes, bytes]:
        """Sends a request, and answers with the status, the head and the body."""
        self._socket.sendall(request)
        answer = b""
        while (end := answer.find(b"\r\n\r\n")) < 0:
            answer += self._receive()
        head, body = answer[:end], answer[end + 4 :]
        length = LENGTH.search(head)
        expected = int(length[1]) if length else 0
        while len(body) < expected:
            body += self._receive()
        return int(head[9:12]), head, body

    def send_json(self, request: bytes) -> Any:
        """Sends a request that must succeed, and answers with what its body says."""
        status, _, body = self.send(request)
        if status >= 300:
            line, _, _ = request.partition(b"\r\n")
            raise RuntimeError(f"{line!r} was answered with {status}: {body!r}")
        return json.loads(body)

    def _receive(self) -> bytes:
        received = self._socket.recv(65536)
        if not received:
            raise ConnectionError("the server has closed the connection")
        return received


def request(method: str, path: str, token: str | None = None, body: str | None = None) -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body.encode())}"]
    return "\r\n".join([*lines, "", body or ""]).encode()


def next_page(head: bytes) -> str:
    """The path of the page behind this one, which there must be (RFC 8288)."""
    link = NEXT.search(head)
    if link is None:
        raise RuntimeError(f"no page follows: {head!r}")
    return link[1].decode()
