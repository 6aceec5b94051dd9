"""How urgent a problem is and until when it is due: documented rules, the person may differ.

USG (urgency, seriousness, growth; 1 to 5 each) is the method of the Puskesmas. The limits on its
sum and the date of the next mini-workshop are ours (docs/problems.md); the times per priority
are those of domain/ilp.md section 9.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

# Sum of the three scores (3 to 15), from the highest: at least this sum → priority.
USG_LIMITS: Final = ((14, "emergency"), (11, "high"), (7, "medium"), (3, "low"))
DAYS: Final = {"emergency": 1, "high": 7, "medium": 14}  # emergency: 24 hours


def suggest_priority(
    event: str = "",
    urgency: int | None = None,
    seriousness: int | None = None,
    growth: int | None = None,
) -> str:
    """A death, an outbreak or violence is an emergency; else the sum of USG decides, and without
    all three scores it is medium."""
    if event:
        return "emergency"
    if urgency is None or seriousness is None or growth is None:
        return "medium"
    total = urgency + seriousness + growth
    return next(priority for limit, priority in USG_LIMITS if total >= limit)


def suggest_due_on(priority: str, today: dt.date) -> dt.date:
    """24 hours, 7 or 14 days; for a low priority the next mini-workshop."""
    if priority in DAYS:
        return today + dt.timedelta(days=DAYS[priority])
    return next_workshop(today)


def next_workshop(today: dt.date) -> dt.date:
    """The monthly mini-workshop on the first Monday of a month that leaves at least 14 days, so
    that a low priority is never due before a medium one."""
    month = today.replace(day=1)
    while True:
        month = (month + dt.timedelta(days=32)).replace(day=1)
        day = month + dt.timedelta(days=-month.weekday() % 7)
        if (day - today).days >= DAYS["medium"]:
            return day
