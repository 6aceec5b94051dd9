"""What the description of the API says of every operation: its refusals and its headers."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction, OpenApiResponse

from ilp.api.pagination import MAY_BE_EMPTY
from ilp.api.problems import MEDIA_TYPE
from ilp.api.serializers.problems import ProblemSerializer

# PostgreSQL stores every letter but NUL. What may be empty, and what may not.
TEXT = "^[^\\u0000]*$"
VALUE = "^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$"

REFUSALS = {
    "400": "A parameter or a field that is unknown, written twice, or has a value that cannot be "
    "meant; `errors` says which and why",
    "401": "No token, or one that is wrong, revoked or expired",
    "403": "The account has no current posting, is a kader, or may read here but not fill in",
    "404": "Not there, or outside your area: the two are not told apart",
    "406": "`Accept` asks for something other than JSON",
    "413": "The body is larger than 11 MB",
    "415": "The body is not JSON",
    "429": "More requests in a minute than an account has; `Retry-After` says when to go on",
    "501": "Signed by a newer version of the application, which this one cannot read",
    "503": "The database or its disk cannot be used; the same request works a moment later",
}
_WITH_BODY = {"413", "415"}

_TEXT = {"type": "string"}
_SECONDS = {"type": "integer", "minimum": 0}
_LIMITS = {
    "RateLimit-Policy": {
        "schema": _TEXT,
        "description": 'Requests an account has (q) in so many seconds (w): `"account";q=600;w=60`',
    },
    "RateLimit": {
        "schema": _TEXT,
        "description": 'Requests left (r), and for how many seconds (t): `"account";r=598;t=41`',
    },
}
_HEADERS: dict[str, dict[str, Any]] = {
    "401": {"WWW-Authenticate": {"schema": _TEXT, "description": "Always `Bearer`"}},
    "429": _LIMITS
    | {"Retry-After": {"schema": _SECONDS, "description": "Seconds until requests count anew"}},
    "503": {"Retry-After": {"schema": _SECONDS, "description": "Seconds to wait"}},
}


def problem_response(description: str) -> OpenApiResponse:
    return OpenApiResponse(ProblemSerializer, description)


class Described(AutoSchema):
    def _get_response_bodies(self, direction: Direction = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for code, text in REFUSALS.items():
            if code in bodies or (code in _WITH_BODY and self.method == "GET"):
                continue
            if code == "404" and "{" not in self.path:
                continue
            bodies[code] = self._get_response_for_code(
                problem_response(text), code, [MEDIA_TYPE], direction
            )
        for code, body in bodies.items():
            headers = _HEADERS.get(code, _LIMITS if code.startswith("2") else {})
            if headers:
                body["headers"] = headers
        return dict(sorted(bodies.items()))

    def _get_parameters(self) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super()._get_parameters()
        for one in parameters:
            schema = one["schema"]
            if schema.get("type") == "array":
                schema["minItems"] = 1
            if schema.get("type") == "string" and not {"pattern", "enum", "format"} & set(schema):
                schema["pattern"] = TEXT if one["name"] in MAY_BE_EMPTY else VALUE
        return parameters
