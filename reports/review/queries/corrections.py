"""What later revisions changed: kept when they are signed, carried by the next review."""

from __future__ import annotations

import datetime as dt

from django.db.models import Max, Min

from clusters.models import Indicator
from clusters.targets import Figures
from clusters.weeks import Week
from facilities.models import Facility
from reports.deadlines.days import deadline
from reports.figures.queries.references import facility_ref
from reports.models import Correction, ReviewRevision, ReviewStep
from reports.shapes import CorrectionRow, ReviewSheet

LOOKING_BACK = 60  # weeks


def corrections_between(
    revision: ReviewRevision, before: ReviewSheet, after: ReviewSheet
) -> list[Correction]:
    """Unsaved rows: each indicator whose count, denominator or cumulative figure differs."""
    old = {line.indicator.code: line.figures for line in before.lines}
    new = {line.indicator.code: line.figures for line in after.lines}
    rows = []
    for code in sorted(old.keys() | new.keys()):
        was, now = _counts(old.get(code)), _counts(new.get(code))
        if was != now:
            rows.append(
                Correction(
                    revision=revision,
                    indicator_code=code,
                    before_count=was[0],
                    after_count=now[0],
                    before_denominator=was[1],
                    after_denominator=now[1],
                    before_cumulative=was[2],
                    after_cumulative=now[2],
                )
            )
    return rows


def _counts(figures: Figures | None) -> tuple[int | None, int | None, int | None]:
    if figures is None:
        return None, None, None
    return figures.week_count, figures.week_denominator, figures.cumulative


def correction_rows(facility: Facility, week: Week, now: dt.datetime) -> tuple[CorrectionRow, ...]:
    """What the review of ``week`` carries: corrections of earlier weeks, its own and those of
    the Pustu below, that no review signed since has carried. Nothing is added to any figure.

    A week in between that is still to be signed in time carries them instead; one that was
    never sent does not make them disappear.
    """
    found = list(
        Correction.objects.filter(
            revision__review__facility__path__descendant_of=facility.path,
            revision__review__week__lt=week,
            revision__review__week__gte=week - LOOKING_BACK,
        )
        .select_related("revision__review__facility")
        .order_by(
            "revision__review__week", "revision__review__facility__path", "revision__number",
            "indicator_code",
        )
    )  # fmt: skip
    if not found:
        return ()
    signed = _signed(facility, week)
    own = signed.pop(week, (now, now))[0]
    district = facility.district

    def is_carried_here(row: Correction) -> bool:
        at, corrected = row.revision.signed_at, row.revision.review.week
        if own <= at:
            return False  # this review was signed before the correction
        if row.revision.review.facility_id != facility.pk and (
            corrected not in signed or at < signed[corrected][1]
        ):
            return False  # the review of the corrected week itself holds, or will hold, the figure
        between = (corrected + 1).until(week - 1)
        waiting = [one for one in between if one not in signed or at < signed[one][0]]
        return all(
            own <= signed[one][0] if one in signed else deadline(district, one, facility.kind) < own
            for one in waiting
        )

    return _shapes([row for row in found if is_carried_here(row)], facility)


def _signed(facility: Facility, week: Week) -> dict[Week, tuple[dt.datetime, dt.datetime]]:
    """When each recent week was first and last signed."""
    revisions = ReviewRevision.objects.filter(
        review__facility=facility,
        review__week__lte=week,
        review__week__gte=week - LOOKING_BACK,
    )
    return {
        row["review__week"]: (row["first"], row["last"])
        for row in revisions.order_by()
        .values("review__week")
        .annotate(first=Min("signed_at"), last=Max("signed_at"))
    }


def _shapes(rows: list[Correction], facility: Facility) -> tuple[CorrectionRow, ...]:
    if not rows:
        return ()
    names = {
        row.code: row
        for row in Indicator.objects.filter(code__in={row.indicator_code for row in rows})
    }
    reasons = {
        (step.review_id, step.revision): step.reason
        for step in ReviewStep.objects.filter(
            review__in={row.revision.review_id for row in rows}, action__in=["return", "reopen"]
        )
    }
    return tuple(_shape(row, names, reasons, facility) for row in rows)


def _shape(
    row: Correction,
    names: dict[str, Indicator],
    reasons: dict[tuple[int, int], str],
    facility: Facility,
) -> CorrectionRow:
    revision, indicator = row.revision, names.get(row.indicator_code)
    week: Week = revision.review.week
    place = revision.review.facility
    return CorrectionRow(
        week=str(week),
        week_number=week.number,
        revision=revision.number,
        signed_at=revision.signed_at,
        # The step that opened the revision stands in the one before it.
        reason=reasons.get((revision.review_id, revision.number - 1), ""),
        indicator_code=row.indicator_code,
        indicator_name=indicator.name_id if indicator else row.indicator_code,
        indicator_name_en=indicator.name_en if indicator else row.indicator_code,
        before_count=row.before_count,
        after_count=row.after_count,
        before_denominator=row.before_denominator,
        after_denominator=row.after_denominator,
        before_cumulative=row.before_cumulative,
        after_cumulative=row.after_cumulative,
        place=None if place.pk == facility.pk else facility_ref(place),
    )
