from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from facilities.admin_base import MasterAdmin
from lifecycle.models import LifecycleGroup, TargetPopulation


@admin.register(LifecycleGroup)
class LifecycleGroupAdmin(MasterAdmin):
    list_display = ["code", "name_id", "cluster_code", "group_type", "default_share", "valid_from"]
    list_filter = ["group_type", "cluster_code"]
    search_fields = ["code", "name_id", "name_en"]


@admin.register(TargetPopulation)
class TargetPopulationAdmin(MasterAdmin):
    list_display = [
        "village", "facility", "group_code", "year", "estimated", "counted", "official",
        "locked_at",
    ]  # fmt: skip
    list_filter = ["year", "official", "basis"]
    list_select_related = ["village", "facility"]
    search_fields = ["village__code", "village__name", "facility__code", "group_code"]
    autocomplete_fields = ["village", "facility"]
    readonly_fields = ["locked_at", "locked_by", "version"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Locked figures are the year's official denominators."""
        is_locked = obj is not None and obj.locked_at is not None
        return super().has_change_permission(request, obj) and not is_locked

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_locked = obj is not None and obj.locked_at is not None
        return super().has_delete_permission(request, obj) and not is_locked
