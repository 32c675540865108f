"""pgbench as the ceiling: the same statements without a server in between."""

import re
import subprocess
from pathlib import Path

from . import statements
from .api import Call
from .cluster import Cluster, program
from .process import ENVIRONMENT
from .server import POOL

# pgbench knows no strings but those that a query gives. Each client asks once in so many
# transactions who it is, which costs little beside them.
SAME_USER = 100

SCRIPT = """\
\\if :turn % {same_user} = 0
\\set n random(1, {users})
SELECT user_id, first_task, now() AS now FROM bench.users WHERE n = :n \\gset
\\endif
\\set turn :turn + 1
\\set task_id :first_task + random(0, {tasks} - 1)
\\set title random(10000000, 99999999)
{statement};
"""

# Parameters that no line of the script sets.
FIXED = {"turn": "0", "completed": "false", "description": "Two litres"}
# The server asks for one row more than a page of 20, to know whether another page follows.
LIMITS = {"list": "21", "get": "1"}

RATE = re.compile(r"^tps = ([\d.]+)", re.MULTILINE)


def write_script(place: Path, call: Call, users: int, tasks_each: int) -> Path:
    """A script that sends the call's statement for random users and random ones of their tasks."""
    statement, names = statements.read(call.name)
    known = {"user_id", "task_id", "title", "now", "limit", *FIXED}
    if not names <= known:
        raise ValueError(f"{call.name}.sql: pgbench has no value for {names - known}")
    statement = statement.replace(":limit", LIMITS.get(call.name, ""))
    script = place / f"{call.name}.pgbench"
    script.write_text(
        SCRIPT.format(same_user=SAME_USER, users=users, tasks=tasks_each, statement=statement)
    )
    return script


def run(cluster: Cluster, database: str, script: Path, seconds: int) -> float:
    """Transactions a second, by as many clients as the server's pool has connections."""
    command = [program("pgbench"), "-n", "-M", "prepared", "-c", str(POOL), "-j2"]
    command += ["-T", str(seconds), "-f", str(script)]
    for name, value in FIXED.items():
        command += ["-D", f"{name}={value}"]
    command += cluster.address(database)
    done = subprocess.run(command, env=ENVIRONMENT, text=True, capture_output=True)
    rate = RATE.search(done.stdout)
    if done.returncode != 0 or rate is None:
        raise RuntimeError(f"pgbench: {done.stderr}\n{script.read_text()}")
    return float(rate[1])
