"""What went wrong in the demo and was put right: a count corrected after it was signed, a sum
replaced by a person, a death that was looked into."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from clusters.models import Achievement, SumOverride
from clusters.weeks import Week
from facilities.models import Facility
from ilp.demo.bulk import copy_rows
from ilp.demo.filing import Calendar, Cohort
from ilp.demo.people import Cast
from reports.figures.queries.replaced_sums import sum_of_reports
from reports.models import ReviewStep, WeeklyReview
from reports.models.review import ReviewStatus
from reports.review.freezing import freeze, signed_sheet

CORRECTED_CODE, REPLACED_CODE = "KIA03", "SPM01"
COUNTED_TWICE = 2
REASON = "Dua ibu tercatat ganda, dicocokkan dengan register (data demo)"
SUM_REASON = "Satu ibu dicatat di dua Pustu (data demo)"
# A death and the sums it is part of.
DEATH = ("KIA35", "KIA34", "KIA15")
# Weeks from the wrong count to the first review signed after its correction.
FOUND_AFTER = 3


@dataclass(frozen=True)
class Correction:
    """A review that was opened again, with the moment and the first week signed after it."""

    review: WeeklyReview
    count: Achievement
    at: dt.datetime

    @property
    def before(self) -> Week:
        return self.review.week + FOUND_AFTER

    @transaction.atomic
    def apply(self, cast: Cast) -> None:
        """Opened by the Puskesmas, put right and sent by the Pustu, approved: the second
        revision stands, the first one stays as it was signed."""
        review = WeeklyReview.objects.select_related(
            "facility__parent", "facility__district__area"
        ).get(pk=self.review.pk)
        head, above = cast.heads[review.facility_id], cast.heads[review.facility.parent_id or 0]
        self.count.numerator = (self.count.numerator or 0) - COUNTED_TWICE
        self.count.version += 1
        self.count.note, self.count.entered_at = REASON, self.at + dt.timedelta(hours=1)
        self.count.save()
        moments = [self.at, self.at + dt.timedelta(hours=2), self.at + dt.timedelta(hours=4)]
        status, revision = review.status, review.revision
        steps = []
        for at, action, after, by in zip(
            moments,
            ("reopen", "submit", "approve"),
            (ReviewStatus.REOPENED, ReviewStatus.SUBMITTED, ReviewStatus.APPROVED),
            (above, head, above),
            strict=True,
        ):
            steps.append(
                ReviewStep(
                    review=review, action=action, from_status=status, to_status=after,
                    revision=revision, by=by, at=at, reason=REASON if action == "reopen" else "",
                )
            )  # fmt: skip
            status, revision = after, review.revision + 1
        copy_rows(ReviewStep, steps)
        review.revision, review.version = revision, review.version + 3
        review.submitted_at, review.submitted_by = moments[1], head
        review.decided_at, review.decided_by = moments[2], above
        review.save()
        review.status = ReviewStatus.SUBMITTED
        freeze(review, signed_sheet(review))


def plan_corrections(
    reviews: Sequence[WeeklyReview], groups: Sequence[Cohort], last: Week, calendar: Calendar
) -> list[Correction]:
    """In the first Puskesmas one that its open meeting carries, in the second one that stands in
    a signed review. Their counts are made wrong now."""
    found = []
    for cohort, weeks_ago in zip(groups, (FOUND_AFTER, FOUND_AFTER + 3), strict=False):
        places = {unit.pk for unit in cohort.pustu[:2]}
        week = last - weeks_ago
        review = next(
            (
                row
                for row in reviews
                if row.facility_id in places
                and row.week == week
                and row.status == ReviewStatus.APPROVED
            ),
            None,
        )
        if review is None:
            continue
        rows = Achievement.objects.filter(indicator_code=CORRECTED_CODE, week=week)
        count = rows.filter(facility=review.facility_id).first()
        if count is None:
            continue
        count.numerator = (count.numerator or 0) + COUNTED_TWICE
        count.save()
        # On the Friday: all reviews of the week before are signed, none of this week is.
        friday = dt.datetime.combine((week + FOUND_AFTER).end, dt.time(9), calendar.zone)
        found.append(Correction(review, count, friday - dt.timedelta(days=1)))
    return found


def replace_a_sum(groups: Sequence[Cohort], last: Week, cast: Cast) -> None:
    """One person in two Pustu: the second Puskesmas uses one less than the sum of its reports."""
    puskesmas = groups[1 % len(groups)].puskesmas
    week = last - 2
    numerator, denominator = sum_of_reports(puskesmas.pk, REPLACED_CODE, week)
    if not numerator:
        return
    row = SumOverride(
        facility=puskesmas, indicator_code=REPLACED_CODE, week=week, year=week.year,
        numerator=numerator - 1, denominator=None, sum_numerator=numerator,
        sum_denominator=denominator, reason=SUM_REASON, by=cast.heads[puskesmas.pk],
        at=dt.datetime.combine(week.end + dt.timedelta(days=1), dt.time(4), dt.UTC),
    )  # fmt: skip
    copy_rows(SumOverride, [row])


def count_a_death(groups: Sequence[Cohort], last: Week) -> tuple[Facility, Week] | None:
    """A newborn died in the week before the last: where and when, for the problem about it."""
    for unit in groups[0].pustu:
        rows = list(
            Achievement.objects.filter(facility=unit, week=last - 1, indicator_code__in=DEATH)
        )
        if len(rows) == len(DEATH):
            for row in rows:
                row.numerator = (row.numerator or 0) + 1
                row.save()
            return unit, last - 1
    return None
