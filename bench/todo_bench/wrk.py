"""wrk as the load: closed loops on keep-alive connections."""

import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .api import Call
from .process import Unavailable, tool
from .seed import Account, first_task
from .server import Server

# Makes every request before the clock runs, but for the number that differs each time. Each entry
# of the file is a template and the range of tasks to put into it.
REQUESTS = r"""
local requests, number = {}, 0

init = function()
  math.randomseed(%(seed)d)
  number = math.random(1e7)
  local entries = io.open("%(file)s", "rb"):read("*a")
  for text, first, last in entries:gmatch("(%%Z+)%%z(%%d+)-(%%d+)%%z") do
    for task = tonumber(first), tonumber(last) do
      local made = text:gsub("{task}", string.format("%%d", task))
      local before, after = made:match("^(.*){number}(.*)$")
      requests[#requests + 1] = { before or made, after }
    end
  end
end

request = function()
  local chosen = requests[math.random(#requests)]
  if not chosen[2] then return chosen[1] end
  number = number + 1
  return chosen[1] .. string.format("%%08d", number) .. chosen[2]
end
"""

REPORT = r"""
done = function(summary, latency)
  local lost = summary.errors.connect + summary.errors.read + summary.errors.write
    + summary.errors.timeout
  io.write(string.format("BENCH %d %d %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(95), latency:percentile(99),
    summary.errors.status, lost))
end
"""


@dataclass(frozen=True)
class Load:
    """What came of a load. Latencies are in milliseconds."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float
    refused: int
    lost: int

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def errors(self) -> int:
        """Answers of 400 and above, and requests without an answer."""
        return self.refused + self.lost


def write_script(place: Path, call: Call, accounts: list[Account], tasks_each: int) -> Path:
    """A script that makes the call as random accounts, on random ones of their tasks."""
    with (place / f"{call.name}.requests").open("w") as file:
        for position, account in enumerate(accounts):
            first = last = first_task(position, tasks_each)
            if "{task}" in call.path:
                last += tasks_each - 1
            file.write(f"{call.template(account.token)}\0{first}-{last}\0")
    script = place / f"{call.name}.lua"
    script.write_text(REQUESTS % {"seed": random.getrandbits(31), "file": file.name} + REPORT)
    return script


def run(server: Server, script: Path, connections: int, seconds: int) -> Load:
    """Loads the server on so many connections for so long."""
    with running(server, script, connections, seconds) as process:
        return finish(process)


@contextmanager
def running(
    server: Server, script: Path, connections: int, seconds: int
) -> Iterator[subprocess.Popen[str]]:
    """The load for as long as the block is at work, and no longer."""
    command = [tool("wrk", "wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", "--latency"]
    command += ["-s", str(script), server.url]
    process = subprocess.Popen(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def finish(process: subprocess.Popen[str]) -> Load:
    """What came of a load, once it is over."""
    output, _ = process.communicate()
    told = [line.split()[1:] for line in output.splitlines() if line.startswith("BENCH ")]
    if not told:
        raise Unavailable(f"wrk: {output}")
    requests, micros, p50, p95, p99, refused, lost = map(int, told[0])
    return Load(requests, micros / 1e6, p50 / 1e3, p95 / 1e3, p99 / 1e3, refused, lost)
