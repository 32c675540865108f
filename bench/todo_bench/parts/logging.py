"""What a line of log for each request costs."""

from contextlib import ExitStack
from statistics import median

from .. import aims, proc, seed, wrk
from ..api import LIST
from ..cluster import cluster
from ..options import Options
from ..process import scratch
from ..report import Report, spread
from ..server import serve

DATABASE = "todo"
TASKS_EACH = 100
CONNECTIONS = 64
LEVELS = ("info", "off")


def run(options: Options) -> Report:
    """Lists on two servers in turn, of which one logs."""
    report = Report(
        f"Logging, list on {CONNECTIONS} connections",
        ["RUST_LOG", "requests/s", "server CPU s/1,000"],
    )
    rates: dict[str, list[float]] = {level: [] for level in LEVELS}
    cpu: dict[str, list[float]] = {level: [] for level in LEVELS}
    with ExitStack() as stack:
        postgres, place = stack.enter_context(cluster()), stack.enter_context(scratch())
        postgres.create_database(DATABASE)
        settings = {"DATABASE_URL": postgres.url(DATABASE), "BETTER_AUTH_SECRET": "bench" * 8}
        servers = {
            level: stack.enter_context(serve(options.binary, RUST_LOG=level, **settings))
            for level in LEVELS
        }
        accounts = seed.sign_up(servers["info"].address, options.users)
        seed.tasks(postgres, DATABASE, accounts, TASKS_EACH)
        script = wrk.write_script(place, LIST, accounts, TASKS_EACH)
        for server in servers.values():
            wrk.run(server, script, CONNECTIONS, 1)
        for number in range(options.rounds):
            # Whoever comes first in one round comes last in the next.
            for level in LEVELS[:: 1 if number % 2 else -1]:
                before = proc.cpu_seconds(servers[level].pid)
                load = wrk.run(servers[level], script, CONNECTIONS, options.seconds)
                spent = proc.cpu_seconds(servers[level].pid) - before
                rates[level].append(load.rate)
                cpu[level].append(1000 * spent / max(load.requests, 1))
                if load.errors:
                    report.errors.append(f"RUST_LOG={level}: {load.errors} failed")
                report.errors += servers[level].take_errors()
    report.rows = [[level, spread(rates[level]), spread(cpu[level], 3)] for level in LEVELS]
    costs = [
        100 * (1 - logged / silent)
        for logged, silent in zip(rates["info"], rates["off"], strict=True)
    ]
    report.lines.append(f"Of the rate it costs {spread(costs, 1)} %.")
    report.judge(aims.LOGGING_COST, median(costs))
    return report
