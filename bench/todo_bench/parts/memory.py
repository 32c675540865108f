"""What memory the service holds before and after many requests of all kinds."""

from .. import proc, seed, wrk
from ..api import CALLS
from ..options import Options
from ..process import scratch
from ..report import Report
from ..server import serve

CONNECTIONS = 64
TASKS_EACH = 100


def run(options: Options) -> Report:
    """Loads a server on SQLite with each call in turn, round after round."""
    report = Report("Memory, on SQLite", ["requests", "memory MiB", "peak MiB"])
    with serve(options.binary) as server, scratch() as place:
        accounts = seed.sign_up(server.address, 1)
        seed.tasks_through_api(server.address, accounts[0], TASKS_EACH)
        scripts = [wrk.write_script(place, call, accounts, TASKS_EACH) for call in CALLS]
        answered = 0
        report.rows.append(_cells(answered, server.pid))
        for _ in range(options.rounds):
            for script in scripts:
                load = wrk.run(server, script, CONNECTIONS, options.seconds)
                answered += load.requests
                if load.errors:
                    report.errors.append(f"{script.stem}: {load.errors} failed")
            report.rows.append(_cells(answered, server.pid))
            report.errors += server.take_errors()
    return report


def _cells(answered: int, pid: int) -> list[str]:
    memory, peak = proc.memory_mib(pid)
    return [f"{answered:,}", f"{memory:.1f}", f"{peak:.1f}"]
