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

from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from facilities.text.searching import containing

WEEK_SCHEMA = {"type": "string", "pattern": r"^\d{4}-W\d{2}$", "example": "2026-W24"}


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


class FacilityFilter(filters.CharFilter):
    """Rows of the facility with a code. One that nobody has, or that the caller may not see, is
    said to be unknown: an empty list would look like «nothing reported»."""

    def filter(self, qs: QuerySet[Any], value: str) -> QuerySet[Any]:
        if not value:
            return qs
        visible = Facility.objects.visible_to(self.parent.request.user)
        found = visible.coded(value).values_list("pk", flat=True).first()
        if found is None:
            message = _("There is no facility “%(code)s”, or it is outside your area.")
            raise DRFValidationError({self.field_of: [message % {"code": value}]})
        return super().filter(qs, found)

    def __init__(self, way: str, **kwargs: Any) -> None:
        self.field_of = way
        super().__init__(field_name=way, **kwargs)


class PlaceFilters(filters.FilterSet):
    """``facility``: exactly that one; ``within``: it and everything below; ``district``."""

    facility = FacilityFilter("facility", label=_("Facility code"))
    within = filters.CharFilter(
        method="filter_within", label=_("Code of a facility: it and all below it")
    )
    district = filters.CharFilter(
        field_name="facility__district__area_id", label=_("District code, such as 19.06")
    )

    def filter_within(self, rows: QuerySet[Any], _name: str, code: str) -> QuerySet[Any]:
        root = Facility.objects.visible_to(self.request.user).coded(code).first()
        return rows.none() if root is None else rows.filter(facility__path__descendant_of=root.path)


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
