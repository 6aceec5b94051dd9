"""What the demo's meetings decided on red rows, what went up, and what the figures suggest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from ilp.demo.bulk import copy_rows
from ilp.demo.chance import dice
from ilp.demo.people import Cast
from reports.models import Escalation, Problem, ProblemStep, RowDecision, WeeklyReview
from reports.models.decision import RowDecisionKind
from reports.models.escalation import EscalationReason
from reports.problems.actions.escalations import answer_due, is_event, levels_above
from reports.problems.actions.suggestions import suggest_problems
from reports.review.queries.row_decisions import decision_rows, undecided
from reports.shapes import Line

REASONS = (
    "Selisih kecil, sudah dijadwalkan bulan ini (data demo)",
    "Laporan susulan Pustu ditunggu (data demo)",
    "Kegiatan Posyandu pekan depan menutup selisih (data demo)",
    "Data dicocokkan lebih dulu dengan register (data demo)",
)
PUSTU_REASON = "Dibahas dalam evaluasi mingguan Puskesmas"
ANSWERS = (
    "Disetujui, bantuan dikirim pekan ini (data demo)",
    "Diteruskan ke bidang terkait, hasilnya disampaikan Kamis (data demo)",
)


def decide_rows(
    reviews: Sequence[WeeklyReview], lines: Mapping[int, tuple[Line, ...]], seed: int
) -> int:
    """Each row of a week's signed sheets that needs a decision: monitored with a reason where no
    problem is open; a Pustu leaves them to the meeting of its Puskesmas and says so."""
    rows: list[RowDecision] = []
    without: list[WeeklyReview] = []
    for review in reviews:
        own = lines[review.facility_id]
        waiting = undecided(own, decision_rows(review, own))
        if not waiting or review.submitted_at is None:
            continue
        if review.facility.kind == FacilityKind.PUSTU:
            review.undecided_reason = PUSTU_REASON
            without.append(review)
            continue
        rng = dice(seed, review.facility.code, review.week, "decisions")
        rows.extend(
            RowDecision(
                review=review,
                indicator_code=line.indicator.code,
                kind=RowDecisionKind.MONITOR,
                reason=rng.choice(REASONS),
                by_id=review.submitted_by_id,
                at=review.submitted_at,
            )
            for line in waiting
        )
    WeeklyReview.objects.bulk_update(without, ["undecided_reason"])
    return copy_rows(RowDecision, rows)


def create_escalations(district: District, now: dt.datetime, cast: Cast, seed: int) -> int:
    """Questions to Dinkes behind the escalated problems and the urgent events; every second one
    is answered, so that some wait."""
    rows: list[Escalation] = []
    answers: list[ProblemStep] = []
    problems = Problem.objects.filter(facility__district=district).select_related("facility")
    found = [row for row in problems.order_by("pk") if row.status == "escalated" or is_event(row)]
    for place, problem in enumerate(found):
        problem.facility.district = district
        row = _question(problem, cast)
        is_closed = problem.closed_at is not None
        if is_closed or place % 2:
            _answer(row, now, cast, seed)
        if row.answered_at is not None and not is_closed:
            answers.append(
                ProblemStep(
                    problem=problem,
                    action="answer",
                    from_status=problem.status,
                    to_status=problem.status,
                    by=cast.dinkes,
                    at=row.answered_at,
                    comment=row.answer,
                )
            )
        rows.append(row)
    copy_rows(ProblemStep, answers)
    return copy_rows(Escalation, rows)


def _question(problem: Problem, cast: Cast) -> Escalation:
    steps = list(problem.steps.order_by("at", "pk"))
    asked = [step for step in steps if step.action == "escalate"]
    step = asked[-1] if asked else steps[0]
    reason = EscalationReason.EVENT if is_event(problem) else EscalationReason.ASKED
    return Escalation(
        problem=problem,
        to_facility=levels_above(problem.facility)[-1],
        reason=reason,
        comment=step.comment if asked else "",
        raised_by=step.by or cast.heads.get(problem.facility_id),
        raised_at=step.at,
        answer_due_at=answer_due(problem.facility.district, reason, step.at),
    )


def _answer(row: Escalation, now: dt.datetime, cast: Cast, seed: int) -> None:
    """A day after everything else on the problem, and never in the future."""
    latest = max(step.at for step in row.problem.steps.all())
    row.answered_at = latest + min(dt.timedelta(days=1), (now - latest) / 2)
    row.answered_by = cast.dinkes
    row.answer = dice(seed, row.problem_id, "answer").choice(ANSWERS)


def create_suggestions(district: District, facilities: Iterable[Facility], closed: Week) -> int:
    """What the figures of the newest closed week suggest, as the clock would have it."""
    kinds = {FacilityKind.PUSKESMAS, FacilityKind.PUSTU}
    ids = [row.pk for row in facilities if row.kind in kinds]
    places = list(
        Facility.objects.filter(pk__in=ids).open_between(closed.start, closed.end).order_by("path")
    )
    return len(suggest_problems(district=district, week=closed, facilities=places))
