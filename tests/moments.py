"""Moments at which the date-bound tests must pass: turns of days, weeks, months and years.

None lies before ``clock.NOON``: what the tests write down with fixed dates stays in the past, as
it does on a fresh clone on any later day. The offset says where the districts of the tests are.
"""

from __future__ import annotations

from typing import Final

MOMENTS: Final = {
    # Every weekday, at hours at which offices work.
    "sunday": "2026-11-22T08:00+07:00",
    "monday before data close": "2026-11-23T09:00+07:00",
    "monday after data close": "2026-11-23T13:00+08:00",
    "tuesday": "2026-11-24T15:00+09:00",
    "wednesday": "2026-11-25T12:00+07:00",
    "thursday": "2026-11-26T16:30+07:00",
    "friday": "2026-11-27T11:00+08:00",
    # Before and after midnight, from Saturday to Sunday: the week turns as well.
    "before midnight UTC": "2026-11-21T23:59+00:00",
    "after midnight UTC": "2026-11-22T00:01+00:00",
    "before midnight WIB": "2026-11-21T23:59+07:00",
    "after midnight WIB": "2026-11-22T00:01+07:00",
    "before midnight WITA": "2026-11-21T23:59+08:00",
    "after midnight WITA": "2026-11-22T00:01+08:00",
    "before midnight WIT": "2026-11-21T23:59+09:00",
    "after midnight WIT": "2026-11-22T00:01+09:00",
    # The week with a month's last Saturday asks for the monthly indicators.
    "last saturday of a month": "2026-11-28T10:00+07:00",
    "the week after it": "2026-11-30T00:10+00:00",
    # Ends of months and years.
    "28 february": "2027-02-28T23:59+07:00",
    "29 february": "2028-02-29T00:01+09:00",
    "31 december": "2026-12-31T23:59+07:00",
    "1 january": "2027-01-01T00:01+09:00",
    # Epidemiological years: 2031 has 53 weeks, the last from 28 December to 3 January.
    "week 1": "2027-01-04T10:00+07:00",
    "week 53": "2031-12-31T10:00+08:00",
    "week 53 in the new year": "2032-01-02T23:59+09:00",
    "week 1 after a week 53": "2032-01-05T09:00+07:00",
}
