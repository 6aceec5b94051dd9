"""The list of faults, and where each belongs in the code as it is now."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

LIST = Path(__file__).with_name("list.toml")


class NotApplicableError(Exception):
    """The code has moved away from under a fault; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Fault:
    """``old`` stands exactly once in ``file`` (or in all the files of a pattern together);
    with ``new`` in its place one of ``tests`` must fail. ``new_database``: the fault lies in
    what makes the tables, so the tests need a database of their own."""

    name: str
    kind: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    new_database: bool = False

    @property
    def room(self) -> list[str]:
        """Everything beside the named tests, for when none of those notices."""
        found = set()
        for test in self.tests:
            file = Path(test.partition("::")[0])
            folder = file.parent
            is_whole_house = folder.name in {"tests", "unit", "integration"}
            found.add(file if is_whole_house else folder)
        return sorted(str(path) for path in found)


def load(path: Path = LIST) -> list[Fault]:
    rows = tomllib.loads(path.read_text())["fault"]
    return [Fault(**{**row, "tests": tuple(row["tests"])}) for row in rows]


def target(fault: Fault, root: Path) -> Path:
    """The file that holds the old text. NotApplicableError unless it is there exactly once."""
    files = [
        file for file in sorted(root.glob(fault.file))
        if file.is_file() and "__pycache__" not in file.parts
    ]  # fmt: skip
    if not files:
        raise NotApplicableError(f"{fault.name}: there is no {fault.file}")
    holding = [(file, file.read_text().count(fault.old)) for file in files]
    times = sum(count for _file, count in holding)
    if times != 1:
        raise NotApplicableError(f"{fault.name}: {times} times, not once, in {fault.file}")
    return next(file for file, count in holding if count)


def not_applicable(faults: Sequence[Fault], root: Path) -> list[str]:
    """What is no longer true of the list, a sentence each."""
    said = []
    for fault in faults:
        try:
            target(fault, root)
        except NotApplicableError as error:
            said.append(str(error))
        said += [
            f"{fault.name}: there is no test {test}"
            for test in fault.tests if not _is_there(test, root)
        ]  # fmt: skip
    return said


def _is_there(test: str, root: Path) -> bool:
    name, _, function = test.partition("::")
    file = root / name
    if not function:
        return file.is_file()
    return file.is_file() and f"\ndef {function.partition('[')[0]}(" in file.read_text()
