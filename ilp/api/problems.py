"""What a refusal below ``/api/`` looks like, whoever refuses: RFC 9457, one shape for all."""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import defaults
from rest_framework import status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from facilities.errors import InvalidInput
from reports.shapes.schema import SignedByNewerVersion

MEDIA_TYPE = "application/problem+json"


class CannotRead(APIException):
    """A signed sheet that a newer version stored."""

    status_code = status.HTTP_501_NOT_IMPLEMENTED
    default_code = "signed_by_newer_version"


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("This is more than is taken at once.")
    default_code = "too_large"


def problem(
    status_code: int, code: str, detail: str, errors: dict[str, list[str]] | None = None
) -> dict[str, Any]:
    """``errors``: sentences by parameter or field; left out where it is none's fault."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status_code).phrase,
        "status": status_code,
        "code": code,
        "detail": detail,
    }
    return body if errors is None else body | {"errors": errors}


def conflict(code: str, detail: str, more: dict[str, Any] | None = None) -> HttpResponse:
    """409: nothing was saved; ``more`` says what stands there."""
    return _as_json(problem(409, code, detail) | (more or {}))


def answer_of(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """Half an answer would look like a review without lines: the whole call is refused. What an
    action found that no field had looked for is answered by field as well. Always JSON, also at
    an address whose answers are not."""
    error = _as_api_error(error)
    response = exception_handler(error, context)
    if response is None:
        return None
    answer = _as_json(_body(error, response))
    for name in ("Retry-After", "WWW-Authenticate"):
        if name in response:
            answer[name] = response[name]
    return answer


def _as_api_error(error: Exception) -> Exception:
    if isinstance(error, InvalidInput):
        return ValidationError({name: [text] for name, text in error.errors.items()})
    if isinstance(error, SignedByNewerVersion):
        return CannotRead(str(error))
    if isinstance(error, RequestDataTooBig):
        return TooLarge()
    return error


def _body(error: Exception, response: Response) -> dict[str, Any]:
    said = response.data
    if isinstance(error, ValidationError):
        fields = said if isinstance(said, dict) else {"non_field_errors": said}
        errors = {str(name): _sentences(texts) for name, texts in fields.items()}
        detail = _("Not taken: {fields}.").format(fields=", ".join(errors))
        return problem(response.status_code, "invalid", detail, errors)
    detail = said["detail"]
    code = getattr(detail, "code", None) or "error"
    return problem(response.status_code, str(code), str(detail))


def _sentences(texts: Any) -> list[str]:
    """Of a field, and of everything inside it."""
    if isinstance(texts, dict):
        return [text for inner in texts.values() for text in _sentences(inner)]
    if isinstance(texts, list | tuple):
        return [text for inner in texts for text in _sentences(inner)]
    return [str(texts)]


# --- what never reaches a view of the API ------------------------------------
# The handlers of ``ilp.urls``: a page for people, a problem for machines. For 500 see ilp.outage.
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    detail = _("The address or the request is malformed.")
    return _answer(request, 400, "malformed", detail, exception, defaults.bad_request)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    detail = str(exception) or _("You may not do this.")
    return _answer(request, 403, "permission_denied", detail, exception, defaults.permission_denied)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    detail = _("There is nothing at this address.")
    return _answer(request, 404, "not_found", detail, exception, defaults.page_not_found)


def _answer(
    request: HttpRequest,
    status_code: int,
    code: str,
    detail: str,
    exception: Exception,
    page: Callable[[HttpRequest, Exception], HttpResponse],
) -> HttpResponse:
    if _is_for_machines(request):
        return _plain(status_code, code, detail)
    return page(request, exception)


def _is_for_machines(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _plain(status_code: int, code: str, detail: str) -> HttpResponse:
    return _as_json(problem(status_code, code, detail))


def _as_json(body: dict[str, Any]) -> HttpResponse:
    return JsonResponse(body, status=body["status"], content_type=MEDIA_TYPE)
