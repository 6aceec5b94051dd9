"""The strings of ``tests/cases/text/strings.json``: one entry, one way text goes wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("cases") / "text" / "strings.json"
DOORS = ("page", "api", "import", "excel")


@dataclass(frozen=True)
class TextCase:
    """``becomes``: the text after cleaning, of a case that is kept its very value."""

    id: str
    value: Any
    field: str
    do: str
    becomes: str
    may_be_refused: bool
    doors: tuple[str, ...]

    @property
    def one_line(self) -> str:
        return self.becomes.replace("\n", " ")

    @property
    def is_workbook_only(self) -> bool:
        return not {"page", "api"} & set(self.doors)

    def __str__(self) -> str:
        return self.id


def _case(row: dict[str, Any]) -> TextCase:
    return TextCase(
        id=row["id"],
        value=row["value"],
        field=row["field"],
        do=row["do"],
        becomes=row.get("becomes", str(row["value"])),
        may_be_refused=row["do"] == "refuse" or row.get("also_fine") == "refuse",
        doors=tuple(row.get("doors", DOORS)),
    )


CASES = [_case(row) for row in json.loads(FILE.read_text())["strings"]]


def cases(*fields: str, door: str = "") -> list[TextCase]:
    """Those of some fields, and of one door where it is named."""
    return [one for one in CASES if one.field in fields and (not door or door in one.doors)]
