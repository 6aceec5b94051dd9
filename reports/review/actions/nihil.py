"""Nihil: «none happened», said once for all event indicators that are still empty."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.actions import record_achievement
from clusters.models import Achievement, Indicator
from clusters.models.achievement import Source
from facilities.errors import InvalidInput
from facilities.models import User
from reports.figures.queries.facility_lines import facility_lines
from reports.figures.queries.nihil import empty_events
from reports.models import WeeklyReview
from reports.review.actions.entry import lock_for_entry


@transaction.atomic
def record_nihil(*, review: WeeklyReview, codes: Collection[str], by: User) -> tuple[str, ...]:
    """Enter 0 (0 of 0 where a denominator is asked for) in those of ``codes`` that are event
    indicators, due and really empty now; returns the codes filled, in the order of the form.

    A figure somebody entered in the meantime is never touched. Each row can be changed
    afterwards like any other. Raises InvalidInput when nothing of it is left to fill.
    """
    review = lock_for_entry(review, by)
    if review.week.start > timezone.localdate(timezone=review.facility.district.zone):
        raise InvalidInput({"week": _("This week has not begun yet.")})
    lines = facility_lines([review.facility], review.week)[review.facility.pk]
    wanted = [line for line in empty_events(lines) if line.indicator.code in codes]
    if not wanted:
        raise InvalidInput({"codes": _("Nothing to fill: no event indicator is empty.")})
    indicators = {row.code: row for row in Indicator.objects.in_week(review.week)}
    versions = dict(
        Achievement.objects.filter(facility=review.facility, week=review.week).values_list(
            "indicator_code", "version"
        )
    )
    for line in wanted:
        indicator = indicators[line.indicator.code]
        record_achievement(
            facility=review.facility,
            week=review.week,
            indicator=indicator,
            numerator=0,
            denominator=0 if indicator.needs_denominator else None,
            by=by,
            source=Source.PAGE,
            expected_version=versions.get(indicator.code, 0),
        )
    return tuple(line.indicator.code for line in wanted)
