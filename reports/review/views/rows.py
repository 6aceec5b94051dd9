"""The rows of the review form: a line of the sheet with what stands in its fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from clusters.models import Achievement
from clusters.weeks import Week, month_break
from reports.events.queries.counted import Difference, differences
from reports.figures.queries.plausibility import Checks, RowCheck
from reports.figures.wording import is_english
from reports.review.forms.counts import CountEntry
from reports.review.queries.open_points import is_missing
from reports.shapes import ClusterBlock, FacilityRef, Line, ReviewSheet, WeekRef


@dataclass(frozen=True, slots=True)
class Conflict:
    """The value stored in the meantime, beside the one just typed."""

    theirs: Achievement
    mine: CountEntry


@dataclass(frozen=True, slots=True)
class Place:
    """One Pustu's share of a sum; ``count`` None: belum lapor."""

    facility: FacilityRef
    count: int | None
    denominator: int | None


@dataclass(slots=True)
class Row:
    """One indicator; the texts are what its fields show."""

    line: Line
    name: str
    people_noun: str
    numerator: str
    denominator: str
    note: str
    version: int
    shows_note: bool = False
    # Of a week of two months: the last day of the first one, and how many came up to then.
    until: dt.date | None = None
    parts: tuple[str, str] = ("", "")
    errors: dict[str, str] = field(default_factory=dict)
    conflict: Conflict | None = None
    places: tuple[Place, ...] = ()
    checks: tuple[RowCheck, ...] = ()  # figures that deserve a second look
    difference: Difference | None = None  # to the event records of the week

    @property
    def unanswered(self) -> list[RowCheck]:
        return [check for check in self.checks if check.is_open]

    @property
    def answered(self) -> list[RowCheck]:
        return [check for check in self.checks if not check.is_open]

    @property
    def is_doubted(self) -> bool:
        """Whether something is said below the row."""
        return bool(self.checks or self.difference) or self.line.replaced is not None

    @property
    def can_replace(self) -> bool:
        """Whether the row shows a sum that another figure could stand in for."""
        line = self.line
        if line.computed_from:
            return line.replaced is not None
        is_sum = line.below_count is not None and line.indicator.calc_type != "snapshot"
        return is_sum or line.replaced is not None

    @property
    def has_no_population(self) -> bool:
        """Whether a target population is asked for and not there."""
        ref = self.line.indicator
        return (
            self.line.figures.population is None
            and not ref.needs_denominator
            and ref.calc_type != "count"
        )

    @property
    def code(self) -> str:
        return self.line.indicator.code

    @property
    def is_missing(self) -> bool:
        return is_missing(self.line)

    @property
    def has_status(self) -> bool:
        """Whether a closed period was judged, whatever this week says."""
        return self.line.figures.status not in (None, "incomplete")


@dataclass(frozen=True, slots=True)
class Group:
    """The rows of one cluster; ``later`` are those not asked for in this week and still
    without any entry. Most weeks they are the larger part, so a page shows them on demand."""

    code: str
    name: str
    rows: tuple[Row, ...]
    later: tuple[Row, ...]
    due: int
    missing: int
    below_target: int


# A test is asked with the codes of the rows that have an unanswered warning.
Test = Callable[[Line, Collection[str]], bool]
SHOW: dict[str, tuple[Any, Test]] = {
    "": (_("All"), lambda _line, _unanswered: True),
    "empty": (_("Not filled in"), lambda line, _unanswered: is_missing(line)),
    "below": (
        _("Below target"),
        lambda line, _unanswered: line.figures.is_on_target is False,
    ),
    "falling": (_("Falling"), lambda line, _unanswered: line.figures.trend == "down"),
    "noted": (_("With a note"), lambda line, _unanswered: bool(line.note)),
    "check": (_("To check"), lambda line, unanswered: line.indicator.code in unanswered),
}


@dataclass(frozen=True, slots=True)
class Chip:
    value: str
    label: Any
    count: int
    is_current: bool


def chips(lines: Iterable[Line], current: str, unanswered: Collection[str] = ()) -> list[Chip]:
    rows = list(lines)
    return [
        Chip(value, label, sum(test(line, unanswered) for line in rows), value == current)
        for value, (label, test) in SHOW.items()
    ]


