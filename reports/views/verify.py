"""Whether a printed report is genuine: for anybody who holds one, without an account.
Shows who signed what and when, never a health figure."""

from __future__ import annotations

import re
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from facilities.models.user import Role
from reports.models import ReportDocument, ReviewRevision
from reports.models.document import DocumentState

_SHA256 = re.compile(r"[0-9a-f]{64}")


@login_not_required
@require_GET
def verify(request: HttpRequest, sha256: str) -> HttpResponse:
    """``sha256`` names the frozen figures (as the QR code does) or the PDF file itself."""
    wanted = sha256.lower()
    document = _document(wanted) if _SHA256.fullmatch(wanted) else None
    if document is None:
        return render(request, "reports/verify_unknown.html", {"sha256": sha256}, status=404)
    revision = (
        ReviewRevision.objects.select_related("review", "signed_by")
        .filter(
            snapshot=document.snapshot_id,
            review__facility=document.facility_id,
            review__week=document.week,
        )
        .order_by("-number")
        .first()
    )
    context = {
        "document": document,
        "revision": revision,
        "signed_role": _role(revision),
        "is_superseded": _is_superseded(document, revision),
        "zone": document.facility.district.timezone,
        "zone_name": document.facility.district.zone_name,
    }
    return render(request, "reports/verify.html", context)


def _document(sha256: str) -> ReportDocument | None:
    """Final before draft, newest first."""
    rows = ReportDocument.objects.select_related("facility__district__area").order_by(
        "is_draft", "-created_at"
    )
    ready = rows.filter(state=DocumentState.READY, file_sha256=sha256).first()
    found: ReportDocument | None = ready or rows.filter(snapshot=sha256).first()
    return found


def _role(revision: ReviewRevision | None) -> Any:
    if revision is None or revision.signed_role not in Role.values:
        return ""
    return Role(revision.signed_role).label


def _is_superseded(document: ReportDocument, revision: ReviewRevision | None) -> bool:
    if revision is not None:
        review = revision.review
        return review.revision != revision.number or review.is_editable
    newer = ReportDocument.objects.filter(
        kind=document.kind,
        facility=document.facility_id,
        week=document.week,
        created_at__gt=document.created_at,
    ).exclude(snapshot=document.snapshot_id)
    return newer.exists()
