"""Columns for what people write. The last door: whoever saves, through forms, the admin, imports,
commands or straight from code, saves clean text or gets InvalidInput.

In migrations they are Django's own fields.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from facilities.errors import InvalidInput
from facilities.text import form_fields
from facilities.text.cleaning import clean
from facilities.text.errors import UnfitText
from facilities.text.rules import fit


class _Kept(str):
    """Text that stood in the row before this rule did: saving the row again does not stop it."""

    __slots__ = ()


class _FreeText(models.Field):  # type: ignore[type-arg]
    has_lines = False
    is_name = False
    is_code = False
    stored_as = ""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, self.stored_as, args, kwargs

    def _fit(self, value: str) -> str:
        if self.is_code:
            return clean(value, is_name=True)
        return fit(value, has_lines=self.has_lines, is_name=self.is_name)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        if isinstance(value, str):
            try:
                value = self._fit(value)
            except UnfitText as error:
                raise ValidationError(str(error), code="unfit") from error
        return super().clean(value, model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if not isinstance(value, str):
            return value
        try:
            fitted = self._fit(value)
        except UnfitText as error:
            if add or not self._stood_before(model_instance, value):
                raise InvalidInput({self.name: str(error)}) from error
            return _Kept(value)
        setattr(model_instance, self.attname, fitted)
        return fitted

    def _stood_before(self, row: models.Model, value: str) -> bool:
        rows = type(row)._base_manager.filter(pk=row.pk)  # noqa: SLF001 - Django's documented API
        return "\0" not in value and value in rows.values_list(self.attname, flat=True)

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        """Also of ``update`` and ``bulk_update``, which ask no ``pre_save``."""
        if isinstance(value, _Kept):
            value = str(value)
        elif isinstance(value, str):
            try:
                value = self._fit(value)
            except UnfitText as error:
                raise InvalidInput({self.name: str(error)}) from error
        return super().get_db_prep_save(value, connection)

    def formfield(self, **kwargs: Any) -> Any:
        own = form_fields.LinesField if self.has_lines else form_fields.LineField
        kwargs.setdefault("form_class", own)
        if issubclass(kwargs["form_class"], form_fields.LineField):
            kwargs.setdefault("is_name", self.is_name)
            kwargs.setdefault("is_code", self.is_code)
        return super().formfield(**kwargs)


class LineField(_FreeText, models.CharField):  # type: ignore[type-arg]
    """One line."""

    stored_as = "django.db.models.CharField"


class NameField(LineField):
    """The name of a person in office, of a place or a facility."""

    is_name = True


class CodeField(NameField):
    """A code or number that an office gave; only cleaned."""

    is_code = True


class ShortTextField(_FreeText, models.CharField):  # type: ignore[type-arg]
    """A few sentences, line breaks kept."""

    has_lines = True
    stored_as = "django.db.models.CharField"


class ComposedField(ShortTextField):
    """Put together from texts that were judged themselves."""

    is_name = True


class LongTextField(_FreeText, models.TextField):  # type: ignore[type-arg]
    """Text without a limit of the column, line breaks kept."""

    has_lines = True
    stored_as = "django.db.models.TextField"
