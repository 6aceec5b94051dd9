"""What people do with a weekly review. Each action is one transaction: lock, right, version,
rule, history. Page, API, commands and the clock call only these."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.actions import record_achievement
from clusters.models import Achievement, Indicator
from clusters.rollups import hold_totals
from clusters.weeks import Week
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.models import Facility, User
from facilities.models.facility import FacilityKind
from reports import documents
from reports.deliveries.returned import tell_returned
from reports.freezing import freeze
from reports.models import Attendance, ReviewStep, WeeklyReview
from reports.permissions import (
    check_can_decide_review,
    check_can_edit_review,
    check_can_reopen_review,
    check_can_submit_review,
)
from reports.queries.facility_lines import LEVELS, facility_lines
from reports.queries.row_decisions import decision_rows, undecided
from reports.states import REVIEW_TRANSITIONS, check_transition

SHORTEST_REASON = 5


def open_weekly_review(*, facility: Facility, week: Week, by: User | None = None) -> WeeklyReview:
    """The facility's review of a week, opened if it is not there yet. Safe to run twice.

    Refuses a week that has not begun, a facility that was not open in it, and any facility
    that holds no weekly review.
    """
    if facility.kind not in {FacilityKind.PUSKESMAS, FacilityKind.PUSTU}:
        raise IllegalTransition(_("Only a Puskesmas or a Pustu has a weekly review."))
    if week.start > timezone.localdate(timezone=facility.district.zone):
        raise IllegalTransition(_("This week has not begun yet."))
    if not Facility.objects.open_on(week.end).filter(pk=facility.pk).exists():
        raise IllegalTransition(_("This facility was not open in that week."))
    with transaction.atomic():
        review, created = WeeklyReview.objects.get_or_create(facility=facility, week=week)
        if created:
            ReviewStep.objects.create(
                review=review, action="open", to_status=review.status, revision=1, by=by
            )
    return review


def _locked(review: WeeklyReview) -> WeeklyReview:
    """The row as it is now, locked until the end of the transaction."""
    return (
        WeeklyReview.objects.select_for_update(of=("self",))
        .select_related("facility__parent", "facility__district__area")
        .get(pk=review.pk)
    )


def _check_editable(review: WeeklyReview) -> None:
    if not review.is_editable:
        raise IllegalTransition(
            _("This review has been sent. Its figures are frozen; ask for it to be returned.")
        )


def _check_version(review: WeeklyReview, expected_version: int) -> None:
    if review.version != expected_version:
        raise StaleVersion(_("Someone else changed this review in the meantime."), current=review)


@transaction.atomic
def save_count(
    *,
    review: WeeklyReview,
    indicator_code: str,
    numerator: int | None,
    denominator: int | None,
    by: User,
    expected_version: int,
    note: str | None = None,
    source: str = "page",
) -> Achievement:
    """Save one own count of the review's facility. The review is locked meanwhile, so a count
    can never slip in behind a signature."""
    review = _locked(review)
    check_can_edit_review(by, review)
    _check_editable(review)
    if review.week.start > timezone.localdate(timezone=review.facility.district.zone):
        raise InvalidInput({"week": _("This week has not begun yet.")})
    indicator = Indicator.objects.in_week(review.week).filter(code=indicator_code).first()
    if indicator is None or indicator.level not in LEVELS[review.facility.kind]:
        raise InvalidInput({"indicator": _("This indicator is not reported here.")})
    return record_achievement(
        facility=review.facility,
        week=review.week,
        indicator=indicator,
        numerator=numerator,
        denominator=denominator,
        by=by,
        source=source,
        expected_version=expected_version,
        note=note,
    )


@transaction.atomic
def save_meeting(
    *,
    review: WeeklyReview,
    by: User,
    expected_version: int,
    meeting_on: dt.date | None,
    meeting_place: str,
    chair_name: str,
    minutes_by: str,
    conclusion: str,
    present_ids: set[int],
) -> WeeklyReview:
    """Save what was agreed and who attended (``present_ids``: Pustu whose head came)."""
    review = _locked(review)
    check_can_edit_review(by, review)
    _check_editable(review)
    pustu = Facility.objects.open_on(review.week.end).filter(
        parent=review.facility, kind=FacilityKind.PUSTU
    )
    head: dict[str, object] = {
        "meeting_on": meeting_on,
        "meeting_place": meeting_place,
        "chair_name": chair_name,
        "minutes_by": minutes_by,
        "conclusion": conclusion,
    }
    if _is_saved_already(review, head, present_ids & {unit.pk for unit in pustu}):
        return review  # a field left and a button pressed send the same form twice
    _check_version(review, expected_version)
    if meeting_on is not None and meeting_on > timezone.localdate(
        timezone=review.facility.district.zone
    ):
        raise InvalidInput({"meeting_on": _("The meeting cannot lie in the future.")})
    for name, value in head.items():
        setattr(review, name, value)
    review.version += 1
    review.save()
    for unit in pustu:
        Attendance.objects.update_or_create(
            review=review, facility=unit, defaults={"is_present": unit.pk in present_ids}
        )
    return review


def _is_saved_already(review: WeeklyReview, head: dict[str, object], present: set[int]) -> bool:
    here = Attendance.objects.filter(review=review, is_present=True, facility__isnull=False)
    return all(getattr(review, name) == value for name, value in head.items()) and present == set(
        here.values_list("facility_id", flat=True)
    )


def _step(review: WeeklyReview, action: str, before: str, by: User, reason: str = "") -> None:
    ReviewStep.objects.create(
        review=review,
        action=action,
        from_status=before,
        to_status=review.status,
        revision=review.revision,
        by=by,
        reason=reason,
    )


def _check_reason(reason: str) -> str:
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise InvalidInput({"reason": _("Give a reason, so that it can be put right.")})
    return reason


def _check_complete_pairs(review: WeeklyReview) -> None:
    """A count without its denominator may stand while it is typed, but cannot be signed: the
    rate of everybody above would rise by cases that are out of nobody."""
    counted = Achievement.objects.filter(
        facility=review.facility, week=review.week, numerator__isnull=False, denominator=None
    ).values_list("indicator_code", flat=True)
    indicators = Indicator.objects.in_week(review.week).filter(code__in=list(counted))
    names = [row.name for row in indicators if row.needs_denominator]
    if names:
        raise InvalidInput(
            {
                "denominator": _("These counts lack their denominator: %(names)s.")
                % {"names": ", ".join(names)}
            }
        )


def _check_decided(review: WeeklyReview, undecided_reason: str) -> str:
    """Every red row has a decision, or there is a reason why not; that reason is returned, empty
    when every row has one."""
    # Rows are judged here and frozen a moment later: no count may change in between.
    hold_totals(review.facility.district_id)
    lines = facility_lines([review.facility], review.week)[review.facility_id]
    waiting = undecided(lines, decision_rows(review, lines))
    reason = undecided_reason.strip()
    if not waiting:
        return ""
    if len(reason) >= SHORTEST_REASON:
        return reason[:500]
    names = ", ".join(line.indicator.name_id for line in waiting)
    raise InvalidInput(
        {
            "decisions": ngettext(
                "%(n)s red row has no decision yet: %(names)s.",
                "%(n)s red rows have no decision yet: %(names)s.",
                len(waiting),
            )
            % {"n": len(waiting), "names": names}
        }
    )


@transaction.atomic
def submit_review(
    *, review: WeeklyReview, by: User, expected_version: int, undecided_reason: str = ""
) -> WeeklyReview:
    """Sign and send: the figures freeze as a revision, the PDFs are queued.

    Each red row needs a decision (reports.queries.row_decisions) or ``undecided_reason`` says
    why not; else InvalidInput on ``decisions``.
    """
    review = _locked(review)
    check_can_submit_review(by, review)
    before = review.status
    target = check_transition(REVIEW_TRANSITIONS, "submit", review)
    _check_version(review, expected_version)
    _check_complete_pairs(review)
    review.undecided_reason = _check_decided(review, undecided_reason)
    review.status = target
    review.submitted_at, review.submitted_by = timezone.now(), by
    review.decided_at = review.decided_by = None
    review.reason = ""
    review.version += 1
    review.save()
    freeze(review)
    _step(review, "submit", before, by)
    documents.request_review_documents(review, by=by)
    return review


@transaction.atomic
def approve_review(*, review: WeeklyReview, by: User, expected_version: int) -> WeeklyReview:
    """The level above has received and accepted it."""
    review = _locked(review)
    check_can_decide_review(by, review)
    before = review.status
    review.status = check_transition(REVIEW_TRANSITIONS, "approve", review)
    _check_version(review, expected_version)
    review.decided_at, review.decided_by = timezone.now(), by
    review.version += 1
    review.save()
    _step(review, "approve", before, by)
    return review


def return_review(
    *, review: WeeklyReview, by: User, expected_version: int, reason: str
) -> WeeklyReview:
    """Send it back with a reason; what comes next is a new revision."""
    return _send_back(review, "return", by, expected_version, reason)


def reopen_review(
    *, review: WeeklyReview, by: User, expected_version: int, reason: str
) -> WeeklyReview:
    """Open a sent or approved review again with a reason; a new revision."""
    return _send_back(review, "reopen", by, expected_version, reason)


@transaction.atomic
def _send_back(
    review: WeeklyReview, action: str, by: User, expected_version: int, reason: str
) -> WeeklyReview:
    review = _locked(review)
    (check_can_reopen_review if action == "reopen" else check_can_decide_review)(by, review)
    reason = _check_reason(reason)
    before, sender = review.status, review.submitted_by
    review.status = check_transition(REVIEW_TRANSITIONS, action, review)
    _check_version(review, expected_version)
    review.reason = reason
    review.decided_at, review.decided_by = timezone.now(), by
    review.submitted_at = review.submitted_by = None
    review.version += 1
    _step(review, action, before, by, reason)
    tell_returned(review, by=by, sender=sender, revision=review.revision, reason=reason)
    review.revision += 1
    review.save()
    return review
