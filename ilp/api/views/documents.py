from __future__ import annotations

from typing import Any, cast

import django_filters as filters
from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, PermissionDenied
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from facilities.models import User
from facilities.querysets import reads_from_outside
from ilp.api.base import DetailDoor, Door, ListDoor
from ilp.api.filters import PlaceFilters, WeekFilters, YesNoFilter
from ilp.api.problems import MEDIA_TYPE
from ilp.api.schema import problem_response
from ilp.api.serializers.documents import ReportSerializer
from reports.deliveries import ledger
from reports.models import ReportDocument
from reports.models.document import DocumentKind, DocumentState
from reports.printing.documents import NotReadyError, read_document
from reports.printing.views.documents import file_name


class _Reports(Door):
    queryset = ReportDocument.objects.none()
    serializer_class = ReportSerializer
    lookup_field = "public_id"

    def get_queryset(self) -> QuerySet[Any]:
        return ReportDocument.objects.visible_to(self.request.user).select_related(
            "facility__district"
        )


class ReportFilters(PlaceFilters, WeekFilters):
    kind = filters.ChoiceFilter(choices=DocumentKind.choices, label=_("Kind of report"))
    state = filters.ChoiceFilter(choices=DocumentState.choices, label=_("State"))
    is_draft = YesNoFilter(label=_("Draft"))
    ordering = filters.OrderingFilter(
        fields={
            "week": "week",
            "facility__code": "facility",
            "created_at": "created_at",
            "finished_at": "finished_at",
        }
    )


class ReportList(_Reports, ListDoor):
    """PDF documents, newest week first."""

    filterset_class = ReportFilters
    unique_order = ("-week", "facility__code", "pk")


class ReportDetail(_Reports, DetailDoor):
    """One PDF document: what it shows and how far it is."""


class NoFileYet(APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = _("The PDF is not ready yet; ask again in some seconds.")
    default_code = "not_ready"


class PdfRenderer(BaseRenderer):
    """Lets a client ask with ``Accept: application/pdf``; the view answers with the bytes."""

    media_type = "application/pdf"
    format = "pdf"


class AnyAccept(DefaultContentNegotiation):
    """The file is a PDF whatever was asked for; errors are JSON."""

    def select_renderer(
        self, _request: Request, _renderers: object, _suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return JSONRenderer(), JSONRenderer.media_type


class ReportPdf(_Reports, DetailDoor):
    renderer_classes = [JSONRenderer, PdfRenderer]
    content_negotiation_class = AnyAccept

    @extend_schema(
        responses={
            (200, "application/pdf"): OpenApiTypes.BINARY,
            (409, MEDIA_TYPE): problem_response("Not ready yet; ask again in some seconds"),
        }
    )
    def get(self, *_args: Any, **_kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """The file itself, byte for byte as recorded in ``file_sha256``."""
        document: ReportDocument = self.get_object()
        if reads_from_outside(self.request.user):
            raise PermissionDenied(
                _("The signed paper names persons and stays in the district; its figures are open.")
            )
        try:
            content = read_document(document)
        except NotReadyError as error:
            raise NoFileYet from error
        ledger.opened([document], cast(User, self.request.user), "API")
        response = HttpResponse(content, content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="{file_name(document)}"'
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cache-Control"] = "private, no-store"
        return response
