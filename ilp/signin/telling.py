"""Telling owners what happened to their accounts, and mailing links: by a worker, so that a page
takes as long for a name that exists as for one that does not."""

from __future__ import annotations

import datetime as dt
import logging

from django.conf import settings
from django.core.mail import EmailMessage, mailers
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from facilities.models import AccountEvent, Facility, PasswordLink, User
from facilities.models.facility import FacilityKind
from facilities.models.signin import AccountEventKind
from ilp.signin.links import make_link
from reports.deliveries.outbox import notify
from reports.models.delivery import DeliveryKind

_log = logging.getLogger(__name__)
_AT_ONCE, _MOST_ATTEMPTS = 100, 5
_PAUSE = dt.timedelta(minutes=5)  # between two mails with a link: no mailbox is flooded


def tell_owners() -> None:
    """Safe to run any number of times and beside itself."""
    waiting = AccountEvent.objects.filter(told_at=None).order_by("pk")
    for pk in waiting.values_list("pk", flat=True)[:_AT_ONCE]:
        try:
            _tell(pk)
        except Exception as error:  # noqa: BLE001 - one bad address must not hold up the others
            _log.warning("account_mail_failed: event %s: %r", pk, error)
            _count_attempt(pk)


@transaction.atomic
def _tell(pk: int) -> None:
    rows = AccountEvent.objects.select_for_update(skip_locked=True, of=("self",))
    event = rows.select_related("user", "by").filter(pk=pk, told_at=None).first()
    if event is None:
        return
    user = event.user or User.objects.filter(username__iexact=event.name).first()
    if user is None:
        event.delete()
        return
    event.user, event.name, event.told_at = user, "", timezone.now()
    event.save()
    with translation.override(settings.LANGUAGE_CODE):
        if event.kind == AccountEventKind.LINK_ASKED:
            _mail_link(user)
        else:
            _notify(event, user)


@transaction.atomic
def _count_attempt(pk: int) -> None:
    event = AccountEvent.objects.select_for_update().get(pk=pk)
    event.attempts += 1
    if event.attempts >= _MOST_ATTEMPTS:
        event.told_at = timezone.now()
        if event.user is None:
            event.user = User.objects.filter(username__iexact=event.name).first()
    event.save()


def _notify(event: AccountEvent, user: User) -> None:
    facility = _facility_of(user)
    if facility is None:  # an installation without any facility has no inbox either
        return
    when = event.at.astimezone(facility.district.zone)
    who = _("by yourself") if event.by == user else str(event.by) if event.by else ""
    facts = [
        str(AccountEventKind(event.kind).label) + (f" ({who})" if who else ""),
        f"{date_format(when, 'j F Y, H.i')} {facility.district.zone_name}",
    ]
    advice = _("If you know nothing of this, change your password and tell your Dinkes at once.")
    notify(
        key=f"account:{event.pk}",
        kind=DeliveryKind.ACCOUNT,
        recipients=[user],
        facility=facility,
        subject=str(AccountEventKind(event.kind).label),
        body="\n".join(facts) + "\n\n" + advice,
        url=reverse("account"),
        urgent=True,
    )


def _facility_of(user: User) -> Facility | None:
    """Where the person works; for an administrator of everything the first health office."""
    facilities = Facility.objects.select_related("district__area").order_by("pk")
    posting = user.postings.current().filter(facility__isnull=False).order_by("pk").first()
    if posting is not None:
        return facilities.get(pk=posting.facility_id)
    return facilities.filter(kind=FacilityKind.DINKES).first()


def _mail_link(user: User) -> None:
    """The link itself is in no row: it goes straight into the mail."""
    if not user.is_active or user.is_demo or not user.email:
        return
    lately = timezone.now() - _PAUSE
    if PasswordLink.objects.filter(user=user, made_by=None, made_at__gt=lately).exists():
        return
    link = make_link(person=user, by=None, by_mail=True)
    text = _(
        "Somebody, probably you, asked for a new password for the account %(name)s.\n\n"
        "Choose it here within two hours:\n%(link)s\n\n"
        "If it was not you, do nothing: your password stays as it is."
    ) % {"name": user.username, "link": link}
    mail = EmailMessage(
        subject="[Pantau ILP] " + _("Choose a new password"),
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )
    mailers["default"].send_messages([mail])
