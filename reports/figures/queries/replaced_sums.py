"""Sums that a Puskesmas replaced, with what the reports add up to now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import F, OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from clusters.models import Achievement, AchievementTotal, SumOverride
from clusters.weeks import Week
from facilities.models import Facility, Placement
from reports.shapes import ReplacedSum

Key = tuple[int, str]


def replaced_sums(facility_ids: Sequence[int], week: Week) -> dict[Key, ReplacedSum]:
    """By (facility id, indicator code). One query, and no more work when nothing is replaced."""
    rows = (
        SumOverride.objects.filter(facility__in=facility_ids, week=week)
        .select_related("by")
        .annotate(
            **{f"{part}_{name}": _part(part, name, week.end) for part in _PARTS for name in _NAMES}
        )
    )
    return {(row.facility_id, row.indicator_code): _shape(row) for row in rows}


def sum_of_reports(
    facility_id: int, indicator_code: str, week: Week
) -> tuple[int | None, int | None]:
    """Own count and the totals of those directly below in a week, as (count, denominator)."""
    of = {"indicator_code": indicator_code, "week": week, "numerator__isnull": False}
    counts = [
        *Achievement.objects.filter(facility=facility_id, **of).values_list(*_NAMES),
        *AchievementTotal.objects.filter(
            facility__in=Facility.objects.hung_under([facility_id], week.end), **of
        ).values_list(*_NAMES),
    ]
    return _added(row[0] for row in counts), _added(row[1] for row in counts)


_PARTS = ("own", "below")
_NAMES = ("numerator", "denominator")


def _part(part: str, name: str, day: dt.date) -> Subquery:
    of: dict[str, Any] = {
        "indicator_code": OuterRef("indicator_code"),
        "week": OuterRef("week"),
        "numerator__isnull": False,
    }
    if part == "own":
        own = Achievement.objects.filter(facility=OuterRef("facility"), **of)
        return Subquery(own.values(name)[:1])
    # Where they hung on the week's last day.
    placed = Placement.objects.current(day).filter(parent=OuterRef(OuterRef("facility")))
    below = AchievementTotal.objects.filter(facility__in=placed.values("facility"), **of)
    # A group of its own, so that the sum is one row.
    added = below.order_by().values("indicator_code").annotate(added=Sum(F(name)))
    return Subquery(added.values("added"))


def _added(values: Any) -> int | None:
    known = [int(value) for value in values if value is not None]
    return sum(known) if known else None


def _shape(row: Any) -> ReplacedSum:
    return ReplacedSum(
        used=row.numerator,
        used_denominator=row.denominator,
        sum=_added([row.own_numerator, row.below_numerator]),
        sum_denominator=_added([row.own_denominator, row.below_denominator]),
        sum_then=row.sum_numerator,
        sum_denominator_then=row.sum_denominator,
        reason=row.reason,
        by=str(row.by),
        at=row.at,
        version=row.version,
    )


def replaced_text(row: ReplacedSum, number: Callable[[int | None], str]) -> str:
    """«Jumlah laporan 52, dipakai 48: alasan»; ``number`` writes a figure as its page does."""
    return _("Sum of the reports %(sum)s, used %(used)s: %(reason)s") % {
        "sum": _pair(row.sum, row.sum_denominator, number),
        "used": _pair(row.used, row.used_denominator, number),
        "reason": row.reason,
    }


def replaced_change(row: ReplacedSum, number: Callable[[int | None], str]) -> str:
    """What the reports added up to when the sum was replaced, if that is different by now."""
    if not row.has_changed:
        return ""
    return _("The reports have changed since: the sum was %(then)s.") % {
        "then": _pair(row.sum_then, row.sum_denominator_then, number)
    }


def _pair(count: int | None, denominator: int | None, number: Callable[[int | None], str]) -> str:
    return number(count) if denominator is None else f"{number(count)}/{number(denominator)}"
