"""What every view of the API has in common. Deny by default stands here once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from facilities.errors import InvalidInput
from ilp.api.pagination import Pages
from ilp.api.permissions import MayRead
from ilp.api.throttling import PerUser
from reports.shapes.schema import SignedByNewerVersion


class CannotRead(APIException):
    """A signed sheet that a newer version stored."""

    status_code = status.HTTP_501_NOT_IMPLEMENTED
    default_code = "signed_by_newer_version"


def answer_of(error: Exception, context: dict[str, Any]) -> Response | None:
    """Half an answer would look like a review without lines: the whole call is refused. What an
    action found that no field had looked for is answered by field as well."""
    if isinstance(error, InvalidInput):
        error = ValidationError({name: [text] for name, text in error.errors.items()})
    if isinstance(error, SignedByNewerVersion):
        error = CannotRead(str(error))
    return exception_handler(error, context)


class StrictFilters(DjangoFilterBackend):
    """A misspelt parameter is refused: ignored, it would return every row."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        known = {"page", "page_size", *getattr(view, "extra_parameters", ())}
        known |= set(filterset_class.base_filters) if filterset_class else set()
        if unknown := [name for name in request.query_params if name not in known]:
            choice = ", ".join(sorted(known))
            message = _("Unknown parameter. Known: {known}.").format(known=choice)
            raise ValidationError({name: [message] for name in unknown})
        rows: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return rows


class Door(GenericAPIView[Any]):
    permission_classes = [MayRead]
    throttle_classes = [PerUser]
    http_method_names = ["get", "head", "options"]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """A machine asks for its language; without a header it gets Indonesian like a page."""
        translation.activate(translation.get_language_from_request(request))
        super().initial(request, *args, **kwargs)
        # No text of the database has one; a parameter that no form reads would reach it.
        if found := [name for name, value in request.query_params.items() if "\0" in value]:
            raise ValidationError({name: [_("Null characters are not allowed.")] for name in found})

    def finalize_response(
        self, request: Request, response: Response, *args: object, **kwargs: object
    ) -> Response:
        """Health figures stay in no cache on the way."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.setdefault("Cache-Control", "private, no-store")
        response.setdefault("Content-Language", translation.get_language() or "id")
        return response


class ListDoor(Door, ListAPIView[Any]):
    filter_backends = [StrictFilters]
    pagination_class = Pages


class DetailDoor(Door, RetrieveAPIView[Any]):
    filter_backends = []
