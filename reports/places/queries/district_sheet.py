"""The district in one week: dashboard, recap PDF and API from one sheet."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

import msgspec
from django.db.models import Q
from django.utils import timezone

from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from facilities.queries import as_named
from reports.deadlines.queries.filings import filings
from reports.deadlines.queries.timeliness import recent_weeks, timeliness
from reports.events.queries.open_events import open_events
from reports.figures.queries import pws
from reports.figures.queries.facility_lines import facility_lines
from reports.figures.queries.numbering import document_number
from reports.figures.queries.past_units import brought_by_others
from reports.figures.queries.references import facility_ref, letterhead, tally, week_ref
from reports.models import Escalation, ReviewRevision
from reports.models.escalation import WAITING
from reports.places.queries.rollout import rollout_by_puskesmas
from reports.problems.queries import escalations
from reports.problems.queries.rows import week_problems
from reports.shapes import (
    DistrictSheet,
    EscalationRow,
    FilingState,
    GapRow,
    Line,
    ProblemRow,
    PuskesmasRow,
    RegionChart,
    RolloutBar,
    Signature,
    Tally,
)

MOST_GAPS = 10
SERIES_WEEKS = 8


def district_sheet(
    dinkes: Facility, week: Week, indicator_code: str | None = None
) -> DistrictSheet:
    """Everything the district page shows, in a fixed number of queries."""
    district = District.objects.select_related("area", "logo").get(pk=dinkes.district_id)
    now = timezone.now()
    puskesmas = list(
        Facility.objects.open_between(week.start, week.end)
        .filter(parent=dinkes, kind=FacilityKind.PUSKESMAS)
        .order_by("code")
    )
    as_named([dinkes, *puskesmas], week.end)
    lines = facility_lines([dinkes, *puskesmas], week)
    own = lines[dinkes.pk]
    states = filings(district, puskesmas, week, now)
    last_states = filings(district, puskesmas, week - 1, now)
    punctual = timeliness(district, puskesmas, recent_weeks(week, SERIES_WEEKS), now)
    problems = _problems(dinkes, week, now, district.zone)
    stages = rollout_by_puskesmas(dinkes, week.end)
    open_problems = [row for row in problems if not row.is_closed]
    overdue = [row for row in open_problems if any(x.is_overdue for x in row.follow_ups)]
    overdue.sort(key=lambda row: -max(x.days_overdue for x in row.follow_ups))
    return DistrictSheet(
        district=facility_ref(dinkes),
        district_name=district.area.name,
        timezone=district.timezone,
        zone_name=district.zone_name,
        is_demo=district.is_demo,
        week=week_ref(week),
        document_number=document_number(district, dinkes, week, 1),
        letterhead=letterhead(district, None),
        puskesmas=_puskesmas_rows(
            puskesmas, week, lines, states, open_problems, stages, _units(puskesmas, week)
        ),
        lines=own,
        tally=tally(own),
        tally_last_week=tally(facility_lines([dinkes], week - 1)[dinkes.pk]),
        filed=sum(state.is_reported for state in states),
        expected=len(states),
        filed_last_week=sum(state.is_reported for state in last_states),
        gaps=_gaps(puskesmas, lines),
        open_problems=len(open_problems),
        overdue_problems=len(overdue),
        closed_this_week=sum(row.is_closed for row in problems),
        overdue=tuple(overdue),
        escalations=tuple(row for row in open_problems if row.status == "escalated"),
        escalation_rows=_escalations(dinkes, week, now, district.zone),
        chart=_chart(dinkes, puskesmas, lines, indicator_code, week),
        rollout=stages.get(dinkes.pk, ()),
        signature=Signature(
            head_name=district.head_name,
            head_title=district.head_title or f"Kepala Dinas Kesehatan {district.area.name}",
            head_rank=district.head_rank,
            head_nip=district.head_nip,
            minutes_by="",
            signed_by="",
            signed_role="",
            signed_at=None,
        ),
        timeliness=(*punctual.by_facility, punctual.whole),
        events=open_events(dinkes, now),
    )


def _escalations(
    dinkes: Facility, week: Week, now: dt.datetime, zone: dt.tzinfo
) -> tuple[EscalationRow, ...]:
    """What Dinkes was asked: unanswered on open problems, or answered since the week began."""
    since = dt.datetime.combine(week.start, dt.time.min, zone)
    rows = Escalation.objects.filter(WAITING | Q(answered_at__gte=since), to_facility=dinkes)
    return escalations.rows_of(rows, now)


def _problems(
    dinkes: Facility, week: Week, now: dt.datetime, zone: dt.tzinfo
) -> tuple[ProblemRow, ...]:
    """Open problems of the district, and those closed in the week."""
    rows = week_problems(dinkes, week, now, zone)
    return tuple(
        row
        for row in rows
        if not row.is_closed or (row.closed_on and week.start <= row.closed_on <= week.end)
    )


def _units(puskesmas: Sequence[Facility], week: Week) -> dict[int, Counter[str]]:
    """How many Pustu and Posyandu are open below each Puskesmas. One query."""
    found: dict[int, Counter[str]] = {row.pk: Counter() for row in puskesmas}
    if not puskesmas:
        return found
    rows = (
        Facility.objects.open_between(week.start, week.end)
        .filter(
            path__descendant_of_any=[str(row.path) for row in puskesmas],
            kind__in=[FacilityKind.PUSTU, FacilityKind.POSYANDU],
        )
        .values_list("path", "kind")
    )
    for path, kind in rows:
        found[int(path.split(".")[1])][kind] += 1
    return found


def _puskesmas_rows(
    puskesmas: Sequence[Facility],
    week: Week,
    lines: dict[int, tuple[Line, ...]],
    states: Sequence[FilingState],
    open_problems: Sequence[ProblemRow],
    stages: dict[int, tuple[RolloutBar, ...]],
    units: dict[int, Counter[str]],
) -> tuple[PuskesmasRow, ...]:
    signed = _signed_tallies(puskesmas, week)
    mine = _problems_by_puskesmas(puskesmas, open_problems)
    rows = []
    for facility, state in zip(puskesmas, states, strict=True):
        history = signed.get(facility.pk, {})
        figures, figures_week = tally(lines[facility.pk]), week
        if not state.is_reported and history:
            # Not filed yet: the figures of the last week that was, and the page says so.
            figures_week = max(history)
            figures = history[figures_week]
        problems = mine.get(facility.pk, [])
        rows.append(
            PuskesmasRow(
                facility=facility_ref(facility),
                pustu=units[facility.pk]["pustu"],
                posyandu=units[facility.pk]["posyandu"],
                filing=state,
                tally=figures,
                figures_week=str(figures_week),
                on_target_series=tuple(
                    history[week - back].on_target if week - back in history else None
                    for back in range(SERIES_WEEKS - 1, -1, -1)
                ),
                open_problems=len(problems),
                overdue_problems=sum(any(x.is_overdue for x in p.follow_ups) for p in problems),
                escalations=sum(p.status == "escalated" for p in problems),
                rollout=stages.get(facility.pk, ()),
            )
        )
    return tuple(rows)


def _signed_tallies(puskesmas: Sequence[Facility], week: Week) -> dict[int, dict[Week, Tally]]:
    """Tallies of the signed reviews of the last eight weeks; the latest revision wins."""
    rows = (
        ReviewRevision.objects.filter(
            review__facility__in=[row.pk for row in puskesmas],
            review__week__lte=week,
            review__week__gt=week - SERIES_WEEKS,
            review__status__in=["submitted", "approved"],
        )
        .order_by("number")
        .values_list("review__facility_id", "review__week", "tally")
    )
    found: dict[int, dict[Week, Tally]] = {}
    for facility_id, at, counts in rows:
        if counts:
            found.setdefault(facility_id, {})[at] = msgspec.convert(counts, Tally)
    return found


def _problems_by_puskesmas(
    puskesmas: Sequence[Facility], problems: Sequence[ProblemRow]
) -> dict[int, list[ProblemRow]]:
    paths = dict(
        Facility.objects.filter(pk__in={row.facility.id for row in problems}).values_list(
            "pk", "path"
        )
    )
    ids = {row.pk for row in puskesmas}
    found: dict[int, list[ProblemRow]] = {}
    for problem in problems:
        for label in str(paths[problem.facility.id]).split("."):
            if int(label) in ids:
                found.setdefault(int(label), []).append(problem)
    return found


def _gaps(puskesmas: Sequence[Facility], lines: dict[int, tuple[Line, ...]]) -> tuple[GapRow, ...]:
    """The largest gaps in people, of the last closed period. Each indicator once, in the
    Puskesmas that is furthest behind its own target: the largest Puskesmas would otherwise fill
    the list. What is not complete, too small or still to be checked is no gap."""
    worst: dict[str, tuple[Decimal, Facility, Line]] = {}
    for facility in puskesmas:
        for line in lines[facility.pk]:
            judged = line.figures.judged
            if judged is None or line.figures.is_on_target is not False:
                continue
            percent = judged.percent_of_target
            if percent is None or line.indicator.direction != "higher" or judged.due is not None:
                continue
            code = line.indicator.code
            if code not in worst or percent < worst[code][0]:
                worst[code] = (percent, facility, line)
    largest = sorted(worst.values(), key=lambda item: _gap_in_people(item[2]))[:MOST_GAPS]
    return tuple(
        GapRow(facility_ref(facility), line.at_closing, 0) for _percent, facility, line in largest
    )


def _gap_in_people(line: Line) -> int:
    return (line.figures.judged.gap or 0) if line.figures.judged else 0


def _chart(
    dinkes: Facility,
    puskesmas: Sequence[Facility],
    lines: dict[int, tuple[Line, ...]],
    code: str | None,
    week: Week,
) -> RegionChart | None:
    """The chosen indicator, else the one furthest behind."""
    totals = {line.indicator.code: line for line in lines[dinkes.pk]}
    by_code = {row.pk: {x.indicator.code: x for x in lines[row.pk]} for row in puskesmas}
    shared = set.intersection(*(set(codes) for codes in by_code.values())) if by_code else set()
    if code not in shared:
        code = next(iter(pws.priority_codes(lines[dinkes.pk], shared)), None)
    if code is None:
        return None
    past, _came = brought_by_others(dinkes, week, puskesmas)
    return pws.chart(
        dinkes,
        totals[code],
        [(row, by_code[row.pk][code]) for row in puskesmas],
        [(row.facility, row.line(totals[code])) for row in past],
    )
