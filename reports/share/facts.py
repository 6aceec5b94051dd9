"""What a message and a picture tell of a sheet, in Indonesian words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from reports.figures.event_words import event_words
from reports.models.problem import ProblemCategory
from reports.printing.pdf import rows, words
from reports.printing.pdf.summary import exceptions, is_urgent
from reports.shapes import (
    DistrictSheet,
    EventRow,
    FilingState,
    Line,
    ProblemRow,
    ReviewSheet,
    Tally,
)

MOST_GAPS = 5
SENT = {"submitted", "approved"}


@dataclass(frozen=True, slots=True)
class Gap:
    """One indicator below target."""

    line: Line
    name: str
    place: str  # empty where the whole message is about one place
    people: str  # «kurang 62 bayi»
    compare: str  # «31,2%, target 46,2%»; empty where there is no percentage


@dataclass(frozen=True, slots=True)
class Late:
    """One overdue problem: what it is about, without anything that was written by hand."""

    what: str  # «Obat dan vaksin: Imunisasi dasar lengkap (IDL)»
    place: str
    people: str  # «12 orang», or empty
    days: int

    @property
    def overdue(self) -> str:
        return _("overdue by %(days)d days") % {"days": self.days}


@dataclass(frozen=True, slots=True)
class Facts:
    heading: str
    place: str
    week: str
    is_demo: bool
    is_draft: bool
    unit: str  # what files below: «Pustu», «Puskesmas»; empty for a Pustu itself
    filed: int
    expected: int
    missing: tuple[str, ...]  # names of those that have not reported
    tally: Tally
    gaps: tuple[Gap, ...]  # largest first
    urgent: tuple[tuple[str, str], ...]  # (indicator, «2 kasus»)
    events: tuple[str, ...] | None  # not closed, in order of date; None: not known
    open_problems: int
    overdue_problems: int
    late: tuple[Late, ...]  # most overdue first

    @property
    def unreported(self) -> int:
        """Indicators due this week that nobody has filled in."""
        return self.tally.due - self.tally.filled

    @property
    def is_judged(self) -> bool:
        """Whether any indicator could be held against a target."""
        return self.tally.on_target + self.tally.below_target > 0


def facts_of(sheet: ReviewSheet | DistrictSheet, *, is_draft: bool) -> Facts:
    """Call it with Indonesian active. ``is_draft`` as the PDF of the same figures would say."""
    if isinstance(sheet, DistrictSheet):
        return _district(sheet, is_draft=is_draft)
    return _review(sheet, is_draft=is_draft)


def is_draft_review(sheet: ReviewSheet) -> bool:
    return sheet.status not in SENT


def _review(sheet: ReviewSheet, *, is_draft: bool) -> Facts:
    problems = tuple(
        row for row in sheet.carried_problems + sheet.new_problems if not row.is_closed
    )
    late = _late(problems, own=sheet.facility.id)
    has_units = bool(sheet.filings)
    return Facts(
        heading=_("Weekly ILP evaluation"),
        place=sheet.facility.name,
        week=_week(sheet),
        is_demo=sheet.is_demo,
        is_draft=is_draft,
        unit="Pustu" if has_units else "",
        filed=sum(row.is_reported for row in sheet.filings),
        expected=len(sheet.filings),
        missing=_missing(sheet.filings),
        tally=sheet.tally,
        gaps=_gaps((line, "") for line in exceptions(sheet.lines)),
        urgent=tuple(
            (line.indicator.name_id, words.people(line, line.figures.week_count or 0))
            for line in sheet.lines
            if is_urgent(line)
        ),
        events=_events(sheet.events, sheet.facility.id),
        open_problems=len(problems),
        overdue_problems=len(late),
        late=late,
    )


def _district(sheet: DistrictSheet, *, is_draft: bool) -> Facts:
    return Facts(
        heading=_("Recap of the weekly ILP evaluation"),
        place=sheet.district_name,
        week=_week(sheet),
        is_demo=sheet.is_demo,
        is_draft=is_draft,
        unit="Puskesmas",
        filed=sheet.filed,
        expected=sheet.expected,
        missing=_missing(row.filing for row in sheet.puskesmas),
        tally=sheet.tally,
        gaps=_gaps((gap.line, gap.facility.name) for gap in sheet.gaps),
        urgent=tuple(
            (line.indicator.name_id, words.people(line, line.figures.week_count or 0))
            for line in sheet.lines
            if is_urgent(line)
        ),
        events=_events(sheet.events, sheet.district.id),
        open_problems=sheet.open_problems,
        overdue_problems=sheet.overdue_problems,
        late=_late(sheet.overdue, own=sheet.district.id),
    )


def _week(sheet: ReviewSheet | DistrictSheet) -> str:
    return _("Week %(week)d of %(year)d (%(dates)s)") % {
        "week": sheet.week.number,
        "year": sheet.week.year,
        "dates": words.week_dates(sheet.week),
    }


def _events(rows: tuple[EventRow, ...] | None, own: int) -> tuple[str, ...] | None:
    return None if rows is None else tuple(event_words(row, own=own) for row in rows)


def _missing(filings: Iterable[FilingState]) -> tuple[str, ...]:
    return tuple(row.facility.short_name for row in filings if not row.is_reported)


def _gaps(lines: Iterable[tuple[Line, str]]) -> tuple[Gap, ...]:
    """The largest in people. A line without a figure has no gap, and so no place among them;
    nor has one that counts meetings or villages."""
    return tuple(
        Gap(line, line.indicator.name_id, place, rows.people_of(line), rows.compare(line))
        for line, place in lines
        if line.figures.gap and line.indicator.people_noun_id
    )[:MOST_GAPS]


def _late(problems: Iterable[ProblemRow], *, own: int) -> tuple[Late, ...]:
    found = []
    for row in problems:
        days = max((step.days_overdue for step in row.follow_ups if step.is_overdue), default=0)
        if days:
            found.append(_late_row(row, days, own))
    return tuple(sorted(found, key=lambda late: (-late.days, late.what, late.place)))


def _late_row(row: ProblemRow, days: int, own: int) -> Late:
    labels = dict(ProblemCategory.choices)
    category = str(labels.get(row.category, labels[ProblemCategory.OTHER]))
    count = row.people_count
    return Late(
        what=f"{category}: {row.indicator_name}" if row.indicator_name else category,
        place="" if row.facility.id == own else row.facility.name,
        people="" if not count else _("%(count)s people") % {"count": words.number(count)},
        days=days,
    )
