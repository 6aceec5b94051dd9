"""A model field that holds a Week and stores its first day."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.weeks import Week

# date.fromisoformat also reads ISO weeks («2026-W53»), which start on Monday: not ours.
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WeekField(models.DateField):  # type: ignore[type-arg]
    """Python side ``Week``; database side the Sunday it starts on (a date)."""

    description = _("epidemiological week")
    if TYPE_CHECKING:  # what django-stubs reads: how the attribute is set, read and looked up
        _pyi_private_set_type: Week | dt.date | str  # type: ignore[assignment]
        _pyi_private_get_type: Week  # type: ignore[assignment]
        _pyi_lookup_exact_type: Any

    def from_db_value(self, value: dt.date | None, *_: object) -> Week | None:
        return None if value is None else Week.of(value)

    def to_python(self, value: object) -> Week | None:
        if value is None or isinstance(value, Week):
            return value
        if isinstance(value, dt.date):
            return Week.of(value)
        text = str(value)
        try:
            if _DATE.fullmatch(text):
                return Week.of(dt.date.fromisoformat(text))
            return Week.parse(text)
        except ValueError as error:
            raise ValidationError(_("Write a week like 2026-W24.")) from error

    def get_prep_value(self, value: object) -> dt.date | None:
        week = self.to_python(value)
        return None if week is None else week.start

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        kwargs.setdefault("form_class", forms.CharField)
        return models.Field.formfield(self, **kwargs)
