"""Reports: what was made, how far the rest is, and the files."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clusters.weeks import Week
from facilities.models import Facility
from facilities.models.facility import FacilityKind
from reports.deliveries import ledger
from reports.lookup import (
    UserRequest,
    facility_or_404,
    local_today,
    next_page,
    this_week,
    week_or_404,
)
from reports.models import ReportDocument
from reports.models.document import DocumentKind, DocumentState
from reports.pages import page_of
from reports.permissions import can_request_report, check_can_request_report
from reports.printing.documents import NotReadyError, read_document, retry_document
from reports.printing.queries.revisions import successors

PAGE = 50
STOP_POLLING = 286  # htmx: swap this answer and ask no more
PENDING = {DocumentState.QUEUED, DocumentState.BUILDING}
_QUICK_SECONDS = 20
LONGEST_PLACE = 80  # letters of a facility's name in the name of a file


def _documents(user: Any) -> Any:
    return ReportDocument.objects.visible_to(user).select_related("facility__district__area")


def _filtered(request: UserRequest) -> tuple[Any, dict[str, str]]:
    rows = _documents(request.user)
    names = ("week", "kind", "state", "facility")
    chosen = {name: request.GET.get(name, "").strip() for name in names}
    if chosen["week"]:
        rows = rows.filter(week=week_or_404(chosen["week"]))
    if chosen["kind"] in DocumentKind.values:
        rows = rows.filter(kind=chosen["kind"])
    if chosen["state"] == "pending":
        rows = rows.filter(state__in=PENDING)
    elif chosen["state"] in DocumentState.values:
        rows = rows.filter(state=chosen["state"])
    if chosen["facility"]:
        facility = facility_or_404(request.user, chosen["facility"])
        rows = rows.filter(facility__path__descendant_of=facility.path)
    return rows, chosen


def polling(documents: list[ReportDocument]) -> dict[str, Any]:
    """Whether the list still asks for news, and how often: every 2 s, after 20 s every 5 s."""
    pending = [row for row in documents if row.state in PENDING]
    age = max(((timezone.now() - row.created_at).total_seconds() for row in pending), default=0)
    return {"is_pending": bool(pending), "every": 2 if age < _QUICK_SECONDS else 5}


@require_GET
def document_list(request: UserRequest) -> HttpResponse:
    """Newest week first. The list asks for itself again while something is being made."""
    rows, chosen = _filtered(request)
    page = page_of(request, rows, ("-week", "facility__path", "-created_at", "-pk"), PAGE)
    documents = page.rows
    replaced = successors(documents)
    context = {
        "page": page,
        "documents": [(row, replaced.get(row.pk)) for row in documents],
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "kinds": DocumentKind.choices,
        "poll_url": request.get_full_path(),
        "can_request": True,
        **polling(documents),
    }
    if request.htmx and request.htmx.target == "document-list":
        status = 200 if context["is_pending"] else STOP_POLLING
        return render(request, "reports/printing/document_rows.html", context, status=status)
    places = _places(request.user)
    running = _running_week(request.user, places, chosen["facility"])
    context |= {
        "visible": places,
        "places": [row for row in places if can_request_report(request.user, row)],
        "this_week": running,
        "last_week": running - 1,
    }
    response = render(request, "reports/printing/document_list.html", context)
    response["Vary"] = "HX-Request, Cookie, Accept-Language"
    return response


def _places(user: Any) -> list[Facility]:
    """The facilities of the user's area that have reports, or have some below them."""
    rows = Facility.objects.visible_to(user).exclude(kind=FacilityKind.POSYANDU)
    return list(rows.select_related("district").order_by("path"))


def _running_week(user: Any, places: list[Facility], code: str) -> Week:
    """The week that runs where the reports are from: of the chosen place, or of the first. Who
    sees several districts has no zone of the own."""
    asked = [place for place in places if place.code == code] or places[:1]
    if user.zone is not None and not code:
        return this_week(user)
    return Week.of(local_today(asked[0])) if asked else this_week(user)


def document_or_404(user: Any, public_id: uuid.UUID) -> ReportDocument:
    """A report the user may see, by the name its address carries."""
    document: ReportDocument | None = _documents(user).filter(public_id=public_id).first()
    if document is None:
        raise Http404(_("This report does not exist, or it lies outside your area."))
    return document


@require_GET
def document_status(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    """One row of the list; 286 once there is nothing left to wait for."""
    document = document_or_404(request.user, public_id)
    is_pending = document.state in PENDING
    context = {
        "document": document,
        "newer": successors([document]).get(document.pk),
        "can_request": can_request_report(request.user, document.facility),
    }
    status = 200 if is_pending or not request.htmx else STOP_POLLING
    return render(request, "reports/printing/document_row.html", context, status=status)


@require_GET
def document_download(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    """The PDF; permission is asked for again with every download."""
    document = document_or_404(request.user, public_id)
    try:
        content = read_document(document)
    except NotReadyError as error:
        if error.document.state == DocumentState.FAILED:
            raise Http404(
                _("This report could not be made: %(reason)s") % {"reason": error.document.error}
            ) from error
        messages.info(
            request, _("This report is still being made. It appears here when it is ready.")
        )
        return redirect(f"{reverse('reports:document-list')}?week={document.week}")
    ledger.opened([document], request.user)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name(document)}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(document: ReportDocument) -> str:
    """``evaluasi-2026-W24-puskesmas-manggar-rev1.pdf``, with ``-lampiran-a`` before the revision
    of an annex and ``-draf`` while it is one; at most 150 bytes."""
    draft = "-draf" if document.is_draft else ""
    annex = f"-lampiran-{document.annex.lower()}" if document.annex else ""
    place = slugify(document.facility.name)[:LONGEST_PLACE].strip("-") or document.facility.code
    return f"evaluasi-{document.week}-{place}{annex}-rev{document.revision}{draft}.pdf"


@require_POST
def document_retry(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    document = document_or_404(request.user, public_id)
    check_can_request_report(request.user, document.facility)
    document = retry_document(document=document, by=request.user)
    messages.info(request, _("The report is being made again."))
    fallback = f"{reverse('reports:document-list')}?week={document.week}"
    return redirect(next_page(request, fallback))
