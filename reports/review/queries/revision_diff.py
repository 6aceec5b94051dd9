"""Two signed sheets side by side: everything that differs, line by line.

``diff(a, a)`` is empty, and ``diff(b, a)`` is ``diff(a, b)`` turned round.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from reports.figures.columns import columns_of
from reports.figures.tables import Table, TableColumn
from reports.shapes import FollowUpRow, IndicatorRef, Line, ProblemRow, ReviewSheet

Kind = Literal["people", "percent", "status", "text", "day", "yes", "list", "code"]

_HEAD: tuple[tuple[str, Kind], ...] = (
    ("meeting_on", "day"),
    ("meeting_place", "text"),
    ("chair_name", "text"),
    ("conclusion", "text"),
    ("undecided_reason", "text"),
    ("no_meeting_reason", "text"),
    ("empty_reason", "text"),
    ("doubts_reason", "text"),
    ("problems_reason", "text"),
    ("events_reason", "text"),
)
_PROBLEM: tuple[tuple[str, Kind], ...] = (
    ("title", "text"),
    ("status", "code"),
    ("priority", "code"),
    ("category", "code"),
    ("cause", "text"),
    ("village", "text"),
    ("people_count", "people"),
)


_EMPTY: tuple[Any, ...] = (None, "", ())


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One value: before → after. None: not there, which is never zero."""

    name: str
    kind: Kind
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One thing with a name of its own: a problem, a decision, a person, a Pustu."""

    key: str
    title: str
    state: Literal["added", "removed", "changed"]
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class LineChange:
    indicator: IndicatorRef
    fields: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class PlaceChange:
    """A place below (Lampiran 2) whose own lines differ."""

    name: str
    lines: tuple[LineChange, ...]


@dataclass(frozen=True, slots=True)
class SheetDiff:
    lines: tuple[LineChange, ...]
    places: tuple[PlaceChange, ...]
    filings: tuple[ItemChange, ...]
    problems: tuple[ItemChange, ...]
    row_decisions: tuple[ItemChange, ...]
    decisions: tuple[ItemChange, ...]
    attendance: tuple[ItemChange, ...]
    head: tuple[FieldChange, ...]

    @property
    def is_empty(self) -> bool:
        return not any(
            (self.lines, self.places, self.filings, self.problems, self.row_decisions,
             self.decisions, self.attendance, self.head)
        )  # fmt: skip


def diff(before: ReviewSheet, after: ReviewSheet) -> SheetDiff:
    """What ``after`` changed against ``before``; what belongs to the act of signing (number,
    revision, moment, signature) is left out, it always differs."""
    return SheetDiff(
        lines=_lines(before.lines, after.lines),
        places=_places(before, after),
        filings=_items(
            before.filings, after.filings,
            key=lambda row: row.facility.code, title=lambda row: row.facility.name,
            fields=lambda row: {"is_reported": ("yes", row.is_reported)},
        ),
        problems=_items(
            (*before.carried_problems, *before.new_problems),
            (*after.carried_problems, *after.new_problems),
            key=lambda row: f"{row.id:012d}", title=lambda row: row.title, fields=_problem,
        ),
        row_decisions=_items(
            before.row_decisions, after.row_decisions,
            key=lambda row: row.indicator_code, title=lambda row: row.indicator_name,
            fields=lambda row: {
                "kind": ("code", row.kind), "reason": ("text", row.reason),
                "problem_title": ("text", row.problem_title), "action": ("text", row.action),
                "owner": ("text", row.owner), "due_on": ("day", row.due_on),
            },
        ),
        decisions=_items(
            before.meeting_decisions, after.meeting_decisions,
            key=lambda row: f"{row.number:04d}", title=lambda row: str(row.number),
            fields=lambda row: {
                "text": ("text", row.text), "is_withdrawn": ("yes", row.is_withdrawn),
            },
        ),
        attendance=_items(
            before.attendance, after.attendance,
            key=lambda row: row.facility or f"{row.name}, {row.position}",
            title=lambda row: row.facility or f"{row.name}, {row.position}",
            fields=lambda row: {"is_present": ("yes", row.is_present), "name": ("text", row.name)},
        ),
        head=_fields(_head(before), _head(after)),
    )  # fmt: skip


def _head(sheet: ReviewSheet) -> dict[str, tuple[Kind, Any]]:
    head = {name: (kind, getattr(sheet, name) or None) for name, kind in _HEAD}
    return {**head, "minutes_by": ("text", sheet.signature.minutes_by or None)}


def _figures(line: Line) -> dict[str, tuple[Kind, Any]]:
    """Every column that is compared; an empty text is none."""
    return {
        code: (kind, None if value == "" else value)
        for code, kind, value in (
            (column.code, _kind(column), column.column.value(line))
            for column in columns_of(Table.CHANGES)
        )
    }


def _kind(column: TableColumn) -> Kind:
    unit = column.column.unit
    if unit == "text":
        return "status" if column.code == "status" else "text"
    return "percent" if unit == "percent" else "people"


def _problem(row: ProblemRow) -> dict[str, tuple[Kind, Any]]:
    values = {name: (kind, getattr(row, name)) for name, kind in _PROBLEM}
    return {**values, "follow_ups": ("list", tuple(map(_follow_up, row.follow_ups)))}


def _follow_up(row: FollowUpRow) -> tuple[Any, ...]:
    return (row.action, row.owner, row.due_on, row.done_on, row.evidence)


def _fields(
    before: dict[str, tuple[Kind, Any]], after: dict[str, tuple[Kind, Any]]
) -> tuple[FieldChange, ...]:
    """The values that differ, in the order in which they are named."""
    names = [*before, *(name for name in after if name not in before)]
    changes = []
    for name in names:
        kind, was = before.get(name, (None, None))
        other, now = after.get(name, (None, None))
        if was != now:
            changes.append(FieldChange(name, kind or other or "text", was, now))
    return tuple(changes)


def _lines(before: Iterable[Line], after: Iterable[Line]) -> tuple[LineChange, ...]:
    old = {line.indicator.code: line for line in before}
    new = {line.indicator.code: line for line in after}
    changes = []
    for code in _order(list(old), list(new)):
        was, now = old.get(code), new.get(code)
        fields = _fields(_figures(was) if was else {}, _figures(now) if now else {})
        either = now or was
        if fields and either is not None:
            changes.append(LineChange(either.indicator, fields))
    return tuple(changes)


def _places(before: ReviewSheet, after: ReviewSheet) -> tuple[PlaceChange, ...]:
    old = {row.facility.code: row for row in before.annex}
    new = {row.facility.code: row for row in after.annex}
    changes = []
    for code in sorted(old.keys() | new.keys()):
        was, now = old.get(code), new.get(code)
        lines = _lines(was.lines if was else (), now.lines if now else ())
        either = now or was
        if lines and either is not None:
            changes.append(PlaceChange(either.facility.name, lines))
    return tuple(changes)


def _order(old: Sequence[str], new: Sequence[str]) -> list[str]:
    """The catalogue's order, the same whichever sheet comes first."""
    place: dict[str, int] = {}
    for codes in (old, new):
        for at, code in enumerate(codes):
            place[code] = min(at, place.get(code, at))
    return sorted(place, key=lambda code: (place[code], code))


def _items[Row](
    before: Iterable[Row],
    after: Iterable[Row],
    *,
    key: Callable[[Row], str],
    title: Callable[[Row], str],
    fields: Callable[[Row], dict[str, Any]],
) -> tuple[ItemChange, ...]:
    old = {key(row): row for row in before}
    new = {key(row): row for row in after}
    changes = []
    for name in sorted(old.keys() | new.keys()):
        was, now = old.get(name), new.get(name)
        changed = tuple(
            change
            for change in _fields(fields(was) if was else {}, fields(now) if now else {})
            if change.before not in _EMPTY or change.after not in _EMPTY
        )
        either = now or was
        if either is None or (was is not None and now is not None and not changed):
            continue
        state: Literal["added", "removed", "changed"] = (
            "added" if was is None else "removed" if now is None else "changed"
        )
        changes.append(ItemChange(name, title(either), state, changed))
    return tuple(changes)
