"""Reminders until a week's review is filed.

To the head whose review is missing, at three occasions in the district's own time:

- on the morning of the day the review is due;
- when the deadline has passed, until the evening of that day;
- then once each working day, one message about all late weeks of the facility.

The key of a message holds facility, week or day, and occasion, so nobody is told the same thing
twice, however often the clock runs. An occasion that passed while the clock stood still is not
made up for: there is no flood of old reminders. Only weeks that the clock has opened are asked
for, so an installation does not ask for the time before it existed.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from facilities.models.user import Role
from reports.deadlines.days import days_late, deadline, is_working_day
from reports.deliveries.outbox import notify
from reports.deliveries.recipients import HEAD, holders_at
from reports.deliveries.words import week_words
from reports.models.delivery import Delivery, DeliveryKind
from reports.models.review import ReviewStatus, WeeklyReview

if TYPE_CHECKING:
    from facilities.models import District, User

MORNING = dt.time(7)
WEEKS_BACK = 8  # older weeks stay on the lists, but nobody is reminded of them
# A reopened review was filed once; whoever reopened it waits for it, the clock does not.
_MISSING = (ReviewStatus.OPEN, ReviewStatus.RETURNED)


@dataclass(frozen=True)
class Reminder:
    """One message: what it is about and its words."""

    key: str
    facility: Facility
    week: Week  # the one its link opens
    subject: str
    body: str


def remind(district: District, now: dt.datetime) -> int:
    """Remind everybody in a district whose turn it is; how many facilities were reminded.

    Safe to run at any time and any number of times.
    """
    here = now.astimezone(district.zone)
    if not _is_daytime(district, here.time()):
        return 0
    with translation.override(settings.LANGUAGE_CODE):
        wanted = [row for row in _due(district, here) if row is not None]
    told = set(
        Delivery.objects.filter(key__in=[row.key for row in wanted]).values_list("key", flat=True)
    )
    fresh = [row for row in wanted if row.key not in told]
    people = _heads(district, [row.facility for row in fresh])
    for row in fresh:
        notify(
            key=row.key,
            kind=DeliveryKind.REMINDER,
            recipients=people[row.facility.pk],
            facility=row.facility,
            subject=row.subject,
            body=row.body,
            url=reverse("reports:review-detail", args=[str(row.week), row.facility.code]),
        )
    return len(fresh)


def is_moot(delivery: Delivery) -> bool:
    """Whether a reminder that has not left yet is no use any more: its day is over, or the
    facility has nothing left to send."""
    zone = delivery.facility.district.zone
    today = timezone.localdate(timezone=zone)
    if delivery.created_at.astimezone(zone).date() < today:
        return True
    return not _missing(delivery.facility.district, today, [delivery.facility_id])


def _due(district: District, here: dt.datetime) -> list[Reminder | None]:
    missing: dict[int, list[WeeklyReview]] = defaultdict(list)
    for review in _missing(district, here.date()):
        missing[review.facility_id].append(review)
    found: list[Reminder | None] = []
    for reviews in missing.values():
        found += [_today(district, review, here) for review in reviews]
        found.append(_late(district, reviews, here))
    return found


def _missing(
    district: District, today: dt.date, facility_ids: list[int] | None = None
) -> list[WeeklyReview]:
    """Reviews of finished weeks that are not filed, of facilities open then and now, by week."""
    last = Week.of(today) - 1
    rows = WeeklyReview.objects.filter(
        facility__district=district,
        facility__in=Facility.objects.open_on(today),
        week__gte=last - (WEEKS_BACK - 1),
        week__lte=last,
        status__in=_MISSING,
    ).select_related("facility__parent")
    if facility_ids is not None:
        rows = rows.filter(facility__in=facility_ids)
    found = list(rows.order_by("facility__path", "week"))
    for review in found:
        review.facility.district = district  # with its local holidays, already read
    return found


def _today(district: District, review: WeeklyReview, here: dt.datetime) -> Reminder | None:
    """In the morning of the day it is due, and when the moment has passed."""
    due = deadline(district, review.week, review.facility.kind)
    if due.date() != here.date():
        return None
    words = _words(district, review, due)
    if here < due:
        stage = "morning"
        subject = _("Due today at %(time)s: review of week %(number)s, %(name)s") % words
    else:
        stage = "due"
        subject = _("The deadline has passed: review of week %(number)s, %(name)s") % words
    body = _(
        "The weekly review of %(name)s for %(week)s has not been sent yet. It was to be sent by "
        "%(day)s, %(time)s %(zone)s.\n\nPlease finish it and send it; what is missing is shown "
        "on the page."
    )
    key = f"reminder:{review.week}:{review.facility_id}:{stage}"
    return Reminder(key, review.facility, review.week, subject, body % words)


def _late(district: District, reviews: list[WeeklyReview], here: dt.datetime) -> Reminder | None:
    """Once each working day after the day it was due, for all late weeks together."""
    today = here.date()
    if not is_working_day(today, district):
        return None
    late = []
    for review in reviews:
        due = deadline(district, review.week, review.facility.kind)
        if due.date() < today:
            late.append((review, days_late(due, None, here)))
    if not late:
        return None
    first = late[0][0]
    count = {"name": first.facility.name, "n": len(late), "number": first.week.number}
    subject = ngettext(
        "Late: review of week %(number)s, %(name)s",
        "Late: reviews of %(n)s weeks, %(name)s",
        len(late),
    )
    lines = [
        ngettext(
            "- week %(number)s of %(year)s: %(n)s day late",
            "- week %(number)s of %(year)s: %(n)s days late",
            days,
        )
        % {"number": review.week.number, "year": review.week.year, "n": days}
        for review, days in late
    ]
    body = _("These weekly reviews of %(name)s have not been sent yet:\n\n%(lines)s") % {
        "name": first.facility.name,
        "lines": "\n".join(lines),
    }
    key = f"reminder:late:{first.facility_id}:{today}"
    return Reminder(key, first.facility, first.week, subject % count, body)


def _words(district: District, review: WeeklyReview, due: dt.datetime) -> dict[str, object]:
    week = review.week
    return {
        "name": review.facility.name,
        "number": week.number,
        "week": week_words(week),
        "day": formats.date_format(due.date(), "l, j F Y"),
        "time": due.strftime("%H.%M"),
        "zone": district.zone_name,
    }


def _is_daytime(district: District, time: dt.time) -> bool:
    """From the morning until the quiet hours begin."""
    evening = district.quiet_from
    return time >= MORNING and (evening <= MORNING or time < evening)


def _heads(district: District, facilities: list[Facility]) -> dict[int, list[User]]:
    """The heads by facility id; for a Pustu without one, the head of its Puskesmas, who may
    fill it in."""
    found: dict[int, list[User]] = {}
    places = {row.pk for row in facilities}
    parents = {row.parent_id for row in facilities if row.parent_id}
    heads: dict[str, dict[int, list[User]]] = {
        Role.PUSTU_HEAD: holders_at(Role.PUSTU_HEAD, places, district),
        Role.PUSKESMAS_HEAD: holders_at(Role.PUSKESMAS_HEAD, places | parents, district),
    }
    for row in facilities:
        own = heads[HEAD[FacilityKind(row.kind)]].get(row.pk, [])
        above = heads[Role.PUSKESMAS_HEAD].get(row.parent_id or 0, [])
        found[row.pk] = own or (above if row.kind == FacilityKind.PUSTU else [])
    return found
