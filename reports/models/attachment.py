"""Photos and documents of a problem: shown to those who see the problem, to nobody else."""

from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from facilities.text.model_fields import NameField
from reports.models.problem import FollowUp, Problem


class AttachmentPurpose(models.TextChoices):
    REPORT = "report", _("Report")
    EVIDENCE = "evidence", _("Evidence")
    ANSWER = "answer", _("Answer")


@pghistory.track()
class Attachment(models.Model):
    """One file, named by the SHA-256 of its bytes. The type comes from the content, never from
    the name or from what the browser says."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="attachments")
    follow_up = models.ForeignKey(
        FollowUp, models.CASCADE, null=True, blank=True, related_name="attachments"
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=AttachmentPurpose)
    file_name = NameField(_("file name"), max_length=150)
    media_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveIntegerField(_("size"))  # bytes
    sha256 = models.CharField(max_length=64)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["uploaded_at", "pk"]
        constraints = [
            # The same file sent twice is there once.
            models.UniqueConstraint(
                name="attachment_once_per_problem",
                fields=["problem", "follow_up", "purpose", "sha256"],
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.file_name
