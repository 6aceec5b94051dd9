"""Weekly counts from a file: all rows are good and saved together, or none is.

A figure that a person entered since is never overwritten silently. With the column ``versi`` a row
says which version of the figure it was made from; a newer one is an error. Without it a file may
correct what files brought, but not what was typed on the page or sent through the API.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from clusters.actions import check_counts
from clusters.computed import not_typed, origin_of
from clusters.models import Achievement, Indicator
from clusters.models.achievement import Source
from clusters.models.catalogue import Level
from clusters.weeks import Week
from facilities.codes import code_key
from facilities.models import Facility, FacilityStatus, User
from facilities.models.facility import FacilityKind, OperatingStatus
from facilities.tabular import cells
from facilities.tabular.reading import Column, Row, Table
from facilities.tabular.shipped import Tally

SHEET = "capaian"
COLUMNS = (
    Column("facility", ("kode_faskes", "kode_fasilitas")),
    Column("indicator", ("indikator", "kode_indikator")),
    Column("week", ("minggu",)),
    Column("numerator", ("jumlah", "capaian")),
    Column("denominator", ("penyebut",), is_required=False),
    Column("note", ("catatan",), is_required=False),
    Column("version", ("versi",), is_required=False),
)
# Which levels' indicators a facility of each kind may report.
_LEVELS = {
    FacilityKind.POSYANDU: {Level.POSYANDU},
    FacilityKind.PUSTU: {Level.POSYANDU, Level.PUSTU},
    FacilityKind.PUSKESMAS: {Level.POSYANDU, Level.PUSTU, Level.PUSKESMAS},
    FacilityKind.DINKES: {Level.DINKES},
}
Key = tuple[int, str, Week]
# Which of these (facility id, week) are closed to changes: their review was handed in.
ClosedWeeks = Callable[[set[tuple[int, Week]]], set[tuple[int, Week]]]


@dataclass(frozen=True)
class Count:
    row: int
    key: Key
    numerator: int
    denominator: int | None
    note: str | None  # None: the file has no such column
    version: int | None = None  # the version the writer of the file saw; 0: no figure yet


@dataclass
class Catalogue:
    """What rows are checked against, read once."""

    facilities: dict[str, Facility] = field(default_factory=dict)
    open_spans: dict[int, list[tuple[dt.date, dt.date | None]]] = field(default_factory=dict)
    indicators: dict[str, list[Indicator]] = field(default_factory=dict)

    @classmethod
    def read(cls, table: Table) -> Catalogue:
        codes = {str(row["facility"]).strip() for _number, row in table.rows}
        result = cls()
        result.facilities = Facility.objects.select_related("district").by_code(codes)
        for pk, start, end in FacilityStatus.objects.filter(
            facility__in=list(result.facilities.values()), operating=OperatingStatus.OPEN
        ).values_list("facility_id", "start_on", "end_on"):
            result.open_spans.setdefault(pk, []).append((start, end))
        for indicator in Indicator.objects.all():
            result.indicators.setdefault(indicator.code, []).append(indicator)
        return result

    def may_report(self, facility: Facility, week: Week) -> bool:
        """Open on at least one day of the week."""
        spans = self.open_spans.get(facility.pk, [])
        return any(start <= week.end and (end is None or week.start < end) for start, end in spans)

    def origin(self, code: str, week: Week) -> str:
        """Where a figure comes from that nobody types; empty for any other."""

        def is_collected(other: str) -> bool:
            one = self.indicator(other, week.end)
            return one is not None and one.is_collected

        return origin_of(code, is_collected)

    def indicator(self, code: str, day: dt.date) -> Indicator | None:
        """The version in force on a day."""
        for one in self.indicators.get(code, []):
            if one.valid_from <= day and (one.valid_until is None or day < one.valid_until):
                return one
        return None


def import_achievements(table: Table, *, by: User | None, closed_weeks: ClosedWeeks) -> Tally:
    """Save the counts of a file. Raises FileRefused with every error.

    ``closed_weeks`` says which facility weeks were handed in already; their figures can only
    be corrected through the review. Counts that are there already stay untouched.
    """
    catalogue = Catalogue.read(table)
    counts: dict[Key, Count] = {}
    for row in table:
        count = _count(table, row, catalogue)
        if count is None:
            continue
        if count.key in counts:
            message = _("The same facility, indicator and week is already in row {row}.")
            table.error(count.row, "", message.format(row=counts[count.key].row))
        else:
            counts[count.key] = count
    _refuse_closed(table, counts, closed_weeks)
    with transaction.atomic():
        existing = _existing(list(counts.values()))
        _refuse_stale(table, counts, existing)
        table.check()
        return save_counts(list(counts.values()), existing, by=by)


def _week(value: cells.Cell) -> Week:
    try:
        return Week.parse(str(value).strip())
    except ValueError as error:
        raise cells.CellRefused(
            _("Write a week like 2026-W24. You entered ‘{value}’.").format(
                value="" if value is None else cells.shown(value)
            )
        ) from error


def _required_count(value: cells.Cell) -> int:
    number = cells.count(value)
    if number is None:
        raise cells.CellRefused(_("Enter a number; delete the row if there are no data."))
    return number


def _note(value: cells.Cell) -> str:
    return cells.text(value, 300)


def _count(table: Table, row: Row, catalogue: Catalogue) -> Count | None:
    number, values = row
    before = len(table.errors)
    facility = _facility(table, row, catalogue)
    week = table.take(row, "week", _week)
    zone = facility.district.zone if facility else None
    if week is not None and week.start > timezone.localdate(timezone=zone):
        table.error(number, "week", _("Week {week} lies in the future.").format(week=week))
    indicator = _indicator(table, row, catalogue, week)
    if facility and week and not catalogue.may_report(facility, week):
        message = _("{facility} was not open in week {week}. Correct its status or the row.")
        table.error(number, "facility", message.format(facility=facility, week=week))
    if facility and indicator and indicator.level not in _LEVELS[FacilityKind(facility.kind)]:
        message = _("{facility} does not report {indicator}: it belongs to the level {level}.")
        level = indicator.get_level_display()
        table.error(
            number,
            "indicator",
            message.format(facility=facility, indicator=indicator.code, level=level),
        )
    if indicator and week and (origin := catalogue.origin(indicator.code, week)):
        table.error(number, "indicator", not_typed(origin))
    numerator = table.take(row, "numerator", _required_count)
    denominator = table.take(row, "denominator", cells.count)
    note = table.take(row, "note", _note) if "note" in values else None
    version = table.take(row, "version", cells.count) if "version" in values else None
    if len(table.errors) > before or not (facility and week and indicator):
        return None
    if numerator is None or not _fits(table, number, indicator, numerator, denominator):
        return None
    return Count(number, (facility.pk, indicator.code, week), numerator, denominator, note, version)


def _facility(table: Table, row: Row, catalogue: Catalogue) -> Facility | None:
    code = table.take(row, "facility", cells.code)
    if code is None:
        return None
    facility = catalogue.facilities.get(code_key(code))
    if facility is None:
        message = _("There is no facility with the code ‘{code}’. Check the facility list.")
        table.error(row[0], "facility", message.format(code=code))
    return facility


def _indicator(table: Table, row: Row, catalogue: Catalogue, week: Week | None) -> Indicator | None:
    code = table.take(row, "indicator", cells.code)
    if code is None or week is None:
        return None
    indicator = catalogue.indicator(code, week.end)
    if indicator is None:
        message = _("There is no indicator ‘{code}’ in week {week}. Check the indicator list.")
        table.error(row[0], "indicator", message.format(code=code, week=week))
    return indicator


def _fits(
    table: Table, number: int, indicator: Indicator, numerator: int, denominator: int | None
) -> bool:
    errors = check_counts(indicator, numerator, denominator)
    if indicator.needs_denominator and denominator is None:
        errors["denominator"] = _("{indicator} needs a denominator: {what}.").format(
            indicator=indicator.code, what=indicator.denominator
        )
    for key, message in errors.items():
        table.error(number, key, message)
    return not errors


def _refuse_closed(table: Table, counts: dict[Key, Count], closed_weeks: ClosedWeeks) -> None:
    closed = closed_weeks({(pk, week) for pk, _code, week in counts})
    message = _("The review of week {week} was already sent. Ask for it to be reopened first.")
    for (pk, _code, week), count in counts.items():
        if (pk, week) in closed:
            table.error(count.row, "week", message.format(week=week))


# Typed by a person in this system, not brought by a file.
_BY_HAND = {Source.PAGE, Source.API}


def _refuse_stale(table: Table, counts: dict[Key, Count], existing: dict[Key, Achievement]) -> None:
    """An error with both values where somebody entered another figure than the file knows."""
    for key, count in counts.items():
        row = existing.get(key)
        if row is None:
            if count.version:
                message = _("Version {version} of this figure is not there; leave the cell empty.")
                table.error(count.row, "version", message.format(version=count.version))
            continue
        if not _differs(row, count):
            continue
        words = {
            "current": _figure(row.numerator, row.denominator),
            "mine": _figure(count.numerator, count.denominator),
            "name": row.entered_by or _("an earlier file"),
            "when": date_format(timezone.localtime(row.entered_at), "j F Y H.i"),
            "version": row.version,
        }
        if count.version is not None and count.version != row.version:
            message = _(
                "There is another figure by now: {current} (version {version}, {name}, {when}); "
                "the file has {mine}. Write {version} here to replace it."
            )
            table.error(count.row, "version", message.format(**words))
        elif count.version is None and row.source in _BY_HAND and row.numerator is not None:
            message = _(
                "Entered by hand: {current} ({name}, {when}); the file has {mine}. To replace it, "
                "add the column “versi” with {version} in this row."
            )
            table.error(count.row, "numerator", message.format(**words))


def _figure(numerator: int | None, denominator: int | None) -> str:
    shown = "–" if numerator is None else str(numerator)
    return shown if denominator is None else f"{shown}/{denominator}"


def _values(count: Count) -> dict[str, Any]:
    values: dict[str, Any] = {"numerator": count.numerator, "denominator": count.denominator}
    if count.note is not None:
        values["note"] = count.note
    return values


def _differs(row: Achievement, count: Count) -> bool:
    return any(getattr(row, name) != value for name, value in _values(count).items())


def save_counts(counts: list[Count], existing: dict[Key, Achievement], *, by: User | None) -> Tally:
    """Insert new counts and correct differing ones; what is the same is not touched.

    ``existing``: the rows as they are, locked since they were read.
    """
    tally = Tally()
    new: list[Achievement] = []
    changed: list[Achievement] = []
    for count in counts:
        row = existing.get(count.key)
        values = _values(count)
        if row is None:
            pk, code, week = count.key
            new.append(
                Achievement(
                    facility_id=pk,
                    indicator_code=code,
                    week=week,
                    year=week.year,
                    source=Source.IMPORT,
                    entered_by=by,
                    **values,
                )
            )
        elif _differs(row, count):
            for name, value in values.items():
                setattr(row, name, value)
            row.fit_first_month()
            row.source, row.entered_by, row.entered_at = Source.IMPORT, by, timezone.now()
            row.version += 1
            changed.append(row)
        else:
            tally.unchanged += 1
    # Large statements: the roll-up adds up once per statement.
    Achievement.objects.bulk_create(new, batch_size=5000)
    fields = [
        "numerator", "denominator", "first_month_numerator", "first_month_denominator",
        "source", "entered_by", "entered_at", "version",
    ]  # fmt: skip
    if any(count.note is not None for count in counts):
        fields.append("note")
    Achievement.objects.bulk_update(changed, fields, batch_size=2000)
    tally.created, tally.changed = len(new), len(changed)
    return tally


def _existing(counts: list[Count]) -> dict[Key, Achievement]:
    facilities = {count.key[0] for count in counts}
    weeks = {count.key[2] for count in counts}
    wanted = {count.key for count in counts}
    rows = (
        Achievement.objects.select_for_update(of=("self",))
        .select_related("entered_by")
        .filter(facility__in=facilities, week__in=weeks)
    )
    found = {(row.facility_id, row.indicator_code, row.week): row for row in rows.order_by("pk")}
    return {key: row for key, row in found.items() if key in wanted}
