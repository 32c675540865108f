"""How long the server takes from its start to its first answer, on SQLite."""

import signal
import subprocess
import time
from pathlib import Path
from statistics import median

from .. import aims
from ..client import Client, request
from ..options import Options
from ..process import Unavailable, free_port, scratch, stop
from ..report import Report
from ..server import environment

POLL_SECONDS = 0.0005
PATIENCE_SECONDS = 30


def run(options: Options) -> Report:
    """Starts the server again and again."""
    runs = 3 if options.quick else 20
    report = Report(
        f"Cold start on SQLite, {runs} runs",
        ["file", "first answer ms", "greatest", "first 200 of /health/ready ms", "greatest"],
    )
    for file in ("new", "existing"):
        starts = (
            _starts_anew(options.binary, runs) if file == "new" else _starts(options.binary, runs)
        )
        answered, ready = ([each * 1000 for each in times] for times in zip(*starts, strict=True))
        figures = [
            f"{figure:.1f}" for times in (answered, ready) for figure in (median(times), max(times))
        ]
        report.rows.append([file, *figures])
        report.judge(aims.COLD_START, median(answered))
    return report


def _starts_anew(binary: Path, runs: int) -> list[tuple[float, float]]:
    """Starts in a new directory each time."""
    return [start for _ in range(runs) for start in _starts(binary, 1, warm=False)]


def _starts(binary: Path, runs: int, warm: bool = True) -> list[tuple[float, float]]:
    """Starts in one directory, of which the first makes the file."""
    with scratch() as place:
        starts = [_start(binary, place) for _ in range(runs + warm)]
    return starts[warm:]


def _start(binary: Path, place: Path) -> tuple[float, float]:
    """Seconds from the start to the first answer at all, and to that of a server that is ready."""
    port = free_port()
    env = environment(port)
    with (place / "log").open("ab") as log:
        begin = time.perf_counter()
        process = subprocess.Popen(
            [binary], cwd=place, env=env, stdout=log, stderr=log, start_new_session=True
        )
        try:
            return _wait(("127.0.0.1", port), begin)
        finally:
            stop(process, signal.SIGTERM)


def _wait(address: tuple[str, int], begin: float) -> tuple[float, float]:
    first = None
    while (now := time.perf_counter()) < begin + PATIENCE_SECONDS:
        try:
            with Client(address) as client:
                status, _, _ = client.send(request("GET", "/health/ready"))
        except OSError:
            time.sleep(POLL_SECONDS)
            continue
        now = time.perf_counter() - begin
        first = first or now
        if status == 200:
            return first, now
    raise Unavailable(f"the server does not become ready in {PATIENCE_SECONDS} s")
