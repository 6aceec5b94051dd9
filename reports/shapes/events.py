"""Deaths and other events whose follow-up is not closed: the first block of every list."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from reports.shapes.places import FacilityRef


@dataclass(frozen=True, slots=True)
class EventRow:
    """One event. Nothing of it was written by hand, so any reader may see it."""

    problem_id: int  # its follow-up
    record_id: str  # public id of the event record; empty: there is none yet
    kind: str  # death, outbreak, violence
    indicator_code: str  # empty without a record
    name_id: str  # «Kematian ibu»; empty without a record
    name_en: str
    facility: FacilityRef  # that counts it
    occurred_on: dt.date  # without a record the day it was reported
    week: str  # whose report counts it
    village: str  # of residence; empty: outside of the area, or not known
    place: str  # home, hospital …; empty without a record
    status: str  # of the follow-up
    audited_on: dt.date | None
    notified_on: dt.date | None
    needs_audit: bool
    due_on: dt.date | None = None  # the first open follow-up
    days_overdue: int = 0
