"""Who may. Each rule is a pair: ``check_can_…`` raises with the sentence the reader sees,
``can_…`` answers yes or no for the button. Seeing comes first: the caller has already found the
object through ``visible_to(user)``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from facilities.models.facility import FacilityKind
from facilities.models.user import Role, User

if TYPE_CHECKING:
    from facilities.models import District, Facility
    from reports.models import Escalation, HealthEvent, Problem, WeeklyReview


def has_role_at(user: User, roles: set[str], path: str) -> bool:
    """Whether the user holds one of the roles exactly at this facility."""
    return any(role in roles and at == path for role, at in user.current_postings)


def has_role_over(user: User, roles: set[str], path: str) -> bool:
    """Whether the user holds one of the roles at this facility or above it."""
    return any(
        role in roles and (at is None or path == at or path.startswith(f"{at}."))
        for role, at in user.current_postings
    )


def _is_admin(user: User) -> bool:
    return bool(user.is_superuser) or any(role == Role.ADMIN for role, _at in user.current_postings)


def check_can_edit_review(user: User, review: WeeklyReview) -> None:
    _check_fills_in(user, review.facility)


def _check_fills_in(user: User, facility: Facility) -> None:
    if facility.kind == FacilityKind.PUSTU:
        # The Puskesmas head may fill in for a Pustu without a head or without signal.
        if has_role_at(user, {Role.PUSTU_HEAD}, facility.path) or has_role_over(
            user, {Role.PUSKESMAS_HEAD}, facility.path
        ):
            return
        raise PermissionDenied(_("Only the head of this Pustu or of its Puskesmas may fill it in."))
    if has_role_at(user, {Role.PUSKESMAS_HEAD, Role.CLUSTER_OFFICER}, facility.path):
        return
    raise PermissionDenied(_("Only this Puskesmas may fill in its review."))


def check_can_replace_sum(user: User, review: WeeklyReview) -> None:
    """Only who answers for the sum: the head of the Puskesmas that adds it up."""
    facility = review.facility
    if facility.kind != FacilityKind.PUSKESMAS or not has_role_at(
        user, {Role.PUSKESMAS_HEAD}, facility.path
    ):
        raise PermissionDenied(_("Only the head of this Puskesmas may replace a sum."))


def check_can_submit_review(user: User, review: WeeklyReview) -> None:
    if review.facility.kind == FacilityKind.PUSTU:
        check_can_edit_review(user, review)
    elif not has_role_at(user, {Role.PUSKESMAS_HEAD}, review.facility.path):
        raise PermissionDenied(_("Only the head of this Puskesmas may send its review."))


def check_can_decide_review(user: User, review: WeeklyReview) -> None:
    """Approve or return: the level above, and never the one who sent it."""
    path = review.facility.path
    if review.submitted_by_id is not None and review.submitted_by_id == user.pk:
        raise PermissionDenied(_("You sent this review yourself; someone else must decide on it."))
    if review.facility.kind == FacilityKind.PUSTU:
        if has_role_over(user, {Role.PUSKESMAS_HEAD}, path) or _stands_in(user, review):
            return
        raise PermissionDenied(_("Only the head of the Puskesmas may approve or return this."))
    if has_role_over(user, {Role.DINKES}, path):
        return
    raise PermissionDenied(_("Only the district health office may approve or return this."))


def _stands_in(user: User, review: WeeklyReview) -> bool:
    """Dinkes, when the head of the Puskesmas filled in for a Pustu and sent it: nobody else at
    that level is left to decide, and the review could never be corrected."""
    path, sender = review.facility.path, review.submitted_by
    return (
        sender is not None
        and has_role_over(user, {Role.DINKES}, path)
        and has_role_over(sender, {Role.PUSKESMAS_HEAD}, path)
    )


def check_can_reopen_review(user: User, review: WeeklyReview) -> None:
    check_can_decide_review(user, review)


def check_can_raise_problem(user: User, facility: Facility) -> None:
    roles = {Role.PUSTU_HEAD, Role.PUSKESMAS_HEAD, Role.CLUSTER_OFFICER, Role.DINKES}
    if not has_role_over(user, {str(role) for role in roles}, facility.path):
        raise PermissionDenied(_("You may read here, but not report problems."))


def check_can_follow_up_problem(user: User, problem: Problem) -> None:
    check_can_raise_problem(user, problem.facility)


def check_can_record_event(user: User, facility: Facility) -> None:
    """Who writes the facility's counts. What has no report of its own: who reports problems."""
    if facility.kind in (FacilityKind.PUSTU, FacilityKind.PUSKESMAS):
        _check_fills_in(user, facility)
    else:
        check_can_raise_problem(user, facility)


def check_can_audit_event(user: User, event: HealthEvent) -> None:
    """Everybody who follows it up: the audit of a death is led by the Puskesmas or by Dinkes."""
    check_can_raise_problem(user, event.facility)


def check_can_withdraw_event(user: User, event: HealthEvent) -> None:
    roles = {str(Role.PUSKESMAS_HEAD), str(Role.DINKES)}
    if not has_role_over(user, roles, event.facility.path):
        raise PermissionDenied(
            _("Only the head of the Puskesmas or Dinkes may withdraw an event record.")
        )


