"""What a process has used, from /proc (proc(5))."""

import os
import time
from pathlib import Path

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")

# Who uses no tick of processor time for so long is idle.
IDLE_SECONDS = 0.1
IDLE_PATIENCE_SECONDS = 10

# In /proc/PID/stat, counted from the state, which stands behind the name in parentheses.
PARENT = 1
OWN_TIMES = slice(11, 13)
ENDED_CHILDREN_TIMES = slice(13, 15)


def cpu_seconds(pid: int) -> float:
    """Processor time of a process, in user and in kernel mode."""
    return sum(map(int, _stat(pid)[OWN_TIMES])) / TICKS_A_SECOND


def family_cpu_seconds(pid: int) -> float:
    """Processor time of a process and of its children, those that have ended included."""
    ended = sum(map(int, _stat(pid)[ENDED_CHILDREN_TIMES])) / TICKS_A_SECOND
    return cpu_seconds(pid) + ended + sum(map(_cpu_seconds_if_alive, _children(pid)))


def wait_until_idle(pid: int) -> None:
    """Waits until a process has nothing left to do, such as answers that nobody waits for."""
    deadline = time.monotonic() + IDLE_PATIENCE_SECONDS
    before = -1.0
    while (now := cpu_seconds(pid)) != before and time.monotonic() < deadline:
        before = now
        time.sleep(IDLE_SECONDS)


def memory_mib(pid: int) -> tuple[float, float]:
    """What a process holds in memory now, and the most that it held since `forget_peak`."""
    status = dict(
        line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines()
    )
    now, peak = (int(status[field].split()[0]) / 1024 for field in ("VmRSS", "VmHWM"))
    return now, peak


def forget_peak(pid: int) -> None:
    """Lets the peak of memory begin anew."""
    Path(f"/proc/{pid}/clear_refs").write_text("5")


def _stat(pid: int) -> list[str]:
    # The name of a process may hold spaces and parentheses of its own.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()


def _cpu_seconds_if_alive(pid: int) -> float:
    try:
        return cpu_seconds(pid)
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def _children(pid: int) -> list[int]:
    others = [int(entry) for entry in os.listdir("/proc") if entry.isdigit()]
    return [other for other in others if _parent(other) == pid]


def _parent(pid: int) -> int | None:
    try:
        return int(_stat(pid)[PARENT])
    except (FileNotFoundError, ProcessLookupError):
        return None
