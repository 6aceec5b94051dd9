"""The meeting's decision on a row behind its target: follow-up, escalation, or monitored."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clusters.models import Indicator
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.models import User
from facilities.text.rules import fit_field
from reports.figures.queries.facility_lines import facility_lines
from reports.figures.wording import shortfall
from reports.models import Problem, RowDecision, WeeklyReview
from reports.models.decision import RowDecisionKind
from reports.models.escalation import EscalationReason
from reports.models.problem import ProblemOrigin
from reports.permissions import check_can_edit_review
from reports.problems.actions import plan_follow_up, raise_problem
from reports.problems.actions.escalations import answer_due, escalate, levels_above
from reports.review.queries.priorities import NEVER_MONITORED, is_meeting_event
from reports.review.queries.row_decisions import is_red
from reports.shapes import Line

SHORTEST_REASON = 5
TITLE_LENGTH = 200


@transaction.atomic
def decide_row(
    *,
    review: WeeklyReview,
    indicator_code: str,
    kind: str,
    by: User,
    expected_version: int,
    reason: str = "",
    title: str = "",
    action: str = "",
    owner_name: str = "",
    due_on: dt.date | None = None,
    priority: str = "medium",
) -> RowDecision:
    """Decide on one red row of an open review.

    ``follow_up`` makes a problem with the row's indicator and numbers, or adds the follow-up to
    the open problem on it (``action``, ``owner_name``, ``due_on``); ``escalate`` puts that
    problem before the level above (``reason``: what is asked); ``monitor`` needs a reason.
    ``expected_version``: 0 where this review has no decision on the row yet. The same decision
    sent again by the same person changes nothing.
    """
    review = (
        WeeklyReview.objects.select_for_update(of=("self",))
        .select_related("facility__parent", "facility__district__area")
        .get(pk=review.pk)
    )
    check_can_edit_review(by, review)
    if not review.is_editable:
        raise IllegalTransition(
            _("This review has been sent. Its figures are frozen; ask for it to be returned.")
        )
    row = RowDecision.objects.filter(review=review, indicator_code=indicator_code).first()
    reason, action = fit_field("reason", reason), fit_field("action", action)
    if row is not None and _is_same(row, kind, reason, action, by, expected_version):
        return row
    if (row.version if row else 0) != expected_version:
        raise StaleVersion(_("Someone else decided on this row in the meantime."), current=row)
    line = _red_line(review, indicator_code, kind)
    _check(kind, reason, action, owner_name, due_on)
    row = row or RowDecision(review=review, indicator_code=indicator_code, version=0)
    row.kind, row.reason, row.by = kind, reason, by
    row.version += 1
    row.problem = None
    if kind != RowDecisionKind.MONITOR:
        row.problem = _carry(
            review, line, kind, by, title, action or reason, owner_name, due_on,
            priority,
        )  # fmt: skip
    row.save()
    return row


def _is_same(
    row: RowDecision, kind: str, reason: str, action: str, by: User, expected_version: int
) -> bool:
    """The very decision sent a second time because its answer was lost."""
    if (row.version, row.kind, row.reason, row.by_id) != (
        expected_version + 1, kind, reason, by.pk,
    ):  # fmt: skip
        return False
    if kind != RowDecisionKind.FOLLOW_UP or row.problem is None:
        return True
    return row.problem.follow_ups.filter(action=action).exists()


def _red_line(review: WeeklyReview, code: str, kind: str) -> Line:
    lines = facility_lines([review.facility], review.week)[review.facility_id]
    line = next((row for row in lines if row.indicator.code == code), None)
    if line is None:
        raise InvalidInput({"indicator": _("This indicator is not reported here.")})
    if kind == RowDecisionKind.MONITOR and is_meeting_event(line):
        raise InvalidInput({"kind": str(NEVER_MONITORED)})
    if not is_red(line):
        raise InvalidInput({"indicator": _("This row is not red any more: nothing to decide.")})
    return line


def _check(kind: str, reason: str, action: str, owner_name: str, due_on: dt.date | None) -> None:
    errors = {}
    if kind not in RowDecisionKind.values:
        errors["kind"] = _("Choose one of the answers.")
    if kind == RowDecisionKind.FOLLOW_UP:
        if not action:
            errors["action"] = _("Say what will be done.")
        if not owner_name.strip():
            errors["owner_name"] = _("Name the person or office in charge.")
        if due_on is None:
            errors["due_on"] = _("Give a due date.")
    if kind == RowDecisionKind.MONITOR and len(reason) < SHORTEST_REASON:
        errors["reason"] = _("Say why it is enough to monitor it.")
    if kind == RowDecisionKind.ESCALATE and len(reason) < SHORTEST_REASON:
        errors["reason"] = _("Say what you ask for.")
    if errors:
        raise InvalidInput(errors)


def _carry(
    review: WeeklyReview,
    line: Line,
    kind: str,
    by: User,
    title: str,
    action: str,
    owner_name: str,
    due_on: dt.date | None,
    priority: str,
) -> Problem:
    """The problem that carries the decision, with the follow-up or the question to the level
    above."""
    facility = review.facility
    level = None
    if kind == RowDecisionKind.ESCALATE:
        levels = levels_above(facility)
        if not levels:
            raise InvalidInput({"kind": _("No level stands above this facility.")})
        level = levels[0]
        due = answer_due(facility.district, EscalationReason.ASKED, timezone.now())
        owner_name, due_on = level.name, due.astimezone(facility.district.zone).date()
    here = Problem.objects.unfinished().filter(
        facility=facility, indicator_code=line.indicator.code, week__lte=review.week
    )
    problem = here.select_for_update(of=("self",)).order_by("-pk").first()
    if problem is None:
        problem = raise_problem(
            facility=facility,
            week=review.week,
            by=by,
            title=title or draft_title(line),
            action=action,
            owner_name=owner_name,
            due_on=due_on,
            indicator_code=line.indicator.code,
            cluster_code=_cluster(review, line),
            people_count=abs(line.figures.gap) if line.figures.gap is not None else None,
            priority=priority,
            origin=ProblemOrigin.ROW,
        )
    else:
        plan_follow_up(
            problem=problem, by=by, expected_version=problem.version, action=action,
            owner_name=owner_name, due_on=due_on,
        )  # fmt: skip
    if level is not None:
        problem.refresh_from_db()
        escalate(
            problem=problem, to_facility=level, reason=EscalationReason.ASKED, comment=action, by=by
        )
    return problem


def _cluster(review: WeeklyReview, line: Line) -> str:
    row = Indicator.objects.in_week(review.week).filter(code=line.indicator.code).first()
    return row.cluster_id if row else ""


def draft_title(line: Line) -> str:
    """«Imunisasi dasar lengkap: kurang 62 bayi»: the row in the country's language, as names
    of indicators are."""
    with translation.override("id"):
        said = shortfall(line)
    return f"{line.indicator.name_id}: {said}"[:TITLE_LENGTH]
