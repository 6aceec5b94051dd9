"""One message as an e-mail: plain text and a small HTML part, the report as a link.

A link and not an attachment: the PDF then asks for a sign-in and for the right to see it, a mail
passed on carries no figures, the newest revision is one tap away, the ledger knows who opened it,
and forty mails of a Monday weigh kilobytes instead of megabytes on a phone with two bars.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, mailers
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation

from reports.deliveries.outbox import one_line

if TYPE_CHECKING:
    from reports.models import Delivery

OUTSIDE, LOG_ONLY = "default", "demo"


def send(delivery: Delivery) -> None:
    """Hand the mail to the mail server; whatever smtplib raises goes to the caller."""
    connection = mailers[mailer(delivery)]
    try:
        connection.open()
        connection.send_messages([message(delivery)])
    finally:
        # Once the server has taken the mail, a goodbye that fails is no failure. After a failed
        # sign-in this closes what was half open.
        with contextlib.suppress(OSError):  # smtplib's own errors are OSErrors too
            connection.close()


def mailer(delivery: Delivery) -> str:
    """Demo data and demo accounts never write to the outside, whatever the settings say."""
    is_demo = delivery.facility.district.is_demo or delivery.recipient.is_demo
    return LOG_ONLY if is_demo else OUTSIDE


def message(delivery: Delivery) -> EmailMultiAlternatives:
    """The e-mail of a delivery, always with the same Message-ID: a double is recognisable."""
    district = delivery.facility.district
    context = {
        "delivery": delivery,
        "subject": one_line(delivery.subject),
        "paragraphs": [part.splitlines() for part in delivery.body.split("\n\n")],
        "link": settings.PUBLIC_URL + reverse("reports:inbox-open", args=[delivery.public_id]),
        "site": settings.PUBLIC_URL,
        "district": district,
        "is_demo": district.is_demo,
    }
    with translation.override(settings.LANGUAGE_CODE):
        text = render_to_string("reports/deliveries/mail.txt", context)
        page = render_to_string("reports/deliveries/mail.html", context)
    mail = EmailMultiAlternatives(
        subject=f"[Pantau ILP] {context['subject']}",
        body=text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[delivery.address],
        headers={
            "Message-ID": f"<{delivery.public_id}@{settings.MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",  # no answer of a holiday machine, please
        },
    )
    mail.attach_alternative(page, "text/html")
    return mail
