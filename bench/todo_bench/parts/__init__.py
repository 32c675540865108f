"""The parts of the benchmark, each with a function `run` that makes a report."""

from . import calls, cold_start, growth, logging, login_flood, memory, trips

# In the order in which they run.
PARTS = {
    "calls": calls.run,
    "trips": trips.run,
    "logging": logging.run,
    "growth": growth.run,
    "login-flood": login_flood.run,
    "cold-start": cold_start.run,
    "memory": memory.run,
}
