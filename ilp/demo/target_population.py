"""Target population of the demo: figures for the groups no formula can estimate, villages that
counted their people, and both years locked as they are in January."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from facilities.models import District, Facility, User
from ilp.demo.chance import dice
from lifecycle.actions.lock import lock_target_population
from lifecycle.estimates import round_people
from lifecycle.models import Official, TargetPopulation
from lifecycle.querysets import TargetPopulationQuerySet

# Per inhabitant; a programme would set these from its own plan.
SHARES = {"TBDUGA": Decimal("0.021"), "HIVRISK": Decimal("0.023")}
# What the midwives of a village know by name; one factor for all, so that they fit each other.
COUNTED = (
    "BUMIL", "BULIN", "BUFAS", "BUSUI", "NEO", "BAYI", "BAYI6", "BAYI611", "BADUTA", "BADUTA1",
    "BALITA", "ANBAL", "APRAS",
)  # fmt: skip
COUNTING = 0.6  # of all villages


def fill_unknown_groups(district: District) -> int:
    """Give every village without a figure one marked ``basis="demo"``; returns how many."""
    inside = _inside(district)
    people = {
        (village, year): figure or 0
        for village, year, figure in inside.filter(group_code="SEMUA").values_list(
            "village", "year", "estimated"
        )
    }
    rows = list(inside.filter(group_code__in=SHARES, estimated=None, locked_at=None))
    for row in rows:
        row.estimated = round_people(
            SHARES[row.group_code] * people.get((row.village_id, row.year), 0)
        )
        row.basis = "demo"
    return TargetPopulation.objects.bulk_update(rows, ["estimated", "basis"], batch_size=500)


def count_and_lock(district: District, years: Iterable[int], by: User, seed: int) -> int:
    """Some villages counted mothers and small children, a little off the estimate, and that is
    what counts; then the years are locked. Returns how many figures were counted."""
    years = sorted(set(years))
    rows = []
    for row in _inside(district).filter(
        group_code__in=COUNTED, year__in=years, estimated__isnull=False, locked_at=None
    ):
        rng = dice(seed, row.village_id, row.year, "counted")
        if rng.random() < COUNTING:
            row.counted = max(1, round((row.estimated or 0) * rng.uniform(0.93, 1.05)))
            row.official, row.basis = Official.COUNTED, "demo"
            rows.append(row)
    TargetPopulation.objects.bulk_update(rows, ["counted", "official", "basis"], batch_size=500)
    for year in years:
        lock_target_population(district=district, year=year, by=by)
    return len(rows)


def people_in(unit: Facility, year: int) -> int:
    """Inhabitants of the village a unit stands in; a very large number where unknown."""
    rows = TargetPopulation.objects.filter(village=unit.village_id, group_code="SEMUA", year=year)
    return rows.values_list("estimated", flat=True).first() or 10**9


def _inside(district: District) -> TargetPopulationQuerySet:
    return TargetPopulation.objects.filter(village__code__startswith=f"{district.code}.")
