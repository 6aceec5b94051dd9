from __future__ import annotations

from clusters.imports.achievements import COLUMNS, SHEET, import_achievements
from clusters.weeks import Week
from facilities.models import User
from facilities.tabular.command import ImportCommand
from facilities.tabular.reading import Table
from facilities.tabular.shipped import Tally
from reports.models import WeeklyReview
from reports.models.review import ReviewStatus


class Command(ImportCommand):
    help = "Load weekly counts from a CSV or XLSX file: all rows or none; safe to repeat."
    sheet = SHEET
    columns = COLUMNS

    def load(self, table: Table, by: User | None) -> Tally:
        return import_achievements(table, by=by, closed_weeks=closed_weeks)


def closed_weeks(wanted: set[tuple[int, Week]]) -> set[tuple[int, Week]]:
    """Those facility weeks whose review was handed in: their figures are frozen."""
    reviews = WeeklyReview.objects.filter(
        facility__in={pk for pk, _week in wanted},
        week__in={week for _pk, week in wanted},
        status__in=[ReviewStatus.SUBMITTED, ReviewStatus.APPROVED],
    )
    return wanted & set(reviews.values_list("facility_id", "week"))
