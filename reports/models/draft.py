"""Photos and documents of a form that was not sent yet."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.text.model_fields import NameField

LEASE = dt.timedelta(hours=2)


def end_of_lease() -> dt.datetime:
    return timezone.now() + LEASE


class UploadDraft(models.Model):
    """A file that came with a form which was refused for something else: kept so that it need not
    be chosen again, for its sender alone and for two hours. It has no address of its own.

    Only files that passed every check are kept, as they would be stored. The bytes lie in the
    row: what expires leaves nothing behind on any disk.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    scope = models.CharField(max_length=80)  # which form, of what: "raise 1012406 2026-W46"
    file_name = NameField(max_length=150)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()  # bytes
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=end_of_lease, db_index=True)
    # Its form was sent. Until it expires the same form may come a second time.
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("file of an unsent form")
        verbose_name_plural = _("files of unsent forms")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="upload_draft_once_per_form", fields=["by", "scope", "sha256"]
            )
        ]

    def __str__(self) -> str:
        return self.file_name
