"""The weekly review of one facility as a sheet: live while it is written, frozen once signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.utils import timezone

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.models import District, Facility, LetterheadSetting, Posting
from facilities.models.facility import FacilityKind
from facilities.models.user import Role
from facilities.queries import as_named
from reports.deadlines.days import Milestone, days_late, deadline, due_at, meeting_days_late
from reports.deadlines.queries.filings import filings
from reports.deadlines.queries.sendings import sent_moments
from reports.events.queries.open_events import open_events
from reports.figures.queries import pws
from reports.figures.queries.facility_lines import LEVELS, facility_lines
from reports.figures.queries.numbering import document_number
from reports.figures.queries.past_units import Brought, brought_by_others
from reports.figures.queries.references import (
    by_cluster,
    facility_ref,
    letterhead,
    tally,
    week_ref,
)
from reports.models import Attendance, ReviewRevision, WeeklyReview
from reports.problems.queries import escalations
from reports.problems.queries.rows import week_problems
from reports.review.queries.corrections import correction_rows
from reports.review.queries.minutes import meeting_decision_rows
from reports.review.queries.row_decisions import decision_rows
from reports.shapes import (
    AnnexRow,
    AttendanceRow,
    EscalationRow,
    FilingState,
    Line,
    ProblemRow,
    RegionChart,
    ReviewSheet,
    Signature,
)
from reports.shapes.stored import decode_review


def review_sheet(review: WeeklyReview) -> ReviewSheet:
    """What stands: the signed revision once submitted, else the figures as they are now.

    A review taken over from before the system was used may be approved without a revision.
    """
    if review.pk is not None and not review.is_editable:
        signed = review.revisions.select_related("snapshot").filter(number=review.revision)
        if (revision := signed.first()) is not None:
            return revision_sheet(revision)
    return live_sheet(review)


def revision_sheet(revision: ReviewRevision) -> ReviewSheet:
    """As it was signed. Needs ``snapshot`` selected to stay at one query."""
    return decode_review(revision.snapshot.content)


def live_sheet(
    review: WeeklyReview,
    *,
    signature: Signature | None = None,
    known: Mapping[int, tuple[Line, ...]] | None = None,
) -> ReviewSheet:
    """From the figures as they are in the database now; a fixed number of queries. ``known``: the
    lines of the facility and its units, where they were computed for several sheets at once."""
    facility, week = review.facility, review.week
    district = District.objects.select_related("area", "logo").get(pk=facility.district_id)
    now = review.submitted_at or timezone.now()
    units, parent = units_below(facility, week), parent_in(facility, week)
    dinkes = _dinkes(district)
    as_named([facility, parent, dinkes, *units], week.end)
    lines = dict(known) if known is not None else facility_lines([facility, *units], week)
    own = lines[facility.pk]
    past, came = brought_by_others(facility, week, units)
    pustu = [unit for unit in units if unit.kind == FacilityKind.PUSTU]
    states = filings(district, pustu, week, now)
    sent_due_at = deadline(district, week, facility.kind)
    meeting_due_at = due_at(district, week, Milestone.MEETING_HELD)
    is_puskesmas = facility.kind == FacilityKind.PUSKESMAS
    carried, new = _problems(facility, week, now, district.zone)
    puskesmas = facility if is_puskesmas else parent
    return ReviewSheet(
        facility=facility_ref(facility),
        parent=facility_ref(parent) if parent else None,
        district=facility_ref(dinkes),
        district_name=district.area.name,
        timezone=district.timezone,
        zone_name=district.zone_name,
        is_demo=district.is_demo,
        week=week_ref(week),
        status=review.status,
        revision=review.revision,
        document_number=document_number(district, facility, week, review.revision),
        deadline_at=sent_due_at,
        submitted_at=review.submitted_at,
        days_late=days_late(sent_due_at, _sent_at(review), now),
        letterhead=letterhead(district, puskesmas),
        tally=tally(own),
        clusters=by_cluster(own, _clusters_of(week)),
        filings=states,
        charts=_charts(facility, own, pustu, lines, past),
        annex=(*_annex(units, lines, states, came), *_past_rows(past, own)),
        carried_problems=carried,
        new_problems=new,
        attendance=_attendance(review, pustu),
        meeting_on=review.meeting_on,
        meeting_place=review.meeting_place,
        chair_name=review.chair_name,
        conclusion=review.conclusion,
        signature=signature or _expected_signature(review),
        row_decisions=decision_rows(review, own),
        undecided_reason=review.undecided_reason,
        escalations=_escalations((*carried, *new), week, now, district.zone),
        meeting_decisions=meeting_decision_rows(review),
        corrections=correction_rows(facility, week, now),
        data_due_at=due_at(district, week, Milestone.DATA_CLOSED),
        meeting_due_at=meeting_due_at if is_puskesmas else None,
        answer_due_at=due_at(district, week, Milestone.ANSWERED),
        meeting_days_late=(
            meeting_days_late(meeting_due_at, review.meeting_on, now) if is_puskesmas else 0
        ),
        no_meeting_reason=review.no_meeting_reason,
        empty_reason=review.empty_reason,
        doubts_reason=review.doubts_reason,
        problems_reason=review.problems_reason,
        events_reason=review.events_reason,
        events=open_events(facility, now),
    )


def _sent_at(review: WeeklyReview) -> dt.datetime | None:
    return sent_moments([review]).get(review.pk or 0, review.submitted_at)


def units_below(facility: Facility, week: Week) -> list[Facility]:
    """What a Puskesmas sums up beside its own work: its Pustu open in the week, and the
    Posyandu that hang directly under it. A Pustu stands for its Posyandu."""
    if facility.kind != FacilityKind.PUSKESMAS:
        return []
    return list(
        Facility.objects.open_between(week.start, week.end)
        .hung_under([facility], week.end)
        .filter(kind__in=[FacilityKind.PUSTU, FacilityKind.POSYANDU])
        .order_by("-kind", "code")
    )


def parent_in(facility: Facility, week: Week) -> Facility | None:
    """Under whom it hung on the week's last day."""
    row = facility.placements.current(week.end).select_related("parent").first()
    return row.parent if row is not None else facility.parent


