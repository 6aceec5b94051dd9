"""What every view of the API has in common. Deny by default stands here once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ilp.api.pagination import MAY_BE_EMPTY, PARAMETERS, Pages
from ilp.api.permissions import MayRead
from ilp.api.throttling import Limited


def check_parameters(request: Request, known: Iterable[str]) -> None:
    """A misspelt parameter is refused: ignored, it would return every row; and so it would an
    empty one. One that is there twice is refused as well: nobody knows which of them was meant."""
    names = sorted(known)
    unknown = _("Unknown parameter. Known: {known}.").format(known=", ".join(names))
    twice = _("Write this parameter once.")
    empty = _("Write a value, or leave this parameter out.")
    errors = {}
    for name, values in request.query_params.lists():
        if name not in names:
            errors[name] = [unknown]
        elif len(values) > 1:
            errors[name] = [twice]
        elif name not in MAY_BE_EMPTY and not values[0].strip():
            errors[name] = [empty]
    if errors:
        raise ValidationError(errors)


class StrictFilters(DjangoFilterBackend):
    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        filterset_class = self.get_filterset_class(view, queryset)
        known = {*PARAMETERS, *getattr(view, "extra_parameters", ())}
        known |= set(filterset_class.base_filters) if filterset_class else set()
        check_parameters(request, known)
        rows: QuerySet[Any] = super().filter_queryset(request, queryset, view)
        return rows


class Door(Limited, GenericAPIView[Any]):
    """``unique_order``: of the rows of a list, the last column telling each from all others."""

    unique_order: tuple[str, ...] = ()
    permission_classes = [MayRead]
    http_method_names = ["get", "head", "options"]

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        """A machine asks for its language; without a header it gets Indonesian like a page."""
        translation.activate(translation.get_language_from_request(request))
        super().initial(request, *args, **kwargs)
        # No text of the database has one; a parameter that no form reads would reach it.
        given = request.query_params.lists()
        if found := [name for name, values in given if any("\0" in value for value in values)]:
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
    extra_parameters: tuple[str, ...] = ()

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        check_parameters(request, self.extra_parameters)
