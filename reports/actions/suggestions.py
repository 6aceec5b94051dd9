"""Problems that the figures suggest: drafted by the clock, accepted or dismissed by a person.

An indicator that was Jelek in three weeks running at a facility makes one open suggestion, with
the newest figures for as long as it stays so. It is withdrawn when the newest closed week is no
longer Jelek, or when somebody reported the problem. A monthly or quarterly indicator is suggested
in the weeks that carry it. A dismissed one stays quiet for four weeks,
a solved problem for three.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.errors import IllegalTransition, InvalidInput
from facilities.models import District, Facility, User
from reports.actions.problems import raise_problem
from reports.models import Problem, ProblemSuggestion
from reports.models.problem import ProblemOrigin
from reports.models.suggestion import SuggestionState
from reports.permissions import check_can_raise_problem
from reports.queries.facility_lines import facility_lines
from reports.queries.shapes import Line

WEEKS_RUNNING = 3
QUIET_AFTER_DISMISSING = 4  # weeks
SHORTEST_REASON = 5


@transaction.atomic
def suggest_problems(
    *, district: District, week: Week, facilities: Sequence[Facility]
) -> list[ProblemSuggestion]:
    """Bring the suggestions of some facilities up to ``week`` (a closed one); returns the open
    ones that are new. Safe to run twice and at once. About 35 queries, however many facilities
    and however long the history."""
    held = District.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    if held.filter(pk=district.pk).first() is None:
        return []
    ids = [row.pk for row in facilities]
    by_week = [facility_lines(facilities, week - back) for back in range(WEEKS_RUNNING)]
    jelek = {
        (pk, line.indicator.code): line for pk in ids for line in _running([w[pk] for w in by_week])
    }
    rows = list(ProblemSuggestion.objects.filter(facility__in=ids).order_by("pk"))
    has_problem = _with_problem(ids, week)
    # Belum lapor says nothing: what was suggested stays.
    silent = {
        (pk, line.indicator.code)
        for pk in ids
        for line in by_week[0][pk]
        if line.figures.status is None
    }
    _withdraw(rows, (jelek.keys() | silent) - has_problem, week)
    open_rows = {
        (row.facility_id, row.indicator_code): row
        for row in rows
        if row.state == SuggestionState.OPEN
    }
    quiet = {
        (row.facility_id, row.indicator_code)
        for row in rows
        if row.state == SuggestionState.DISMISSED and row.week > week - QUIET_AFTER_DISMISSING
    }
    new = []
    for key, line in jelek.items():
        if key in has_problem or key in quiet:
            continue
        if (row := open_rows.get(key)) is None:
            if not _is_asked(line):
                continue
            new.append(
                ProblemSuggestion(
                    facility_id=key[0], indicator_code=key[1], week=week, figures=_figures(line)
                )
            )
        elif row.week < week:
            row.weeks_running += (week.start - row.week.start).days // 7
            row.week, row.figures = week, _figures(line)
            row.save()
    return ProblemSuggestion.objects.bulk_create(new)


def _is_asked(line: Line) -> bool:
    """Whether the newest week carries the indicator: between two monthly reports its figure
    only repeats, and nothing new is to be said."""
    return line.is_due or line.figures.week_count is not None


def _running(weeks: Sequence[Sequence[Line]]) -> list[Line]:
    """Lines of the newest week that were Jelek in every one of the weeks."""
    newest, *earlier = weeks
    before = [
        {line.indicator.code for line in lines if line.figures.status == "jelek"}
        for lines in earlier
    ]
    return [
        line
        for line in newest
        if line.figures.status == "jelek"
        and line.figures.gap is not None
        and all(line.indicator.code in codes for codes in before)
    ]


def _with_problem(ids: Sequence[int], week: Week) -> set[tuple[int, str]]:
    """Where a problem is open already, or was closed within the weeks that were looked at."""
    here = Problem.objects.filter(facility__in=ids).exclude(indicator_code="")
    since = dt.datetime.combine((week - WEEKS_RUNNING + 1).start, dt.time.min, dt.UTC)
    rows = here.unfinished() | here.filter(closed_at__gte=since)
    return set(rows.values_list("facility_id", "indicator_code"))


def _withdraw(
    rows: Sequence[ProblemSuggestion], standing: set[tuple[int, str]], week: Week
) -> None:
    for row in rows:
        key = (row.facility_id, row.indicator_code)
        if row.state == SuggestionState.OPEN and row.week <= week and key not in standing:
            row.state, row.decided_at = SuggestionState.WITHDRAWN, timezone.now()
            row.save()


def _figures(line: Line) -> dict[str, str]:
    """In people, as strings of whole numbers, with the words for them; what is unknown is left
    out."""
    figures = line.figures
    known = {
        "population": figures.population,
        "target": figures.target_to_date,
        "cumulative": figures.cumulative,
        "gap": figures.gap,
    }
    indicator = line.indicator
    return {
        **{name: str(value) for name, value in known.items() if value is not None},
        "people_id": indicator.people_noun_id,
        "people_en": indicator.people_noun_en,
        "direction": indicator.direction,
        "colour": figures.colour,
    }


@transaction.atomic
def accept_suggestion(
    *,
    suggestion: ProblemSuggestion,
    by: User,
    owner_name: str,
    due_on: dt.date,
    title: str,
    action: str = "",
    priority: str = "medium",
) -> ProblemSuggestion:
    """Take it over as a problem with its numbers. Accepted twice it is still one problem."""
    row = _locked(suggestion)
    check_can_raise_problem(by, row.facility)
    if row.state == SuggestionState.ACCEPTED:
        return row
    _check_open(row)
    indicator = Indicator.objects.in_week(row.week).filter(code=row.indicator_code).first()
    gap = row.figures.get("gap")
    row.problem = raise_problem(
        facility=row.facility,
        week=row.week,
        by=by,
        title=title,
        owner_name=owner_name,
        due_on=due_on,
        action=action,
        indicator_code=row.indicator_code,
        cluster_code=indicator.cluster_id if indicator else "",
        people_count=abs(int(gap)) if gap is not None else None,
        priority=priority,
        origin=ProblemOrigin.SUGGESTION,
    )
    return _close(row, SuggestionState.ACCEPTED, by)


@transaction.atomic
def dismiss_suggestion(
    *, suggestion: ProblemSuggestion, by: User, reason: str
) -> ProblemSuggestion:
    """Not a problem, with a reason; dismissed twice it stays as it was."""
    row = _locked(suggestion)
    check_can_raise_problem(by, row.facility)
    if row.state == SuggestionState.DISMISSED:
        return row
    _check_open(row)
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise InvalidInput({"reason": _("Write the reason.")})
    row.reason = reason[:500]
    return _close(row, SuggestionState.DISMISSED, by)


def _close(row: ProblemSuggestion, state: str, by: User) -> ProblemSuggestion:
    row.state, row.decided_by, row.decided_at = state, by, timezone.now()
    row.save()
    return row


def _locked(suggestion: ProblemSuggestion) -> ProblemSuggestion:
    return (
        ProblemSuggestion.objects.select_for_update(of=("self",))
        .select_related("facility__district")
        .get(pk=suggestion.pk)
    )


def _check_open(row: ProblemSuggestion) -> None:
    if row.state != SuggestionState.OPEN:
        raise IllegalTransition(_("This suggestion is not open any more."))
