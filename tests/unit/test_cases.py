"""Every input of ``tests/cases`` is used: a file that no test names would find nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.text_cases import CASES, DOORS

TESTS = Path(__file__).parents[1]
FOLDER = TESTS / "cases"
# Named by their scenario, in the room of each fault.
FAULTS = ("X4", "X7", "X8", "X9", "X10", "X11")


def _code() -> Iterator[str]:
    for path in TESTS.rglob("*.py"):
        if path != Path(__file__):
            yield path.read_text()


def test_every_file_is_named_by_a_test() -> None:
    code = "\n".join(_code())
    files = [path for path in FOLDER.rglob("*") if path.is_file() and path.suffix != ".md"]
    assert len(files) > 60
    assert not [path.name for path in files if path.name not in code and path.stem not in code]


def test_every_fault_of_the_machine_is_named_by_a_test() -> None:
    code = "\n".join(_code())
    missing = [x for x in FAULTS if not re.search(rf"\b{x}\b|test_{x.lower()}_", code)]
    assert not missing


def test_every_string_is_of_a_field_that_tests_go_through() -> None:
    code = "\n".join(_code())
    assert not [case.id for case in CASES if f'"{case.field}"' not in code]
    assert not [case.id for case in CASES if not set(case.doors) <= set(DOORS)]