def _dinkes(district: District) -> Facility:
    return Facility.objects.get(district=district, kind=FacilityKind.DINKES)


def _clusters_of(week: Week) -> dict[str, str]:
    return dict(Indicator.objects.valid_on(week.end).values_list("code", "cluster_id"))


def _problems(
    facility: Facility, week: Week, now: dt.datetime, zone: dt.tzinfo
) -> tuple[tuple[ProblemRow, ...], tuple[ProblemRow, ...]]:
    """(open from earlier weeks or closed in this one, raised in this week)."""
    rows = week_problems(facility, week, now, zone)
    return tuple(r for r in rows if not r.is_new), tuple(r for r in rows if r.is_new)


def _escalations(
    problems: Sequence[ProblemRow], week: Week, now: dt.datetime, zone: dt.tzinfo
) -> tuple[EscalationRow, ...]:
    """Questions to higher levels: unanswered, or answered since the week began."""
    since = dt.datetime.combine(week.start, dt.time.min, zone)
    return escalations.of_problems([row.id for row in problems], now, since=since)


def _charts(
    facility: Facility,
    own: Sequence[Line],
    pustu: Sequence[Facility],
    lines: dict[int, tuple[Line, ...]],
    past: Sequence[Brought],
) -> tuple[RegionChart, ...]:
    if not pustu:
        return ()
    totals = {line.indicator.code: line for line in own}
    below = {unit.pk: {line.indicator.code: line for line in lines[unit.pk]} for unit in pustu}
    codes = pws.priority_codes(own, set(below[pustu[0].pk]))
    return tuple(
        pws.chart(
            facility,
            totals[code],
            [(unit, below[unit.pk][code]) for unit in pustu],
            [(row.facility, row.line(totals[code])) for row in past],
        )
        for code in codes
    )


