"""The comparison of two sheets as a rule: a sheet never differs from itself, and turning the
comparison round turns every change round."""

from __future__ import annotations

import random
from dataclasses import fields, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from reports import shapes
from reports.review.queries.revision_diff import (
    FieldChange,
    ItemChange,
    LineChange,
    PlaceChange,
    SheetDiff,
    diff,
)
from reports.shapes.stored import decode_review, encode
from tests.factories.sheets import review_sheet

BASE = review_sheet()
TURNED: dict[str, Any] = {"added": "removed", "removed": "added", "changed": "changed"}


def turned(value: Any) -> Any:
    """The same difference seen from the other side."""
    if isinstance(value, tuple):
        return tuple(turned(row) for row in value)
    if isinstance(value, FieldChange):
        return replace(value, before=value.after, after=value.before)
    if isinstance(value, ItemChange):
        return replace(value, state=TURNED[value.state], fields=turned(value.fields), title="")
    if isinstance(value, LineChange):
        return replace(value, fields=turned(value.fields))
    if isinstance(value, PlaceChange):
        return replace(value, lines=turned(value.lines))
    if isinstance(value, SheetDiff):
        return SheetDiff(**{f.name: turned(getattr(value, f.name)) for f in fields(value)})
    return value


def untitled(value: Any) -> Any:
    """A title may itself have changed; either side's is right."""
    if isinstance(value, tuple):
        return tuple(untitled(row) for row in value)
    if isinstance(value, ItemChange):
        return replace(value, title="")
    if isinstance(value, SheetDiff):
        return SheetDiff(**{f.name: untitled(getattr(value, f.name)) for f in fields(value)})
    return value


SEEDS = st.integers(0, 10_000)
SHARES = st.sampled_from([0.0, 0.05, 0.5])


def changed(seed: int, share: float) -> shapes.ReviewSheet:
    """The model sheet with some counts changed, lines and people left out, decisions added."""
    dice = random.Random(seed)

    def line(row: shapes.Line) -> shapes.Line:
        if dice.random() >= share:
            return row
        count = dice.choice([None, 0, 1, 2])
        return replace(row, figures=replace(row.figures, week_count=count), note="x")

    def some(rows: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(row for row in rows if dice.random() >= share)

    decisions = dice.choices(["Pos tambahan", "Rujuk", ""], k=dice.randrange(4))
    return replace(
        BASE,
        clusters=tuple(
            replace(block, lines=tuple(map(line, some(block.lines)))) for block in BASE.clusters
        ),
        carried_problems=some(BASE.carried_problems),
        attendance=some(BASE.attendance),
        annex=some(BASE.annex),
        conclusion=dice.choice([BASE.conclusion, "", "Lain"]),
        meeting_decisions=tuple(
            shapes.MeetingDecisionRow(at, text, dice.random() < share)
            for at, text in enumerate(decisions, 1)
        ),
    )


@settings(max_examples=40, deadline=None)
@given(SEEDS, SHARES)
def test_a_sheet_does_not_differ_from_itself(seed: int, share: float) -> None:
    sheet = changed(seed, share)
    assert diff(sheet, sheet).is_empty
    assert diff(sheet, decode_review(encode(sheet))).is_empty


@settings(max_examples=40, deadline=None)
@given(SEEDS, SEEDS, SHARES)
def test_the_comparison_can_be_turned_round(first: int, second: int, share: float) -> None:
    a, b = changed(first, share), changed(second, share)
    assert untitled(diff(b, a)) == turned(untitled(diff(a, b)))


@settings(max_examples=30, deadline=None)
@given(SEEDS, SEEDS, SHARES)
def test_every_changed_count_is_named(first: int, second: int, share: float) -> None:
    a, b = changed(first, share), changed(second, share)

    def counts(sheet: shapes.ReviewSheet) -> dict[str, Any]:
        return {row.indicator.code: row.figures.week_count for row in sheet.lines}

    was, now = counts(a), counts(b)
    expected = {code for code in was.keys() | now.keys() if was.get(code) != now.get(code)}
    found = {
        row.indicator.code
        for row in diff(a, b).lines
        if any(change.name == "week_count" for change in row.fields)
    }
    assert found == expected
