from __future__ import annotations

import datetime as dt
from typing import Any

import django_filters as filters
from django.db.models import F, OuterRef, Prefetch, QuerySet, Subquery
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from clusters.weeks import Week
from facilities.models import Facility, FormerName
from ilp.api.base import DetailDoor, Door, ListDoor
from ilp.api.filters import KindFilter, PlaceFilters, WeekFilters
from ilp.api.pagination import Pages
from ilp.api.serializers.reviews import (
    ReviewLinesSerializer,
    ReviewRowSerializer,
    ReviewSerializer,
)
from reports.models import ReviewRevision, WeeklyReview
from reports.models.review import ReviewStatus


class FewPages(Pages):
    """A Puskesmas sheet with its annexes is read whole: fewer of them fit on one page."""

    page_size = most_rows = 50


class _Reviews(Door):
    queryset = WeeklyReview.objects.none()

    def get_queryset(self) -> QuerySet[Any]:
        # The first that ended after the week, which is seven days from its first one.
        former = FormerName.objects.alias(ended=F("end_on") - dt.timedelta(days=7)).filter(
            facility=OuterRef("facility"), ended__gte=OuterRef("week")
        )
        name_then = Subquery(former.order_by("end_on").values("name")[:1])
        revisions = ReviewRevision.objects.order_by("number")
        if self.wants_lines():
            revisions = revisions.select_related("snapshot")
        return (
            WeeklyReview.objects.visible_to(self.request.user)
            .select_related("facility__district")
            .prefetch_related(Prefetch("revisions", revisions))
            .annotate(name_then=name_then)
        )

    def wants_lines(self) -> bool:
        return True


class ReviewFilters(PlaceFilters, WeekFilters):
    status = filters.ChoiceFilter(choices=ReviewStatus.choices, label=gettext_lazy("Status"))
    kind = KindFilter(field_name="facility__kind", label=gettext_lazy("Kind of facility"))
    ordering = filters.OrderingFilter(
        fields={"week": "week", "facility__code": "facility", "submitted_at": "submitted_at"}
    )


@extend_schema(
    parameters=[
        OpenApiParameter(
            "lines", bool, description="With the frozen lines; then at most 50 reviews a page"
        )
    ],
    responses=ReviewRowSerializer(many=True),
)
class ReviewList(_Reviews, ListDoor):
    """Weekly reviews, newest week first. ``lines`` come only with ``?lines=true``."""

    filterset_class = ReviewFilters
    unique_order = ("-week", "facility__code")
    extra_parameters = ("lines",)

    def wants_lines(self) -> bool:
        value = self.request.query_params.get("lines", "false")
        if value not in {"true", "false"}:
            raise ValidationError({"lines": [_("Write true or false.")]})
        return value == "true"

    def get_serializer_class(self) -> type[ReviewSerializer]:
        return ReviewLinesSerializer if self.wants_lines() else ReviewSerializer

    @property
    def paginator(self) -> Pages:
        if not hasattr(self, "_pages"):
            self._pages = FewPages() if self.wants_lines() else Pages()
        return self._pages


@extend_schema(
    parameters=[
        OpenApiParameter("week", str, "path", description="Such as 2026-W24"),
        OpenApiParameter("code", str, "path", description="Facility code"),
        OpenApiParameter(
            "revision", {"type": "integer", "minimum": 1}, description="An earlier frozen revision"
        ),
    ]
)
class ReviewDetail(_Reviews, DetailDoor):
    """One review with the lines of its standing revision, as they were signed.

    A review that is still open, or was returned or reopened, has no standing revision and
    therefore no lines; ``?revision=`` reads any that was frozen before.
    """

    serializer_class = ReviewLinesSerializer
    extra_parameters = ("revision",)

    def get_object(self) -> WeeklyReview:
        try:
            week = Week.parse(self.kwargs["week"])
        except ValueError as error:
            raise Http404 from error
        review: WeeklyReview = get_object_or_404(
            self.get_queryset(), week=week, facility__in=Facility.objects.coded(self.kwargs["code"])
        )
        self.check_object_permissions(self.request, review)
        return review

    def retrieve(self, request: Request, *_args: object, **_kwargs: object) -> Response:
        review = self.get_object()
        wanted = _frozen_number(review, request.query_params.get("revision"))
        context = {**self.get_serializer_context(), "revision": wanted}
        return Response(ReviewLinesSerializer(review, context=context).data)


def _frozen_number(review: WeeklyReview, wanted: str | None) -> int | None:
    """The frozen revision asked for; None when none was. 400 when there is no such one."""
    if wanted is None:
        return None
    for revision in review.revisions.all():
        if str(revision.number) == wanted:
            return revision.number
    raise ValidationError({"revision": [_("There is no such frozen revision.")]})
