"""How complete and how punctual the weekly reviews are (the reporting rates of SKDR practice).

Of each week only the facilities open on at least one of its days count, and in totals only weeks
whose deadline has passed. Missing is never zero: every figure is «n of m», and where nothing
was due there is no percentage.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clusters.weeks import Week
from facilities.models import District, Facility
from reports.deadlines.days import deadline
from reports.deadlines.queries.facility_spans import Span, is_expected, open_spans
from reports.deadlines.queries.sendings import sent_moments
from reports.figures.queries.references import facility_ref
from reports.models import WeeklyReview
from reports.shapes import TimelinessRow

STANDING = ("submitted", "approved")
SPANS = (8, 52)  # weeks a page may ask for


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Of one kind of facility over some weeks, oldest first."""

    weeks: tuple[Week, ...]
    by_week: tuple[TimelinessRow, ...]  # all facilities, one row a week
    by_facility: tuple[TimelinessRow, ...]  # all weeks, one row a facility
    whole: TimelinessRow


@dataclass(slots=True)
class _Count:
    expected: int = 0
    reported: int = 0
    in_time: int = 0

    def add(self, *, reported: bool, in_time: bool) -> None:
        self.expected += 1
        self.reported += reported
        self.in_time += in_time


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the database says of some facilities and weeks, for more than one count."""

    spans: dict[int, list[Span]]
    reviews: dict[tuple[int, Week], WeeklyReview]
    sent: dict[int, dt.datetime | None]


def load(facilities: Sequence[Facility], weeks: Iterable[Week]) -> Loaded:
    """Two queries, four where reviews were returned or reopened."""
    span = sorted(weeks)
    rows = WeeklyReview.objects.filter(
        facility__in=[row.pk for row in facilities],
        week__gte=span[0],
        week__lte=span[-1],
        status__in=STANDING,
    )
    reviews = {(row.facility_id, row.week): row for row in rows}
    return Loaded(open_spans(facilities), reviews, sent_moments(reviews.values()))


def timeliness(
    district: District,
    facilities: Sequence[Facility],
    weeks: Iterable[Week],
    now: dt.datetime,
    loaded: Loaded | None = None,
) -> Timeliness:
    """Count the reviews of these facilities, all of one kind."""
    span = tuple(sorted(weeks))
    loaded = loaded or load(facilities, span)
    spans, reviews, sent = loaded.spans, loaded.reviews, loaded.sent
    per_week = {week: _Count() for week in span}
    per_facility = {row.pk: _Count() for row in facilities}
    whole = _Count()
    undue: set[Week] = set()
    for week in span:
        due: dict[str, dt.datetime] = {}
        for facility in facilities:
            if not is_expected(spans.get(facility.pk, ()), week.start, week.end):
                continue
            due_at = due.setdefault(facility.kind, deadline(district, week, facility.kind))
            review = reviews.get((facility.pk, week))
            sent_at = sent.get(review.pk) if review is not None else None
            in_time = sent_at is not None and sent_at <= due_at
            counts = [per_week[week]]
            if now <= due_at:
                undue.add(week)  # shown for what it is; neither there nor missing in a total
            else:
                counts += [per_facility[facility.pk], whole]
            for count in counts:
                count.add(reported=review is not None, in_time=in_time)
    return Timeliness(
        weeks=span,
        by_week=tuple(
            _row(per_week[week], week=str(week), is_due=week not in undue) for week in span
        ),
        by_facility=tuple(_row(per_facility[row.pk], facility=row) for row in facilities),
        whole=_row(whole),
    )


def _row(
    count: _Count, *, week: str = "", facility: Facility | None = None, is_due: bool = True
) -> TimelinessRow:
    return TimelinessRow(
        facility=facility_ref(facility) if facility else None,
        week=week,
        expected=count.expected,
        reported=count.reported,
        in_time=count.in_time,
        is_due=is_due,
    )


def recent_weeks(until: Week, count: int) -> list[Week]:
    """The last ``count`` weeks up to and including ``until``, oldest first."""
    return [until - back for back in range(count - 1, -1, -1)]
