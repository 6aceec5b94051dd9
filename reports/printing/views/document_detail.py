"""One report with its ledger, and the reports of a week as one file."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from reports.deliveries import ledger
from reports.lookup import UserRequest, facility_or_404, week_or_404
from reports.models import ReportDocument
from reports.models.document import ANNEXES, DocumentState
from reports.permissions import can_request_report
from reports.printing.documents import request_annex
from reports.printing.documents.archive import stream, week_items
from reports.printing.queries.revisions import (
    annexes_of,
    of_the_same_week,
    report_of,
    successors,
)
from reports.printing.views.documents import PENDING, document_or_404

MOST_ENTRIES = 200


@require_GET
def document_detail(request: UserRequest, public_id: uuid.UUID) -> HttpResponse:
    """What the report is, which came before and after it, and what became of it."""
    document = document_or_404(request.user, public_id)
    context = {
        "document": document,
        "newer": successors([document]).get(document.pk),
        "others": [row for row in of_the_same_week(document) if row.pk != document.pk],
        "entries": document.ledger.select_related("by").order_by("-at", "-pk")[:MOST_ENTRIES],
        "deliveries": document.deliveries.select_related("recipient").order_by(
            "recipient__full_name", "channel"
        )[:MOST_ENTRIES],
        "can_request": can_request_report(request.user, document.facility),
        "is_pending": document.state in PENDING,
        "annexes": _annexes(document),
        "report": report_of(document),
    }
    return render(request, "reports/printing/document_detail.html", context)


def _annexes(document: ReportDocument) -> list[tuple[str, str, ReportDocument | None, bool]]:
    """(letter, name, the annex if somebody asked for it, whether it is still being made)."""
    return [
        (letter, str(ANNEXES[letter].label), row, row is not None and row.state in PENDING)
        for letter, row in annexes_of(document).items()
    ]


@require_http_methods(["GET", "POST"])
def document_annex(request: UserRequest, public_id: uuid.UUID, letter: str) -> HttpResponse:
    """GET: the file where it is ready, else the report's page, which offers to make it. POST: asks
    for it; asked for twice, it is made once."""
    document = document_or_404(request.user, public_id)
    if not document.has_annexes or letter not in ANNEXES:
        raise Http404(_("This report has no annex “%(letter)s”.") % {"letter": letter})
    page = reverse("reports:document-detail", args=[document.public_id]) + "#annexes"
    if request.method == "POST":
        request_annex(document=document, letter=letter, by=request.user)
        messages.info(request, _("The annex is being made. It appears here when it is ready."))
        return redirect(page)
    annex = annexes_of(document)[letter]
    if annex is None or annex.state != DocumentState.READY:
        return redirect(page)
    return redirect("reports:document-download", public_id=annex.public_id)


@require_GET
def document_zip(request: UserRequest) -> StreamingHttpResponse:
    """All reports of ``?week=`` at ``?facility=`` and below it, as far as the user sees them."""
    facility = facility_or_404(request.user, request.GET.get("facility", ""))
    week = week_or_404(request.GET.get("week", "").strip())
    items = week_items(facility, week, request.user)
    if not items:
        raise Http404(_("No facility was open in that week."))
    ledger.opened([item.document for item in items if item.document], request.user, ledger.ZIP)
    response = StreamingHttpResponse(stream(items), content_type="application/zip")
    name = f"laporan-{week}-{facility.code}.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    # PDFs are compressed already; said so that no middleware tries again.
    response["Content-Encoding"] = "identity"
    return response
