"""Who met when, and what was agreed: saved as it is typed, from two places of the page."""

from __future__ import annotations

import datetime as dt
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.errors import InvalidInput, StaleVersion
from facilities.models import Facility, User
from facilities.models.facility import FacilityKind
from reports.models import Attendance, WeeklyReview
from reports.review.actions.entry import lock_for_entry


class MeetingHead(TypedDict, total=False):
    """Columns of the review; what is left out stays as it is."""

    meeting_on: dt.date | None
    meeting_place: str
    chair_name: str
    minutes_by: str
    conclusion: str


@transaction.atomic
def save_meeting(
    *,
    review: WeeklyReview,
    by: User,
    expected_version: int,
    present_ids: set[int] | None = None,
    **head: Unpack[MeetingHead],
) -> WeeklyReview:
    """Save what was agreed and who attended (``present_ids``: Pustu whose head came).

    Raises StaleVersion when somebody else changed the review since ``expected_version``. One part
    of the page is only refused when its own values were changed: attendance is ticked while
    somebody writes the conclusion.
    """
    review = lock_for_entry(review, by)
    pustu = (
        Facility.objects.open_between(review.week.start, review.week.end)
        .hung_under([review.facility], review.week.end)
        .filter(kind=FacilityKind.PUSTU)
    )
    wanted = None if present_ids is None else present_ids & {unit.pk for unit in pustu}
    if _is_saved_already(review, head, wanted):
        return review  # a field left and a button pressed send the same form twice
    is_whole = wanted is not None and "conclusion" in head
    if review.version != expected_version and (
        is_whole or not _is_untouched(review, expected_version, head, wanted)
    ):
        raise StaleVersion(_("Someone else changed this review in the meantime."), current=review)
    _check_day(review, head.get("meeting_on"))
    for name, value in head.items():
        setattr(review, name, value)
    review.version += 1
    review.save()
    for unit in pustu if wanted is not None else ():
        Attendance.objects.update_or_create(
            review=review, facility=unit, defaults={"is_present": unit.pk in (wanted or ())}
        )
    return review


def _check_day(review: WeeklyReview, day: dt.date | None) -> None:
    if day is None:
        return
    if day > timezone.localdate(timezone=review.facility.district.zone):
        raise InvalidInput({"meeting_on": _("The meeting cannot lie in the future.")})
    if day < review.week.start:
        raise InvalidInput(
            {"meeting_on": _("The meeting cannot be before the week it evaluates began.")}
        )


def _is_saved_already(review: WeeklyReview, head: MeetingHead, present: set[int] | None) -> bool:
    if any(getattr(review, name) != value for name, value in head.items()):
        return False
    here = Attendance.objects.filter(review=review, is_present=True, facility__isnull=False)
    return present is None or present == set(here.values_list("facility_id", flat=True))


def _is_untouched(
    review: WeeklyReview, version: int, head: MeetingHead, present: set[int] | None
) -> bool:
    """Whether nobody changed these values since that version of the review."""
    seen = (
        WeeklyReview.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
            pgh_obj_id=review.pk, version=version
        )
        .order_by("pgh_id")
        .last()
    )
    if seen is None or any(getattr(seen, name) != getattr(review, name) for name in head):
        return False
    if present is None:
        return True
    later = Attendance.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        review_id=review.pk, facility__isnull=False, pgh_created_at__gt=seen.pgh_created_at
    )
    return not later.exists()
