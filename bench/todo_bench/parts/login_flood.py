"""How long listing tasks takes while logins flood the service, and while they do not."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

from .. import aims, seed, wrk
from ..api import LIST, Call
from ..client import Client
from ..cluster import cluster
from ..options import Options
from ..process import scratch
from ..report import Report, percentile
from ..seed import Account
from ..server import Server, serve

COST = 12
LISTS_A_SECOND = 100
CLIENTS = 16
FLOOD = 64
TASKS = 100
# Who cannot connect must not keep the others waiting for ever.
PATIENCE_SECONDS = 60
LOGIN = Call(
    "login", "POST", "/api/v1/auth/login",
    '{"email":"user0@example.com","password":"wrong horse"}',
)  # fmt: skip


def run(options: Options) -> Report:
    """Lists at a steady rate, alone and beside a flood, on SQLite and on PostgreSQL."""
    report = Report(
        f"Login flood, {LISTS_A_SECOND} lists a second beside {FLOOD} logins at cost {COST}",
        ["database", "beside", "lists", "p50 ms", "p95 ms", "p99 ms", "logins refused 401", "503"],
    )
    seconds = options.seconds if options.quick else options.seconds * options.rounds
    for database in ("SQLite",) if options.quick else ("SQLite", "PostgreSQL"):
        with _server(database, options) as server, scratch() as place:
            _measure(report, database, server, place, seconds)
            report.errors += server.take_errors()
    return report


@contextmanager
def _server(database: str, options: Options) -> Iterator[Server]:
    with ExitStack() as stack:
        settings: dict[str, object] = {"BCRYPT_COST": COST}
        if database == "PostgreSQL":
            postgres = stack.enter_context(cluster())
            settings["DATABASE_URL"] = postgres.url("postgres")
        yield stack.enter_context(serve(options.binary, **settings))


def _measure(report: Report, database: str, server: Server, place: Path, seconds: int) -> None:
    (account,) = seed.sign_up(server.address, 1)
    seed.tasks_through_api(server.address, account, TASKS)
    alone = _list(server, account, seconds)
    script = wrk.write_script(place, LOGIN, [account], 1)
    with wrk.running(server, script, FLOOD, seconds + 2) as flood:
        time.sleep(1)
        flooded = _list(server, account, seconds)
        wrk.finish(flood)
    # Whoever was refused with 401 had the password hashed, with 503 there was no room for that.
    logins = [f"{server.answered(status):,}" for status in (401, 503)]
    for beside, samples, refused in (("nothing", alone, ["", ""]), ("the flood", flooded, logins)):
        figures = [f"{percentile(samples, percent):.1f}" for percent in (50, 95, 99)]
        report.rows.append([database, beside, f"{len(samples):,}", *figures, *refused])
    report.judge(aims.FLOODED_P95, percentile(flooded, 95))


def _list(server: Server, account: Account, seconds: int) -> list[float]:
    """Milliseconds of each list, from when it was due: who waits for a late one is late too."""
    request = LIST.request(account.token, 0, 0)
    start = time.perf_counter() + 0.1
    barrier = threading.Barrier(CLIENTS, timeout=PATIENCE_SECONDS)

    def client(number: int) -> list[float]:
        samples = []
        with Client(server.address) as connection:
            barrier.wait()
            for turn in range(number, LISTS_A_SECOND * seconds, CLIENTS):
                due = start + turn / LISTS_A_SECOND
                time.sleep(max(0.0, due - time.perf_counter()))
                connection.send_json(request)
                samples.append((time.perf_counter() - due) * 1000)
        return samples

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [sample for samples in pool.map(client, range(CLIENTS)) for sample in samples]
