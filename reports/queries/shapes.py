"""Read shapes: the same frozen dataclasses feed page, PDF and API.

A sheet is stored as canonical JSON when a review is signed, and read back into the same types,
so a frozen report is drawn by the same code as a live page. Names that a reader sees are in
Indonesian and English side by side where catalogues have both.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from clusters.targets import Colour, Figures, Status, Trend


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


@dataclass(frozen=True, slots=True)
class WeekRef:
    label: str  # 2026-W24
    year: int
    number: int
    weeks_in_year: int
    start: dt.date
    end: dt.date


@dataclass(frozen=True, slots=True)
class IndicatorRef:
    code: str
    name_id: str
    name_en: str
    unit: str  # «%», «kasus»
    calc_type: str
    direction: str
    frequency: str
    level: str
    annual_target: Decimal
    people_noun_id: str  # «bayi»
    people_noun_en: str
    needs_denominator: bool
    is_spm: bool
    is_alert: bool
    starts_in_week: int | None  # «target mulai minggu ke-30»; None when already running


@dataclass(frozen=True, slots=True)
class ReplacedSum:
    """The figure a Puskesmas used in place of the week's sum, beside that sum."""

    used: int
    used_denominator: int | None
    sum: int | None  # what own count and reports below add up to now; None: nothing reported
    sum_denominator: int | None
    sum_then: int | None  # the same when it was replaced
    sum_denominator_then: int | None
    reason: str
    by: str
    at: dt.datetime
    version: int

    @property
    def has_changed(self) -> bool:
        """Whether the reports say something else since."""
        return (self.sum, self.sum_denominator) != (self.sum_then, self.sum_denominator_then)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of one facility in one week."""

    indicator: IndicatorRef
    figures: Figures
    is_due: bool  # whether this week's report must carry it
    is_filled: bool  # reported in the period (week, month, quarter) this week lies in
    reported: int  # units below (Pustu) that have a figure this week; 1 or 0 for a Pustu
    expected: int  # units open this week that must report it
    # Last eight weeks, oldest first; None = no report.
    spark: tuple[int | None, ...]
    weekly_target: Decimal | None  # dashed line of the sparkline, people a week
    annual_target_people: int | None  # S x T/100, the end of the bullet bar
    # The facility's own row (without those below), for the form.
    own_count: int | None = None
    own_denominator: int | None = None
    own_version: int = 0  # 0: no row yet
    below_count: int | None = None  # sum of the facilities below this week
    note: str = ""
    entered_by: str = ""
    entered_at: dt.datetime | None = None
    replaced: ReplacedSum | None = None  # the figures of the line use it instead of the sum


@dataclass(frozen=True, slots=True)
class ClusterBlock:
    code: str
    name_id: str
    name_en: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over the lines of a sheet."""

    indicators: int
    due: int
    filled: int  # due and reported
    green: int
    yellow: int
    red: int
    grey: int
    baik: int
    kurang: int
    cukup: int
    jelek: int
    unjudged: int
    on_target: int  # is_on_target is True
    below_target: int  # is_on_target is False


@dataclass(frozen=True, slots=True)
class FilingState:
    """How far one facility's review is."""

    facility: FacilityRef
    status: str  # open, submitted, approved, returned, reopened; «missing»: no review row
    submitted_at: dt.datetime | None
    days_late: int  # working past the deadline; 0 = in time or not yet due
    is_reported: bool  # submitted or approved


@dataclass(frozen=True, slots=True)
class RegionCell:
    """One place in a PWS chart."""

    facility: FacilityRef
    coverage: Decimal | None
    cumulative: int | None
    population: int | None
    recent_percent: Decimal | None
    previous_percent: Decimal | None
    trend: Trend | None
    status: Status | None
    colour: Colour
    gap: int | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class RegionChart:
    """A PWS chart: one indicator over the places below a facility, best first, whole last."""

    indicator: IndicatorRef
    target_percent: Decimal
    cells: tuple[RegionCell, ...]
    whole: RegionCell


@dataclass(frozen=True, slots=True)
class AnnexRow:
    """One place below, all its indicators (Lampiran 2)."""

    facility: FacilityRef
    is_reported: bool
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class FollowUpRow:
    action: str
    owner: str
    due_on: dt.date
    done_on: dt.date | None
    escalated_to: str
    evidence: str
    is_overdue: bool
    days_overdue: int


