"""An event record and its follow-up: made together, changed, withdrawn."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.models import Area, Facility, User
from reports.events.actions.checks import check_event
from reports.models import HealthEvent, Problem
from reports.models.event import kind_of
from reports.models.problem import Priority, ProblemEvent
from reports.permissions import check_can_record_event, check_can_withdraw_event
from reports.problems.actions import finish_problem, raise_problem
from reports.problems.actions.common import check_reason, locked, today_at
from reports.problems.priorities import suggest_due_on
from reports.states import UNFINISHED

FIELDS = (
    "indicator_code", "occurred_on", "village", "place", "age", "age_unit", "note", "notified_on",
)  # fmt: skip
TITLE_LENGTH = 200


@transaction.atomic
def record_event(
    *,
    facility: Facility,
    week: Week,
    by: User,
    indicator_code: str,
    occurred_on: dt.date,
    village: Area | None,
    place: str,
    notified_on: dt.date,
    owner_name: str = "",
    age: int | None = None,
    age_unit: str = "",
    note: str = "",
    action: str = "",
    due_on: dt.date | None = None,
    problem: Problem | None = None,
    client_key: UUID | None = None,
) -> HealthEvent:
    """Record a case of an alert indicator that the report of ``week`` counts.

    Its follow-up is made with it, in the same transaction, and goes up at once: an emergency, due
    the next day. ``problem``: the one that was reported before there was a record. Called again
    with the same ``client_key`` it returns the first record and changes nothing.
    """
    check_can_record_event(by, facility)
    values = {
        "indicator_code": indicator_code, "occurred_on": occurred_on, "village": village,
        "place": place, "age": age, "age_unit": age_unit, "notified_on": notified_on,
    }  # fmt: skip
    if errors := check_event(facility, week, **values):
        raise InvalidInput(errors)
    if problem is None:
        problem = raise_problem(
            facility=facility,
            week=week,
            by=by,
            title=draft_title(week, indicator_code, occurred_on, village),
            owner_name=owner_name,
            due_on=due_on or suggest_due_on(Priority.EMERGENCY, today_at(facility)),
            action=action,
            village=village,
            cluster_code=_indicator(week, indicator_code).cluster_id,
            indicator_code=indicator_code,
            people_count=1,
            category="outbreak" if kind_of(indicator_code) == ProblemEvent.OUTBREAK else "other",
            event=kind_of(indicator_code),
            client_key=client_key,
        )
        first = HealthEvent.objects.filter(problem=problem).first()
        if first is not None:  # sent once more
            return first
    else:
        _check_unrecorded(locked(problem), facility)
    return HealthEvent.objects.create(
        facility=facility, week=week, note=note, problem=problem, reported_by=by,
        is_demo=facility.district.is_demo, **values,
    )  # fmt: skip


def _check_unrecorded(problem: Problem, facility: Facility) -> None:
    if HealthEvent.objects.filter(problem=problem).exists():
        raise IllegalTransition(_("This problem has its event record already."))
    if problem.facility_id != facility.pk or problem.status not in UNFINISHED:
        raise IllegalTransition(_("This problem is closed, or it belongs to another facility."))


def _indicator(week: Week, code: str) -> Indicator:
    row: Indicator = Indicator.objects.in_week(week).get(code=code)
    return row


def draft_title(week: Week, code: str, day: dt.date, village: Area | None) -> str:
    """«Kematian ibu, 10 November 2026, Desa Satu»: in the country's language, as names of
    indicators are."""
    with translation.override("id"):
        said = formats.date_format(day, "j F Y")
    where = village.name if village else ""
    title = ", ".join(filter(None, [_indicator(week, code).name_id, said, where]))
    return title[:TITLE_LENGTH]


@transaction.atomic
def edit_event(
    *, event: HealthEvent, by: User, expected_version: int, **values: Any
) -> HealthEvent:
    """Change some of FIELDS; the others stay. Nothing changed: nothing is written."""
    check_can_record_event(by, event.facility)
    if unknown := set(values) - set(FIELDS):
        raise TypeError(f"no fields of an event: {sorted(unknown)}")
    row = locked_event(event)
    changed = [name for name in FIELDS if name in values and getattr(row, name) != values[name]]
    if not changed:
        return row
    check_version(row, expected_version)
    check_open(row)
    for name in changed:
        setattr(row, name, values[name])
    known = {name: getattr(row, name) for name in FIELDS if name != "note"}
    if row.audited_on and row.audited_on < row.occurred_on:
        raise InvalidInput({"occurred_on": _("It was audited before this day.")})
    if errors := check_event(row.facility, row.week, **known):
        raise InvalidInput(errors)
    row.version += 1
    row.save()
    return row


@transaction.atomic
def withdraw_event(
    *, event: HealthEvent, by: User, expected_version: int, reason: str
) -> HealthEvent:
    """It was recorded by mistake: it counts no longer, and its follow-up is closed with the reason.
    What its week's report counts stays, so a case without a record is asked about again."""
    check_can_withdraw_event(by, event)
    row = locked_event(event)
    reason = check_reason(reason)
    if row.withdrawn_at is not None and (row.withdrawn_by_id, row.withdrawn_reason) == (
        by.pk, reason,
    ):  # fmt: skip
        return row
    check_version(row, expected_version)
    check_open(row)
    row.withdrawn_at, row.withdrawn_by, row.withdrawn_reason = timezone.now(), by, reason
    row.version += 1
    row.save()
    problem = locked(row.problem)
    if problem.status in UNFINISHED:
        finish_problem(problem=problem, by=by, expected_version=problem.version, evidence=reason)
    return row


def locked_event(event: HealthEvent) -> HealthEvent:
    """The row, held until the transaction ends."""
    return (
        HealthEvent.objects.select_for_update(of=("self",))
        .select_related("facility__district", "problem")
        .get(pk=event.pk)
    )


def check_version(row: HealthEvent, expected_version: int) -> None:
    if row.version != expected_version:
        raise StaleVersion(_("Someone else changed this event in the meantime."), current=row)


def check_open(row: HealthEvent) -> None:
    if row.withdrawn_at is not None:
        raise IllegalTransition(_("This event record was withdrawn."))
