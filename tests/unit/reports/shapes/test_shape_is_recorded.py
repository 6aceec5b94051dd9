"""A change of what a signed sheet is made of shows, and says what it needs."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field, fields, make_dataclass
from decimal import Decimal
from typing import Any, Literal

import pytest

from reports.shapes.schema import NUMBER
from reports.shapes.stored import DISTRICT, REVIEW
from tests.sheets_for_ever import COMMAND
from tests.sheets_for_ever.files import examples
from tests.sheets_for_ever.shape import advice, breaks, recorded, shape_of

SCHEMAS = pytest.mark.parametrize("schema", [REVIEW, DISTRICT], ids=lambda schema: schema.kind)


@SCHEMAS
def test_signed_sheets_stay_readable(schema) -> None:
    before = recorded(schema.kind, schema.number)
    assert before, f"schema {schema.number} is not recorded: run `{COMMAND} store`"
    found = breaks(before, shape_of(schema.shape))
    assert not found, "\n".join([*found, advice(schema.kind, schema.number)])


@SCHEMAS
def test_shape_of_today_is_recorded(schema) -> None:
    """Also a field with a default: sheets signed from now on have it, and it must not get lost."""
    is_recorded = recorded(schema.kind, schema.number) == shape_of(schema.shape)
    assert is_recorded, (
        f"What a {schema.kind} sheet is made of has changed. If every new field has a default, "
        f"run `{COMMAND} record` and commit the file; the difference shows in it."
    )


@SCHEMAS
def test_every_number_has_an_example_and_a_step(schema) -> None:
    numbers = range(1, schema.number + 1)
    kept = {example.number for example in examples(schema.kind)}
    assert kept == set(numbers), f"run `{COMMAND} store` before anything is signed with it"
    for number, step in zip(numbers, schema.steps, strict=False):
        assert step.__name__ == f"v{number}_to_v{number + 1}"
        assert inspect.getdoc(step), f"{step.__name__} does not say what changed"


@SCHEMAS
def test_no_field_takes_the_place_of_the_number(schema) -> None:
    assert NUMBER not in {part.name for part in fields(schema.shape)}


@dataclass
class Row:
    count: int
    share: Decimal | None
    trend: Literal["up", "down"]
    note: str = ""


@dataclass
class Sheet:
    title: str
    rows: tuple[Row, ...] = ()
    series: tuple[int | None, ...] = field(default_factory=tuple)


SHAPE = shape_of(Sheet)


def sheet_with(*row: Any, name: str = "Row") -> dict[str, Any]:
    """A sheet whose rows have these fields."""
    rows = make_dataclass(name, row, kw_only=True)
    return shape_of(
        make_dataclass(
            "Sheet",
            [
                ("series", tuple[int | None, ...], ()),
                ("rows", tuple[rows, ...], ()),  # type: ignore[valid-type]
                ("title", str),
            ],
            kw_only=True,
        )
    )


COUNT: Any = ("count", int)
SHARE: Any = ("share", Decimal | None)
TREND: Any = ("trend", Literal["down", "up"])
NOTE: Any = ("note", str, "")


def test_order_of_fields_and_names_of_types_do_not_matter() -> None:
    assert sheet_with(NOTE, TREND, SHARE, COUNT) == SHAPE
    assert breaks(SHAPE, sheet_with(COUNT, SHARE, TREND, NOTE, name="Zeile")) == []


@pytest.mark.parametrize(
    "row",
    [
        (COUNT, SHARE, TREND, NOTE, ("coverage_last_year", Decimal | None, None)),
        (COUNT, SHARE, ("trend", Literal["down", "flat", "up"]), NOTE),
        (("count", int, 0), SHARE, TREND, NOTE),
    ],
    ids=["new field with a default", "new word", "a default where there was none"],
)
def test_what_old_sheets_can_do_without_is_allowed_and_shows(row: Any) -> None:
    now = sheet_with(*row)
    assert breaks(SHAPE, now) == []
    assert now != SHAPE


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ((COUNT, SHARE, TREND), "Row.note is gone"),
        ((("counted", int, 0), SHARE, TREND, NOTE), "Row.count is gone"),
        ((("count", Decimal), SHARE, TREND, NOTE), "Row.count was int and is Decimal"),
        ((COUNT, ("share", Decimal), TREND, NOTE), "Row.share was Decimal? and is Decimal"),
        ((COUNT, SHARE, ("trend", Literal["up"]), NOTE), "Row.trend no longer knows down"),
        ((COUNT, SHARE, TREND, ("note", str)), "Row.note has lost its default"),
        ((COUNT, SHARE, TREND, ("note", str, "-")), "Row.note has another default"),
        ((COUNT, SHARE, TREND, NOTE, ("extra", int)), "Row.extra is new and has no default"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_old_sheets_cannot_bear_is_named(row: Any, said: str) -> None:
    assert any(said in line for line in breaks(SHAPE, sheet_with(*row)))


def test_a_type_that_json_would_not_give_back_is_refused() -> None:
    with pytest.raises(TypeError, match="float"):
        shape_of(make_dataclass("Sheet", [("share", float)]))
