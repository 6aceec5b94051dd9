"""A district in one week."""

from __future__ import annotations

from dataclasses import dataclass

from reports.shapes.events import EventRow
from reports.shapes.figures import Line, RegionChart, Tally
from reports.shapes.meeting import Signature
from reports.shapes.places import (
    FacilityRef,
    FilingState,
    Letterhead,
    RolloutBar,
    TimelinessRow,
    WeekRef,
)
from reports.shapes.problems import EscalationRow, ProblemRow


@dataclass(frozen=True, slots=True)
class GapRow:
    """A large gap: «Imunisasi dasar lengkap, Puskesmas X, kurang 62 bayi»."""

    facility: FacilityRef
    line: Line
    weeks_below: int  # consecutive weeks below target, up to eight


@dataclass(frozen=True, slots=True)
class PuskesmasRow:
    """One line of the district table."""

    facility: FacilityRef
    pustu: int
    posyandu: int
    filing: FilingState
    tally: Tally
    figures_week: str  # the week the figures come from
    on_target_series: tuple[int | None, ...]  # eight weeks, oldest first
    open_problems: int
    overdue_problems: int
    escalations: int
    rollout: tuple[RolloutBar, ...]


@dataclass(frozen=True, slots=True)
class DistrictSheet:
    """The district in one week: dashboard, recap PDF and API."""

    district: FacilityRef
    district_name: str
    timezone: str
    zone_name: str
    is_demo: bool
    week: WeekRef
    document_number: str
    letterhead: Letterhead
    puskesmas: tuple[PuskesmasRow, ...]
    lines: tuple[Line, ...]  # the district's own totals per indicator
    tally: Tally
    tally_last_week: Tally
    filed: int
    expected: int
    filed_last_week: int
    gaps: tuple[GapRow, ...]  # largest first; ten
    open_problems: int
    overdue_problems: int
    closed_this_week: int
    overdue: tuple[ProblemRow, ...]
    escalations: tuple[ProblemRow, ...]
    chart: RegionChart | None
    rollout: tuple[RolloutBar, ...]
    signature: Signature
    escalation_rows: tuple[EscalationRow, ...] = ()
    timeliness: tuple[TimelinessRow, ...] = ()  # of each Puskesmas and all, last eight weeks
    # Not closed yet, of any week, in order of date. None: signed before they were kept.
    events: tuple[EventRow, ...] | None = None
