"""Every review that was sent, signed week after week: decisions on its rows, then its sheet.

The lines of a week are computed once for the whole district and serve all its sheets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import transaction
from tqdm import tqdm

from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from ilp.demo.corrections import Correction
from ilp.demo.decisions import decide_rows
from ilp.demo.people import Cast
from reports.figures.queries.facility_lines import facility_lines
from reports.models import WeeklyReview
from reports.models.review import ReviewStatus
from reports.review.freezing import freeze, signed_sheet

SIGNED = {ReviewStatus.SUBMITTED, ReviewStatus.APPROVED, ReviewStatus.RETURNED}


def sign_reviews(
    reviews: Iterable[WeeklyReview],
    corrections: Sequence[Correction],
    cast: Cast,
    seed: int,
    *,
    show_progress: bool = False,
) -> None:
    """Freeze what was sent, in the order of the weeks, as sending would have; a correction
    becomes a revision of its own before the first sheet that was signed after it."""
    by_week: dict[Week, list[int]] = defaultdict(list)
    for review in reviews:
        if review.status in SIGNED:
            by_week[review.week].append(review.pk)
    progress = tqdm(sorted(by_week), desc="weeks", disable=None if show_progress else True)
    for week in progress:
        for correction in corrections:
            if correction.before == week:
                correction.apply(cast)
        _sign_week(week, by_week[week], cast, seed)


def _sign_week(week: Week, ids: Sequence[int], cast: Cast, seed: int) -> None:
    reviews = list(
        WeeklyReview.objects.filter(pk__in=ids)
        .select_related("facility__parent", "facility__district__area")
        .order_by("facility__path")
    )
    puskesmas = [row.facility for row in reviews if row.facility.kind == FacilityKind.PUSKESMAS]
    units = Facility.objects.hung_under([one.pk for one in puskesmas], week.end)
    known = facility_lines([*{*(row.facility for row in reviews), *units}], week)
    with transaction.atomic():
        decide_rows(reviews, known, seed)
        for review in reviews:
            status = review.status
            review.status = ReviewStatus.SUBMITTED
            review.submitted_by = cast.heads[review.facility_id]  # reads its postings once
            freeze(review, signed_sheet(review, known))
            if status == ReviewStatus.RETURNED:
                _send_back(review)


def _send_back(review: WeeklyReview) -> None:
    """What was returned is written anew, as a new revision."""
    review.status = ReviewStatus.RETURNED
    review.revision += 1
    review.submitted_at = review.submitted_by = None
    review.save()
