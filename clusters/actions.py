"""Writing achievements: the one way in for page, API and single corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from clusters.computed import not_typed, origin_in_week
from clusters.models import Achievement, Indicator
from clusters.models.achievement import Source
from clusters.weeks import month_break
from facilities.errors import InvalidInput, StaleVersion
from facilities.queries import why_not_open
from facilities.text.numbers import LARGEST_COUNT

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.models import Facility, User

type FirstMonth = tuple[int | None, int | None]


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


def check_first_month(week: Week, counts: FirstMonth, parts: FirstMonth | None) -> dict[str, str]:
    """Errors by field (``first_month_numerator`` …): whole numbers, never more than the count, and
    only in a week of two months."""
    errors: dict[str, str] = {}
    for name, whole, part in zip(("numerator", "denominator"), counts, parts or (), strict=False):
        field = f"first_month_{name}"
        if part is None:
            continue
        if isinstance(part, bool) or not isinstance(part, int) or part < 0:
            errors[field] = _("Enter a whole number, 0 or more. You entered ‘%(value)s’.") % {
                "value": part
            }
        elif month_break(week.start, week.end) is None:
            errors[field] = _("This week lies within one month: there is nothing to divide.")
        elif whole is None or part > whole:
            errors[field] = _(
                "Up to the end of the month there can be at most as many as in the week."
            )
    return errors


@transaction.atomic
def record_achievement(
    *,
    facility: Facility,
    week: Week,
    indicator: Indicator,
    numerator: int | None,
    denominator: int | None,
    by: User | None,
    source: str,
    expected_version: int,
    note: str | None = None,
    first_month: FirstMonth | None = None,
) -> Achievement:
    """Save one facility's own count of one week. ``None`` clears it: no data, not zero.

    ``first_month``: of a week that crosses two months, (count, denominator) up to the end of the
    first one, each None where nobody said. Left out, what was said stays while it still fits.

    ``expected_version`` is the version the writer saw (0: no row yet). Raises StaleVersion with
    the row as it stands, or InvalidInput by field. Saving what is already there changes nothing.
    """
    if source != Source.SYSTEM and (origin := origin_in_week(indicator.code, week)):
        raise InvalidInput({"numerator": not_typed(origin)})
    errors = check_counts(indicator, numerator, denominator)
    errors |= check_first_month(week, (numerator, denominator), first_month)
    if numerator is not None and (why := why_not_open(facility, week.start, week.end)):
        errors["numerator"] = why
    if errors:
        raise InvalidInput(errors)
    parts = first_month or (None, None)
    row, created = Achievement.objects.get_or_create(
        facility=facility,
        week=week,
        indicator_code=indicator.code,
        defaults={
            "year": week.year,
            "numerator": numerator,
            "denominator": denominator,
            "first_month_numerator": parts[0],
            "first_month_denominator": parts[1],
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
        and first_month in (None, (row.first_month_numerator, row.first_month_denominator))
    )
    if same:
        return row
    if row.version != expected_version:
        raise StaleVersion(_("Someone else saved this figure in the meantime."), current=row)
    row.numerator, row.denominator = numerator, denominator
    if first_month is not None:
        row.first_month_numerator, row.first_month_denominator = first_month
    row.fit_first_month()
    if note is not None:
        row.note = note
    row.source, row.entered_by = source, by
    row.version += 1
    row.save()
    return row
