"""An uploaded form between «check» and «save»: kept here, so that nothing has to come back from
the browser."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clusters.fields import WeekField
from facilities.text.model_fields import NameField

KEPT = dt.timedelta(hours=2)


def two_hours_from_now() -> dt.datetime:
    return timezone.now() + KEPT


class SheetUpload(models.Model):
    """What one person's file said, read and judged cell by cell. Only that person sees it; it
    expires, and expired ones are deleted with the next upload."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    facility = models.ForeignKey("facilities.Facility", models.CASCADE, related_name="+")
    week = WeekField(_("week"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    file_name = NameField(max_length=100, blank=True)
    # {"entries": [{row, code, numerator, denominator, note, version, is_hidden}],
    #  "errors": [{row, sheet, cell, found, message}]}, messages in the uploader's language.
    content = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(default=two_hours_from_now, db_index=True)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("uploaded form")
        verbose_name_plural = _("uploaded forms")

    def __str__(self) -> str:
        return f"{self.facility_id} {self.week} {self.public_id}"
