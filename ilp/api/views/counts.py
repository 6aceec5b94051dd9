from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from clusters.models import Achievement
from clusters.models.achievement import Source
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.querysets import reads_from_outside
from ilp.api.base import Door
from ilp.api.permissions import MayFillIn
from ilp.api.problems import MEDIA_TYPE, conflict
from ilp.api.serializers.counts import (
    CountConflictSerializer,
    CountSerializer,
    CountWriteSerializer,
    CurrentValuesSerializer,
    SavedCountSerializer,
    ValuesSerializer,
)
from reports.figures.queries.facility_lines import facility_lines, indicators_for
from reports.figures.queries.plausibility import row_checks
from reports.lookup import review_or_404
from reports.models import WeeklyReview
from reports.permissions import check_can_edit_review
from reports.review.actions.steps import open_weekly_review, save_count

if TYPE_CHECKING:
    from facilities.models import User

_PATH = [
    OpenApiParameter("week", str, "path", description="Such as 2026-W24"),
    OpenApiParameter("code", str, "path", description="Code of a Puskesmas or Pustu"),
    OpenApiParameter("indicator", str, "path", description="Such as KIA01"),
]


class ReviewCount(Door):
    """The own count of one indicator in a facility's weekly review, without those below it."""

    permission_classes = [MayFillIn]
    http_method_names = ["get", "put", "head", "options"]
    queryset = WeeklyReview.objects.none()

    def get_serializer_class(self) -> type[CountSerializer | CountWriteSerializer]:
        """OPTIONS tells the fields of a write."""
        return CountWriteSerializer if self.request.method == "PUT" else CountSerializer

    @extend_schema(parameters=_PATH, responses=CountSerializer)
    def get(self, request: Request, **_kwargs: str) -> Response:
        """The count as it stands, with the version a write must name."""
        review = self.get_object()
        rows = Achievement.objects.visible_to(request.user)
        row = rows.filter(
            facility=review.facility, week=review.week, indicator_code=self.kwargs["indicator"]
        ).first()
        return Response(CountSerializer(self._values(review, row)).data)

    @extend_schema(
        parameters=_PATH,
        request=CountWriteSerializer,
        responses={200: SavedCountSerializer, (409, MEDIA_TYPE): CountConflictSerializer},
    )
    def put(self, request: Request, **_kwargs: str) -> HttpResponse:
        """Save a count, as on the page: the same rights, checks and history.

        Sending what is there already changes nothing, so a lost answer may be asked for again.
        409 when somebody else saved the row since your `version`, with both values, or when the
        review has been sent.
        """
        review, by = self.get_object(), cast("User", request.user)  # MayFillIn has asked
        check_can_edit_review(by, review)
        if not review.is_editable:
            return _sent()
        body = CountWriteSerializer(data=request.data)
        body.is_valid(raise_exception=True)
        values = body.validated_data
        try:
            row = save_count(
                review=_stored(review, by),
                indicator_code=self.kwargs["indicator"],
                numerator=values["numerator"],
                denominator=values["denominator"],
                note=values.get("note"),
                by=by,
                expected_version=values["version"],
                source=Source.API,
            )
        except InvalidInput as error:
            raise ValidationError({name: [text] for name, text in error.errors.items()}) from error
        except StaleVersion as error:
            return _stale(error, values)
        except IllegalTransition:
            return _sent()
        return Response(SavedCountSerializer(self._saved(review, row)).data)

    def get_object(self) -> WeeklyReview:
        """404 for what is not visible, not reported there, or a week without a review."""
        user = self.request.user
        review = review_or_404(user, self.kwargs["week"], self.kwargs["code"])
        # «No data» would be wrong of a figure that is there and not open to the reader.
        if reads_from_outside(user) and not WeeklyReview.objects.figures_open_to(user, review):
            raise Http404(_("This week was not sent."))
        known = {row.code for row in indicators_for(review.facility.kind, review.week)}
        if self.kwargs["indicator"] not in known:
            raise Http404(
                _("There is no indicator “%(code)s” in this review.")
                % {"code": self.kwargs["indicator"]}
            )
        return review

    def _values(self, review: WeeklyReview, row: Achievement | None) -> dict[str, Any]:
        return {
            "facility": review.facility.code,
            "week": str(review.week),
            "indicator": self.kwargs["indicator"],
            "numerator": row.numerator if row else None,
            "denominator": row.denominator if row else None,
            "version": row.version if row else 0,
            "source": row.source if row else "",
            "entered_at": row.entered_at if row else None,
        }

    def _saved(self, review: WeeklyReview, row: Achievement) -> dict[str, Any]:
        lines = facility_lines([review.facility], review.week)[review.facility.pk]
        checks = row_checks(review.facility, review.week, lines).of(row.indicator_code)
        said = [
            {"rule": one.rule, "message": one.message, "is_confirmed": not one.is_open}
            for one in checks
        ]
        return self._values(review, row) | {"note": row.note, "warnings": said}


def _stored(review: WeeklyReview, by: User) -> WeeklyReview:
    """As a row: the first count of a week opens the review."""
    if (review.pk or 0) > 0:
        return review
    return open_weekly_review(facility=review.facility, week=review.week, by=by)


def _sent() -> HttpResponse:
    detail = _("This review has been sent; its figures can no longer be changed.")
    return conflict("review_sent", detail)


def _stale(error: StaleVersion, values: dict[str, Any]) -> HttpResponse:
    row = error.current
    current = {
        "numerator": row.numerator,
        "denominator": row.denominator,
        "note": row.note,
        "version": row.version,
        "entered_by": str(row.entered_by or ""),
        "entered_at": row.entered_at,
    }
    yours = {
        "numerator": values["numerator"],
        "denominator": values["denominator"],
        "note": values.get("note"),
    }
    both = {
        "current": CurrentValuesSerializer(current).data,
        "yours": ValuesSerializer(yours).data,
    }
    return conflict("stale_version", str(error), both)
