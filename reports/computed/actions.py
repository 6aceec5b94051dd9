"""Writing down what the system knows: by the clock, after somebody's step, and before a review
is frozen. Like any other count it goes through ``record_achievement``, so that sums, history,
API, Excel and paper follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from clusters.actions import record_achievement
from clusters.computed import origins
from clusters.models import Achievement, Indicator
from clusters.models.achievement import Source
from clusters.rollups import hold_totals
from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from reports.computed.queries.drop_out import drop_out_figures
from reports.computed.queries.ledger import (
    Figures,
    follow_up_figures,
    review_figures,
    stage_figures,
)
from reports.deadlines.queries.filings import REPORTED
from reports.models import WeeklyReview

KINDS = (FacilityKind.DINKES, FacilityKind.PUSKESMAS, FacilityKind.PUSTU)


@transaction.atomic
def compute_week(district: District, week: Week, *, signing: WeeklyReview | None = None) -> int:
    """Bring the computed figures of a district's week up to date; how many rows changed. Safe to
    run twice. A week that was sent is never touched. ``signing``: only the facility of the
    review that is being sent, as if it were."""
    # The lock of whoever signs: nothing is written behind a signature.
    hold_totals(district.pk)
    places = {row.pk: row for row in _places(district, week, signing)}
    indicators = {row.code: row for row in Indicator.objects.in_week(week)}
    codes = origins(set(indicators))
    figures = {
        key: figure
        for key, figure in _figures(district, [*places.values()], week, signing, codes).items()
        if key[1] in codes
    }
    stored = {
        (row.facility_id, row.indicator_code): row
        for row in Achievement.objects.filter(
            facility__in=places, week=week, indicator_code__in=codes
        )
    }
    changed = 0
    for key in sorted({*figures, *stored}):
        row, figure = stored.get(key), figures.get(key)
        if figure is None and (row is None or row.source != Source.SYSTEM):
            continue  # what was typed before stays while nothing better is known
        if row is not None and (row.numerator, row.denominator) == (figure or (None, None)):
            continue
        pk, code = key
        record_achievement(
            facility=places[pk], week=week, indicator=indicators[code],
            numerator=figure[0] if figure else None, denominator=figure[1] if figure else None,
            by=None, source=Source.SYSTEM, expected_version=row.version if row else 0,
        )  # fmt: skip
        changed += 1
    return changed


def _figures(
    district: District,
    places: list[Facility],
    week: Week,
    signing: WeeklyReview | None,
    codes: Collection[str],
) -> Figures:
    now = timezone.now()
    today: dt.date = now.astimezone(district.zone).date()
    puskesmas = [row for row in places if row.kind == FacilityKind.PUSKESMAS]
    offices = [row for row in places if row.kind == FacilityKind.DINKES]
    reviewed = [row for row in places if row.kind != FacilityKind.DINKES]
    found = drop_out_figures(reviewed, week) if "IMM25" in codes else {}
    if puskesmas:
        found |= review_figures(district, puskesmas, week, now, signing)
        found |= follow_up_figures(puskesmas, week, today)
    return found | stage_figures(offices, week, today)


def _places(district: District, week: Week, signing: WeeklyReview | None) -> list[Facility]:
    """Who is open in the week and has not sent it."""
    rows = Facility.objects.filter(district=district, kind__in=KINDS)
    rows = rows.open_between(week.start, week.end).select_related("district")
    if signing is not None:
        return list(rows.filter(pk=signing.facility_id))
    sent = WeeklyReview.objects.filter(
        facility__district=district, week=week, status__in=REPORTED
    ).values("facility_id")
    return list(rows.exclude(pk__in=sent).order_by("path"))
