from __future__ import annotations

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from ilp.api.throttling import Limited


@extend_schema(exclude=True)
class Unknown(Limited):
    """An address below ``/api/`` that leads nowhere: said to a machine, not as a page."""

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        super().initial(request, *args, **kwargs)
        raise Http404
