"""How far ILP is rolled out: implemented facilities against the plan."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

from django.db.models import F, Func, Q, Value
from django.db.models.fields import TextField

from facilities.models import Facility, FacilityStatus
from reports.shapes import RolloutBar

KINDS = ("puskesmas", "pustu", "posyandu")


def rollout_by_puskesmas(dinkes: Facility, on: dt.date) -> dict[int, tuple[RolloutBar, ...]]:
    """Bars by Puskesmas id, and the whole district under the Dinkes facility's id. One query."""
    rows = (
        FacilityStatus.objects.filter(
            Q(end_on=None) | Q(end_on__gt=on),
            facility__path__descendant_of=dinkes.path,
            facility__kind__in=KINDS,
            operating="open",
            start_on__lte=on,
        )
        .annotate(
            puskesmas=Func(
                Func(F("facility__path"), Value(1), Value(1), function="subpath"),
                function="ltree2text",
                output_field=TextField(),
            )
        )
        .values_list("puskesmas", "facility__kind", "ilp_stage", "ilp_target_year")
    )
    counts: dict[int, dict[str, list[int]]] = defaultdict(lambda: {k: [0, 0, 0] for k in KINDS})
    for puskesmas, kind, stage, target_year in rows:
        for key in (int(puskesmas), dinkes.pk):
            bar = counts[key][kind]
            bar[0] += stage == "implemented"
            bar[1] += target_year is not None and target_year <= on.year
            bar[2] += 1
    return {
        key: tuple(RolloutBar(kind, *bars[kind]) for kind in KINDS) for key, bars in counts.items()
    }
