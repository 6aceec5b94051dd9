"""How far the facilities of a week are: filed, late, missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from clusters.weeks import Week
from facilities.models import District, Facility
from reports.deadlines.days import days_late, deadline
from reports.deadlines.queries.sendings import sent_moments
from reports.figures.queries.references import facility_ref
from reports.models import WeeklyReview
from reports.shapes import FilingState

REPORTED = {"submitted", "approved"}


def filings(
    district: District, facilities: Sequence[Facility], week: Week, now: dt.datetime
) -> tuple[FilingState, ...]:
    """One state per facility, in the order given. One query, three where reviews were
    returned or reopened."""
    found = {
        row.facility_id: row
        for row in WeeklyReview.objects.filter(week=week, facility__in=[f.pk for f in facilities])
    }
    sent = sent_moments(found.values())
    return tuple(
        filing(district, facility, week, found.get(facility.pk), now, sent)
        for facility in facilities
    )


def filing(
    district: District,
    facility: Facility,
    week: Week,
    review: WeeklyReview | None,
    now: dt.datetime,
    sent: Mapping[int, dt.datetime | None],
) -> FilingState:
    """A returned or reopened review counts as not filed until it is sent again; ``sent`` (by
    ``sent_moments``) is what its lateness is measured by."""
    is_reported = review is not None and review.status in REPORTED
    sent_at = sent.get(review.pk) if review is not None else None
    return FilingState(
        facility=facility_ref(facility),
        status=review.status if review is not None else "missing",
        submitted_at=review.submitted_at if review is not None and is_reported else None,
        days_late=days_late(deadline(district, week, facility.kind), sent_at, now),
        is_reported=is_reported,
    )
