"""The stored examples as files: ``<kind>-<number>.<name>.json``, gzipped when large."""

from __future__ import annotations

import gzip
import re
from dataclasses import dataclass
from pathlib import Path

from tests.sheets_for_ever import EXAMPLES

LARGE = 100_000  # bytes
_NAME = re.compile(r"(?P<kind>[a-z]+)-(?P<number>[1-9]\d*)\.(?P<name>[a-z0-9-]+)\.json(\.gz)?")


@dataclass(frozen=True, slots=True)
class Example:
    """One sheet that somebody signed once."""

    path: Path
    kind: str  # review, district
    number: int  # of its schema
    name: str

    @property
    def content(self) -> bytes:
        """The bytes as a Snapshot keeps them."""
        found = self.path.read_bytes()
        return gzip.decompress(found) if self.path.suffix == ".gz" else found

    def __str__(self) -> str:
        return f"{self.kind}-{self.number}.{self.name}"


def examples(kind: str = "") -> list[Example]:
    """Every file of the folder: a new one is tested because it is there."""
    found = [_example(path) for path in sorted(EXAMPLES.iterdir())]
    return [example for example in found if kind in ("", example.kind)]


def _example(path: Path) -> Example:
    match = _NAME.fullmatch(path.name)
    if match is None:
        raise ValueError(f"{path.name} is not named <kind>-<number>.<name>.json[.gz]")
    return Example(path, match["kind"], int(match["number"]), match["name"])


def keep(kind: str, number: int, name: str, content: bytes) -> Path | None:
    """Write an example; None when one of that name stands: what was signed is not changed."""
    if any((row.kind, row.number, row.name) == (kind, number, name) for row in examples()):
        return None
    path = EXAMPLES / f"{kind}-{number}.{name}.json"
    if len(content) > LARGE:
        # Without a moment in it: the same sheet gives the same file.
        path, content = path.with_suffix(".json.gz"), gzip.compress(content, mtime=0)
    path.write_bytes(content)
    return path
