"""What was measured, on what."""

import os
import platform
import subprocess
from pathlib import Path

from .cluster import program
from .options import Options


def heading(options: Options) -> str:
    """The line that the figures stand under."""
    versions = f"{_version(str(options.binary))}, {_version(program('postgres'))}"
    machine = f"{os.cpu_count()} × {_processor()}, Linux {platform.release()}"
    return f"{versions}; {machine}; {options.rounds} rounds of {options.seconds} s"


def _version(binary: str) -> str:
    done = subprocess.run([binary, "--version"], text=True, capture_output=True, check=True)
    return done.stdout.strip()


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
