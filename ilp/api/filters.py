"""Filters shared by several lists. A bad value is a 400 that names its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_filters as filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework.exceptions import ValidationError as DRFValidationError

from clusters.models import Cluster, Indicator
from clusters.weeks import YEARS_TAKEN, Week, weeks_in_year
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from facilities.text.cleaning import shown
from facilities.text.searching import containing

# Only some years have a week 53: the pattern tells which.
_LONG_YEARS = "|".join(str(year) for year in YEARS_TAKEN if weeks_in_year(year) > 52)
WEEK_SCHEMA = {
    "type": "string",
    "pattern": f"^((19|20|21)[0-9]{{2}}-W(0[1-9]|[1-4][0-9]|5[0-2])|({_LONG_YEARS})-W53)$",
    "example": "2026-W24",
}


class _WeekFormField(forms.CharField):
    def clean(self, value: str | None) -> Week | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return Week.parse(text)
        except ValueError as error:
            raise ValidationError(_("Write a week like 2026-W24.")) from error


@extend_schema_field(WEEK_SCHEMA)
class WeekFilter(filters.Filter):
    field_class = _WeekFormField


def _unknown(parameter: str, message: Any, code: str) -> DRFValidationError:
    return DRFValidationError({parameter: [message % {"code": shown(code, 60)}]})


def known_facility(request: Any, parameter: str, code: str) -> Facility:
    """The facility with a code. One that nobody has, or that the caller may not see, is said to
    be unknown (400): an empty list would look like «nothing reported»."""
    found: Facility | None = Facility.objects.visible_to(request.user).coded(code).first()
    if found is None:
        message = _("There is no facility “%(code)s”, or it is outside your area.")
        raise _unknown(parameter, message, code)
    return found


def known_district(request: Any, parameter: str, code: str) -> District:
    """The district with a code, in which the caller sees something; else 400."""
    rows = District.objects.visible_to(request.user).select_related("area")
    found: District | None = rows.filter(area_id=code).first()
    if found is None:
        message = _("There is no district “%(code)s”, or it is outside your area.")
        raise _unknown(parameter, message, code)
    return found


class FacilityFilter(filters.CharFilter):
    """Rows of the facility with a code, which must be known."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        name = self.field_name or ""
        return super().filter(qs, known_facility(self.parent.request, name, value).pk)


class WithinFilter(filters.CharFilter):
    """Rows of a facility, which must be known, and of everything below it. ``field_name``: the
    way to the path."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        root = known_facility(self.parent.request, "within", value)
        return qs.filter(**{f"{self.field_name}__descendant_of": root.path})


class DistrictFilter(filters.CharFilter):
    """Rows of a district, which must be known. ``field_name``: the way to it."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        return super().filter(qs, known_district(self.parent.request, "district", value).pk)


class IndicatorFilter(filters.CharFilter):
    """Rows of an indicator that exists, or did once."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value and not Indicator.objects.filter(code=value).exists():
            raise _unknown("indicator", _("There is no indicator “%(code)s”."), value)
        return super().filter(qs, value)


class ClusterFilter(filters.CharFilter):
    """Rows of a cluster that exists."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if value and not Cluster.objects.filter(code=value).exists():
            raise _unknown("cluster", _("There is no cluster “%(code)s”."), value)
        return super().filter(qs, value)


class PlaceFilters(filters.FilterSet):
    """``facility``: exactly that one; ``within``: it and everything below; ``district``."""

    facility = FacilityFilter("facility", label=_("Facility code"))
    within = WithinFilter("facility__path", label=_("Code of a facility: it and all below it"))
    district = DistrictFilter("facility__district", label=_("District code, such as 19.06"))


class WeekFilters(filters.FilterSet):
    week = WeekFilter(field_name="week", label=_("Week"))
    week_from = WeekFilter(field_name="week", lookup_expr="gte", label=_("From this week on"))
    week_to = WeekFilter(field_name="week", lookup_expr="lte", label=_("Up to this week"))


@extend_schema_field({"type": "boolean"})
class YesNoFilter(filters.TypedChoiceFilter):
    """``true`` or ``false``; anything else is refused, not taken for «no filter»."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("true", _("yes")), ("false", _("no"))]
        super().__init__(choices=choices, coerce=lambda text: text == "true", **kwargs)


class KindFilter(filters.ChoiceFilter):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=FacilityKind.choices, **kwargs)


def matches(*fields: str) -> Callable[..., QuerySet[Any]]:
    """A filter method: any of these fields contains the text."""

    def filter_text(_self: object, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        return rows.filter(containing(text, *fields))

    return filter_text