def check_can_answer_escalation(user: User, escalation: Escalation) -> None:
    """The head of the Puskesmas that was asked, or Dinkes where Dinkes was."""
    roles: set[str] = {Role.PUSKESMAS_HEAD, Role.DINKES}
    if not has_role_at(user, roles, escalation.to_facility.path):
        raise PermissionDenied(_("Only the level that was asked may answer."))


def check_can_accept_problem(user: User, problem: Problem) -> None:
    """The Puskesmas receives what its Pustu reports; a report of its own, somebody in it."""
    roles = {Role.PUSKESMAS_HEAD, Role.CLUSTER_OFFICER, Role.DINKES}
    if not has_role_over(user, {str(role) for role in roles}, problem.facility.path):
        raise PermissionDenied(_("Only the Puskesmas or Dinkes may accept a problem."))


def check_can_reject_problem(user: User, problem: Problem) -> None:
    roles = {str(Role.PUSKESMAS_HEAD), str(Role.DINKES)}
    if not has_role_over(user, roles, problem.facility.path):
        raise PermissionDenied(
            _("Only the head of the Puskesmas or Dinkes may reject or verify a problem.")
        )


def check_can_verify_problem(user: User, problem: Problem) -> None:
    """The head of the Puskesmas or the level above, and nobody who did part of the work."""
    check_can_reject_problem(user, problem)
    doers = {problem.done_by_id, *(step.done_by_id for step in problem.follow_ups.all())}
    if user.pk in doers:
        raise PermissionDenied(_("You did this yourself; someone else must verify it."))


def check_can_reopen_problem(user: User, problem: Problem) -> None:
    """Everybody who may work on it: who lives with the problem sees first that it is back."""
    check_can_raise_problem(user, problem.facility)


def check_can_request_report(user: User, facility: Facility) -> None:
    roles = {Role.PUSTU_HEAD, Role.PUSKESMAS_HEAD, Role.DINKES}
    if _is_admin(user):
        return
    if not has_role_over(user, {str(role) for role in roles}, facility.path):
        raise PermissionDenied(_("You may read reports here, but not ask for new ones."))


def check_can_change_settings(user: User, district: District) -> None:
    """Deadlines and numbers of a district: its Dinkes, and administrators."""
    if _is_admin(user):
        return
    offices = district.facilities.filter(kind=FacilityKind.DINKES).values_list("path", flat=True)
    if not any(has_role_at(user, {Role.DINKES}, str(path)) for path in offices):
        raise PermissionDenied(_("Only the district health office changes these settings."))


def check_can_choose_priorities(user: User, facility: Facility) -> None:
    """Of the district: its Dinkes, and administrators; what a Puskesmas adds: also its head."""
    if facility.kind == FacilityKind.PUSKESMAS and has_role_at(
        user, {Role.PUSKESMAS_HEAD}, facility.path
    ):
        return
    if not can_change_settings(user, facility.district):
        raise PermissionDenied(
            _("Only the head of the Puskesmas or the district health office chooses priorities.")
        )


def check_can_change_network(user: User, district: District) -> None:
    """What opens, closes, moves and is called how: Dinkes of the district, and administrators."""
    try:
        check_can_change_settings(user, district)
    except PermissionDenied:
        message = _("Only the district health office changes the network.")
        raise PermissionDenied(message) from None


def check_can_change_letterhead(user: User, facility: Facility) -> None:
    """A Puskesmas: its head; its own and every Puskesmas': Dinkes, and administrators."""
    if _is_admin(user) or has_role_over(user, {Role.DINKES}, facility.path):
        return
    is_puskesmas = facility.kind == FacilityKind.PUSKESMAS
    if not (is_puskesmas and has_role_at(user, {Role.PUSKESMAS_HEAD}, facility.path)):
        raise PermissionDenied(
            _("Only the head of the Puskesmas or the district health office changes a letterhead.")
        )


def _can[Thing](check: Callable[[User, Thing], None]) -> Callable[[User, Thing], bool]:
    def can(user: User, thing: Thing) -> bool:
        try:
            check(user, thing)
        except PermissionDenied:
            return False
        return True

    return can


can_edit_review = _can(check_can_edit_review)
can_replace_sum = _can(check_can_replace_sum)
can_submit_review = _can(check_can_submit_review)
can_decide_review = _can(check_can_decide_review)
can_reopen_review = _can(check_can_reopen_review)
can_raise_problem = _can(check_can_raise_problem)
can_follow_up_problem = _can(check_can_follow_up_problem)
can_record_event = _can(check_can_record_event)
can_audit_event = _can(check_can_audit_event)
can_withdraw_event = _can(check_can_withdraw_event)
can_accept_problem = _can(check_can_accept_problem)
can_reject_problem = _can(check_can_reject_problem)
can_verify_problem = _can(check_can_verify_problem)
can_reopen_problem = _can(check_can_reopen_problem)
can_request_report = _can(check_can_request_report)
can_change_settings = _can(check_can_change_settings)
can_choose_priorities = _can(check_can_choose_priorities)
can_change_network = _can(check_can_change_network)
can_change_letterhead = _can(check_can_change_letterhead)
