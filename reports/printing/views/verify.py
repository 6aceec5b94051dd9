"""Whether a report is genuine: for anybody who holds one, without an account. By the code on
the paper, by the PDF file itself, or by its number. Shows who signed what and when, never a
health figure; an uploaded file is read while it arrives and never kept."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods

from facilities.addresses import client_address
from facilities.models.user import Role
from reports.models import ReviewRevision
from reports.printing.queries.verification import Verdict, by_checksum, by_file, by_number
from reports.printing.views.hashing import HashedFile, Sha256Handler

LARGEST = 20 * 1024 * 1024
_FORM_PARTS = 64 * 1024  # what a form adds around its file
CHECKS = 30  # for one address
PERIOD = 60  # seconds


class NumberForm(forms.Form):
    """The two things a paper says of itself in its footer."""

    number = forms.CharField(
        label=gettext_lazy("Document number"),
        max_length=120,
        error_messages={"required": gettext_lazy("Write the number as it stands on the paper.")},
    )
    checksum = forms.RegexField(
        r"^[\s0-9A-Fa-f-]{12,100}$",
        label=gettext_lazy("First 12 signs of the SHA-256"),
        error_messages={
            "required": gettext_lazy("Write at least the first 12 signs after “SHA-256”."),
            "invalid": gettext_lazy("The checksum has only digits and the letters a to f."),
        },
    )


@login_not_required
@require_GET
def verify(request: HttpRequest, sha256: str) -> HttpResponse:
    """``sha256`` names the frozen figures (as the QR code does) or the PDF file itself."""
    verdict = by_checksum(sha256)
    if verdict is None:
        return _unknown(request, sha256=sha256)
    return _genuine(request, verdict, by="code")


@login_not_required
@csrf_exempt  # the token is checked once the file's own handler stands: see _check
@require_http_methods(["GET", "HEAD", "POST"])
def verify_start(request: HttpRequest) -> HttpResponse:
    """The page where one begins; POST takes a PDF file or a number."""
    if request.method != "POST":
        return _start(request)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST + _FORM_PARTS:
        return _start(request, file_error=_too_large(), status=413)
    handler = Sha256Handler(LARGEST)
    request.upload_handlers = [handler]
    return _check(request, handler)


@csrf_protect
def _check(request: HttpRequest, handler: Sha256Handler) -> HttpResponse:
    if "number" in request.POST:
        return _by_number(request)
    if handler.is_too_large:
        return _start(request, file_error=_too_large(), status=413)
    file = request.FILES.get("file")
    if not isinstance(file, HashedFile) or not file.size:
        return _start(request, file_error=_("Choose the PDF file first."), status=422)
    if _is_too_often(request):
        return _start(request, file_error=_too_often(), status=429)
    if not file.is_pdf:
        return _start(request, file_error=_("This is not a PDF file."), status=422)
    verdict = by_file(file.sha256)
    if verdict is None:
        return _unknown(request, sha256=file.sha256, is_file=True)
    return _genuine(request, verdict, by="file")


def _by_number(request: HttpRequest) -> HttpResponse:
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _start(request, form=form, status=422)
    if _is_too_often(request):
        form.add_error(None, _too_often())
        return _start(request, form=form, status=429)
    verdict = by_number(form.cleaned_data["number"], form.cleaned_data["checksum"])
    if verdict is None:
        return _unknown(request, is_number=True)
    return _genuine(request, verdict, by="number")


def _start(
    request: HttpRequest, *, form: NumberForm | None = None, file_error: str = "", status: int = 200
) -> HttpResponse:
    context = {"form": form or NumberForm(), "file_error": file_error}
    return render(request, "reports/printing/verify_start.html", context, status=status)


def _unknown(request: HttpRequest, **context: Any) -> HttpResponse:
    return render(request, "reports/printing/verify_unknown.html", context, status=404)


def _genuine(request: HttpRequest, verdict: Verdict, *, by: str) -> HttpResponse:
    context = {
        "verdict": verdict,
        "document": verdict.document,
        "paper": verdict.paper,
        "revision": verdict.revision,
        "later": verdict.later,
        "signed_role": _role(verdict.revision),
        "is_superseded": verdict.is_superseded,
        "by": by,
        "zone": verdict.paper.timezone,
        "zone_name": verdict.paper.zone_name,
    }
    return render(request, "reports/printing/verify.html", context)


def _role(revision: ReviewRevision | None) -> Any:
    if revision is None or revision.signed_role not in Role.values:
        return ""
    return Role(revision.signed_role).label


def _is_too_often(request: HttpRequest) -> bool:
    """Counted in each web process: a bound for a program, far above what a person does."""
    key = f"verify:{client_address(request) or 'unknown'}"
    cache.add(key, 0, PERIOD)
    try:
        return cache.incr(key) > CHECKS
    except ValueError:  # ran out between the two lines
        return False


def _too_often() -> str:
    return _("Too many checks from this address. Wait a minute and try again.")


def _too_large() -> str:
    return _("The file is larger than 20 MB. Reports of this application are much smaller.")
