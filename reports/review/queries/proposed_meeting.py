"""What the head of a meeting most likely says: as last time, on its day, everybody there.

Only proposed: nothing of it is kept before somebody says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from facilities.models import Posting
from facilities.models.user import Role
from reports.models import WeeklyReview


@dataclass(frozen=True, slots=True)
class ProposedMeeting:
    """Values for the fields of the same names; ``present``: Pustu that have a head."""

    meeting_on: dt.date | None
    meeting_place: str
    chair_name: str
    minutes_by: str
    present: frozenset[int]


def proposed_meeting(
    review: WeeklyReview, pustu: Collection[int], today: dt.date
) -> ProposedMeeting | None:
    """None where anything about this meeting is written down already, or no meeting was before.
    Two queries."""
    if review.meeting_on or review.meeting_place or review.chair_name or review.minutes_by:
        return None
    last = (
        WeeklyReview.objects.filter(facility=review.facility_id, week__lt=review.week)
        .exclude(meeting_on=None)
        .order_by("-week")
        .first()
    )
    if last is None:
        return None
    heads = Posting.objects.current(review.week.end).filter(
        role=Role.PUSTU_HEAD, facility__in=list(pustu)
    )
    return ProposedMeeting(
        meeting_on=_same_day(last, review, today),
        meeting_place=last.meeting_place,
        chair_name=last.chair_name,
        minutes_by=last.minutes_by,
        present=frozenset(heads.values_list("facility_id", flat=True)),
    )


def _same_day(last: WeeklyReview, review: WeeklyReview, today: dt.date) -> dt.date | None:
    """So many days after its week as last time; today while that day has not come."""
    if last.meeting_on is None:
        return None
    day = review.week.end + (last.meeting_on - last.week.end)
    if day <= today:
        return day
    return today if today > review.week.end else None
