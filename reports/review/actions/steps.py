"""What people do with a weekly review. Each action is one transaction: lock, right, version,
rule, history. Page, API, commands and the clock call only these."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clusters.actions import FirstMonth, record_achievement
from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.models import Facility, User
from facilities.models.facility import FacilityKind
from facilities.text.rules import fit_field
from reports.computed import nudges
from reports.computed.actions import compute_week
from reports.figures.queries.facility_lines import LEVELS
from reports.models import ReviewStep, WeeklyReview
from reports.permissions import (
    check_can_decide_review,
    check_can_edit_review,
    check_can_reopen_review,
    check_can_submit_review,
)
from reports.review.actions.readiness import (
    SHORTEST_REASON,
    Reasons,
    answered_sheet,
    excuse_gaps,
)
from reports.review.documents import request_review_documents
from reports.review.freezing import freeze, signed_sheet
from reports.review.messages import tell_returned
from reports.states import REVIEW_TRANSITIONS, check_transition


def open_weekly_review(*, facility: Facility, week: Week, by: User | None = None) -> WeeklyReview:
    """The facility's review of a week, opened if it is not there yet. Safe to run twice.

    Refuses a week that has not begun, a facility that was not open in it, and any facility
    that holds no weekly review.
    """
    if facility.kind not in {FacilityKind.PUSKESMAS, FacilityKind.PUSTU}:
        raise IllegalTransition(_("Only a Puskesmas or a Pustu has a weekly review."))
    if week.start > timezone.localdate(timezone=facility.district.zone):
        raise IllegalTransition(_("This week has not begun yet."))
    if not Facility.objects.open_between(week.start, week.end).filter(pk=facility.pk).exists():
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
    first_month: FirstMonth | None = None,
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
        first_month=first_month,
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
    nudges.send_on_commit(review.pk)


def _check_reason(reason: str) -> str:
    reason = fit_field("reason", reason, has_lines=True)
    if len(reason) < SHORTEST_REASON:
        raise InvalidInput({"reason": _("Give a reason, so that it can be put right.")})
    return reason


@transaction.atomic
def submit_review(
    *,
    review: WeeklyReview,
    by: User,
    expected_version: int,
    undecided_reason: str = "",
    no_meeting_reason: str = "",
    empty_reason: str = "",
    doubts_reason: str = "",
    problems_reason: str = "",
    gap_reason: str = "",
    events_reason: str = "",
) -> WeeklyReview:
    """Sign and send: the figures freeze as a revision, the PDFs are queued.

    The week is over. A meeting was held, every row has its number, every death and event its
    record, every doubt, every problem of
    earlier weeks and every red row its answer, and the weeks before are sent, or a reason says
    why not; else NotReady (an InvalidInput) names all that is open.
    """
    review = _locked(review)
    check_can_submit_review(by, review)
    before = review.status
    target = check_transition(REVIEW_TRANSITIONS, "submit", review)
    _check_version(review, expected_version)
    review.status = target
    review.submitted_at, review.submitted_by = timezone.now(), by
    review.decided_at = review.decided_by = None
    review.reason = ""
    review.version += 1
    reasons = Reasons(
        undecided_reason, no_meeting_reason, empty_reason, doubts_reason, problems_reason,
        gap_reason, events_reason,
    )  # fmt: skip
    # What the system fills in itself stands as of this signature.
    compute_week(review.facility.district, review.week, signing=review)
    # Computed once: the rows that are judged are those that are frozen.
    sheet = answered_sheet(review, signed_sheet(review), reasons)
    excuse_gaps(review, reasons.of("gap_reason"), by)
    review.save()
    revision = freeze(review, sheet)
    _step(review, "submit", before, by)
    request_review_documents(review, revision, by=by)
    return review


@transaction.atomic
def approve_review(*, review: WeeklyReview, by: User, expected_version: int) -> WeeklyReview:
    """The level above has received and accepted it."""
    review = _locked(review)
    check_can_decide_review(by, review)
    before = review.status
    target = check_transition(REVIEW_TRANSITIONS, "approve", review)
    _check_version(review, expected_version)
    review.status = target
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
    target = check_transition(REVIEW_TRANSITIONS, action, review)
    _check_version(review, expected_version)
    review.status = target
    review.reason = reason
    review.decided_at, review.decided_by = timezone.now(), by
    review.submitted_at = review.submitted_by = None
    review.version += 1
    _step(review, action, before, by, reason)
    tell_returned(review, by=by, sender=sender, revision=review.revision, reason=reason)
    review.revision += 1
    review.save()
    return review
