"""The audit of a death: when it was held and what it found."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.errors import IllegalTransition, InvalidInput
from facilities.models import User
from reports.events.actions.recording import check_open, check_version, locked_event
from reports.models import HealthEvent
from reports.models.problem import ProblemEvent
from reports.permissions import check_can_audit_event
from reports.problems.actions.common import SHORTEST_TEXT, check_text, today_at


@transaction.atomic
def record_audit(
    *,
    event: HealthEvent,
    by: User,
    expected_version: int,
    audited_on: dt.date,
    result: str,
) -> HealthEvent:
    """Record the audit, or put right what was recorded. The same audit sent twice is one."""
    check_can_audit_event(by, event)
    row, result = locked_event(event), check_text("audit_result", result)
    if (row.audited_on, row.audit_result, row.audited_by_id) == (audited_on, result, by.pk):
        return row
    check_version(row, expected_version)
    check_open(row)
    if row.kind != ProblemEvent.DEATH:
        raise IllegalTransition(_("Only a death is audited."))
    errors = {}
    if len(result) < SHORTEST_TEXT:
        errors["audit_result"] = _("Write what the audit found, at least 5 characters.")
    if audited_on > today_at(row.facility):
        errors["audited_on"] = _("This day has not come yet.")
    elif audited_on < row.occurred_on:
        errors["audited_on"] = _("The audit cannot be before the death.")
    if errors:
        raise InvalidInput(errors)
    row.audited_on, row.audit_result, row.audited_by = audited_on, result, by
    row.version += 1
    row.save()
    return row
