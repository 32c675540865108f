"""How much is measured, and of what."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Options:
    """What the command line says. A quick run only shows that everything works."""

    binary: Path
    rounds: int
    seconds: int
    quick: bool

    @property
    def users(self) -> int:
        """How many sign up."""
        return 50 if self.quick else 1000
