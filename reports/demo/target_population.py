"""Made-up figures for the groups no formula can estimate, so that the demo shows them too."""

from __future__ import annotations

from decimal import Decimal

from facilities.models import District
from lifecycle.estimates import round_people
from lifecycle.models import TargetPopulation

# Per inhabitant; a programme would set these from its own plan.
SHARES = {"TBDUGA": Decimal("0.021"), "HIVRISK": Decimal("0.023")}


def fill_unknown_groups(district: District) -> int:
    """Give every village without a figure one marked ``basis="demo"``; returns how many."""
    inside = TargetPopulation.objects.filter(village__code__startswith=f"{district.code}.")
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
