"""Facilities × weeks: how far every review is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from django.db.models import Exists, OuterRef

from clusters.models import Achievement
from clusters.weeks import Week
from facilities.models import District, Facility
from reports.deadlines.days import days_late, deadline
from reports.deadlines.queries.facility_spans import is_expected, open_spans
from reports.deadlines.queries.sendings import sent_moments
from reports.figures.queries.references import facility_ref
from reports.models import WeeklyReview
from reports.shapes import FacilityRef

State = Literal["approved", "submitted", "returned", "late", "draft", "none", "closed"]


@dataclass(frozen=True, slots=True)
class GridCell:
    week: Week
    state: State
    days_late: int  # 0: in time, or not yet due


@dataclass(frozen=True, slots=True)
class GridRow:
    facility: FacilityRef
    parent_id: int | None
    cells: tuple[GridCell, ...]  # in the order of the weeks asked for


def review_grid(
    facilities: Sequence[Facility], weeks: Sequence[Week], now: dt.datetime
) -> tuple[GridRow, ...]:
    """The state of every review. A fixed number of queries; ``facilities`` come with their
    district."""
    reviews = WeeklyReview.objects.filter(facility__in=facilities, week__in=weeks).annotate(
        has_counts=Exists(
            Achievement.objects.filter(facility=OuterRef("facility"), week=OuterRef("week"))
        )
    )
    by_place = {(row.facility_id, row.week): row for row in reviews}
    sent = sent_moments(by_place.values())
    districts: dict[int, District] = {}  # one of each, so that its days off are read once
    open_days = open_spans(facilities)
    deadlines: dict[tuple[int, str, Week], dt.datetime] = {}

    def due(district: District, kind: str, week: Week) -> dt.datetime:
        district = districts.setdefault(district.pk, district)
        key = (district.pk, kind, week)
        if key not in deadlines:
            deadlines[key] = deadline(district, week, kind)
        return deadlines[key]

    rows = []
    for facility in facilities:
        cells = []
        for week in weeks:
            review = by_place.get((facility.pk, week))
            is_open_then = is_expected(open_days.get(facility.pk, ()), week.start, week.end)
            due_at = due(facility.district, facility.kind, week)
            sent_at = sent.get(review.pk) if review is not None else None
            late = days_late(due_at, sent_at, now)
            cells.append(_cell(week, review, is_open=is_open_then, late=late))
        rows.append(GridRow(facility_ref(facility), facility.parent_id, tuple(cells)))
    return tuple(rows)


def _cell(
    week: Week,
    review: WeeklyReview | None,
    *,
    is_open: bool,
    late: int,
) -> GridCell:
    if review is None and not is_open:
        return GridCell(week, "closed", 0)
    is_sent = review is not None and review.status in {"submitted", "approved"}
    state: State
    if review is not None and review.status == "approved":
        state = "approved"
    elif is_sent:
        state = "submitted"
    elif review is not None and review.status == "returned":
        state = "returned"
    elif late:
        state = "late"
    else:
        state = "draft" if _is_begun(review) else "none"
    return GridCell(week, state, late)


def _is_begun(review: WeeklyReview | None) -> bool:
    if review is None:
        return False
    has_counts: bool = getattr(review, "has_counts", False)
    return has_counts or review.version > 1 or review.status == "reopened"
