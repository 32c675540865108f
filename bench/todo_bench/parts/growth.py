"""How long a list takes as tasks and users grow in number: it should not matter."""

import time
from contextlib import ExitStack
from dataclasses import dataclass, field

from .. import seed
from ..api import LIST
from ..client import Client, next_page, request
from ..cluster import Cluster, cluster
from ..options import Options
from ..report import Report, percentile
from ..server import Server, serve

# Calls in a row before another database has its turn.
BATCH = 50


@dataclass(frozen=True)
class Size:
    """How much is in a database: one user's own tasks, and others with ten each."""

    what: str
    own: int
    others: int
    in_quick: bool = True

    @property
    def database(self) -> str:
        """What its database is called."""
        return f"own_{self.own}_others_{self.others}"


OTHERS_TASKS = 10
SIZES = (
    Size("10² tasks of the user", 10**2, 100),
    Size("10⁴ tasks of the user", 10**4, 100),
    Size("10⁶ tasks of the user", 10**6, 100, in_quick=False),
    Size("10³ users", OTHERS_TASKS, 10**3 - 1),
    Size("10⁵ users", OTHERS_TASKS, 10**5 - 1, in_quick=False),
)


@dataclass
class List:
    """A list that is read again and again, in milliseconds."""

    size: Size
    place: str
    server: Server
    request: bytes
    samples: list[float] = field(default_factory=list)

    def read(self, count: int) -> None:
        """Reads it so many times, on a connection of its own: one that idles is closed."""
        with Client(self.server.address) as client:
            for _ in range(count):
                begin = time.perf_counter()
                client.send_json(self.request)
                self.samples.append((time.perf_counter() - begin) * 1000)


def run(options: Options) -> Report:
    """Measures all sizes in turn, each in a database of its own."""
    count = 100 if options.quick else 500
    report = Report(
        f"Growth, {count} lists of 20 by one client",
        ["in the database", "page", "p50 ms", "p95 ms", "p99 ms"],
    )
    with ExitStack() as stack:
        postgres = stack.enter_context(cluster())
        sizes = [size for size in SIZES if size.in_quick or not options.quick]
        lists = [each for size in sizes for each in _lists(stack, postgres, size, options)]
        for each in lists:
            each.read(BATCH)
            each.samples.clear()
        for _ in range(count // BATCH):
            for each in lists:
                each.read(BATCH)
        for each in lists:
            report.errors += each.server.take_errors()
    for each in lists:
        figures = [f"{percentile(each.samples, percent):.2f}" for percent in (50, 95, 99)]
        report.rows.append([each.size.what, each.place, *figures])
    return report


def _lists(stack: ExitStack, postgres: Cluster, size: Size, options: Options) -> list[List]:
    postgres.create_database(size.database)
    settings = {"DATABASE_URL": postgres.url(size.database), "DB_MIN_CONNECTIONS": 1}
    server = stack.enter_context(serve(options.binary, **settings))
    (account,) = seed.sign_up(server.address, 1)
    seed.crowd(postgres, size.database, account, size.own, size.others, OTHERS_TASKS)
    lists = [List(size, "first", server, LIST.request(account.token, 0, 0))]
    if size.own > 20:
        deep = _page_in_the_middle(server, account.token, size.own)
        lists.append(List(size, "in the middle", server, deep))
    return lists


def _page_in_the_middle(server: Server, token: str, tasks: int) -> bytes:
    """The request for 20 tasks in the middle of all, found as a client finds it: page by page."""
    path = f"{LIST.path.partition('?')[0]}?limit=50"
    with Client(server.address) as client:
        for _ in range(tasks // 2 // 50):
            _, head, _ = client.send(request("GET", path, token))
            path = next_page(head)
    return request("GET", path.replace("limit=50", "limit=20"), token)
