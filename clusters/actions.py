"""Writing achievements: the one way in for page, API and single corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from clusters.models import Achievement, Indicator
from facilities.errors import InvalidInput, StaleVersion

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.models import Facility, User

# What a PositiveIntegerField holds; nobody counts more people in a week.
LARGEST_COUNT = 9_999_999


def check_counts(
    indicator: Indicator, numerator: int | None, denominator: int | None
) -> dict[str, str]:
    """Errors by field: whole numbers from 0, a denominator where the indicator asks for one."""
    errors: dict[str, str] = {}
    for field, value in (("numerator", numerator), ("denominator", denominator)):
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            errors[field] = _("Enter a whole number, 0 or more. You entered ‘%(value)s’.") % {
                "value": value
            }
        elif value > LARGEST_COUNT:
            errors[field] = _("This number is too large: ‘%(value)s’.") % {"value": value}
    if errors:
        return errors
    if denominator is not None and not indicator.needs_denominator:
        errors["denominator"] = _("This indicator takes no denominator.")
    elif (
        indicator.needs_denominator
        and numerator is not None
        and denominator is not None
        and numerator > denominator
    ):
        errors["numerator"] = _(
            "The count (%(numerator)s) is larger than its denominator (%(denominator)s)."
        ) % {"numerator": numerator, "denominator": denominator}
    return errors


@transaction.atomic
def record_achievement(
    *,
    facility: Facility,
    week: Week,
    indicator: Indicator,
    numerator: int | None,
    denominator: int | None,
    by: User,
    source: str,
    expected_version: int,
    note: str | None = None,
) -> Achievement:
    """Save one facility's own count of one week. ``None`` clears it: no data, not zero.

    ``expected_version`` is the version the writer saw (0: no row yet). Raises StaleVersion with
    the row as it stands, or InvalidInput by field. Saving what is already there changes nothing.
    """
    errors = check_counts(indicator, numerator, denominator)
    if errors:
        raise InvalidInput(errors)
    row, created = Achievement.objects.get_or_create(
        facility=facility,
        week=week,
        indicator_code=indicator.code,
        defaults={
            "year": week.year,
            "numerator": numerator,
            "denominator": denominator,
            "note": note or "",
            "source": source,
            "entered_by": by,
        },
    )
    if created:
        return row
    row = Achievement.objects.select_for_update().get(pk=row.pk)
    same = (
        row.numerator == numerator
        and row.denominator == denominator
        and (note is None or row.note == note)
    )
    if same:
        return row
    if row.version != expected_version:
        raise StaleVersion(_("Someone else saved this figure in the meantime."), current=row)
    row.numerator, row.denominator = numerator, denominator
    if note is not None:
        row.note = note
    row.source, row.entered_by = source, by
    row.version += 1
    row.save()
    return row
