"""Pages are sent with Brotli where the browser takes it: a fifth smaller than with gzip."""

from __future__ import annotations

import secrets

import brotli
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_vary_headers

_SHORTEST = 200  # bytes; below it nothing is gained
_QUALITY = 5  # as quick as gzip
_LONGEST_PADDING = 100


class Compress(GZipMiddleware):
    """Brotli for text, Django's gzip for everything else.

    As Django does for gzip, a page gets a random length, so that the size of the answer tells
    nothing about a secret in it (BREACH); the form token is masked anew in each answer anyway.
    """

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        accepted = request.headers.get("Accept-Encoding", "")
        is_text = kind.startswith(("text/", "application/json", "image/svg"))
        if (
            not is_text
            or not isinstance(response, HttpResponse)
            or "br" not in {part.split(";")[0].strip() for part in accepted.split(",")}
            or response.has_header("Content-Encoding")
            or len(response.content) < _SHORTEST
        ):
            return super().process_response(request, response)
        patch_vary_headers(response, ("Accept-Encoding",))
        content = response.content
        if kind.startswith("text/html"):
            padding = secrets.token_hex(secrets.randbelow(_LONGEST_PADDING // 2) + 1)
            content += f"<!--{padding}-->".encode()
        response.content = brotli.compress(content, quality=_QUALITY)
        response.headers["Content-Length"] = str(len(response.content))
        response.headers["Content-Encoding"] = "br"
        if etag := response.headers.get("ETag"):
            response.headers["ETag"] = etag if etag.startswith("W/") else f"W/{etag}"
        return response
