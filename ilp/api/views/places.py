from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.days import in_force, where_today
from facilities.models import District, Facility, FacilityStatus, FormerName
from facilities.models.facility import FacilityKind
from facilities.text.searching import containing
from ilp.api.base import DetailDoor, Door, ListDoor
from ilp.api.filters import DistrictFilter, FacilityFilter, KindFilter, WithinFilter, matches
from ilp.api.serializers.places import DistrictSerializer, FacilitySerializer


class _Districts(Door):
    """The districts in which you may see something."""

    queryset = District.objects.none()
    serializer_class = DistrictSerializer

    def get_queryset(self) -> QuerySet[Any]:
        dinkes = Facility.objects.visible_to(self.request.user).filter(kind=FacilityKind.DINKES)
        return (
            District.objects.visible_to(self.request.user)
            .select_related("area__parent")
            .prefetch_related(Prefetch("facilities", dinkes, to_attr="dinkes"))
        )


class DistrictFilters(filters.FilterSet):
    q = filters.CharFilter(method="filter_q", label=_("Part of the name or code"))
    ordering = filters.OrderingFilter(fields={"area_id": "code", "area__name": "name"})
    filter_q = matches("area__name", "area__code")


class DistrictList(_Districts, ListDoor):
    filterset_class = DistrictFilters
    unique_order = ("area_id",)


class DistrictDetail(_Districts, DetailDoor):
    lookup_field = "area_id"
    lookup_url_kwarg = "code"


class _Facilities(Door):
    """Facilities you may see, with what they are today."""

    queryset = Facility.objects.none()
    serializer_class = FacilitySerializer

    def get_queryset(self) -> QuerySet[Any]:
        current = FacilityStatus.objects.filter(
            where_today("facility__district", in_force, timezone.now())
        )
        return (
            Facility.objects.visible_to(self.request.user)
            .select_related("district", "parent", "village")
            .prefetch_related(Prefetch("statuses", current, to_attr="current_statuses"))
        )


class FacilityFilters(filters.FilterSet):
    kind = KindFilter(label=_("Kind"))
    parent = FacilityFilter("parent", label=_("Code of the one above"))
    within = WithinFilter("path", label=_("Code of a facility: it and all below it"))
    district = DistrictFilter("district", label=_("District code, such as 19.06"))
    q = filters.CharFilter(method="filter_q", label=_("Part of the name or code"))
    ordering = filters.OrderingFilter(fields=["code", "name", "kind"])

    def filter_q(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Names of the time before find it too."""
        former = FormerName.objects.filter(containing(text, "name"), facility=OuterRef("pk"))
        now = containing(text, "name", "code", "ministry_code")
        return rows.filter(now | Q(Exists(former)))


class FacilityList(_Facilities, ListDoor):
    filterset_class = FacilityFilters
    unique_order = ("code",)


class FacilityDetail(_Facilities, DetailDoor):
    lookup_field = "code"

    def get_object(self) -> Any:
        """However the code is spelt."""
        found = self.get_queryset().coded(self.kwargs["code"]).values_list("code", flat=True)  # type: ignore[attr-defined]
        self.kwargs["code"] = found.first() or self.kwargs["code"]
        return super().get_object()
