"""The districts' data sets that come with the project (``facilities/data/districts``)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from facilities.tabular.shipped import Row, read_shipped

DISTRICTS = Path(__file__).parent / "data" / "districts"


@lru_cache(maxsize=1)
def seats() -> dict[str, str]:
    """The place named beside the date on letters, by district code."""
    return {row["code"]: row["seat"] for row in read_shipped(DISTRICTS / "seats.csv")}


def shipped_rows(code: str, name: str) -> list[Row]:
    """The rows of ``<code>/<name>.csv``; none when the project has no data for the district."""
    path = DISTRICTS / code / f"{name}.csv"
    return read_shipped(path) if path.exists() else []