@dataclass(frozen=True, slots=True)
class ProblemRow:
    id: int
    title: str
    facility: FacilityRef
    village: str
    cluster_code: str
    indicator_code: str
    indicator_name: str
    people_count: int | None
    category: str
    cause: str
    priority: str
    status: str
    week: str
    age_weeks: int
    is_new: bool  # raised in the sheet's own week
    is_closed: bool
    follow_ups: tuple[FollowUpRow, ...]
    event: str = ""  # death, outbreak, violence
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class AttendanceRow:
    name: str
    position: str
    facility: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs; the signed_* fields are empty until someone did."""

    head_name: str
    head_title: str  # «Kepala UPTD Puskesmas Manggar»
    head_rank: str
    head_nip: str
    minutes_by: str
    signed_by: str
    signed_role: str
    signed_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class RowDecisionRow:
    """What was decided on one row that is red or Jelek; its figures are the line's."""

    number: int
    indicator_code: str
    indicator_name: str  # Indonesian, as in ProblemRow
    indicator_name_en: str
    # follow_up, escalate, monitor; «problem»: an open problem on this row; empty: nothing yet
    kind: str
    reason: str  # why it is only monitored, or what is asked
    problem_id: int | None
    problem_title: str
    action: str
    owner: str
    due_on: dt.date | None
    by: str
    at: dt.datetime | None
    week: str  # the week it was decided in; an earlier one for a row not due again since
    version: int  # 0: no decision of this review yet


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """A question to a higher level and its answer."""

    id: int
    problem_id: int
    problem_title: str
    facility: FacilityRef  # where the problem is
    village: str
    to_facility: FacilityRef
    reason: str  # asked, overdue_twice, many_villages, event
    comment: str
    raised_by: str  # empty: the clock
    raised_at: dt.datetime
    answer_due_at: dt.datetime
    answer: str
    answered_by: str
    answered_at: dt.datetime | None
    is_overdue: bool


@dataclass(frozen=True, slots=True)
class MeetingDecisionRow:
    """«Keputusan 3»: one line of the minutes. A withdrawn one keeps its number."""

    number: int
    text: str
    is_withdrawn: bool


@dataclass(frozen=True, slots=True)
class CorrectionRow:
    """«Koreksi minggu ke-45: K1 12 → 14»: what a later revision of an earlier week changed.
    Cumulative figures follow the counts and contain it already."""

    week: str  # the corrected one
    week_number: int
    revision: int
    signed_at: dt.datetime
    reason: str
    indicator_code: str
    indicator_name: str  # Indonesian, as in ProblemRow
    indicator_name_en: str
    before_count: int | None  # None: no data, not zero
    after_count: int | None
    before_denominator: int | None
    after_denominator: int | None
    before_cumulative: int | None
    after_cumulative: int | None
    place: FacilityRef | None = None  # a Pustu below whose review it was; None: this one's own


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
class ReviewSheet:
    """A weekly review of a Puskesmas or a Pustu: everything page, PDF and API show."""

    facility: FacilityRef
    parent: FacilityRef | None
    district: FacilityRef
    district_name: str
    timezone: str  # IANA name
    zone_name: str  # WIB, WITA, WIT
    is_demo: bool
    week: WeekRef
    status: str
    revision: int
    document_number: str
    deadline_at: dt.datetime
    submitted_at: dt.datetime | None
    days_late: int
    letterhead: Letterhead
    tally: Tally
    clusters: tuple[ClusterBlock, ...]
    filings: tuple[FilingState, ...]  # the Pustu of a Puskesmas; empty for a Pustu
    charts: tuple[RegionChart, ...]  # at most six priority indicators
    annex: tuple[AnnexRow, ...]  # every Pustu (and village Posyandu group) x indicator
    carried_problems: tuple[ProblemRow, ...]  # open from earlier weeks
    new_problems: tuple[ProblemRow, ...]
    attendance: tuple[AttendanceRow, ...]
    meeting_on: dt.date | None
    meeting_place: str
    chair_name: str
    conclusion: str
    signature: Signature
    row_decisions: tuple[RowDecisionRow, ...] = ()  # one for each red row
    undecided_reason: str = ""
    escalations: tuple[EscalationRow, ...] = ()
    meeting_decisions: tuple[MeetingDecisionRow, ...] = ()
    corrections: tuple[CorrectionRow, ...] = ()  # of earlier weeks, signed since the last review
    data_due_at: dt.datetime | None = None
    meeting_due_at: dt.datetime | None = None  # None for a Pustu: it holds no meeting
    answer_due_at: dt.datetime | None = None
    meeting_days_late: int = 0  # past the deadline; without a date: so far

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(line for block in self.clusters for line in block.lines)


@dataclass(frozen=True, slots=True)
class RolloutBar:
    """ILP roll-out of one facility kind: implemented of all open, against this year's plan."""

    kind: str
    implemented: int
    planned: int
    total: int


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
