"""The one place that computes lines: for any facilities, in any week, in a fixed number of
queries. Pages, PDFs and the API all get their figures here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from django.utils import timezone

from clusters.computed import origins
from clusters.judgement import profiles
from clusters.judgement.judge import judge
from clusters.judgement.periods import Period, month_of
from clusters.judgement.rounding import half_up
from clusters.judgement.signal import share_to
from clusters.judgement.verdict import Definition
from clusters.models import Indicator
from clusters.targets import Weekly, coverage, figures, one_decimal
from clusters.weeks import Week
from clusters.windows import is_due, period_to_date, value_period
from facilities.models import District, Facility
from lifecycle.models import LifecycleGroup
from lifecycle.queries import YearlyPeople, target_population_of_year
from reports.figures.queries import series
from reports.figures.queries.definitions import Definitions
from reports.figures.queries.evidence import EvidenceBoard, load_evidence
from reports.figures.queries.people import groups_in, groups_of
from reports.shapes import IndicatorRef, Line, ReplacedSum

# A week's review is judged as of the Tuesday after it, when the meeting is held: what closes
# later belongs to the next one.
MEETING_LAG = dt.timedelta(days=3)
LEVELS = {
    "posyandu": {"posyandu"},
    "pustu": {"posyandu", "pustu"},
    "puskesmas": {"posyandu", "pustu", "puskesmas"},
    "dinkes": {"posyandu", "pustu", "puskesmas", "dinkes"},
}


def indicators_for(kind: str, week: Week) -> list[Indicator]:
    """The indicators a facility of this kind shows in a week, in the order of the catalogue."""
    return [row for row in Indicator.objects.in_week(week) if row.level in LEVELS[kind]]


def judged_on(district: District, week: Week) -> dt.date:
    """The day a week's review is judged by: today in the district, and no later than the
    meeting that belongs to the week."""
    today = timezone.localdate(timezone=district.zone)
    return min(today, week.end + MEETING_LAG)


def facility_lines(
    facilities: Sequence[Facility], week: Week, *, on: dt.date | None = None
) -> dict[int, tuple[Line, ...]]:
    """Lines by facility id, in catalogue order; a fixed number of queries, however many.

    ``on``: the day they are judged by, where it is not that of the week's meeting.
    """
    if not facilities:
        return {}
    indicators = list(Indicator.objects.in_week(week))
    board = series.load(facilities, indicators, week)
    district = District.objects.get(pk=facilities[0].district_id)
    on = on or judged_on(district, week)
    evidence = load_evidence(facilities, indicators, week, on, district.closing_day)
    definitions = Definitions(facilities, week, on)
    last = series.same_week_last_year(week)
    people_then = target_population_of_year([row.pk for row in facilities], last.year, last.end)
    nouns = _nouns(week)
    computed = origins({row.code for row in indicators})
    result: dict[int, tuple[Line, ...]] = {}
    for facility in facilities:
        result[facility.pk] = tuple(
            replace(
                _line(facility, indicator, week, board, evidence, definitions, nouns, computed),
                coverage_last_year=_last_year(facility, indicator, last, board, people_then),
            )
            for indicator in indicators
            if indicator.level in LEVELS[facility.kind]
        )
    return result


def _nouns(week: Week) -> dict[str, tuple[str, str]]:
    rows = LifecycleGroup.objects.order_by("valid_from").filter(valid_from__lte=week.end)
    return {row.code: (row.people_noun_id, row.people_noun_en) for row in rows}


def _line(
    facility: Facility,
    indicator: Indicator,
    week: Week,
    board: series.Board,
    evidence: EvidenceBoard,
    definitions: Definitions,
    nouns: dict[str, tuple[str, str]],
    computed: dict[str, str],
) -> Line:
    definition = definitions.of(facility, indicator)
    profile = definition.profile
    one = board.one(facility.pk, indicator.code)
    to_date = one.window(period_to_date(week, indicator.frequency, profile))[0]
    due = is_due(week, indicator.frequency, profile)
    if indicator.code in computed and to_date is None:
        due = False  # nobody can fill in what the system does not know yet
    at = evidence.due(indicator)
    verdict = judge(definition, evidence.on, at, evidence.evidence(facility, indicator, definition))
    is_weekly_sum = indicator.frequency == "weekly" and indicator.calc_type == "cumulative"
    signal = before = None
    if is_weekly_sum:
        signal = evidence.signal(facility, indicator, definition, week)
        if signal is not None and signal.name == "far_behind" and week.number > 1:
            before = evidence.signal(facility, indicator, definition, week - 1)
    this, running = one.window((week,)), one.running(week)
    shown = figures(
        definition,
        verdict,
        Weekly(*this, *running),
        signal,
        is_weekly_sum=is_weekly_sum,
        is_asked=due,
        missing=evidence.missing(definition, verdict, at),
        without_population=evidence.without_population(facility, indicator)
        if verdict.population is None
        else (),
    )
    people, weekly = _planned_people(facility, indicator, definition, week, evidence)
    own = board.own.get((facility.pk, indicator.code))
    reported, expected = board.completeness(facility, indicator)
    own_count = own.numerator if own else None
    replaced = board.replaced.get((facility.pk, indicator.code))
    if indicator.calc_type == "snapshot":
        replaced = None  # the totals take no account of it either
    below = _below(one.weeks.get(week), own_count, replaced)
    return Line(
        indicator=_reference(indicator, definition, nouns),
        figures=shown,
        is_due=due,
        is_filled=to_date is not None,
        reported=reported,
        expected=expected,
        spark=tuple(one.window((week - back,))[0] for back in range(7, -1, -1)),
        weekly_target=weekly,
        annual_target_people=people,
        own_count=own_count,
        own_denominator=own.denominator if own else None,
        own_version=own.version if own else 0,
        own_first_month=own.first_month_numerator if own else None,
        own_first_month_denominator=own.first_month_denominator if own else None,
        below_count=below if board.has_units_below(facility, indicator) else None,
        note=own.note if own else "",
        entered_by=str(own.entered_by or "") if own else "",
        entered_at=own.entered_at if own else None,
        replaced=replaced,
        is_priority=definitions.is_priority(facility, indicator),
        is_far_behind_again=before is not None and before.name == "far_behind",
        running_period=_running(at.running),
        computed_from=computed.get(indicator.code, ""),
    )


def _running(period: Period | None) -> str:
    return "" if period is None else str(period)


def _last_year(
    facility: Facility,
    indicator: Indicator,
    last: Week,
    board: series.Board,
    people: YearlyPeople,
) -> Decimal | None:
    """Coverage in the same week of the year before, of the people of that year."""
    month = None if indicator.calc_type == "cumulative" else month_of(last).number
    groups = groups_in(people, facility.pk, month)
    one = board.one(facility.pk, indicator.code)
    done, counted = one.last_year
    if indicator.calc_type in ("period_rate", "ratio_of_found"):
        done, counted = one.window(value_period(last, indicator.frequency, indicator.profile))
    population = groups_of(indicator, groups, board.puskesmas_count(facility))
    return coverage(indicator.calc_type, population, done, counted)


def _below(
    row: tuple[int | None, int | None, int, int, int] | None,
    own_count: int | None,
    replaced: ReplacedSum | None,
) -> int | None:
    """The week's sum of those below; None, not zero, when none of them has a figure."""
    if row is None or row[0] is None or row[4] <= (own_count is not None):
        return None
    total = row[0] if replaced is None else (replaced.sum or 0)
    return total - (own_count or 0)


