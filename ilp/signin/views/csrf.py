from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def failed(request: HttpRequest, **_reason: object) -> HttpResponse:
    """Django's own page is English and speaks of settings. The reason is in its log already."""
    return render(request, "403_csrf.html", status=403)
