"""How many people a life-cycle group has when nobody has counted them: pure formulas.

Source: domain notes section 4 (worked example of sasaran formulas) and the coefficients in
``lifecycle/data/lifecycle_groups.csv``. All arithmetic is exact (``Decimal``); a figure is
rounded once, at the end, half up. Figures of villages that must add up to their district are
rounded by largest remainder instead, so that nobody is lost or invented by rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CRUDE_BIRTH_RATE = Decimal("0.0165")  # births per inhabitant and year
INFANT_MORTALITY = Decimal("0.017")
PREGNANCIES_PER_BIRTH = Decimal("1.10")
DELIVERIES_PER_BIRTH = Decimal("1.05")


@dataclass(frozen=True)
class Rates:
    """Births per inhabitant and infant deaths per birth of a district."""

    births: Decimal = CRUDE_BIRTH_RATE
    infant_deaths: Decimal = INFANT_MORTALITY

    def share(self, group: str) -> Decimal | None:
        """People of a birth-related group per inhabitant; None for other groups."""
        match group:
            case "BUMIL":
                return PREGNANCIES_PER_BIRTH * self.births
            case "BULIN" | "BUFAS":
                return DELIVERIES_PER_BIRTH * self.births
            case "NEO":
                return self.births
            case "BAYI":
                return self.births * (1 - self.infant_deaths)
            case _:
                return None


# Groups computed from another group rather than from the population.
_DERIVED: dict[str, tuple[str, Decimal]] = {
    "BUSUI": ("BAYI", Decimal("0.5")),
    "BAYI6": ("BAYI", Decimal("0.5")),
    "BADUTA": ("BAYI", Decimal(2)),
}


def round_people(people: Decimal) -> int:
    """Whole people, halves up."""
    return int(people.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def apportion(total: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Share ``total`` out by weight so that the parts add up to it exactly.

    Largest remainder; equal remainders go to the key that sorts first. All weights 0 give
    all parts 0 only for a total of 0; else ValueError.
    """
    whole = sum(weights.values())
    if whole == 0:
        if total:
            raise ValueError("nothing to share the total out by")
        return dict.fromkeys(weights, 0)
    parts = {key: total * weight // whole for key, weight in weights.items()}
    left = total - sum(parts.values())
    by_remainder = sorted(weights, key=lambda key: (-(total * weights[key] % whole), key))
    for key in by_remainder[:left]:
        parts[key] += 1
    return parts


def estimate_group(
    group: str,
    *,
    population: Mapping[str, int],
    known: Mapping[str, Mapping[str, int]],
    share: Decimal | None,
    rates: Rates | None = None,
) -> dict[str, int] | None:
    """People of a group per village; None when no formula is known (TBDUGA, HIVRISK).

    ``population`` is people per village, ``known`` the groups already settled per village
    (``known["BAYI"]``), ``share`` the group's share of the population. The district's figure
    is rounded half up, its villages share it out by largest remainder.
    """
    if group == "ANBAL" and "BALITA" in known and "BAYI" in known:
        return {v: max(0, known["BALITA"][v] - known["BAYI"][v]) for v in population}
    if group in _DERIVED and _DERIVED[group][0] in known:
        base, factor = _DERIVED[group]
        total = round_people(factor * sum(known[base].values()))
        return apportion(total, known[base])
    birth_share = rates.share(group) if rates else None
    per_head = birth_share if birth_share is not None else share
    if per_head is None:
        return None
    return apportion(round_people(per_head * sum(population.values())), population)
