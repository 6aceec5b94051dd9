"""The list of faults is true of the code as it is: it must not wait for the nightly run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from tests.faults.bench import made
from tests.faults.catalogue import Fault, NotApplicableError, load, not_applicable

# What a fault may be of; at least one of each.
KINDS = {
    "scope: page", "scope: API", "scope: form choices", "scope: export", "permission",
    "version check", "audit row", "fence", "lease", "document rebuilt though ready",
    "delivery doubled", "freeze", "missing counted as zero", "week off by one",
    "turn of the year", "rounding", "roll-up trigger", "roll-up check", "plausibility rule",
    "deadline hour and time zone", "closed facility counted as expected", "escalation clock",
    "escaping", "NUL and control text", "upload limits", "offline retry", "CSRF and next",
    "demo mail", "verification", "translation",
}  # fmt: skip
FAULT = Fault("uji", "rounding", "a.py", "ceil(", "floor(", ("tests/test_a.py",))


def test_every_fault_has_its_place_and_its_tests() -> None:
    assert not_applicable(load(), settings.BASE_DIR) == []


def test_every_kind_has_a_fault_and_every_fault_a_name_of_its_own() -> None:
    faults = load()
    assert {fault.kind for fault in faults} == KINDS
    assert len({fault.name for fault in faults}) == len(faults)
    assert all(fault.tests and fault.old != fault.new for fault in faults)


@pytest.mark.parametrize("text", ["", "round(1)", "ceil(1) + ceil(2)"])
def test_fault_without_exactly_one_place_is_told_and_changes_nothing(
    text: str, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_text(text)
    with pytest.raises(NotApplicableError, match="uji"), made(FAULT, tmp_path):
        pass
    assert len(not_applicable([FAULT], tmp_path)) == 2  # no place, and no such test
    assert (tmp_path / "a.py").read_text() == text


def test_fault_is_made_and_undone(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("ceil(1)")
    with made(replace(FAULT, file="**/*"), tmp_path):
        assert (tmp_path / "a.py").read_text() == "floor(1)"
    assert (tmp_path / "a.py").read_text() == "ceil(1)"
