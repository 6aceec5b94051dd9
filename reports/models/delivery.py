"""The delivery ledger: what was made, sent, failed and opened, and by whom."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.models.document import ReportDocument

if TYPE_CHECKING:
    from facilities.models import User


class DeliveryKind(models.TextChoices):
    REPORT = "report", _("Report")
    REMINDER = "reminder", _("Reminder")
    DIGEST = "digest", _("Monday digest")
    ESCALATION = "escalation", _("Escalation")
    RETURNED = "returned", _("Returned for correction")
    ACCOUNT = "account", _("Your account")


class Channel(models.TextChoices):
    INBOX = "inbox", _("Inbox")
    MAIL = "mail", _("E-mail")


class DeliveryState(models.TextChoices):
    QUEUED = "queued", _("Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    OPENED = "opened", _("Opened")
    DROPPED = "dropped", _("No longer needed")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def inbox_of(self, user: User) -> DeliveryQuerySet:
        return self.filter(channel=Channel.INBOX, recipient=user)


class Delivery(models.Model):
    """One message to one person by one channel. This row is the truth and the outbox; a broker
    message is only a nudge. ``key`` says what it is about: the same thing is never sent twice."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=200)  # reminder:2026-W24:1012406:due
    kind = models.CharField(_("kind"), max_length=12, choices=DeliveryKind)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries"
    )
    address = models.CharField(_("address"), max_length=254, blank=True)  # as it was when sent
    facility = models.ForeignKey("facilities.Facility", models.PROTECT, related_name="deliveries")
    document = models.ForeignKey(
        ReportDocument, models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    subject = models.CharField(_("subject"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    url = models.CharField(max_length=300, blank=True)  # path on this site
    state = models.CharField(
        _("state"), max_length=8, choices=DeliveryState, default=DeliveryState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    # Does not wait for the morning: death, outbreak, violence.
    is_urgent = models.BooleanField(_("urgent"), default=False)
    # Not before: quiet hours, or the pause after a failed attempt.
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    error = models.CharField(_("error"), max_length=500, blank=True)
    created_at = models.DateTimeField(_("made"), auto_now_add=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    opened_at = models.DateTimeField(_("opened"), null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="delivery_once_per_thing", fields=["key", "channel", "recipient"]
            ),
            models.CheckConstraint(
                name="delivery_sent_has_moment",
                condition=~Q(state__in=["sent", "opened"]) | Q(sent_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="delivery_pending",
                condition=Q(state__in=["queued", "sending"]),
            ),
            models.Index(
                fields=["recipient", "-created_at"],
                name="delivery_inbox",
                condition=Q(channel="inbox"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.key}"


class LedgerKind(models.TextChoices):
    MADE = "made", _("Made")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Failed")
    OPENED = "opened", _("Opened")
    SHARED = "shared", _("Shared")


class LedgerEntry(models.Model):
    """One line of a report's ledger; written once, never changed."""

    document = models.ForeignKey(ReportDocument, models.PROTECT, related_name="ledger")
    kind = models.CharField(_("event"), max_length=8, choices=LedgerKind)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # null: a worker
    at = models.DateTimeField(auto_now_add=True)
    detail = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["document", "at"], name="ledger_by_document")]

    def __str__(self) -> str:
        return f"{self.document_id} {self.kind}"
