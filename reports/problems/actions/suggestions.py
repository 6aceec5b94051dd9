"""Problems that the figures suggest: drafted by the clock, accepted or dismissed by a person.

An indicator whose last closed period is Jelek at a facility makes one open suggestion, with the
figures of that period; each period suggests once. It is withdrawn when the last closed period is no
longer Jelek, or when somebody reported the problem. A dismissed one stays quiet until the next
period has closed and for four weeks at least, a solved problem for three weeks.
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
from reports.figures.queries.facility_lines import facility_lines
from reports.models import Problem, ProblemSuggestion
from reports.models.problem import ProblemOrigin
from reports.models.suggestion import SuggestionState
from reports.permissions import check_can_raise_problem
from reports.problems.actions import raise_problem
from reports.problems.actions.common import check_text
from reports.shapes import Line

QUIET_AFTER_DISMISSING = 4  # weeks
QUIET_AFTER_SOLVING = 3
SHORTEST_REASON = 5


@transaction.atomic
def suggest_problems(
    *, district: District, week: Week, facilities: Sequence[Facility]
) -> list[ProblemSuggestion]:
    """Bring the suggestions of some facilities up to ``week`` (a closed one); returns the open
    ones that are new. Safe to run twice and at once. About 25 queries, however many facilities
    and however long the history."""
    held = District.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    if held.filter(pk=district.pk).first() is None:
        return []
    ids = [row.pk for row in facilities]
    lines = facility_lines(facilities, week)
    jelek = {(pk, line.indicator.code): line for pk in ids for line in lines[pk] if _is_poor(line)}
    rows = list(ProblemSuggestion.objects.filter(facility__in=ids).order_by("pk"))
    has_problem = _with_problem(ids, week)
    # Belum lapor says nothing: what was suggested stays.
    silent = {
        (pk, line.indicator.code)
        for pk in ids
        for line in lines[pk]
        if line.figures.status in (None, "incomplete") and not line.indicator.is_alert
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
    said = {(row.facility_id, row.indicator_code, row.figures.get("period")) for row in rows}
    new = []
    for key, line in jelek.items():
        if key in has_problem or key in quiet:
            continue
        figures = _figures(line)
        if (row := open_rows.get(key)) is not None:
            if row.week < week and row.figures != figures:
                row.week, row.figures = week, figures
                row.save()
        elif (*key, figures["period"]) not in said:
            new.append(
                ProblemSuggestion(
                    facility_id=key[0], indicator_code=key[1], week=week, figures=figures
                )
            )
    return ProblemSuggestion.objects.bulk_create(new)


def _is_poor(line: Line) -> bool:
    """Whether the last closed period is Jelek, by a number of people that can be named."""
    if line.indicator.is_alert:  # each case has its own record and follow-up
        return False
    judged = line.figures.judged
    return judged is not None and judged.status == "jelek" and judged.gap is not None


def _with_problem(ids: Sequence[int], week: Week) -> set[tuple[int, str]]:
    """Where a problem is open already, or was closed in the last weeks."""
    here = Problem.objects.filter(facility__in=ids).exclude(indicator_code="")
    since = dt.datetime.combine((week - QUIET_AFTER_SOLVING + 1).start, dt.time.min, dt.UTC)
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
    """Of the closed period, in people, as strings of whole numbers, with the words for them; what
    is unknown is left out. ``gap`` as it is shown: done minus target, whichever is the better."""
    judged, indicator = line.figures.judged, line.indicator
    if judged is None or judged.gap is None:
        raise ValueError(f"{indicator.code} is not judged")
    known = {
        "population": judged.population,
        "target": judged.target_to_date,
        "cumulative": judged.cumulative,
        "gap": judged.gap if indicator.direction == "higher" else -judged.gap,
    }
    return {
        **{name: str(value) for name, value in known.items() if value is not None},
        "period": judged.period,
        "profile": indicator.profile,
        "people_id": indicator.people_noun_id,
        "people_en": indicator.people_noun_en,
        "direction": indicator.direction,
        "colour": line.figures.colour,
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
    reason = check_text("reason", reason)
    if len(reason) < SHORTEST_REASON:
        raise InvalidInput({"reason": _("Write the reason.")})
    row.reason = reason
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
