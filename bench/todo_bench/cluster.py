"""A PostgreSQL cluster of the benchmark's own, made from the machine's PostgreSQL."""

import glob
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .process import ENVIRONMENT, Unavailable, free_port, running, scratch, wait_until

MAX_CONNECTIONS = 200
SUPERUSER = "postgres"


class Cluster:
    """A running cluster, with stock settings."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid = pid
        self.port = port

    def url(self, database: str, port: int | None = None) -> str:
        """Where the server finds a database, or a relay to it."""
        address = f"127.0.0.1:{port or self.port}"
        return f"postgres://{SUPERUSER}@{address}/{database}?sslmode=disable"

    def address(self, database: str) -> list[str]:
        """The same for PostgreSQL's own programs."""
        return ["-h", "127.0.0.1", "-p", str(self.port), "-U", SUPERUSER, database]

    def create_database(self, name: str) -> None:
        """Makes an empty database."""
        self.psql("postgres", f"CREATE DATABASE {name}")

    def psql(self, database: str, sql: str) -> str:
        """Runs statements, and answers with unaligned rows."""
        command = [program("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1"]
        command += self.address(database)
        done = subprocess.run(command, env=ENVIRONMENT, input=sql, text=True, capture_output=True)
        if done.returncode != 0:
            raise RuntimeError(f"psql: {done.stderr}\n{sql[:500]}")
        return done.stdout.rstrip("\n")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """A new cluster; its files go with it."""
    # PostgreSQL refuses to run as root.
    is_root = os.geteuid() == 0
    user = ["setpriv", f"--reuid={SUPERUSER}", f"--regid={SUPERUSER}", "--clear-groups"]
    as_user = user if is_root else []
    with scratch(owner=SUPERUSER if is_root else None) as place:
        data, log, port = place / "data", place / "server.log", free_port()
        _initdb([*as_user, program("initdb")], place, data)
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": place,
            "max_connections": MAX_CONNECTIONS,
            "shared_preload_libraries": "pg_stat_statements",
            "pg_stat_statements.track": "all",
        }
        options = [f"--{name}={value}" for name, value in settings.items()]
        command = [*as_user, program("postgres"), "-D", str(data), *options]
        # SIGINT is its fast shutdown.
        with running(command, cwd=place, output=log, stop_signal=signal.SIGINT) as process:
            wait_until(process, log, lambda: _is_ready(data / "postmaster.pid"))
            yield Cluster(process.pid, port)


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs; Debian keeps those of the server out of PATH."""
    newest_first = sorted(glob.glob("/usr/lib/postgresql/*/bin"), reverse=True)
    path = shutil.which(name, path=os.pathsep.join([*newest_first, os.environ["PATH"]]))
    if path is None:
        raise Unavailable(f"{name} is missing: install the package postgresql")
    return path


def _initdb(initdb: list[str], place: Path, data: Path) -> None:
    options = ["--username", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
    command = [*initdb, "--pgdata", str(data), *options, "--no-sync"]
    done = subprocess.run(command, cwd=place, env=ENVIRONMENT, text=True, capture_output=True)
    if done.returncode != 0:
        raise Unavailable(f"initdb: {done.stderr}")


def _is_ready(pid_file: Path) -> bool | None:
    """Whether the line is there that pg_ctl itself waits for."""
    lines = pid_file.read_text().splitlines() if pid_file.exists() else []
    return any(line.startswith("ready") for line in lines) or None
