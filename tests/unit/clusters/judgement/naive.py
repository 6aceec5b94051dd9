"""The judgement of indicators a second time, as plainly as it can be written: loops, fractions
and the sentences of the rules beside them (their sections by number). It shares no line with
clusters/judgement; where the two disagree, one of them has misread a rule. Cases come in the
form of tests/cases/judgement/FORMAT.md, results go out in its words.
"""

from __future__ import annotations

import datetime as dt

from tests.unit.clusters.judgement import naive_counts, naive_rates
from tests.unit.clusters.judgement.naive_basics import (
    Line,
    closed_period,
    first_of_next,
)

TIMES = {"PLAN_M": 12, "PLAN_Q": 4, "PLAN_Y": 1}


def judge(case: Line, unit: str, on: dt.date) -> Line:
    indicator = case["indicator"]
    if "then" in indicator["kind"]:
        return judge(as_of_its_time(case, on), unit, on)
    if indicator["profile"] in TIMES:
        return plan(case, on)
    # 2: FEB_AUG has no e either, it is compared with T itself.
    if indicator["profile"].startswith(("LAST_", "FEB_")) or "rate" in indicator["kind"]:
        return naive_rates.judge(case, unit, on)
    return naive_counts.judge(case, unit, on)


def as_of_its_time(case: Line, on: dt.date) -> Line:
    """15.11: a change of calc_type starts sum and trend anew, old weeks keep the old one."""
    change, indicator = case["definition_change"], case["indicator"]
    start = change["from"][:7]
    is_new = closed_period("LINEAR_M", on).label >= start
    kind, profile = (
        indicator[key].split(", then ")[1 if is_new else 0] for key in ("kind", "profile")
    )
    rows = [one for one in case["counts"]["rows"] if (one[1] >= start) == is_new]
    return {
        **case,
        "indicator": {**indicator, "kind": kind, "profile": profile},
        "counts": {"rows": rows},
    }


def plan(case: Line, on: dt.date) -> Line:
    """15.2: done against due, without tolerance and small numbers; 15.1: red from the 8th day.
    1: what was due last stands until something is due again, also over New Year (15.5), if
    anything is known of the old year."""
    held = [dt.date.fromisoformat(day) for day in case.get("held_on", [])]
    times = TIMES[case["indicator"]["profile"]]
    year = on.year
    if on < first_of_next(year, 12 // times) and any(day.year == year - 1 for day in held):
        year -= 1
    done = sum(1 for day in held if day.year == year and day <= on)
    ends = [first_of_next(year, 12 // times * number) for number in range(1, times + 1)]
    due = sum(1 for end in ends if end <= on)
    overdue = sum(1 for end in ends if end + dt.timedelta(7) <= on)
    late = max(0, overdue - done)
    status = None
    if due:
        status = "Jelek" if late else "Baik" if done >= due else "not red yet (grace)"
    return {"due": due, "cumulative": done, "late": late, "status": status}


def week(case: Line, unit: str, label: str) -> Line:
    """A weekly report of a unit: what is missing is never zero (7 of FORMAT.md)."""
    units = case["units"][unit]["parts"]
    rows = [one for one in case["counts"]["rows"] if one[2] == label and one[0] in units]
    missing = [one for one in units if one not in [row[0] for row in rows]]
    return {
        "week_count": sum(row[3] for row in rows) if rows else None,
        "units_reported": f"{len(rows)} dari {len(units)}",
        "missing_units": missing,
        "words": "" if rows else "belum lapor",
        "in_ranking": bool(rows),
    }


def deaths(case: Line) -> Line:
    """7: by date of death; KIA15 = KIA34 + KIA37, KIA34 = KIA35 + KIA36."""
    events = sorted(case["events"], key=lambda one: one["died_on"])
    number = dict.fromkeys(("maternal", "neonatal 0-6", "neonatal 7-28", "29 days-11 months"), 0)
    by_residence: dict[str, int] = {}
    by_place: dict[str, int] = {}
    for one in events:
        number[one["kind"]] += 1
        by_residence[one["lives_in"]] = by_residence.get(one["lives_in"], 0) + 1
        by_place[one["died_at"]] = by_place.get(one["died_at"], 0) + 1
    newborn = number["neonatal 0-6"] + number["neonatal 7-28"]
    return {
        "first_block_in_this_order": [one["id"] for one in events],
        "KIA14": number["maternal"],
        "KIA34": newborn,
        "KIA37": number["29 days-11 months"],
        "KIA15": newborn + number["29 days-11 months"],
        "by_residence": by_residence,
        "by_place_of_death": by_place,
    }
