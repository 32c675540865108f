"""What one client's calls ask of PostgreSQL: round trips on the wire, and statements."""

import time

from .. import aims, seed
from ..api import CALLS, Call
from ..client import Client
from ..cluster import Cluster, cluster
from ..options import Options
from ..report import Report
from ..server import serve
from ..wire import Relay, relay

DATABASE = "todo"
TASKS_EACH = 100
WARM_UP = 20
# A connection may be tended to after the answer that it was used for.
SETTLE_SECONDS = 0.1

SEEN = f"""
SELECT calls, query FROM pg_stat_statements JOIN pg_database ON pg_database.oid = dbid
WHERE datname = '{DATABASE}' ORDER BY calls DESC, query
"""


def run(options: Options) -> Report:
    """Counts."""
    count = 20 if options.quick else 1000
    report = Report(
        f"Round trips, {count:,} calls of one client",
        ["call", "round trips a call", "statements a call"],
    )
    most = 0.0
    with cluster() as postgres, relay(postgres.port) as wire:
        postgres.create_database(DATABASE)
        postgres.psql("postgres", "CREATE EXTENSION pg_stat_statements")
        url = postgres.url(DATABASE, wire.port)
        with serve(options.binary, DATABASE_URL=url) as server, Client(server.address) as client:
            accounts = seed.sign_up(server.address, 1)
            seed.tasks(postgres, DATABASE, accounts, TASKS_EACH)
            for call in CALLS:
                _send(client, call, accounts[0].token, WARM_UP)
            for call in CALLS:
                trips, seen = _count(postgres, wire, client, call, accounts[0].token, count)
                most = max(most, trips)
                statements = sum(calls for calls, _ in seen) / count
                report.rows.append([call.name, f"{trips:.3f}", f"{statements:.3f}"])
                texts = [f"{calls:6} {query}" for calls, query in seen]
                report.lines.append(f"{call.name}:\n```\n" + "\n".join(texts) + "\n```")
            report.errors += server.take_errors()
    report.judge(aims.ROUND_TRIPS, most)
    return report


def _count(
    postgres: Cluster, wire: Relay, client: Client, call: Call, token: str, count: int
) -> tuple[float, list[tuple[int, str]]]:
    time.sleep(SETTLE_SECONDS)
    postgres.psql("postgres", "SELECT pg_stat_statements_reset()")
    before = wire.round_trips
    _send(client, call, token, count)
    time.sleep(SETTLE_SECONDS)
    rows = postgres.psql("postgres", f"COPY ({SEEN}) TO STDOUT").splitlines()
    seen = [row.split("\t", 1) for row in rows]
    return (wire.round_trips - before) / count, [(int(calls), query) for calls, query in seen]


def _send(client: Client, call: Call, token: str, count: int) -> None:
    for number in range(count):
        client.send_json(call.request(token, 1 + number % TASKS_EACH, number))
