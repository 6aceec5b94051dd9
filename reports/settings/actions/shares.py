"""A district's own row of twelve cumulative shares for a profile, from a date on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import DueShares
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import District, User
from reports.permissions import check_can_change_settings
from reports.settings.queries.shares import EDITABLE, shares_version


@transaction.atomic
def set_shares(
    *,
    district: District,
    profile: str,
    valid_from: dt.date,
    percents: Sequence[Decimal],
    by: User,
    expected_version: str,
) -> DueShares:
    """``percents``: of the year, due by the end of each month. The same date again replaces its
    row; what was judged before keeps the shares of its time."""
    place = District.objects.select_for_update(of=("self",)).get(pk=district.pk)
    check_can_change_settings(by, place)
    shares = [one / 100 for one in percents]
    row = DueShares.objects.filter(district=place, profile=profile, valid_from=valid_from).first()
    if row is not None and row.shares == shares:
        return row
    if shares_version(place, profile) != expected_version:
        raise StaleVersion(_("Someone else changed these shares in the meantime."), current=row)
    check_shares(profile, percents)
    if valid_from < timezone.localdate(timezone=place.zone):
        raise InvalidInput(
            {"valid_from": _("Days gone by keep their shares: begin today or later.")}
        )
    if row is None:
        return DueShares.objects.create(
            district=place, profile=profile, valid_from=valid_from, shares=shares, by=by
        )
    row.shares, row.by = shares, by
    row.version += 1
    row.save()
    return row


def check_shares(profile: str, percents: Sequence[Decimal]) -> None:
    """Raises InvalidInput by month: never less than before, and all of it in December."""
    if profile not in EDITABLE:
        raise InvalidInput({"profile": _("This profile has no shares to set.")})
    errors: dict[str, str] = {}
    for month, (before, percent) in enumerate(
        zip([Decimal(0), *percents[:-1]], percents, strict=True), start=1
    ):
        if not 0 <= percent <= 100:
            errors[f"month_{month}"] = _("Between 0 and 100.")
        elif percent < before:
            errors[f"month_{month}"] = _(
                "Less than the month before: shares count from January and cannot fall."
            )
    if percents[-1] != 100 and "month_12" not in errors:
        errors["month_12"] = _("By the end of December all of it is due: 100.")
    if errors:
        raise InvalidInput(errors)
