"""Figures, tables, and what a part of the benchmark tells."""

import statistics
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Aim:
    """A figure that the service is meant to reach."""

    what: str
    limit: float
    unit: str
    at_least: bool = False

    def judge(self, figure: float) -> str:
        """A line that tells whether it is reached."""
        reached = figure >= self.limit if self.at_least else figure < self.limit
        word, bound = "met" if reached else "MISSED", "at least" if self.at_least else "under"
        return f"{word}: {self.what} {figure:.3g} {self.unit}, {bound} {self.limit:g} {self.unit}"


@dataclass
class Report:
    """What a part tells."""

    title: str
    header: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def judge(self, aim: Aim, figure: float) -> None:
        """Adds whether an aim is reached."""
        self.judged.append(aim.judge(figure))

    def text(self, with_aims: bool) -> str:
        """All of it as Markdown."""
        blocks = [f"## {self.title}", table(self.header, self.rows), *self.lines]
        if with_aims and self.judged:
            blocks.append("\n".join(f"- {line}" for line in self.judged))
        if self.errors:
            blocks.append("\n".join(f"**ERROR** {error}" for error in self.errors))
        return "\n\n".join(filter(None, blocks)) + "\n"


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table: what comes first is a name, the rest are figures."""
    if not rows:
        return ""
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join(f"| {' | '.join(row)} |" for row in [header, rule, *rows])


def spread(samples: list[float], digits: int = 0) -> str:
    """The median, with the least and the greatest where there are several."""
    middle = f"{statistics.median(samples):,.{digits}f}"
    if len(samples) == 1:
        return middle
    return f"{middle} ({min(samples):,.{digits}f}–{max(samples):,.{digits}f})"


def percentile(samples: list[float], percent: int) -> float:
    """The least sample that so many percent of all do not exceed."""
    return sorted(samples)[max(0, -(-len(samples) * percent // 100) - 1)]
