"""When a report must carry an indicator, and which weeks make up its reporting period.

A week belongs to the month that holds at least four of its days. See docs/adr/0005-periods.md.
"""

from __future__ import annotations

from functools import lru_cache

from clusters.judgement import profiles
from clusters.judgement.periods import CAMPAIGNS, Kind, Period, month_of
from clusters.weeks import Week

Weeks = tuple[Week, ...]
_KINDS: dict[str, tuple[Kind, int]] = {
    "monthly": ("month", 1),
    "quarterly": ("quarter", 3),
    "semester": ("semester", 6),
    "yearly": ("year", 12),
}


def is_last_of_month(week: Week) -> bool:
    """Whether it is the last of the weeks that belong to its month."""
    return month_of(week + 1) != month_of(week)


@lru_cache(maxsize=65536)
def reporting_period(week: Week, frequency: str, profile: str = "") -> Period | None:
    """The period a week's report is about. None: the week itself, or, for what is reported by
    campaign, nothing at all between two campaigns."""
    month = month_of(week)
    if frequency == "weekly":
        return None
    if frequency == "campaign":
        if profile not in CAMPAIGNS:
            return month
        for first, last in CAMPAIGNS[profile]:
            if first <= month.number <= last:
                return Period("campaign", month.year, first, last)
        return None
    kind, length = _KINDS[frequency]
    return Period(kind, month.year, (month.number - 1) // length + 1)


@lru_cache(maxsize=65536)
def is_due(week: Week, frequency: str, profile: str = "") -> bool:
    """Whether a report must carry the indicator in this week.

    Weekly: always. Monthly, quarterly …: in the period's last week. By campaign: in the last week
    of each of its months. In a month in which nothing of the yearly target falls due: not.
    """
    if frequency == "weekly":
        return True
    period = reporting_period(week, frequency, profile)
    if period is None or not is_last_of_month(week):
        return False
    if period.kind == "campaign":
        return True
    if week != period.last_week:
        return False
    shares = profiles.SHIPPED.get(profile)
    return shares is None or period.kind != "month" or bool(profiles.step(shares, period))


@lru_cache(maxsize=65536)
def period_to_date(week: Week, frequency: str, profile: str = "") -> Weeks:
    """The weeks of the reporting period that ``week`` lies in, up to it."""
    period = reporting_period(week, frequency, profile)
    if period is None:
        return (week,)
    return tuple(one for one in period.weeks() if one <= week)


@lru_cache(maxsize=65536)
def value_period(week: Week, frequency: str, profile: str = "") -> Weeks:
    """The period a rate is taken over: this week, or the last complete one."""
    period = reporting_period(week, frequency, profile)
    if period is None:
        return (week,)
    if week != period.last_week:
        period = period.before
    return tuple(period.weeks())
