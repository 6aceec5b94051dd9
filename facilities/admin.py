from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from facilities.actions.passwords import hand_over_password, record_own_password
from facilities.admin_base import MasterAdmin, SuperuserOnly
from facilities.models import (
    Area,
    District,
    Facility,
    FacilityStatus,
    LocalHoliday,
    Posting,
    ServiceArea,
    User,
)

# Rights come from postings; groups of permissions would be a second, silent way.
admin.site.unregister(Group)


class LocalHolidayInline(SuperuserOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = LocalHoliday
    extra = 0


@admin.register(District)
class DistrictAdmin(MasterAdmin):
    list_display = ["area", "timezone", "is_demo"]
    search_fields = ["area__name", "area__code"]
    autocomplete_fields = ["area"]
    list_select_related = ["area"]
    inlines: ClassVar[list[Any]] = [LocalHolidayInline]


@admin.register(Area)
class AreaAdmin(MasterAdmin):
    list_display = ["code", "name", "kind", "population", "population_year"]
    list_filter = ["kind"]
    search_fields = ["code", "name"]
    autocomplete_fields = ["parent"]


class StatusInline(SuperuserOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = FacilityStatus
    extra = 0


class ServiceAreaInline(SuperuserOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = ServiceArea
    extra = 0
    autocomplete_fields = ["village"]


class PostingInline(SuperuserOnly, admin.TabularInline):  # type: ignore[type-arg]
    model = Posting
    extra = 0
    autocomplete_fields = ["user", "facility"]


@admin.register(Facility)
class FacilityAdmin(MasterAdmin):
    list_display = ["code", "name", "kind", "parent", "district"]
    list_filter = ["kind", "district"]
    list_select_related = ["parent", "district__area"]
    search_fields = ["code", "name", "ministry_code"]
    autocomplete_fields = ["parent", "village", "district"]
    inlines: ClassVar[list[Any]] = [StatusInline, ServiceAreaInline, PostingInline]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        """Moving a facility also moves its totals: only ``move_facility`` may do it."""
        return ["parent", "district", "kind"] if obj is not None else []


@admin.register(User)
class UserAdmin(SuperuserOnly, DjangoUserAdmin):  # type: ignore[type-arg]
    list_display = ["username", "full_name", "is_active", "is_staff", "is_demo"]
    list_filter = ["is_active", "is_staff", "is_demo", "postings__role"]
    search_fields = ["username", "full_name", "nip"]
    ordering = ["username"]
    filter_horizontal: ClassVar[list[str]] = []
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": ["full_name", "email", "nip", "rank"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser", "is_demo"]}),
    ]
    add_fieldsets = [
        (
            None,
            {
                "classes": ["wide"],
                "fields": ["username", "full_name", "usable_password", "password1", "password2"],
            },
        ),
    ]
    inlines: ClassVar[list[Any]] = [PostingInline]

    def save_model(self, request: Any, obj: User, form: Any, change: Any) -> None:
        super().save_model(request, obj, form, change)
        if not change and obj.has_usable_password():
            hand_over_password(obj, by=request.user)

    def user_change_password(self, request: Any, id: str, form_url: str = "") -> Any:  # noqa: A002
        """Who sets another's password knows it: the other one chooses a new one at sign-in."""
        with transaction.atomic():
            response = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                user = User.objects.get(pk=id)
                if user == request.user:
                    record_own_password(user)
                else:
                    hand_over_password(user, by=request.user)
        return response