def make_row(
    line: Line,
    *,
    week: Week | WeekRef,
    entry: CountEntry | None = None,
    conflict: Conflict | None = None,
    shows_note: bool = False,
    places: tuple[Place, ...] = (),
    checks: tuple[RowCheck, ...] = (),
    difference: Difference | None = None,
) -> Row:
    """``entry`` is what was typed and could not be saved: it stays in the fields."""
    english = is_english()
    ref = line.indicator
    if entry is None:
        numerator, denominator, note = _text(line.own_count), _text(line.own_denominator), line.note
    else:
        numerator, denominator = entry.numerator_text, entry.denominator_text
        note = line.note if entry.note is None else entry.note
    parts = (_text(line.own_first_month), _text(line.own_first_month_denominator))
    if entry is not None and entry.part_texts is not None:
        parts = entry.part_texts
    return Row(
        line=line,
        name=ref.name_en if english else ref.name_id,
        people_noun=ref.people_noun_en if english else ref.people_noun_id,
        numerator=numerator,
        denominator=denominator,
        note=note,
        # A conflicting row keeps the version it was typed on, until the writer has chosen.
        version=entry.version if entry is not None and conflict is not None else line.own_version,
        shows_note=shows_note or bool(note) or any(parts),
        until=month_break(week.start, week.end) if ref.frequency == "weekly" else None,
        parts=parts,
        errors=entry.errors if entry is not None else {},
        conflict=conflict,
        places=places,
        checks=checks,
        difference=difference,
    )


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def make_groups(
    sheet: ReviewSheet,
    *,
    show: str = "",
    open_note: str = "",
    entries: Mapping[str, CountEntry] | None = None,
    conflicts: Mapping[str, Conflict] | None = None,
    checks: Checks | None = None,
    records: Mapping[str, int] | None = None,
) -> list[Group]:
    """The sheet's clusters as groups of rows; a row with an error is always shown. ``records``:
    event records by indicator; None where they are not held against the counts."""
    entries, conflicts, checks = entries or {}, conflicts or {}, checks or Checks()
    unanswered = checks.unanswered
    test = SHOW.get(show, SHOW[""])[1]
    places = _places(sheet)
    unequal = {} if records is None else differences(sheet.lines, records)
    groups = []
    for block in sheet.clusters:
        rows = [
            make_row(
                line,
                entry=entries.get(line.indicator.code),
                conflict=conflicts.get(line.indicator.code),
                week=sheet.week,
                shows_note=line.indicator.code == open_note,
                places=places.get(line.indicator.code, ()),
                checks=checks.of(line.indicator.code),
                difference=unequal.get(line.indicator.code),
            )
            for line in block.lines
            if test(line, unanswered) or line.indicator.code in entries
        ]
        if rows:
            groups.append(_group(block, rows))
    return groups


def _group(block: ClusterBlock, rows: list[Row]) -> Group:
    def asked(row: Row) -> bool:
        return (
            row.line.is_due
            or row.line.own_count is not None
            or row.shows_note
            or bool(row.errors)
            or row.conflict is not None
        )

    return Group(
        code=block.code,
        name=block.name_en if is_english() else block.name_id,
        rows=tuple(row for row in rows if asked(row)),
        later=tuple(row for row in rows if not asked(row)),
        due=sum(line.is_due for line in block.lines),
        missing=sum(map(is_missing, block.lines)),
        below_target=sum(
            line.is_due and line.figures.is_on_target is False for line in block.lines
        ),
    )


def group_of(clusters: Iterable[ClusterBlock], code: str) -> Group | None:
    """The group that holds an indicator: its counts change with a save."""
    for block in clusters:
        if any(line.indicator.code == code for line in block.lines):
            return _group(block, [])
    return None


def _places(sheet: ReviewSheet) -> dict[str, tuple[Place, ...]]:
    """By indicator, what each Pustu below reported."""
    result: dict[str, list[Place]] = {}
    for annex in sheet.annex:
        if annex.facility.id == sheet.facility.id:
            continue
        for line in annex.lines:
            figures = line.figures
            if annex.is_past and figures.week_count is None:
                continue
            place = Place(annex.facility, figures.week_count, figures.week_denominator)
            result.setdefault(line.indicator.code, []).append(place)
    return {code: tuple(places) for code, places in result.items()}
