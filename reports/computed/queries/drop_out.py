"""IMM25, the drop-out from the first to the third dose, from the counts of the two."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from clusters.computed import FIRST_DOSE, THIRD_DOSE
from clusters.models import Achievement
from clusters.weeks import Week
from clusters.windows import is_due, period_to_date
from facilities.models import Facility
from reports.computed.queries.ledger import Figures


def drop_out_figures(facilities: Sequence[Facility], week: Week) -> Figures:
    """In a month's last week, of every facility that counted both doses in the month: the year's
    first doses without the third, out of the first. More third than first doses is an error of
    the counts, not a figure."""
    if not is_due(week, "monthly"):
        return {}
    month = set(period_to_date(week, "monthly"))
    sums: dict[tuple[int, str], int] = defaultdict(int)
    in_month: set[tuple[int, str]] = set()
    rows = Achievement.objects.filter(
        facility__in=[row.pk for row in facilities],
        indicator_code__in=(FIRST_DOSE, THIRD_DOSE),
        year=week.year,
        week__lte=week,
        numerator__isnull=False,
    )
    for pk, code, at, numerator in rows.values_list(
        "facility_id", "indicator_code", "week", "numerator"
    ):
        sums[pk, code] += numerator
        if at in month:
            in_month.add((pk, code))
    found: Figures = {}
    for place in facilities:
        if not {(place.pk, FIRST_DOSE), (place.pk, THIRD_DOSE)} <= in_month:
            continue
        first, third = sums[place.pk, FIRST_DOSE], sums[place.pk, THIRD_DOSE]
        if third <= first:
            found[place.pk, "IMM25"] = (first - third, first)
    return found
