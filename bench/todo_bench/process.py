"""Processes that end with the block that started them."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

START_SECONDS = 30
STOP_SECONDS = 30

# What each program is given: nothing of the caller's own, such as PGOPTIONS.
ENVIRONMENT = {"PATH": os.environ["PATH"]}

T = TypeVar("T")


class Unavailable(Exception):
    """Something that the benchmark needs is not there."""


@contextmanager
def scratch(owner: str | None = None) -> Iterator[Path]:
    """A new directory, removed at the end."""
    place = Path(tempfile.mkdtemp(prefix="todo-bench-"))
    try:
        if owner:
            shutil.chown(place, owner)
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


@contextmanager
def running(
    command: list[str],
    *,
    cwd: Path,
    output: Path,
    stop_signal: int,
    env: dict[str, str] = ENVIRONMENT,
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a session of its own, so that Ctrl-C ends it in good order, from here."""
    with output.open("ab") as log:
        process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        stop(process, stop_signal)


def stop(process: subprocess.Popen[bytes], stop_signal: int) -> None:
    """Asks a process to end, and ends it if it does not."""
    process.send_signal(stop_signal)
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until(process: subprocess.Popen[bytes], output: Path, ready: Callable[[], T | None]) -> T:
    """What `ready` tells once it tells anything. A process that ends before shows its output."""
    deadline = time.monotonic() + START_SECONDS
    while (answer := ready()) is None:
        if process.poll() is not None or time.monotonic() > deadline:
            raise Unavailable(f"{process.args!r} does not start:\n{output.read_text()}")
        time.sleep(0.01)
    return answer


def free_port() -> int:
    """A port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tool(name: str, package: str) -> str:
    """The path of a program, or what to install."""
    path = shutil.which(name)
    if path is None:
        raise Unavailable(f"{name} is missing: install the package {package}")
    return path
