"""The one place that computes lines: for any facilities, in any week, in a fixed number of
queries. Pages, PDFs and the API all get their figures here."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from math import ceil

from clusters.models import Indicator
from clusters.targets import (
    Counts,
    Definition,
    elapsed_share,
    evaluate,
    first_week_with_target,
    is_due,
    one_decimal,
)
from clusters.weeks import Week
from clusters.windows import period_to_date, trend_halves, value_period
from facilities.models import Facility
from lifecycle.models import LifecycleGroup
from lifecycle.queries import target_population_by_group
from reports.queries import series
from reports.queries.shapes import IndicatorRef, Line, ReplacedSum

MOST_WEEKS_BELOW = 8
LEVELS = {
    "posyandu": {"posyandu"},
    "pustu": {"posyandu", "pustu"},
    "puskesmas": {"posyandu", "pustu", "puskesmas"},
    "dinkes": {"posyandu", "pustu", "puskesmas", "dinkes"},
}


def indicators_for(kind: str, week: Week) -> list[Indicator]:
    """The indicators a facility of this kind shows in a week, in the order of the catalogue."""
    return [row for row in Indicator.objects.in_week(week) if row.level in LEVELS[kind]]


def facility_lines(facilities: Sequence[Facility], week: Week) -> dict[int, tuple[Line, ...]]:
    """Lines by facility id, in catalogue order. Eleven queries, however many facilities."""
    if not facilities:
        return {}
    indicators = list(Indicator.objects.in_week(week))
    board = series.load(facilities, indicators, week)
    populations = target_population_by_group([row.pk for row in facilities], week.year, week.end)
    nouns = _nouns(week)
    result: dict[int, tuple[Line, ...]] = {}
    for facility in facilities:
        groups = populations.get(facility.pk, {})
        result[facility.pk] = tuple(
            _line(facility, indicator, week, board, groups, nouns)
            for indicator in indicators
            if indicator.level in LEVELS[facility.kind]
        )
    return result


def _nouns(week: Week) -> dict[str, tuple[str, str]]:
    rows = LifecycleGroup.objects.order_by("valid_from").filter(valid_from__lte=week.end)
    return {row.code: (row.people_noun_id, row.people_noun_en) for row in rows}


def population_of(indicator: Indicator, groups: dict[str, int], puskesmas_count: int) -> int | None:
    """S of an indicator: factor x sum of its groups, rounded half up; or its constant per
    Puskesmas; None when a group is unknown or reports carry the denominator."""
    if indicator.denominator_constant is not None:
        return indicator.denominator_constant * puskesmas_count or None
    if not indicator.denominator_groups:
        return None
    figures = [groups.get(code) for code in indicator.denominator_groups]
    if any(figure is None for figure in figures):
        return None
    exact = Fraction(indicator.denominator_factor) * sum(f for f in figures if f is not None)
    return int(exact + Fraction(1, 2))


def _definition(facility: Facility, indicator: Indicator, board: series.Board) -> Definition:
    target = board.target(facility, indicator.code)
    profile = indicator.monthly_profile
    if target is not None and target.monthly_profile:
        profile = target.monthly_profile
    return Definition(
        calc_type=indicator.calc_type,
        direction=indicator.direction,
        frequency=indicator.frequency,
        annual_target=target.annual_target if target is not None else indicator.annual_target,
        monthly_profile=tuple(profile),
    )


def _counts(facility: Facility, indicator: Indicator, week: Week, board: series.Board) -> Counts:
    """Cuts the windows of one series at ``week`` (which may lie before the board's)."""
    one = board.one(facility.pk, indicator.code)
    recent_weeks, previous_weeks = trend_halves(week, indicator.frequency)
    this, running = one.window((week,)), one.running(week)
    period = one.window(value_period(week, indicator.frequency))
    if indicator.calc_type == "snapshot":
        recent, previous = one.running(recent_weeks[-1]), one.running(previous_weeks[-1])
    else:
        recent, previous = one.window(recent_weeks), one.window(previous_weeks)
    to_date = one.window(period_to_date(week, indicator.frequency))
    return Counts(*this, *running, *period, *recent, *previous, to_date[0] is not None)


def _line(
    facility: Facility,
    indicator: Indicator,
    week: Week,
    board: series.Board,
    groups: dict[str, int],
    nouns: dict[str, tuple[str, str]],
) -> Line:
    definition = _definition(facility, indicator, board)
    population = population_of(indicator, groups, board.puskesmas_count(facility))
    figures = evaluate(definition, population, _counts(facility, indicator, week, board), week)
    one = board.one(facility.pk, indicator.code)
    profile = definition.monthly_profile
    people, weekly = _planned_people(definition, population, week)
    own = board.own.get((facility.pk, indicator.code))
    reported, expected = board.completeness(facility, indicator)
    own_count = own.numerator if own else None
    replaced = board.replaced.get((facility.pk, indicator.code))
    if indicator.calc_type == "snapshot":
        replaced = None  # the totals take no account of it either
    below = _below(one.weeks.get(week), own_count, replaced)
    starts = first_week_with_target(week.year, profile) if "not_started" in figures.checks else None
    due = is_due(week, indicator.frequency, profile)
    to_date = one.window(period_to_date(week, indicator.frequency))[0]
    return Line(
        indicator=_reference(indicator, definition, nouns, starts.number if starts else None),
        figures=figures,
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
        below_count=below if board.has_units_below(facility, indicator) else None,
        note=own.note if own else "",
        entered_by=str(own.entered_by or "") if own else "",
        entered_at=own.entered_at if own else None,
        replaced=replaced,
    )


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
    definition: Definition, population: int | None, week: Week
) -> tuple[int | None, Decimal | None]:
    """People a year (rounded up) and people in this week, where the target grows with time."""
    if definition.calc_type != "cumulative" or not population:
        return None, None
    year = Fraction(definition.annual_target) * population / 100
    before = elapsed_share(week - 1, definition.monthly_profile) if week.number > 1 else Fraction(0)
    share = elapsed_share(week, definition.monthly_profile) - before
    return ceil(year), one_decimal(year * share)


def _reference(
    indicator: Indicator,
    definition: Definition,
    nouns: dict[str, tuple[str, str]],
    starts_in_week: int | None,
) -> IndicatorRef:
    groups = indicator.denominator_groups or indicator.group_codes
    noun_id, noun_en = nouns.get(groups[0], ("orang", "people")) if groups else ("", "")
    return IndicatorRef(
        code=indicator.code,
        name_id=indicator.name_id,
        name_en=indicator.name_en,
        unit=indicator.unit,
        calc_type=indicator.calc_type,
        direction=indicator.direction,
        frequency=indicator.frequency,
        level=indicator.level,
        annual_target=definition.annual_target,
        people_noun_id=noun_id,
        people_noun_en=noun_en,
        needs_denominator=indicator.needs_denominator,
        is_spm=indicator.is_spm,
        is_alert=indicator.is_alert,
        starts_in_week=starts_in_week,
    )


def weeks_below_target(
    facility: Facility, line: Line, indicator: Indicator, week: Week, board: series.Board
) -> int:
    """For how many weeks in a row, this one included and at most eight, a line was behind."""
    definition = _definition(facility, indicator, board)
    has_population = indicator.denominator_groups or indicator.denominator_constant
    population = line.figures.population if has_population else None
    count = 0
    for back in range(min(MOST_WEEKS_BELOW, week.number)):
        at = week - back
        figures = evaluate(definition, population, _counts(facility, indicator, at, board), at)
        if figures.is_on_target is not False:
            break
        count += 1
    return count
