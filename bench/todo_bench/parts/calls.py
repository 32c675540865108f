"""The five calls on few and on many connections, beside pgbench with the same statements."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from .. import aims, pgbench, proc, seed, wrk
from ..api import CALLS, LIST, Call
from ..cluster import Cluster, cluster
from ..options import Options
from ..process import scratch
from ..report import Report, spread
from ..server import Server, serve

DATABASE = "todo"
TASKS_EACH = 100
FEW, MANY = 64, 1000
# A busy machine with a debug build drains so many in time.
MANY_IN_QUICK = 200
WARM_UP_SECONDS = 2

HEADER = [
    "call", "connections", "requests/s", "p50 ms", "p95 ms", "p99 ms", "errors",
    "server CPU s/1,000", "PostgreSQL CPU s/1,000", "memory MiB", "peak MiB",
    "pgbench/s", "of pgbench %",
]  # fmt: skip


@dataclass
class Row:
    """Samples of one call on so many connections, by the name of what was measured."""

    samples: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: int = 0

    def add(self, **figures: float) -> None:
        """Adds one sample of each."""
        for name, figure in figures.items():
            self.samples[name].append(figure)

    def median(self, name: str) -> float:
        """The median of what was measured under this name."""
        return median(self.samples[name])


@dataclass(frozen=True)
class Bench:
    """All that is running, with what it is loaded with."""

    cluster: Cluster
    server: Server
    load: dict[str, Path]
    ceiling: dict[str, Path]
    last_task: int

    def clean_up(self) -> None:
        """Leaves the tasks as they were seeded in number, and no row that is dead."""
        self.cluster.psql(DATABASE, f"DELETE FROM tasks WHERE id > {self.last_task};")
        self.cluster.psql(DATABASE, "VACUUM ANALYZE tasks;")


def run(options: Options) -> Report:
    """Measures."""
    tasks = options.users * TASKS_EACH
    report = Report(f"Calls, {options.users:,} users and {tasks:,} tasks", HEADER)
    many = MANY_IN_QUICK if options.quick else MANY
    rows = {(call.name, connections): Row() for call in CALLS for connections in (FEW, many)}
    ceilings: dict[str, list[float]] = {call.name: [] for call in CALLS}
    with _bench(options) as bench:
        wrk.run(bench.server, bench.load[LIST.name], FEW, min(WARM_UP_SECONDS, options.seconds))
        for _ in range(options.rounds):
            for call in CALLS:
                ceilings[call.name].append(_ceiling(bench, call, options.seconds))
                for connections in (FEW, many):
                    _measure(
                        bench, call, connections, options.seconds, rows[call.name, connections]
                    )
                report.errors += bench.server.take_errors()
    for (name, connections), row in rows.items():
        row.samples["ratio"] = [
            100 * rate / ceiling
            for rate, ceiling in zip(row.samples["rate"], ceilings[name], strict=True)
        ]
        report.rows.append(_cells(name, connections, row, ceilings[name]))
        if row.errors:
            report.errors.append(f"{name} on {connections} connections: {row.errors} failed")
    _judge(report, rows)
    return report


@contextmanager
def _bench(options: Options) -> Iterator[Bench]:
    with ExitStack() as stack:
        postgres = stack.enter_context(cluster())
        postgres.create_database(DATABASE)
        server = stack.enter_context(serve(options.binary, DATABASE_URL=postgres.url(DATABASE)))
        accounts = seed.sign_up(server.address, options.users)
        seed.tasks(postgres, DATABASE, accounts, TASKS_EACH)
        place = stack.enter_context(scratch())
        load = {call.name: wrk.write_script(place, call, accounts, TASKS_EACH) for call in CALLS}
        ceiling = {
            call.name: pgbench.write_script(place, call, options.users, TASKS_EACH)
            for call in CALLS
        }
        yield Bench(postgres, server, load, ceiling, options.users * TASKS_EACH)


def _ceiling(bench: Bench, call: Call, seconds: int) -> float:
    rate = pgbench.run(bench.cluster, DATABASE, bench.ceiling[call.name], seconds)
    if call.writes:
        bench.clean_up()
    return rate


def _measure(bench: Bench, call: Call, connections: int, seconds: int, row: Row) -> None:
    pids = bench.server.pid, bench.cluster.pid
    proc.forget_peak(bench.server.pid)
    before = proc.cpu_seconds(pids[0]), proc.family_cpu_seconds(pids[1])
    load = wrk.run(bench.server, bench.load[call.name], connections, seconds)
    after = proc.cpu_seconds(pids[0]), proc.family_cpu_seconds(pids[1])
    memory, peak = proc.memory_mib(bench.server.pid)
    thousands = max(load.requests, 1) / 1000
    row.add(rate=load.rate, p50=load.p50, p95=load.p95, p99=load.p99, memory=memory, peak=peak)
    row.add(server=(after[0] - before[0]) / thousands, postgres=(after[1] - before[1]) / thousands)
    row.errors += load.errors
    # Those who hung up at the end of the load have left a request each.
    proc.wait_until_idle(bench.server.pid)
    if call.writes:
        bench.clean_up()


def _cells(name: str, connections: int, row: Row, ceiling: list[float]) -> list[str]:
    samples = row.samples
    return [
        name,
        f"{connections:,}",
        spread(samples["rate"]),
        *(spread(samples[percentile], 1) for percentile in ("p50", "p95", "p99")),
        f"**{row.errors:,}**" if row.errors else "0",
        *(spread(samples[process], 3) for process in ("server", "postgres")),
        *(spread(samples[memory], 1) for memory in ("memory", "peak")),
        spread(ceiling),
        spread(samples["ratio"]),
    ]


def _judge(report: Report, rows: dict[tuple[str, int], Row]) -> None:
    for name, aim in aims.OF_PGBENCH.items():
        report.judge(aim, rows[name, FEW].median("ratio"))
    # CPU seconds a thousand calls are milliseconds a call.
    for name, aim in aims.CPU.items():
        report.judge(aim, rows[name, FEW].median("server"))
    crowded = [row for (_, connections), row in rows.items() if connections != FEW]
    report.judge(aims.CROWDED_P95, max(row.median("p95") for row in crowded))
    report.judge(aims.CROWDED_MEMORY, max(row.median("peak") for row in crowded))
