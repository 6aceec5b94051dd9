"""A model field that holds a Week and stores its first day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from clusters.weeks import Week


class WeekField(models.DateField):  # type: ignore[type-arg]
    """Python side ``Week``; database side the Sunday it starts on (a date)."""

    description = _("epidemiological week")

    def from_db_value(self, value: dt.date | None, *args: Any) -> Week | None:
        return None if value is None else Week.of(value)

    def to_python(self, value: Any) -> Week | None:
        if value is None or isinstance(value, Week):
            return value
        if isinstance(value, dt.date):
            return Week.of(value)
        try:
            return Week.parse(str(value))
        except ValueError:
            pass
        try:
            return Week.of(dt.date.fromisoformat(str(value)))
        except ValueError as error:
            raise ValidationError(_("Write a week like 2026-W24.")) from error

    def get_prep_value(self, value: Any) -> dt.date | None:
        week = self.to_python(value)
        return None if week is None else week.start

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return self.get_prep_value(value)

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        kwargs.setdefault("form_class", forms.CharField)
        return models.Field.formfield(self, **kwargs)
