from __future__ import annotations

import re

import pghistory
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from facilities.text.model_fields import LineField


@pghistory.track()
class SuggestedAction(models.Model):
    """What may be done about an indicator behind its target, as a ready sentence for the meeting.

    ``indicator_code``: one indicator, or the letters its code begins with («IMM»), for those of
    the group that have none of their own."""

    code = models.CharField(_("code"), max_length=12, primary_key=True)
    indicator_code = models.CharField(_("indicator or group"), max_length=8)
    text_id = LineField(_("text (Indonesian)"), max_length=300)
    text_en = LineField(_("text (English)"), max_length=300)
    sort_order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("suggested action")
        verbose_name_plural = _("suggested actions")
        ordering = ["sort_order", "code"]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return self.text_en if (get_language() or "id").startswith("en") else self.text_id


def group_of(indicator_code: str) -> str:
    """The letters an indicator's code begins with: «IMM25» → «IMM»."""
    found = re.match("[A-Z]+", indicator_code)
    return found.group() if found else ""
