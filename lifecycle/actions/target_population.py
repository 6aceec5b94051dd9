"""Fill a district's target population from the shipped figures and the estimates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from django.db import transaction

from facilities.models import Area, District
from facilities.tabular.shipped import number, read_shipped
from lifecycle.estimates import Rates, estimate_group
from lifecycle.models import LifecycleGroup, TargetPopulation

_DATA = Path(__file__).parent.parent / "data" / "districts"
Figures = dict[str, dict[str, int]]  # group → village → people


def shipped_figures(code: str) -> tuple[Figures, dict[str, str]]:
    """The shipped figures of a district (group → village → people) and each village's basis."""
    path = _DATA / code / "target_population.csv"
    figures: Figures = {}
    basis: dict[str, str] = {}
    for row in read_shipped(path) if path.exists() else []:
        village = row["village_code"]
        basis[village] = row["basis"]
        for group, cell in row.items():
            if group not in {"village_code", "year", "basis"} and cell:
                figures.setdefault(group, {})[village] = number(cell) or 0
    return figures, basis


def estimate_all(groups: Iterable[LifecycleGroup], known: Figures) -> dict[str, dict[str, int]]:
    """Every group that has a figure or a formula; needs ``known["SEMUA"]``, the population."""
    settled = dict(known)
    # Derived groups after the ones they are derived from: without a formula of their own last.
    derived_last = sorted(groups, key=lambda group: group.code in {"BUSUI", "BAYI6", "BADUTA"})
    for group in derived_last:
        if group.code in settled:
            continue
        figures = estimate_group(
            group.code,
            population=known["SEMUA"],
            known=settled,
            share=group.default_share,
            rates=Rates(),
        )
        if figures is not None:
            settled[group.code] = figures
    return settled


@transaction.atomic
def load_target_population(district: District, *, years: Iterable[int], on: dt.date) -> int:
    """Create the missing rows of every village, group and year; returns how many.

    Rows that exist stay as they are. A group without formula gets a row without figure:
    unknown, to be filled in by the office. Villages without population get nothing.
    """
    known, basis = shipped_figures(district.code)
    if "SEMUA" not in known:
        known["SEMUA"] = _populations(district)
    if not known["SEMUA"]:
        return 0
    groups = list(LifecycleGroup.objects.filter(valid_from__lte=on).exclude(valid_until__lte=on))
    settled = estimate_all(groups, known)
    rows = [
        TargetPopulation(
            village_id=village,
            group_code=group.code,
            year=year,
            estimated=settled.get(group.code, {}).get(village),
            basis=basis.get(village, "estimated") if group.code in known else "estimated",
        )
        for year in years
        for group in groups
        for village in known["SEMUA"]
    ]
    before = TargetPopulation.objects.count()
    TargetPopulation.objects.bulk_create(rows, batch_size=3000, ignore_conflicts=True)
    return TargetPopulation.objects.count() - before


def _populations(district: District) -> dict[str, int]:
    villages = Area.objects.filter(
        kind="village", code__startswith=f"{district.code}.", population__isnull=False
    )
    return {code: people or 0 for code, people in villages.values_list("code", "population")}
