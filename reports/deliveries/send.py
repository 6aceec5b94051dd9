"""Sending one mail, from the claim to the row that says it left."""

from __future__ import annotations

import datetime as dt
import logging
import smtplib
import ssl

from celery.exceptions import SoftTimeLimitExceeded
from django.utils import timezone
from django.utils.translation import gettext as _

from reports.deliveries import mail
from reports.deliveries.claims import claim, drop, finish, give_back, postpone
from reports.deliveries.quiet import earliest
from reports.deliveries.reminders import is_moot
from reports.models.delivery import Delivery, DeliveryKind

_log = logging.getLogger(__name__)
_PERMANENT = range(500, 600)


def deliver(delivery_id: int) -> bool:
    """Send a mail if it is due; whether this call sent it. Safe to call any number of times."""
    delivery = claim(delivery_id)
    if delivery is None:
        return False
    if reason := _unwanted(delivery):
        drop(delivery, reason)
        return False
    if morning := _morning(delivery):  # it waited for a worker or a server until night fell
        postpone(delivery, morning)
        return False
    delivery.address = delivery.recipient.email  # as it is now: it may have been put right
    try:
        mail.send(delivery)
    except SoftTimeLimitExceeded:
        give_back(delivery, _("The mail server did not answer in time."))
    except Exception as error:  # noqa: BLE001 - whatever went wrong, it is one attempt
        _log.warning(
            "mail_failed: delivery %s attempt %s: %r", delivery.pk, delivery.attempts, error
        )
        reason, is_final = _explain(error)
        give_back(delivery, reason, is_final=is_final)
    else:
        return finish(delivery)
    return False


def _unwanted(delivery: Delivery) -> str:
    person = delivery.recipient
    if not person.is_active:
        return _("The person has no active account any more.")
    if not person.email:
        return _("The person has no e-mail address.")
    if not person.wants_mail:
        return _("The person no longer wants e-mail.")
    if delivery.kind == DeliveryKind.REMINDER and is_moot(delivery):
        return _("The review has been sent in the meantime, or the day of the reminder is over.")
    return ""


def _morning(delivery: Delivery) -> dt.datetime | None:
    if delivery.is_urgent:
        return None
    return earliest(delivery.facility.district, timezone.now())


def _explain(error: Exception) -> tuple[str, bool]:
    """A reason in people's words, and whether trying again is of no use."""
    code = _code(error)
    refused = _("The mail server refused the message (code %(code)s).") % {"code": code}
    match error:
        case smtplib.SMTPRecipientsRefused():
            text = _("The mail server refused the address (code %(code)s).") % {"code": code}
            return text, code in _PERMANENT
        case smtplib.SMTPAuthenticationError():
            return _("The mail server refused our user name or password."), False
        case smtplib.SMTPSenderRefused() | smtplib.SMTPDataError():
            return refused, code in _PERMANENT
        case ssl.SSLError() | smtplib.SMTPNotSupportedError():
            return _("The mail server and Pantau ILP found no secure connection."), False
        case smtplib.SMTPServerDisconnected() | OSError():  # SMTPException is an OSError too
            return _("The mail server does not answer."), False
        case ValueError():  # a header that no mail may carry, an address that is none
            return _("The address or the text cannot be sent as e-mail."), True
    return _("The message could not be sent: %(kind)s.") % {"kind": type(error).__name__}, False


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((int(code) for code, _text in error.recipients.values()), 0)
    return int(getattr(error, "smtp_code", 0) or 0)
