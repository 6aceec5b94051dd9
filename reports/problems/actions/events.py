"""What the follow-up of a death or another event asks for before it may be closed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from facilities.errors import IllegalTransition, InvalidInput
from reports.models import HealthEvent, Problem
from reports.models.problem import ProblemEvent


def check_event_may_close(problem: Problem) -> None:
    """A death is closed once its record says that it was audited; every door to «done» asks."""
    record = _record(problem)
    if record is None and problem.event == ProblemEvent.DEATH:
        raise InvalidInput(
            {"event": _("Record the death as an event first; then its audit. Only then close it.")}
        )
    if record is not None and record.needs_audit and record.audited_on is None:
        raise InvalidInput(
            {"event": _("The audit of this death is not recorded yet: record it, then close it.")}
        )


def check_is_no_record(problem: Problem) -> None:
    """An event is not rejected with its problem: it would vanish from the first block."""
    record = _record(problem)
    if record is not None and record.withdrawn_at is None:
        raise IllegalTransition(
            _("An event is not rejected. If it was recorded by mistake, withdraw its record.")
        )


def _record(problem: Problem) -> HealthEvent | None:
    return HealthEvent.objects.filter(problem=problem).first()
