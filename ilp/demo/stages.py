"""A roll-out of ILP for the demo, and the district's own indicators counted from it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from clusters.models import Achievement
from clusters.models.achievement import Source
from clusters.weeks import Week
from clusters.windows import is_due
from facilities.models import Facility, FacilityStatus, User
from facilities.models.facility import FacilityKind, IlpStage
from ilp.demo.bulk import copy_rows
from ilp.demo.chance import dice

# Years from the planned year of a facility to the stage reached then, and how likely.
_STEPS = ((0, IlpStage.PILOT, 0.75), (1, IlpStage.IMPLEMENTED, 0.8))


def create_stages(facilities: Iterable[Facility], today: dt.date, seed: int) -> None:
    """End the shipped status of facilities whose year has come and let the stages follow."""
    current = FacilityStatus.objects.filter(
        facility__in=[one.pk for one in facilities], end_on=None, ilp_target_year__isnull=False
    ).select_related("facility")
    changed: list[FacilityStatus] = []
    added: list[FacilityStatus] = []
    for status in current:
        rng = dice(seed, status.facility.code, "stage")
        dates = [
            (dt.date((status.ilp_target_year or 0) + years, rng.randint(2, 10), 1), stage)
            for years, stage, chance in _STEPS
            if rng.random() < chance
        ]
        for day, stage in dates:
            if day > today:
                break
            before = added[-1] if added and added[-1].facility_id == status.facility_id else status
            before.end_on = day
            if before is status:
                changed.append(status)
            added.append(
                FacilityStatus(
                    facility=status.facility,
                    operating=status.operating,
                    ilp_stage=stage,
                    ilp_target_year=status.ilp_target_year,
                    start_on=day,
                    basis="demo",
                )
            )
    FacilityStatus.objects.bulk_update(changed, ["end_on"], batch_size=500)
    FacilityStatus.objects.bulk_create(added, batch_size=1000)


def create_district_counts(
    dinkes: Facility, facilities: Sequence[Facility], weeks: Sequence[Week], by: User, seed: int
) -> int:
    """ILP01 to ILP03, monthly, at the Dinkes; returns how many rows."""
    implemented = list(
        FacilityStatus.objects.filter(
            facility__in=[one.pk for one in facilities], ilp_stage=IlpStage.IMPLEMENTED
        ).values_list("facility__kind", "start_on")
    )
    size = {
        kind: sum(one.kind == kind for one in facilities)
        for kind in (FacilityKind.PUSKESMAS, FacilityKind.PUSTU)
    }
    staffed = dice(seed, dinkes.code, "staff").uniform(0.68, 0.78)
    rows = []
    for at, week in enumerate(weeks):
        if not is_due(week, "monthly"):
            continue
        done = {
            kind: sum(one == kind and day <= week.end for one, day in implemented) for kind in size
        }
        pustu = size[FacilityKind.PUSTU]
        share = min(1.0, staffed + 0.002 * at)
        figures = {
            "ILP01": (done[FacilityKind.PUSKESMAS], size[FacilityKind.PUSKESMAS]),
            "ILP02": (done[FacilityKind.PUSTU], pustu),
            "ILP03": (round(pustu * share), pustu),
        }
        rows += [
            Achievement(
                facility=dinkes,
                indicator_code=code,
                week=week,
                year=week.year,
                numerator=numerator,
                denominator=denominator,
                source=Source.DEMO,
                entered_by=by,
                entered_at=dt.datetime.combine(week.end, dt.time(8), tzinfo=dt.UTC),
                version=1,
            )
            for code, (numerator, denominator) in figures.items()
        ]
    return copy_rows(Achievement, rows)
