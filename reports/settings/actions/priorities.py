"""Choosing the indicators of the weekly meeting, from a week on."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.models import PriorityList
from clusters.weeks import Week
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import Facility, User
from facilities.models.facility import FacilityKind
from reports.permissions import check_can_choose_priorities
from reports.settings.queries.priorities import choice, choosable, lists_version

LEAST, MOST, OWN = 15, 25, 5
WEEKS_AHEAD = 8


def first_week(facility: Facility) -> Week:
    """The running week: what was before has been looked at, and stays as it was."""
    return Week.of(timezone.localdate(timezone=facility.district.zone))


@transaction.atomic
def choose_priorities(
    *, facility: Facility, from_week: Week, codes: Collection[str], by: User, expected_version: str
) -> PriorityList:
    """The list of a district (15 to 25) or what a Puskesmas adds to it (up to five), from a week
    on; the same week again replaces it. Saving what counts already changes nothing."""
    rows = Facility.objects.select_for_update(of=("self",)).select_related("district", "parent")
    place = rows.get(pk=facility.pk)
    check_can_choose_priorities(by, place)
    _check_week(place, from_week)
    wanted = frozenset(codes)
    now = choice(place, from_week)
    row = PriorityList.objects.filter(facility=place, from_week=from_week).first()
    if row is not None and frozenset(row.indicator_codes) == wanted:
        return row
    if lists_version(place) != expected_version:
        raise StaleVersion(_("Someone else changed these priorities in the meantime."), now)
    _check_codes(place, from_week, wanted, now.inherited)
    order = [one.code for one in choosable(place, from_week) if one.code in wanted]
    if row is None:
        return PriorityList.objects.create(
            facility=place, from_week=from_week, indicator_codes=order, by=by
        )
    row.indicator_codes, row.by = order, by
    row.version += 1
    row.save()
    return row


def _check_week(place: Facility, from_week: Week) -> None:
    first = first_week(place)
    if from_week < first:
        raise InvalidInput(
            {"from_week": _("Weeks gone by keep their priorities: begin with this week or later.")}
        )
    if from_week > first + WEEKS_AHEAD:
        raise InvalidInput({"from_week": _("This week is too far ahead.")})


def _check_codes(
    place: Facility, week: Week, wanted: frozenset[str], inherited: frozenset[str]
) -> None:
    if wanted - {one.code for one in choosable(place, week)}:
        raise InvalidInput({"codes": _("This indicator is not reported here.")})
    n = len(wanted)
    if place.kind == FacilityKind.DINKES:
        if n < LEAST:
            message = ngettext(
                "You chose %(n)s indicator; choose at least %(least)s, so that the meeting sees all"
                " clusters.",
                "You chose %(n)s indicators; choose at least %(least)s, so that the meeting sees"
                " all clusters.",
                n,
            )
            raise InvalidInput({"codes": message % {"n": n, "least": LEAST}})
        if n > MOST:
            message = _(
                "You chose %(n)s indicators; %(most)s at most, or the meeting has no time for each."
            )
            raise InvalidInput({"codes": message % {"n": n, "most": MOST}})
    elif n > OWN:
        message = _("You chose %(n)s indicators; a Puskesmas adds at most %(most)s of its own.")
        raise InvalidInput({"codes": message % {"n": n, "most": OWN}})
    elif wanted & inherited:
        raise InvalidInput({"codes": _("The district looks at this indicator already.")})