def _planned_people(
    facility: Facility,
    indicator: Indicator,
    definition: Definition,
    week: Week,
    evidence: EvidenceBoard,
) -> tuple[int | None, Decimal | None]:
    """People a year, and people in this week, where the target grows with time."""
    if definition.calc_type != "cumulative" or indicator.denominator_kind != "population":
        return None, None
    if profiles.kind_of(definition.profile) != "month":
        return None, None
    plan = evidence.plan(facility.pk, indicator, definition, Period("month", week.year, 12))
    if plan is None:
        return None, None
    year = plan.year
    if by_month := evidence.people.by_period(facility.pk, indicator, week.year, "month"):
        month = month_of(week).number if month_of(week).year == week.year else 12
        now = by_month[month - 1] or 0
        year = half_up(now * definition.target_in(month) / 100)
    before = share_to(week - 1, definition.shares) if week.number > 1 else Fraction(0)
    share = share_to(week, definition.shares) - before
    return plan.year, one_decimal(year * share)


def _reference(
    indicator: Indicator, definition: Definition, nouns: dict[str, tuple[str, str]]
) -> IndicatorRef:
    groups = indicator.denominator_groups or indicator.group_codes
    noun = (indicator.noun_id, indicator.noun_en)
    if indicator.noun_id == "orang" and groups and indicator.calc_type != "count":
        noun = nouns.get(groups[0], noun)  # «ibu», «bayi»: whom exactly
    return IndicatorRef(
        code=indicator.code,
        name_id=indicator.name_id,
        name_en=indicator.name_en,
        unit=indicator.unit,
        calc_type=indicator.calc_type,
        direction=indicator.direction,
        frequency=indicator.frequency,
        level=indicator.level,
        annual_target=definition.targets[-1][1],
        people_noun_id=noun[0],
        people_noun_en=noun[1],
        needs_denominator=indicator.needs_denominator,
        is_spm=indicator.is_spm,
        is_alert=indicator.is_alert,
        starts_in_week=None,
        profile=definition.profile,
    )
