"""The plain admin is for superusers: everybody else works on the application's own pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin
from django.db import models
from django.http import HttpRequest

from facilities.text.form_fields import CountField


class SuperuserOnly:
    """Mix-in for ModelAdmin and inlines: permissions of single users or groups do not count.
    Numbers of people are read here as everywhere else."""

    formfield_overrides: ClassVar[Mapping[type[models.Field[Any, Any]], Mapping[str, Any]]] = {
        models.PositiveIntegerField: {"form_class": CountField}
    }

    def _allowed(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._allowed(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._allowed(request)


class ReadOnly(SuperuserOnly):
    """To look at only: rows that the application's actions, triggers or workers write."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class MasterAdmin(SuperuserOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Master data, edited by the installation's administrator."""

    list_per_page = 50
    show_full_result_count = False


class RecordAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]
    """Records of what happened."""

    list_per_page = 50
    show_full_result_count = False
