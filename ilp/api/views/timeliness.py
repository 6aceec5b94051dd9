"""Completeness and timeliness: how many of the reviews that were due are in, and in time."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from ilp.api.base import Door, check_parameters
from ilp.api.filters import WEEK_SCHEMA, known_district
from ilp.api.pagination import OnePage
from ilp.api.serializers.timeliness import TimelinessSerializer
from reports.deadlines.queries.timeliness import recent_weeks, timeliness
from reports.models import WeeklyReview

KINDS = (FacilityKind.PUSKESMAS, FacilityKind.PUSTU)
MOST_WEEKS = 104
PARAMETERS = ("district", "kind", "weeks", "until")

_WEEKS = {"type": "integer", "minimum": 1, "maximum": MOST_WEEKS, "default": 8}


class TimelinessList(Door):
    """Reviews received and received in time: a row for each facility, then one for each week,
    then one for everything. Only facilities open in a week count, and in totals only weeks
    whose deadline has passed; ``expected`` 0 means that nothing was due."""

    queryset = WeeklyReview.objects.none()
    serializer_class = TimelinessSerializer
    pagination_class = OnePage

    @extend_schema(
        parameters=[
            OpenApiParameter("district", str, description="District code; needed if you see many"),
            OpenApiParameter("kind", str, enum=[str(kind) for kind in KINDS]),
            OpenApiParameter("weeks", _WEEKS, description="How many weeks, 8 by default"),
            OpenApiParameter("until", WEEK_SCHEMA, description="The last week; else the last over"),
        ],
        responses=TimelinessSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        check_parameters(request, PARAMETERS)
        district = self._district(request)
        until = self._until(request, district)
        places = list(
            Facility.objects.visible_to(request.user)
            .filter(district=district, kind=self._kind(request))
            .order_by("code")
        )
        span = recent_weeks(until, self._weeks(request))
        result = timeliness(district, places, span, timezone.now())
        rows: list[Any] = [*result.by_facility, *result.by_week, result.whole]
        # A few hundred at most, and computed together: always one page, in the shape of lists.
        return Response({"next": None, "results": self.get_serializer(rows, many=True).data})

    def _district(self, request: Request) -> District:
        if code := request.query_params.get("district"):
            return known_district(request, "district", code)
        rows = District.objects.visible_to(request.user).select_related("area")
        found = list(rows[:2])
        if not found:
            raise Http404
        if len(found) > 1:
            raise ValidationError({"district": [_("Say which district.")]})
        return found[0]

    def _kind(self, request: Request) -> str:
        kind = request.query_params.get("kind", FacilityKind.PUSKESMAS)
        if kind not in KINDS:
            raise ValidationError({"kind": [_("Write puskesmas or pustu.")]})
        return str(kind)

    def _weeks(self, request: Request) -> int:
        text = request.query_params.get("weeks", "8")
        if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_WEEKS):
            message = _("Write a whole number from 1 to {largest}.").format(largest=MOST_WEEKS)
            raise ValidationError({"weeks": [message]})
        return int(text)

    def _until(self, request: Request, district: District) -> Week:
        last = Week.of(timezone.localdate(timezone=district.zone)) - 1
        text = request.query_params.get("until")
        if text is None:
            return last
        try:
            return Week.parse(text)
        except ValueError:
            raise ValidationError({"until": [_("Write a week like 2026-W24.")]}) from None
