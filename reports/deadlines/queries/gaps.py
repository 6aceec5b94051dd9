"""Weeks that were never sent, with the excuse where there is one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from clusters.weeks import Week
from facilities.models import Facility
from reports.deadlines.queries.facility_spans import is_expected, open_spans
from reports.deadlines.queries.filings import REPORTED
from reports.models import ExcusedWeek, ReviewRevision, WeeklyReview

MOST_WEEKS = 53  # nobody is asked about weeks longer ago


@dataclass(frozen=True, slots=True)
class Gap:
    """One week in which a facility was open and sent nothing."""

    week: Week
    reason: str = ""  # empty: not excused
    by: str = ""
    at: dt.datetime | None = None


def week_gaps(facilities: Sequence[Facility], before: Week) -> dict[int, tuple[Gap, ...]]:
    """By facility, the weeks before this one that were never sent, oldest first.

    They count from the first week a facility ever sent: what lies before belongs to the time
    before it used the system. A returned or reopened week was sent. Three queries.
    """
    ids = [row.pk for row in facilities]
    signed = ReviewRevision.objects.filter(review=OuterRef("pk"))
    sent: dict[int, set[Week]] = {}
    rows = (
        WeeklyReview.objects.filter(facility__in=ids, week__lt=before)
        .filter(Q(status__in=REPORTED) | Exists(signed))
        .values_list("facility_id", "week")
    )
    for pk, week in rows:
        sent.setdefault(pk, set()).add(week)
    if not sent:
        return {}
    excuses = {
        (row.facility_id, row.week): row
        for row in ExcusedWeek.objects.filter(
            facility__in=ids, week__lt=before, week__gte=before - MOST_WEEKS
        ).select_related("by")
    }
    spans = open_spans(facilities)
    return {
        pk: tuple(
            _gap(week, excuses.get((pk, week)))
            for week in _between(max(min(weeks), before - MOST_WEEKS), before)
            if week not in weeks and is_expected(spans.get(pk, ()), week.start, week.end)
        )
        for pk, weeks in sent.items()
    }


def _between(first: Week, before: Week) -> list[Week]:
    weeks = []
    while first < before:
        weeks.append(first)
        first += 1
    return weeks


def _gap(week: Week, excuse: ExcusedWeek | None) -> Gap:
    if excuse is None:
        return Gap(week)
    return Gap(week, excuse.reason, excuse.by.full_name or str(excuse.by), excuse.at)
