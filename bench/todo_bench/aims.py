"""What the service aims for, on a machine that it shares with the load and with PostgreSQL."""

from .report import Aim

# Of the rate at which pgbench runs the call's statement, on 64 connections.
OF_PGBENCH = {
    "list": Aim("list, of pgbench's rate", 50, "%", at_least=True),
    "get": Aim("get, of pgbench's rate", 50, "%", at_least=True),
    "create": Aim("create, of pgbench's rate", 70, "%", at_least=True),
}
# The server's processor time of one call on 64 connections.
CPU = {
    "list": Aim("list, CPU of the server", 0.06, "ms"),
    "get": Aim("get, CPU of the server", 0.04, "ms"),
}
CROWDED_P95 = Aim("1,000 connections, greatest of the calls' median p95", 200, "ms")
CROWDED_MEMORY = Aim("1,000 connections, greatest of the calls' median peak of memory", 64, "MiB")
LOGGING_COST = Aim("what logging costs", 5, "%")
FLOODED_P95 = Aim("list while logins flood, p95", 50, "ms")
COLD_START = Aim("cold start, median to the first answer", 100, "ms")
# Not 1, for what is remembered of a session is read again now and then.
ROUND_TRIPS = Aim("round trips, the most", 1.05, "a call")
