"""What the clock would have told people lately, so that no inbox of the demo is empty.

The product's own functions with an earlier «now»; nothing is written that they would not write.
The addresses of demo accounts end in ``.invalid``, and mails of demo data go to the log only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from clusters.weeks import Week
from facilities.models import District
from reports.deadlines.days import Milestone, due_at, is_working_day
from reports.deliveries.reminders import MORNING, remind
from reports.models import WeeklyReview
from reports.models.review import ReviewStatus
from reports.places.digest import send_digest
from reports.review.documents import request_facility_document

MOST_REPORTS = 6


def create_messages(
    district: District, reviews: Sequence[WeeklyReview], last: Week, now: dt.datetime
) -> None:
    """The last reminders and Monday digest, and the PDFs of a few signed reviews: the workers
    make them at the first start, and their ledgers and messages follow."""
    remind(district, _last_morning(district, now))
    for week in (last, last - 1):
        closed = due_at(district, week, Milestone.DATA_CLOSED)
        if closed <= now:
            send_digest(district, closed)
            break
    signed = [row for row in reviews if row.status == ReviewStatus.APPROVED and row.week <= last]
    signed.sort(key=lambda row: (row.week, row.facility_id), reverse=True)
    for review in signed[:MOST_REPORTS]:
        request_facility_document(review.facility, review.week)


def _last_morning(district: District, now: dt.datetime) -> dt.datetime:
    """The latest morning of a working day that is over."""
    day = now.astimezone(district.zone).date()
    moment = dt.datetime.combine(day, MORNING, district.zone)
    while moment > now or not is_working_day(moment.date(), district):
        moment -= dt.timedelta(days=1)
    return moment
