"""Photos and documents of a problem: added by those who work on it, seen by those who see it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from facilities.errors import ActionRefused, InvalidInput
from reports.lookup import UserRequest
from reports.models import Attachment
from reports.permissions import check_can_follow_up_problem
from reports.printing.storage import FileLostError
from reports.problems.actions import attach_files
from reports.problems.attachments import EXTENSIONS, PDF, read_attachment
from reports.problems.forms.steps import FilesForm
from reports.problems.views.shared import desk, detail_page, problem_or_404, problem_url


@require_POST
def attachment_add(request: UserRequest, pk: int) -> HttpResponse:
    problem = problem_or_404(request.user, pk)
    check_can_follow_up_problem(request.user, problem)
    form = FilesForm(
        request.POST, request.FILES, auto_id="attach-%s", desk=desk(request, "attach", pk)
    )
    refused = {"files_form": form}
    if not form.is_valid():
        return detail_page(request, problem, 422, **refused)
    try:
        attach_files(problem=problem, by=request.user, files=form.cleaned_data["attachments"])
    except InvalidInput as error:
        form.add_error("attachments", str(error))
        return detail_page(request, problem, 422, **refused)
    except ActionRefused as error:
        now = problem_or_404(request.user, pk)
        return detail_page(request, now, 409, error=str(error), **refused)
    messages.success(request, _("File added."))
    return redirect(problem_url(problem))


@require_GET
def attachment_download(request: UserRequest, pk: int, public_id: uuid.UUID) -> HttpResponse:
    """The file to keep; the browser never shows it as a page of ours."""
    row = _attachment_or_404(request, pk, public_id)
    return _answer(row, is_inline=False)


@require_GET
def attachment_preview(request: UserRequest, pk: int, public_id: uuid.UUID) -> HttpResponse:
    """A photo for the page; a document has no preview."""
    row = _attachment_or_404(request, pk, public_id)
    if row.media_type == PDF:
        raise Http404(_("A document has no preview. Download it."))
    return _answer(row, is_inline=True)


def _attachment_or_404(request: UserRequest, pk: int, public_id: uuid.UUID) -> Attachment:
    problem = problem_or_404(request.user, pk)
    row = problem.attachments.filter(public_id=public_id).first()
    if row is None or row.media_type not in EXTENSIONS:
        raise Http404(_("There is no such file."))
    return row


def _answer(row: Attachment, *, is_inline: bool) -> HttpResponse:
    try:
        content = read_attachment(row.sha256)
    except FileLostError as error:
        raise Http404(_("This file is lost. Ask who sent it to send it again.")) from error
    response = HttpResponse(content, content_type=row.media_type)
    disposition = content_disposition_header(not is_inline, row.file_name)
    response["Content-Disposition"] = disposition or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    # Should a browser show it as a page after all: no scripts, no forms, no origin of ours.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
