"""Patterns of document numbers: refused when they could number two reports alike."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from facilities.document_numbers import check_pattern, example, fill

DEFAULT = "440/{sequence:03d}/{facility}/{roman_month}/{year}"


def test_default_pattern() -> None:
    check_pattern(DEFAULT)
    assert example(DEFAULT) == "440/024/1012406/VI/2026"
    assert example(DEFAULT, revision=2) == "440/024/1012406/VI/2026-R2"


@pytest.mark.parametrize(
    "pattern",
    [
        "",
        "440/{year}",
        "440/{week}/{year}",
        "440/{facility}/{year}",
        "440/{facility}/{week}",
        "{facility}{week}/{year}",  # 1|12 and 11|2
        "{facility}/{week}/{year}/{name}",
        "{facility.__class__}/{week}/{year}",
        "{facility!r}/{week}/{year}",
        "{facility:>99999}/{week}/{year}",
        "{facility}/{week:999999d}/{year}",
        "{facility}/{week}/{year}/{",
        "{facility}/{week}/{year}/}",
        "{0}/{facility}/{week}/{year}",
        "{}/{facility}/{week}/{year}",
        "x" * 90 + "/{facility}/{week}/{year}",
    ],
)
def test_refused(pattern: str) -> None:
    with pytest.raises(ValidationError):
        check_pattern(pattern)


FIELDS = ["{facility}", "{year}", "{week}", "{sequence:03d}", "{roman_month}", "{week:02d}"]


@given(st.lists(st.sampled_from(FIELDS), max_size=6), st.lists(st.text("/.-K0", max_size=2)))
def test_what_is_taken_numbers_no_two_alike(fields: list[str], signs: list[str]) -> None:
    """Over facilities, weeks of two years and revisions."""
    signs = [*signs, *"/" * 7]
    pattern = "".join(a + b for a, b in zip(signs, fields, strict=False))
    try:
        check_pattern(pattern)
    except ValidationError:
        return
    numbers = [
        fill(pattern, facility=code, week=week, month=(week - 1) // 5 + 1, year=year, revision=n)
        for code in ("1", "11", "1012406", "P1-PT01")
        for week in (1, 2, 11, 12, 52)
        for year in (2025, 2026)
        for n in (1, 2)
    ]
    assert len(set(numbers)) == len(numbers), pattern
