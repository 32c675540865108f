"""The service under measurement: one process with settings of its own."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .client import Client, request
from .process import ENVIRONMENT, free_port, running, scratch, wait_until

# The default of DB_MAX_CONNECTIONS, said aloud because pgbench takes as many.
POOL = 20


class Server:
    """A server that is ready."""

    def __init__(self, pid: int, port: int, log: Path) -> None:
        self.pid = pid
        self.address = ("127.0.0.1", port)
        self.url = f"http://127.0.0.1:{port}"
        self._log = log

    def answered(self, status: int) -> int:
        """How many requests its log tells to have been answered so."""
        with self._log.open() as lines:
            return sum(f'"status":{status},' in line for line in lines)

    def take_errors(self) -> list[str]:
        """The errors that it has logged. Its log is empty from here on, for it grows fast."""
        with self._log.open() as lines:
            errors = [line.rstrip() for line in lines if '"level":"ERROR"' in line]
        os.truncate(self._log, 0)
        return errors


def environment(port: int, **settings: object) -> dict[str, str]:
    """The settings of a server under load, and nothing of the caller's own."""
    defaults: dict[str, object] = {
        **ENVIRONMENT,
        "PORT": port,
        # The limit by address would turn the load away at the door.
        "RATE_LIMIT": "off",
        "LOG_FORMAT": "json",
        "RUST_LOG": "info",
        # Only who measures hashes wants them slow.
        "BCRYPT_COST": 4,
        "SHUTDOWN_DRAIN": "0s",
        "DB_MAX_CONNECTIONS": POOL,
    }
    return {name: str(value) for name, value in {**defaults, **settings}.items()}


@contextmanager
def serve(binary: Path, **settings: object) -> Iterator[Server]:
    """A server in a new directory: on SQLite there, unless the settings name a database."""
    with scratch() as place:
        log, port = place / "log", free_port()
        env = environment(port, **settings)
        with running(
            [str(binary)], cwd=place, output=log, stop_signal=signal.SIGTERM, env=env
        ) as process:
            server = Server(process.pid, port, log)
            wait_until(process, log, lambda: is_ready(server.address) or None)
            # That it was asked before it was ready is no error of it.
            server.take_errors()
            yield server


def is_ready(address: tuple[str, int]) -> bool:
    """Whether a server there says that it takes requests."""
    try:
        with Client(address) as client:
            status, _, _ = client.send(request("GET", "/health/ready"))
            return status == 200
    except OSError:
        return False