def _annex(
    units: Sequence[Facility],
    lines: dict[int, tuple[Line, ...]],
    states: Sequence[FilingState],
    came: dict[int, Brought],
) -> tuple[AnnexRow, ...]:
    """A Pustu counts as reported once its review is in; a Posyandu once any figure is. Who came
    from elsewhere within the year has what it brought since."""
    reported = {state.facility.id: state.is_reported for state in states}
    return tuple(
        AnnexRow(
            facility=facility_ref(came[unit.pk].facility if unit.pk in came else unit),
            is_reported=reported.get(
                unit.pk, any(line.figures.week_count is not None for line in lines[unit.pk])
            ),
            lines=(
                tuple(map(came[unit.pk].line, lines[unit.pk]))
                if unit.pk in came
                else lines[unit.pk]
            ),
        )
        for unit in units
    )


def _past_rows(past: Sequence[Brought], own: Sequence[Line]) -> tuple[AnnexRow, ...]:
    """A line where the unit's own kind has one; the others have none in the sum either."""
    return tuple(
        AnnexRow(
            facility=facility_ref(row.facility),
            is_reported=True,
            lines=tuple(
                row.line(line) for line in own if line.indicator.level in LEVELS[row.facility.kind]
            ),
            is_past=True,
        )
        for row in past
    )


def attendance_of(review: WeeklyReview) -> tuple[AttendanceRow, ...]:
    """Who was at the meeting, as it is written down now."""
    units = units_below(review.facility, review.week)
    return _attendance(review, [unit for unit in units if unit.kind == FacilityKind.PUSTU])


def _attendance(review: WeeklyReview, pustu: Sequence[Facility]) -> tuple[AttendanceRow, ...]:
    """Each Pustu's head, present or not, then the others who signed in."""
    rows = (
        list(Attendance.objects.filter(review=review).select_related("facility"))
        if review.pk is not None
        else []
    )
    present = {row.facility_id: row for row in rows if row.facility_id}
    heads = _heads([unit.pk for unit in pustu], review.week)
    result = []
    for unit in pustu:
        row = present.get(unit.pk)
        name = (row.name if row else "") or heads.get(unit.pk, ("", "", ""))[0]
        result.append(
            AttendanceRow(name, f"Kepala {unit.name}", unit.name, bool(row and row.is_present))
        )
    result += [
        AttendanceRow(row.name, row.position, "", row.is_present)
        for row in rows
        if not row.facility_id
    ]
    return tuple(result)


def _heads(facility_ids: Sequence[int], week: Week) -> dict[int, tuple[str, str, str]]:
    """(name, rank, NIP) of the head of each Puskesmas or Pustu at the end of a week."""
    postings = (
        Posting.objects.current(week.end)
        .filter(facility__in=facility_ids, role__in=[Role.PUSKESMAS_HEAD, Role.PUSTU_HEAD])
        .select_related("user")
    )
    return {row.facility_id: (row.user.full_name, row.user.rank, row.user.nip) for row in postings}


def _title(puskesmas: Facility) -> str:
    """As the letterhead's page has it: «Plt. Kepala UPTD …» while somebody stands in."""
    setting = LetterheadSetting.objects.filter(facility=puskesmas).first()
    return (setting.head_title if setting else "") or f"Kepala UPTD {puskesmas.name}"


def _expected_signature(review: WeeklyReview) -> Signature:
    """Who is to sign; the signed fields stay empty until someone does."""
    facility = review.facility
    is_puskesmas = facility.kind == FacilityKind.PUSKESMAS
    name, rank_, nip = _heads([facility.pk], review.week).get(facility.pk, ("", "", ""))
    return Signature(
        head_name=name,
        head_title=_title(facility) if is_puskesmas else f"Kepala {facility.name}",
        head_rank=rank_,
        head_nip=nip,
        minutes_by=review.minutes_by,
        signed_by="",
        signed_role="",
        signed_at=None,
    )
