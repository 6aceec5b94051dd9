"""A sum replaced by a person: both figures and the reason are kept."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from clusters.actions import check_counts
from clusters.computed import not_typed, origin_in_week
from clusters.models import Indicator, SumOverride
from clusters.models.catalogue import CalcType, Level
from clusters.rollups import hold_totals
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import User
from facilities.text.rules import fit_field
from reports.figures.queries.replaced_sums import sum_of_reports
from reports.models import WeeklyReview
from reports.permissions import check_can_replace_sum
from reports.review.actions.entry import indicator_here, lock_for_entry

SHORTEST_REASON = 5
LONGEST_REASON = 500


def check_replaceable(indicator: Indicator) -> None:
    """InvalidInput where no sum over the week exists that could be replaced."""
    if indicator.calc_type == CalcType.SNAPSHOT:
        raise InvalidInput(
            {
                "indicator": _(
                    "This indicator is a state, not something added up week by week. "
                    "Correct the figure of the Pustu or of the Puskesmas itself instead."
                )
            }
        )
    if indicator.level == Level.PUSKESMAS:
        raise InvalidInput(
            {
                "indicator": _(
                    "The Puskesmas alone reports this indicator: there is no sum to replace. "
                    "Change the figure itself."
                )
            }
        )


@transaction.atomic
def replace_sum(
    *,
    review: WeeklyReview,
    indicator_code: str,
    numerator: int,
    denominator: int | None,
    reason: str,
    by: User,
    expected_version: int,
) -> SumOverride:
    """Use another figure in place of the week's sum of a Puskesmas, from here upward.

    ``expected_version``: the version the writer saw, 0 when nothing was replaced. Saving what
    is there already changes nothing. Raises StaleVersion with the row as it stands (None: it
    was withdrawn), or InvalidInput by field.
    """
    review = lock_for_entry(review, by, check_can_replace_sum)
    indicator = indicator_here(review, indicator_code)
    check_replaceable(indicator)
    if origin := origin_in_week(indicator.code, review.week):
        raise InvalidInput({"indicator": not_typed(origin)})
    # No Pustu may save between the sum that is noted down and the figure that replaces it.
    hold_totals(review.facility.district_id)
    now = sum_of_reports(review.facility_id, indicator.code, review.week)
    reason = fit_field("reason", reason, has_lines=True)
    _check(indicator, now, numerator, denominator, reason)
    row = _stored(review, indicator.code)
    wanted = (numerator, denominator, reason)
    if row is not None and (row.numerator, row.denominator, row.reason) == wanted:
        return row
    _check_version(row, expected_version)
    if row is None:
        row = SumOverride(
            facility=review.facility,
            indicator_code=indicator.code,
            week=review.week,
            year=review.week.year,
            version=0,
        )
    row.numerator, row.denominator, row.reason = wanted
    row.sum_numerator, row.sum_denominator = now
    row.by = by
    row.version += 1
    row.save()
    return row


@transaction.atomic
def withdraw_sum(
    *, review: WeeklyReview, indicator_code: str, by: User, expected_version: int
) -> None:
    """Use the sum of the reports again. Withdrawing twice changes nothing; history keeps it."""
    review = lock_for_entry(review, by, check_can_replace_sum)
    row = _stored(review, indicator_code)
    if row is None:
        return
    _check_version(row, expected_version)
    row.delete()


def _stored(review: WeeklyReview, code: str) -> SumOverride | None:
    rows = SumOverride.objects.select_for_update(of=("self",)).select_related("by")
    return rows.filter(facility=review.facility, week=review.week, indicator_code=code).first()


def _check_version(row: SumOverride | None, expected_version: int) -> None:
    if (row.version if row is not None else 0) != expected_version:
        raise StaleVersion(_("Someone else changed this sum in the meantime."), current=row)


def _check(
    indicator: Indicator,
    now: tuple[int | None, int | None],
    numerator: int,
    denominator: int | None,
    reason: str,
) -> None:
    errors = check_counts(indicator, numerator, denominator)
    if indicator.needs_denominator and denominator is None:
        errors.setdefault("denominator", _("Enter the denominator as well."))
    if now[0] is None:
        errors.setdefault(
            "numerator",
            _("Nothing has been reported yet, so there is no sum to replace. Enter a figure."),
        )
    elif not errors and (numerator, denominator) == (
        now[0],
        now[1] if indicator.needs_denominator else None,
    ):
        errors["numerator"] = _("This is the sum itself. Withdraw the replacement instead.")
    if len(reason) < SHORTEST_REASON:
        errors["reason"] = _("Give a reason: both figures and it stay readable.")
    elif len(reason) > LONGEST_REASON:
        errors["reason"] = _("At most %(limit)s characters.") % {"limit": LONGEST_REASON}
    if errors:
        raise InvalidInput(errors)
