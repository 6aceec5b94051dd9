"""Frozen sheets of the demo's most recent reviews."""

from __future__ import annotations

from collections.abc import Sequence

from clusters.weeks import Week
from facilities.models.facility import FacilityKind
from reports.freezing import freeze
from reports.models import WeeklyReview

SENT = {"submitted", "approved"}
PUSTU_WEEKS = 2  # a Pustu's own sheets are read for the last weeks only


def is_frozen(review: WeeklyReview, last: Week) -> bool:
    """Whether a review's sheet is kept: sent, and for a Pustu one of the last weeks."""
    is_pustu = review.facility.kind == FacilityKind.PUSTU
    return review.status in SENT and (not is_pustu or review.week > last - PUSTU_WEEKS)


def freeze_recent(reviews: Sequence[WeeklyReview], last: Week) -> None:
    """Freeze what was submitted lately, as submitting would have; older weeks stay unfrozen
    until a report of them is asked for."""
    rows = WeeklyReview.objects.filter(
        pk__in=[review.pk for review in reviews], status__in=SENT
    ).select_related("facility__parent", "facility__district__area", "submitted_by")
    for review in rows:
        if is_frozen(review, last):
            freeze(review)
