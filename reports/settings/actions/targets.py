"""The yearly target of an indicator for a district or one Puskesmas, from a month on."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Indicator, Target
from clusters.weeks import Week
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import Facility, User
from facilities.models.facility import FacilityKind
from facilities.text.rules import fit_field
from reports.figures.queries.facility_lines import LEVELS
from reports.permissions import check_can_change_settings
from reports.settings.queries.targets import own_rows, targets_version

KINDS = (FacilityKind.DINKES, FacilityKind.PUSKESMAS)
SHORTEST_REASON = 5
LARGEST = Decimal("99999.99")


@transaction.atomic
def set_target(
    *,
    facility: Facility,
    indicator_code: str,
    year: int,
    from_month: int,
    annual_target: Decimal,
    reason: str,
    by: User,
    expected_version: str,
) -> Target:
    """The months before ``from_month`` keep what counted then. A month gone by needs a reason.
    The same month again replaces its row; saving what stands changes nothing."""
    rows = Facility.objects.select_for_update(of=("self",)).select_related("district")
    place = rows.get(pk=facility.pk)
    check_can_change_settings(by, place.district)
    reason = fit_field("reason", reason)
    today = timezone.localdate(timezone=place.district.zone)
    stored = own_rows(place, indicator_code)
    row = next((one for one in stored if (one.year, one.from_month) == (year, from_month)), None)
    if row is not None and (row.annual_target, row.reason) == (annual_target, reason):
        return row
    if targets_version(stored) != expected_version:
        raise StaleVersion(_("Someone else changed this target in the meantime."), current=stored)
    _check(place, indicator_code, year, from_month, annual_target, reason, today)
    if row is None:
        return Target.objects.create(
            facility=place, indicator_code=indicator_code, year=year, from_month=from_month,
            annual_target=annual_target, reason=reason, by=by,
        )  # fmt: skip
    row.annual_target, row.reason, row.by = annual_target, reason, by
    row.version += 1
    row.save()
    return row


def is_retroactive(year: int, from_month: int, today: dt.date) -> bool:
    """Whether it counts in a month that has ended."""
    return (year, from_month) < (today.year, today.month)


def _check(
    place: Facility,
    code: str,
    year: int,
    from_month: int,
    annual_target: Decimal,
    reason: str,
    today: dt.date,
) -> None:
    if place.kind not in KINDS:
        raise InvalidInput({"facility": _("Targets are set for a district or a Puskesmas.")})
    indicator = Indicator.objects.in_week(Week.of(today)).filter(code=code).first()
    if indicator is None or indicator.level not in LEVELS[place.kind]:
        raise InvalidInput({"indicator": _("This indicator is not reported here.")})
    errors = {}
    if not 1 <= from_month <= 12:
        errors["from_month"] = _("Choose one of the months.")
    if year not in (today.year, today.year + 1):
        errors["year"] = _("Targets are set for this year and the next.")
    largest = Decimal(100) if indicator.unit == "%" else LARGEST
    if not 0 <= annual_target <= largest:
        errors["annual_target"] = _("Between 0 and %(most)s.") % {"most": largest}
    if is_retroactive(year, from_month, today) and len(reason) < SHORTEST_REASON:
        errors["reason"] = _("It would count in months gone by: say why.")
    if errors:
        raise InvalidInput(errors)
