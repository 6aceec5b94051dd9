"""Input checks of what is known about a problem, for those who do not come through a form."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from clusters.models import Cluster, Indicator
from clusters.weeks import Week
from facilities.models import Area, Facility
from lifecycle.models import LifecycleGroup
from reports.models.problem import OwnerKind, Priority, ProblemCategory, ProblemEvent

_CHOICES = {
    "event": ("", *ProblemEvent.values),
    "owner_kind": tuple(OwnerKind.values),
    "category": tuple(ProblemCategory.values),
    "priority": tuple(Priority.values),
    **dict.fromkeys(("urgency", "seriousness", "growth"), (None, 1, 2, 3, 4, 5)),
}


def check_details(week: Week, **given: Any) -> dict[str, str]:
    """Errors by field: unknown codes and choices, a negative number of people. A code that no
    catalogue knows would never be found again by any filter."""
    wrong = {
        name: value
        for name, value in given.items()
        if name in _CHOICES and value not in _CHOICES[name]
    }
    wrong |= _unknown_codes(week, given)
    errors = {name: _("There is no “%(code)s”.") % {"code": value} for name, value in wrong.items()}
    people = given.get("people_count")
    if people is not None and people < 0:
        errors["people_count"] = _("Enter a whole number, 0 or more. You entered ‘%(value)s’.") % {
            "value": people
        }
    return errors


def _unknown_codes(week: Week, given: dict[str, Any]) -> dict[str, str]:
    known = {
        "cluster_code": Cluster.objects.all(),
        "group_code": LifecycleGroup.objects.all(),
        "indicator_code": Indicator.objects.in_week(week),
    }
    return {
        name: code
        for name, rows in known.items()
        if (code := given.get(name)) and not rows.filter(code=code).exists()
    }


def village_errors(facility: Facility, village: Area | None) -> dict[str, str]:
    """A village belongs to the service area of the facility or of one below it."""
    if village is None:
        return {}
    served = Area.objects.filter(served_by__facility__path__descendant_of=facility.path)
    if served.filter(pk=village.pk).exists():
        return {}
    return {"village": _("This village is outside the service area of the facility.")}
