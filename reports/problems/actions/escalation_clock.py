"""The clock over open problems: what must go higher is asked, once."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from facilities.errors import IllegalTransition
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from reports.models import Escalation, Problem
from reports.problems.actions.escalations import escalate
from reports.problems.queries.escalation_rules import due_escalations


@transaction.atomic
def escalate_due(*, district: District, now: dt.datetime | None = None) -> list[Escalation]:
    """Ask every question that is due in a district; returns the new ones.

    Safe to run twice and by two clocks at once: the second one leaves a district that is being
    looked at alone, and what is open already is not asked again. Six queries and a few for each
    new question, however long the history.
    """
    now = now or timezone.now()
    held = District.objects.select_for_update(no_key=True, skip_locked=True, of=("self",))
    if held.filter(pk=district.pk).first() is None:
        return []
    problems = list(
        Problem.objects.unfinished()
        .filter(facility__district=district)
        .select_related("facility__district")
        .prefetch_related("follow_ups", "escalations")
        .order_by("pk")
    )
    today = now.astimezone(district.zone).date()
    asked = []
    for due in due_escalations(problems, _levels(district), today):
        before = {row.pk for row in due.problem.escalations.all()}
        try:
            row = escalate(
                problem=due.problem, to_facility=due.to_facility, reason=due.reason, now=now
            )
        except IllegalTransition:
            continue  # closed a moment ago
        if row.pk not in before:
            asked.append(row)
    return asked


def _levels(district: District) -> dict[int, list[Facility]]:
    """By facility: the Puskesmas above a Pustu, then Dinkes. One query."""
    rows = Facility.objects.filter(
        district=district,
        kind__in=[FacilityKind.DINKES, FacilityKind.PUSKESMAS, FacilityKind.PUSTU],
    )
    by_id = {row.pk: row for row in rows}
    result: dict[int, list[Facility]] = {}
    for row in by_id.values():
        above, parent_id = [], row.parent_id
        while parent_id is not None and parent_id in by_id:
            above.append(by_id[parent_id])
            parent_id = by_id[parent_id].parent_id
        result[row.pk] = above
    return result
