"""The minutes of a meeting: who else came, and the numbered decisions. As long as the review is
written; each action is one transaction under the review's lock."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.models import User
from facilities.text.rules import fit_field
from reports.models import Attendance, MeetingDecision, WeeklyReview
from reports.permissions import check_can_edit_review

MOST_OTHERS = 60
MOST_DECISIONS = 99


def _locked(review: WeeklyReview, by: User) -> WeeklyReview:
    """The review as it is now, if this person may write in it; locked until the end."""
    row = (
        WeeklyReview.objects.select_for_update(of=("self",))
        .select_related("facility__parent", "facility__district__area")
        .get(pk=review.pk)
    )
    check_can_edit_review(by, row)
    if not row.is_editable:
        raise IllegalTransition(
            _("This review has been sent. Its figures are frozen; ask for it to be returned.")
        )
    return row


def _text(field: str, value: str, message: str, longest: int) -> str:
    value = fit_field(field, value, is_name=field != "text")
    if not value:
        raise InvalidInput({field: message})
    if len(value) > longest:
        raise InvalidInput({field: _("At most %(most)s signs.") % {"most": longest}})
    return value


@transaction.atomic
def add_person(*, review: WeeklyReview, by: User, name: str, position: str) -> Attendance:
    """Somebody beside the heads of the Pustu sat in the meeting. The same person twice is one."""
    review = _locked(review, by)
    name = _text("name", name, _("Write the name."), 120)
    position = _text("position", position, _("Write the position or office."), 120)
    others = Attendance.objects.filter(review=review, facility=None)
    same = others.filter(name__iexact=name, position__iexact=position).first()
    if same is not None:
        return same
    if others.count() >= MOST_OTHERS:
        raise InvalidInput({"name": _("The list is full.")})
    return Attendance.objects.create(review=review, name=name, position=position, is_present=True)


@transaction.atomic
def remove_person(*, review: WeeklyReview, by: User, person_id: int) -> None:
    """Take a person off the list; gone already is no error."""
    review = _locked(review, by)
    Attendance.objects.filter(review=review, facility=None, pk=person_id).delete()


@transaction.atomic
def add_meeting_decision(
    *, review: WeeklyReview, by: User, text: str, client_key: uuid.UUID | None = None
) -> MeetingDecision:
    """The next number. Sent twice with one ``client_key`` it is one decision."""
    review = _locked(review, by)
    text = _text("text", text, _("Write what was decided."), 500)
    rows = MeetingDecision.objects.filter(review=review)
    if client_key is not None and (first := rows.filter(client_key=client_key).first()):
        return first
    last = rows.aggregate(last=Max("number"))["last"] or 0
    if last >= MOST_DECISIONS:
        raise InvalidInput({"text": _("The list is full.")})
    return MeetingDecision.objects.create(
        review=review, number=last + 1, text=text, by=by, client_key=client_key
    )


@transaction.atomic
def change_meeting_decision(
    *, review: WeeklyReview, by: User, number: int, text: str, expected_at: dt.datetime
) -> MeetingDecision:
    """New words under the same number; ``expected_at``: when what was seen had been saved."""
    row = _decision(_locked(review, by), number)
    text = _text("text", text, _("Write what was decided."), 500)
    if row.text == text and not row.is_withdrawn:
        return row
    _check_seen(row, expected_at)
    row.text, row.by = text, by
    row.save()
    return row


@transaction.atomic
def withdraw_meeting_decision(
    *, review: WeeklyReview, by: User, number: int, is_withdrawn: bool, expected_at: dt.datetime
) -> MeetingDecision:
    """Withdraw a decision, or take that back. The number stays and is never given again."""
    row = _decision(_locked(review, by), number)
    if row.is_withdrawn == is_withdrawn:
        return row
    _check_seen(row, expected_at)
    row.is_withdrawn, row.by = is_withdrawn, by
    row.save()
    return row


def _decision(review: WeeklyReview, number: int) -> MeetingDecision:
    row = MeetingDecision.objects.filter(review=review, number=number).first()
    if row is None:
        raise InvalidInput({"number": _("There is no decision with this number.")})
    return row


def _check_seen(row: MeetingDecision, expected_at: dt.datetime) -> None:
    if row.at != expected_at:
        raise StaleVersion(_("Someone else changed this decision in the meantime."), current=row)
