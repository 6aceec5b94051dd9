"""Random judgement cases in the form of tests/cases/judgement/FORMAT.md, from a seed."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from typing import Any

from tests.unit.clusters.judgement.naive_basics import CAMPAIGNS, people_of, periods

Line = tuple[dict[str, Any], str, dt.date]

TYPED = "cumulative with typed yearly denominator"
PROFILES = {
    "cumulative": (
        "LINEAR_M", "LINEAR_M", "LINEAR_Q", "LINEAR_S", "YEAR_END", "SCHOOL", "BUDGET",
        "BIAS_AUG", "BIAS_NOV", "FEB_AUG",
    ),
    TYPED: ("LINEAR_M", "LINEAR_Q"),
    "rate": ("LAST_M", "LAST_Q", "LAST_S", "LAST_Y"),
    "campaign rate": ("FEB_AUG", "BIAS"),
    "snapshot": ("LAST_M", "LAST_Q", "LAST_S", "LAST_Y"),
    "ratio_of_found": ("LAST_M", "LAST_Q", "LAST_S", "LAST_Y"),
    "plan": ("PLAN_M", "PLAN_Q", "PLAN_Y"),
}  # fmt: skip
KINDS = ("cumulative",) * 6 + tuple(PROFILES)
TIMES = {"PLAN_M": 12, "PLAN_Q": 4, "PLAN_Y": 1}
NEAR = (0.3, 0.7, 0.85, 0.9, 0.9, 0.97, 0.98, 1.0, 1.0, 1.02, 1.1, 1.2, 1.6)


def lines(seed: int, number: int) -> Iterator[Line]:
    """So many lines: a case, one of its units, a day."""
    dice = random.Random(seed)
    done = 0
    while done < number:
        case = random_case(dice)
        for unit in case["units"]:
            yield case, unit, random_day(dice)
            done += 1


def random_day(dice: random.Random) -> dt.date:
    """Of one year and the beginning of the next, often close to a closing."""
    if dice.random() < 0.1:
        return dt.date(dice.choice((2026, 2027)), 2, dice.choice((5, 6)))
    if dice.random() < 0.4:
        return dt.date(2026, dice.randint(1, 12), dice.choice((1, 3, 5, 6, 7, 8, 9)))
    return dt.date(2026, 1, 1) + dt.timedelta(dice.randrange(420))


def random_case(dice: random.Random) -> dict[str, Any]:
    kind = dice.choice(KINDS)
    profile = dice.choice(PROFILES[kind])
    target = dice.choice((100, 95, 95, 90, 85, 80, 70, 62.5, 50, 18.8, 10))
    case: dict[str, Any] = {
        "case": "random",
        "indicator": {
            "code": "KIA02",
            "kind": kind,
            "profile": profile,
            "T": TIMES.get(profile, target),
            "direction": "lower" if kind != "plan" and dice.random() < 0.15 else "higher",
            "noun": "orang",
        },
        "units": {},
        "counts": {"rows": []},
        "expect": [],
    }
    units = [chr(ord("A") + number) for number in range(dice.randint(1, 8))]
    size = dice.choice((0.1, 1, 1, 3))
    for unit in units:
        people = random_people(dice, kind, size)
        case["units"][unit] = {"level": "pustu", "S": people}
        if people and dice.random() < 0.1:
            first = dice.randint(0, people)
            villages = {"Satu": first, "Dua": dice.choice((people - first,) * 9 + (None,))}
            case["units"][unit] = {"level": "pustu", "villages": villages}
    if kind == "plan":
        case["held_on"] = [str(day) for day in held_days(dice, TIMES[profile])]
        return case
    if len(units) > 1 or dice.random() < 0.2:
        case["units"]["P"] = {"level": "puskesmas", "parts": units}
    if dice.random() < 0.15:
        case["target_change"] = {
            "from": f"{dice.choice((2025, 2026, 2026, 2026))}-{dice.randint(1, 12):02}-01",
            "old": target,
            "new": dice.choice((100, 80, 60)),
        }
    report(case, dice, units)
    return case


def random_people(dice: random.Random, kind: str, size: float) -> int | None:
    chance = dice.random()
    if kind == TYPED:
        return None
    if chance < 0.03:
        return None
    if chance < 0.15:
        return dice.choice((0, 1, 8, 9, 9, 10, 10, 11, 11, 12))
    if chance < 0.4:  # so that shares and percentages come out even
        return 120 * dice.randint(1, 3)
    return int(dice.randint(20, 400) * size)


def held_days(dice: random.Random, times: int) -> list[dt.date]:
    """About as often as planned, in 2025 (or not at all then), 2026 and 2027."""
    found = []
    for year in (2025, 2026, 2027):
        held = dice.choice((0, times - 1, times, times, times, times + 1))
        days = [dt.date(year, 1, 1) + dt.timedelta(dice.randrange(365)) for _ in range(held)]
        if dice.random() < 0.5:  # rather evenly through the year
            days = [
                dt.date(year, 1, 1)
                + dt.timedelta((365 * number + dice.randrange(300)) // (times + 2))
                for number in range(held)
            ]
        found += days
    return sorted(found)


def labels_of(profile: str, year: int) -> list[str]:
    """What reports are made for: the months of a campaign, else the periods of the profile."""
    if profile in CAMPAIGNS:
        return [f"{year}-{month:02}" for one in CAMPAIGNS[profile].values() for month in one[0]]
    return [one.label for one in periods(profile, year)]


def report(case: dict[str, Any], dice: random.Random, units: list[str]) -> None:
    silent = dice.choice((0, 0, 0, 0.02, 0.05, 0.1, 0.4))
    factor, noise = dice.choice(NEAR), dice.choice((0, 0, 0, 0.02, 0.1, 0.3, 0.8))
    indicator, share = case["indicator"], dice.choice((0.9, 1, 1.1))
    first_year = dice.choice((2024, 2024, 2025, 2026))
    always_silent = dice.choice((*units, None, None, None, None))
    for unit in units:
        people = people_of(case, unit)
        people = dice.randint(5, 300) if people is None else people
        for year in range(first_year, 2028):
            labels = labels_of(indicator["profile"], year)
            for label in labels:
                if dice.random() < silent or unit == always_silent:
                    continue
                near = factor * (1 + dice.uniform(-noise, noise))
                numbers = random_row(dice, indicator, people, near, len(labels), share)
                case["counts"]["rows"].append([unit, label, None, *numbers])


def random_row(
    dice: random.Random,
    indicator: dict[str, Any],
    people: int,
    near: float,
    times: int,
    share: float,
) -> tuple[int | None, int | None]:
    kind, wanted = indicator["kind"], indicator["T"] / 100 * near
    is_zero = dice.random() < 0.03
    if kind in ("cumulative", TYPED):
        if indicator["profile"] == "FEB_AUG":
            times = 1
        due = people * wanted / times
        numerator = 0 if is_zero else int(due + dice.random())
        typed = kind == TYPED and dice.random() > 0.1
        return numerator, int(people * dice.choice((1, 1, share))) if typed else None
    if kind == "snapshot":
        return (0 if is_zero else round(people * wanted)), None
    denominator: int | None = round(people * share)
    if kind == "ratio_of_found":
        denominator = dice.choice((0, 0, denominator, 9, 10, 11))
    numerator = 0 if is_zero else round((denominator or 0) * wanted)
    if dice.random() < 0.02:  # one of both alone is no report
        return dice.choice(((None, denominator), (numerator, None)))
    return numerator, denominator
