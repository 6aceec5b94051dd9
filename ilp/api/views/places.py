from __future__ import annotations

from typing import Any

import django_filters as filters
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.models import District, Facility, FacilityStatus
from facilities.models.facility import FacilityKind
from ilp.api.base import DetailDoor, Door, ListDoor
from ilp.api.filters import KindFilter, matches
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
    filter_q = matches("area__name", "area_id")


class DistrictList(_Districts, ListDoor):
    filterset_class = DistrictFilters


class DistrictDetail(_Districts, DetailDoor):
    lookup_field = "area_id"
    lookup_url_kwarg = "code"


class _Facilities(Door):
    """Facilities you may see, with what they are today."""

    queryset = Facility.objects.none()
    serializer_class = FacilitySerializer

    def get_queryset(self) -> QuerySet[Any]:
        today = timezone.localdate()
        current = FacilityStatus.objects.filter(
            Q(end_on=None) | Q(end_on__gt=today), start_on__lte=today
        )
        return (
            Facility.objects.visible_to(self.request.user)
            .select_related("district", "parent", "village")
            .prefetch_related(Prefetch("statuses", current, to_attr="current_statuses"))
        )


class FacilityFilters(filters.FilterSet):
    kind = KindFilter(label=_("Kind"))
    parent = filters.CharFilter(field_name="parent__code", label=_("Code of the one above"))
    within = filters.CharFilter(
        method="filter_within", label=_("Code of a facility: it and all below it")
    )
    district = filters.CharFilter(
        field_name="district__area_id", label=_("District code, such as 19.06")
    )
    q = filters.CharFilter(method="filter_q", label=_("Part of the name or code"))
    ordering = filters.OrderingFilter(fields=["code", "name", "kind"])
    filter_q = matches("name", "code", "ministry_code")

    def filter_within(self, rows: QuerySet[Any], _name: str, code: str) -> QuerySet[Any]:
        root = Facility.objects.visible_to(self.request.user).filter(code=code).first()
        return rows.none() if root is None else rows.filter(path__descendant_of=root.path)


class FacilityList(_Facilities, ListDoor):
    filterset_class = FacilityFilters


class FacilityDetail(_Facilities, DetailDoor):
    lookup_field = "code"
