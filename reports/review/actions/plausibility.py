"""«Benar, simpan»: somebody looked again at exactly these numbers and says that they are right."""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from clusters.models import Achievement, PlausibilityConfirmation
from facilities.errors import StaleVersion
from facilities.models import User
from reports.figures.queries.facility_lines import facility_lines
from reports.figures.queries.plausibility import row_checks
from reports.models import WeeklyReview
from reports.review.actions.entry import indicator_here, lock_for_entry


@transaction.atomic
def confirm_figure(
    *,
    review: WeeklyReview,
    indicator_code: str,
    rules: Collection[str],
    by: User,
    expected_version: int,
) -> int:
    """Record the confirmation of a row's warnings; returns how many were new.

    ``rules`` are the warnings the person saw: one that came up since stays open. Nothing about
    the figure itself changes. Raises StaleVersion when the row holds another number by now.
    """
    review = lock_for_entry(review, by)
    indicator = indicator_here(review, indicator_code)
    row = Achievement.objects.filter(
        facility=review.facility, week=review.week, indicator_code=indicator.code
    ).first()
    if row is None or row.version != expected_version:
        raise StaleVersion(_("Someone else saved this figure in the meantime."), current=row)
    lines = facility_lines([review.facility], review.week)[review.facility.pk]
    checks = row_checks(review.facility, review.week, lines).of(indicator.code)
    seen = [one for one in checks if one.is_open and one.rule in rules]
    PlausibilityConfirmation.objects.bulk_create(
        [
            PlausibilityConfirmation(
                achievement=row,
                rule_code=one.rule,
                numerator=row.numerator,
                denominator=row.denominator,
                by=by,
            )
            for one in seen
        ],
        ignore_conflicts=True,
    )
    return len(seen)
