"""When a review counts as sent: what its lateness is measured by."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from reports.models import ReviewRevision, ReviewStep, WeeklyReview


def sent_moments(reviews: Iterable[WeeklyReview]) -> dict[int, dt.datetime | None]:
    """By review: the moment of the first sending that was not returned; None when there is none.

    Reopening asks for a correction and does not make a punctual review late; a returned one has
    not been handed in. At most two queries, and none where every review is in its first revision.
    """
    rows = [row for row in reviews if row.pk is not None]
    result = {row.pk: row.submitted_at for row in rows}
    later = [row.pk for row in rows if row.revision > 1]
    if not later:
        return result
    returned: dict[int, int] = {}
    steps = ReviewStep.objects.filter(review__in=later, action="return")
    for pk, number in steps.values_list("review", "revision"):
        returned[pk] = max(number, returned.get(pk, 0))
    revisions = ReviewRevision.objects.filter(review__in=later).order_by("-number")
    first = {  # the last one written wins: the lowest number
        pk: at
        for pk, number, at in revisions.values_list("review", "number", "signed_at")
        if number > returned.get(pk, 0)
    }
    return result | first
