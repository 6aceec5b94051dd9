"""Places, weeks and who has filed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FacilityRef:
    id: int
    code: str
    name: str  # «Puskesmas Manggar»
    short_name: str  # «Manggar»
    kind: str  # dinkes, puskesmas, pustu, posyandu


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Kop surat: what stands above a printed report."""

    government: str  # «Pemerintah Kabupaten Belitung Timur»
    office: str  # «Dinas Kesehatan»
    unit: str  # «UPTD Puskesmas Manggar»; empty for the district
    address: str
    phone: str
    email: str
    postal_code: str
    logo_sha256: str  # content-addressed copy under DATA/logos, or empty
    seat: str  # place beside the date of signature
    legal_basis: str
    unit_logo_sha256: str = ""  # the Puskesmas' own, on the right; the emblem stands on the left
    classification: str = ""  # sifat: «Biasa»
    copies: tuple[str, ...] = ()  # tembusan


@dataclass(frozen=True, slots=True)
class WeekRef:
    label: str  # 2026-W24
    year: int
    number: int
    weeks_in_year: int
    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class FilingState:
    """How far one facility's review is."""

    facility: FacilityRef
    status: str  # open, submitted, approved, returned, reopened; «missing»: no review row
    submitted_at: dt.datetime | None
    days_late: int  # working past the deadline; 0 = in time or not yet due
    is_reported: bool  # submitted or approved


@dataclass(frozen=True, slots=True)
class TimelinessRow:
    """How complete and how punctual: reviews of those open in each week, of the weeks whose
    deadline has passed. ``facility`` None: all of the week together."""

    facility: FacilityRef | None
    week: str  # empty: all weeks of the span together
    expected: int  # reviews that were due; 0: nothing was due, so there is no percentage
    reported: int
    in_time: int
    is_due: bool = True  # False: a week whose deadline has not passed; no total counts it


@dataclass(frozen=True, slots=True)
class RolloutBar:
    """ILP roll-out of one facility kind: implemented of all open, against this year's plan."""

    kind: str
    implemented: int
    planned: int
    total: int
