"""What every change to a review's figures begins with: the lock, the right, the state."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from clusters.models import Indicator
from facilities.errors import IllegalTransition, InvalidInput
from facilities.models import User
from reports.figures.queries.facility_lines import LEVELS
from reports.models import WeeklyReview
from reports.permissions import check_can_edit_review


def lock_for_entry(
    review: WeeklyReview,
    by: User,
    check_right: Callable[[User, WeeklyReview], None] = check_can_edit_review,
) -> WeeklyReview:
    """The review as it is now, locked until the end of the transaction: no figure can change
    behind a signature. Raises PermissionDenied or, once sent, IllegalTransition."""
    locked = (
        WeeklyReview.objects.select_for_update(of=("self",))
        .select_related("facility__parent", "facility__district__area")
        .get(pk=review.pk)
    )
    check_right(by, locked)
    if not locked.is_editable:
        raise IllegalTransition(
            _("This review has been sent. Its figures are frozen; ask for it to be returned.")
        )
    return locked


def indicator_here(review: WeeklyReview, code: str) -> Indicator:
    """The version in force in the review's week; InvalidInput for one not reported here."""
    indicator = Indicator.objects.in_week(review.week).filter(code=code).first()
    if indicator is None or indicator.level not in LEVELS[review.facility.kind]:
        raise InvalidInput({"indicator": _("This indicator is not reported here.")})
    return indicator
