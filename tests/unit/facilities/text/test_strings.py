"""All strings of T01 to T12 against the one rule; what each door makes of them is shown in
``tests/integration/text``."""

from __future__ import annotations

import pytest

from facilities.text.cleaning import from_workbook
from facilities.text.errors import UnfitText
from facilities.text.numbers import whole_number
from facilities.text.privacy import without_personal_numbers
from facilities.text.rules import fit
from tests.text_cases import CASES, TextCase, cases

LIMIT = 500


def written(case: TextCase) -> str:
    """As the rule gets it: cells of a workbook are decoded before."""
    text = str(case.value)
    return from_workbook(text) if case.is_workbook_only else text


def test_every_entry_is_tried() -> None:
    assert len(CASES) == 124
    assert {one.do for one in CASES} == {"refuse", "clean", "keep"}
    assert {one.field for one in CASES} == {"text", "name", "count", "file name of an attachment"}


@pytest.mark.parametrize("case", cases("text", "name"), ids=str)
@pytest.mark.parametrize("has_lines", [True, False])
def test_text(case: TextCase, has_lines: bool) -> None:  # T01 to T11
    is_name = case.field == "name"
    kind = {"has_lines": has_lines and not is_name, "is_name": is_name}
    if case.do == "refuse" and case.id != "text-501":
        with pytest.raises(UnfitText, match=r".{30}"):
            fit(written(case), **kind)
        return
    stored = fit(written(case), **kind)
    if case.id == "text-501":
        assert len(stored) > LIMIT  # left to the limit of each field
        return
    assert stored == (case.becomes if has_lines and not is_name else case.one_line)
    assert fit(stored, **kind) == stored


@pytest.mark.parametrize("case", cases("count"), ids=str)
def test_count(case: TextCase) -> None:  # T12, E3
    if case.do == "refuse":
        with pytest.raises(UnfitText, match=r"^[^\0]{20,}$"):
            whole_number(case.value)
    else:
        assert whole_number(case.value) == (int(case.becomes) if case.becomes else None)


def test_file_name() -> None:  # T05
    (case,) = cases("file name of an attachment")
    assert without_personal_numbers(case.value) == ".jpg"
