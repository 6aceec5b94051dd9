"""The data files inside the project: trusted, UTF-8, comma-separated, ``|`` inside a cell."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

Row = dict[str, str]


def read_shipped(path: Path) -> list[Row]:
    """All rows of a shipped CSV file, every value a string ('' when empty)."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def words(cell: str) -> list[str]:
    """``"BALITA|APRAS"`` → ``["BALITA", "APRAS"]``."""
    return [word for word in cell.split("|") if word]


def number(cell: str) -> int | None:
    return int(cell) if cell else None


def decimal(cell: str) -> Decimal | None:
    return Decimal(cell) if cell else None


def date(cell: str) -> dt.date:
    return dt.date.fromisoformat(cell)


@dataclass
class Tally:
    """What a load did, row by row."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.created + other.created,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
        )
