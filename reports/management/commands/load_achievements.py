from __future__ import annotations

from collections import defaultdict

from clusters.imports.achievements import COLUMNS, SHEET, import_achievements
from clusters.weeks import Week
from facilities.models import Placement, User
from facilities.models.facility import FacilityKind
from facilities.tabular.command import ImportCommand
from facilities.tabular.reading import Table
from facilities.tabular.shipped import Tally
from reports.models import WeeklyReview
from reports.models.review import ReviewStatus

_SENT = {ReviewStatus.SUBMITTED, ReviewStatus.APPROVED}


class Command(ImportCommand):
    help = "Load weekly counts from a CSV or XLSX file: all rows or none; safe to repeat."
    sheet = SHEET
    columns = COLUMNS

    def load(self, table: Table, by: User | None) -> Tally:
        return import_achievements(table, by=by, closed_weeks=closed_weeks)


def closed_weeks(wanted: set[tuple[int, Week]]) -> set[tuple[int, Week]]:
    """Those facility weeks whose review was handed in: their figures are frozen.

    A Posyandu's counts stand in the review of whom it hung under then. The reviews stay locked
    until the end of the transaction, so that none can be submitted between this check and the
    writing.
    """
    placements = Placement.objects.filter(
        facility__in={pk for pk, _week in wanted}, facility__kind=FacilityKind.POSYANDU
    )
    hung: dict[int, list[Placement]] = defaultdict(list)
    for row in placements:
        hung[row.facility_id].append(row)

    def holder(pk: int, week: Week) -> int:
        for row in hung[pk]:
            if row.start_on <= week.end and (row.end_on is None or row.end_on > week.end):
                return row.parent_id
        return pk

    reviews = WeeklyReview.objects.select_for_update(of=("self",)).filter(
        facility__in={holder(pk, week) for pk, week in wanted},
        week__in={week for _pk, week in wanted},
    )
    sent = {
        (review.facility_id, review.week)
        for review in reviews.order_by("pk")
        if review.status in _SENT
    }
    return {(pk, week) for pk, week in wanted if (holder(pk, week), week) in sent}
