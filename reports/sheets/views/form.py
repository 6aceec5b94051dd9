"""The review as an Excel form: download, upload, look at what would change, save."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.tabular.errors import FileRefused
from reports.lookup import UserRequest, review_or_404
from reports.models import SheetUpload, WeeklyReview
from reports.permissions import check_can_edit_review
from reports.review.views.addresses import review_kwargs, review_url
from reports.sheets.views.save import form_of, keep_upload, preview_of, save_upload
from reports.sheets.xlsx.form import MOST_ERRORS, Form
from reports.sheets.xlsx.preview import Change, Preview
from reports.sheets.xlsx.writing import review_form

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _editable(request: UserRequest, week: str, code: str) -> WeeklyReview:
    """The review, if this person may fill it in and it has not been sent."""
    review = review_or_404(request.user, week, code)
    check_can_edit_review(request.user, review)
    if not review.is_editable:
        raise PermissionDenied(
            _("This review has been sent; its figures can no longer be changed.")
        )
    return review


def attachment(content: bytes, name: str, content_type: str) -> HttpResponse:
    """A file to keep, never cached and never guessed at."""
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def file_name(kind: str, review: WeeklyReview, ending: str) -> str:
    """``formulir-2026-W24-puskesmas-manggar.xlsx``."""
    place = slugify(review.facility.name) or slugify(review.facility.code)
    return f"{kind}-{review.week}-{place}.{ending}"


@require_GET
def sheet_download(request: UserRequest, week: str, code: str) -> HttpResponse:
    """The form with what is stored by now."""
    review = _editable(request, week, code)
    return attachment(review_form(review), file_name("formulir", review, "xlsx"), XLSX)


@require_http_methods(["GET", "POST"])
def sheet_upload(request: UserRequest, week: str, code: str) -> HttpResponse:
    """Take a filled form; 422 and the reason when it is no form of this review."""
    review = _editable(request, week, code)
    context: dict[str, Any] = {"review": review, "kwargs": review_kwargs(review)}
    if request.method != "POST":
        return render(request, "reports/sheets/sheet_upload.html", context)
    file = request.FILES.get("file")
    if file is None:
        errors = [_("Choose the form you filled in.")]
    else:
        try:
            upload = keep_upload(request.user, review, file)
        except FileRefused as error:
            errors = [str(one) for one in error.errors]
        else:
            kwargs = review_kwargs(review) | {"public_id": upload.public_id}
            return redirect(reverse("reports:sheet-preview", kwargs=kwargs))
    context["errors"] = errors
    return render(request, "reports/sheets/sheet_upload.html", context, status=422)


def _upload_or_404(user: Any, review: WeeklyReview, public_id: uuid.UUID) -> SheetUpload:
    """The person's own upload for this review, while it is kept."""
    rows = SheetUpload.objects.filter(
        public_id=public_id, by=user, facility=review.facility, week=review.week
    )
    upload = rows.filter(expires_at__gt=timezone.now()).first()
    if upload is None:
        raise Http404(_("This upload has expired. Upload the form again; nothing was saved."))
    return upload


@require_http_methods(["GET", "POST"])
def sheet_preview(request: UserRequest, week: str, code: str, public_id: uuid.UUID) -> HttpResponse:
    """What would change; POST saves it. 409 when something changed since it was shown, 422 when
    wrong rows are left out without the person having said so."""
    review = _editable(request, week, code)
    upload = _upload_or_404(request.user, review, public_id)
    if upload.saved_at is not None:
        messages.info(request, _("This form has been saved already."))
        return redirect(f"{review_url(review)}#achievements")
    form = form_of(upload)
    preview = preview_of(review, form)
    form.errors.extend(preview.refused)
    if request.method != "POST":
        return _page(request, review, upload, form, preview)
    chosen = _chosen(request, preview)
    if request.POST.get("seen") != preview.seen:
        return _page(request, review, upload, form, preview, status=409, is_outdated=True)
    if form.errors and request.POST.get("without_wrong") != "yes":
        return _page(request, review, upload, form, preview, status=422, asks_without=True)
    try:
        saved = save_upload(request, review, upload, chosen)
    except StaleVersion:
        fresh = preview_of(review, form)
        form.errors[:] = [*form_of(upload).errors, *fresh.refused]
        return _page(request, review, upload, form, fresh, status=409, is_outdated=True)
    except (InvalidInput, IllegalTransition) as error:
        return _page(request, review, upload, form, preview, status=422, refusal=str(error))
    if saved:
        text = ngettext("%(count)s row saved.", "%(count)s rows saved.", saved)
        messages.success(request, text % {"count": saved})
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect(f"{review_url(review)}#achievements")


def _chosen(request: UserRequest, preview: Preview) -> list[Change]:
    """Everything without conflict, and the conflicts for which the form's value was chosen."""
    mine = [row for row in preview.conflicts if request.POST.get(f"use-{row.code}") == "form"]
    return [*preview.changes, *mine]


def _page(
    request: UserRequest,
    review: WeeklyReview,
    upload: SheetUpload,
    form: Form,
    preview: Preview,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context = {
        "review": review,
        "kwargs": review_kwargs(review),
        "upload": upload,
        "errors": form.errors[:MOST_ERRORS],
        "more_errors": max(0, len(form.errors) - MOST_ERRORS),
        "wrong_rows": form.wrong_rows,
        "preview": preview,
        "timezone": review.facility.district.timezone,
        "chosen": {row.code for row in _chosen(request, preview)},
        **extra,
    }
    return render(request, "reports/sheets/sheet_preview.html", context, status=status)
