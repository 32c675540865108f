"""The statements of the five calls, as the server sends them: bench/plans/*.sql."""

import re
from pathlib import Path

PLANS = Path(__file__).parent.parent / "plans"

PARAMETER_LINE = re.compile(r"^-- \$(\d+) (\w+)", re.MULTILINE)
PLACE = re.compile(r"\$(\d+)")


def read(name: str) -> tuple[str, set[str]]:
    """A statement with `:name` in place of `$n`, on one line, and the names of its parameters."""
    text = (PLANS / f"{name}.sql").read_text()
    names = dict(PARAMETER_LINE.findall(text))
    lines = [line.strip() for line in text.splitlines() if not line.startswith("--")]
    statement = " ".join(filter(None, lines)).rstrip(";")
    return PLACE.sub(lambda place: f":{names[place[1]]}", statement), set(names.values())
