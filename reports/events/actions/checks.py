"""What an event record must say, whoever sends it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.models import Facility
from reports.models.event import PARTS, AgeUnit, EventPlace
from reports.problems.actions.checks import village_errors
from reports.problems.actions.common import today_at

OLDEST = dt.timedelta(days=366)  # heard of later than that it belongs to no report any more
MONTH = 30.4375  # days
LARGEST_AGE = 9_999

# By indicator the ages it counts, in days, both ends included.
AGES: dict[str, tuple[int, int]] = {
    "KIA14": (10 * 365, 60 * 366),
    "KIA35": (0, 6),
    "KIA36": (7, 28),
    "KIA37": (29, 365),
    "KIA38": (365, 5 * 366),
}
WITHOUT_AGE = frozenset({"KIA33"})  # stillbirths


def event_indicators(week: Week) -> list[Indicator]:
    """What an event may be: the alert indicators of a week without those that are sums."""
    rows = Indicator.objects.in_week(week).filter(is_alert=True)
    return [row for row in rows if row.code not in PARTS]


def check_event(facility: Facility, week: Week, **given: Any) -> dict[str, str]:
    """Errors by field, of ``indicator_code``, ``occurred_on``, ``notified_on``, ``place``,
    ``village``, ``age`` and ``age_unit``; each as on the form."""
    errors = village_errors(facility, given["village"])
    if given["indicator_code"] not in {row.code for row in event_indicators(week)}:
        errors["indicator_code"] = _("Choose what happened.")
    if given["place"] not in EventPlace.values:
        errors["place"] = _("Choose where it happened.")
    return (
        errors
        | _day_errors(facility, week, given["occurred_on"], given["notified_on"])
        | _age_errors(given["indicator_code"], given["age"], given["age_unit"])
    )


def _day_errors(
    facility: Facility, week: Week, occurred_on: dt.date | None, notified_on: dt.date | None
) -> dict[str, str]:
    today = today_at(facility)
    if occurred_on is None:
        return {"occurred_on": _("Give the date of the event.")}
    if occurred_on > today:
        return {"occurred_on": _("This day has not come yet.")}
    if occurred_on > week.end:
        return {"occurred_on": _("This day lies after the week whose report counts it.")}
    if occurred_on < week.start - OLDEST:
        return {"occurred_on": _("This day lies more than a year before the report.")}
    if notified_on is None:
        return {"notified_on": _("Give the day on which Dinkes was told.")}
    if notified_on > today:
        return {"notified_on": _("This day has not come yet.")}
    if notified_on < occurred_on:
        return {"notified_on": _("Dinkes cannot have been told before it happened.")}
    return {}


def _age_errors(code: str, age: int | None, unit: str) -> dict[str, str]:
    if age is None:
        if unit:
            return {"age": _("Give the age as a number.")}
        return {"age": _("Give the age.")} if code in AGES else {}
    if code in WITHOUT_AGE:
        return {"age": _("A stillborn child has no age: leave it empty.")}
    if unit not in AgeUnit.values:
        return {"age_unit": _("Choose days, months or years.")}
    first, last = _days(age, unit)
    low, high = AGES.get(code, (0, 130 * 366))
    if age > LARGEST_AGE or last < low or first > high:
        return {"age": _("This age does not belong to what happened.")}
    return {}


def _days(age: int, unit: str) -> tuple[int, int]:
    """The fewest and the most days that an age in whole units may be."""
    size = {AgeUnit.DAYS: 1.0, AgeUnit.MONTHS: MONTH, AgeUnit.YEARS: 365.25}[AgeUnit(unit)]
    return int(age * size), max(int(age * size), int((age + 1) * size) - 1)
