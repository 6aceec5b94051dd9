"""An uploaded form kept between «check» and «save», and saving it: all of it or nothing."""

from __future__ import annotations

import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from clusters.models import Indicator
from facilities.text.privacy import without_personal_numbers
from reports.figures.queries.facility_lines import indicators_for
from reports.lookup import UserRequest
from reports.models import SheetUpload, WeeklyReview
from reports.review.actions.steps import save_count
from reports.review.views.save import stored
from reports.sheets.xlsx.form import Entry, Form, FormError, read_form
from reports.sheets.xlsx.preview import Change, Preview, compare
from reports.sheets.xlsx.reading import LARGEST_FILE, read_form_workbook, too_large


def indicators_of(review: WeeklyReview) -> dict[str, Indicator]:
    """What the facility reports in the week, by code."""
    return {row.code: row for row in indicators_for(review.facility.kind, review.week)}


def keep_upload(user: Any, review: WeeklyReview, file: UploadedFile[Any]) -> SheetUpload:
    """Read and judge a file and keep the outcome. FileRefused when it is no form of this
    facility and week; wrong cells are kept beside the good rows."""
    if (file.size or 0) > LARGEST_FILE:
        raise too_large()
    with tempfile.TemporaryDirectory(prefix="pantau-form-") as folder:
        path = Path(folder) / "form.xlsx"
        with path.open("wb") as copy:
            for chunk in file.chunks():
                copy.write(chunk)
        workbook = read_form_workbook(path)
    form = read_form(workbook, review.facility, review.week, indicators_of(review))
    SheetUpload.objects.filter(expires_at__lt=timezone.now()).delete()
    return SheetUpload.objects.create(
        facility=review.facility,
        week=review.week,
        by=user,
        file_name=_printable(file.name or ""),
        content={
            "entries": [asdict(entry) for entry in form.entries],
            "errors": [asdict(error) for error in form.errors],
        },
    )


def _printable(name: str) -> str:
    visible = "".join(letter for letter in name if letter.isprintable())
    return without_personal_numbers(visible)[-100:]


def form_of(upload: SheetUpload) -> Form:
    """What was read from the file."""
    return Form(
        entries=[Entry(**row) for row in upload.content["entries"]],
        errors=[FormError(**row) for row in upload.content["errors"]],
    )


def preview_of(review: WeeklyReview, form: Form) -> Preview:
    """What saving would change now."""
    return compare(review.facility, review.week, form.entries, indicators_of(review))


def save_upload(
    request: UserRequest, review: WeeklyReview, upload: SheetUpload, changes: list[Change]
) -> int:
    """Save the chosen rows in one transaction; the number of rows. Raises StaleVersion, and
    nothing is saved, when one of them changed since it was compared; InvalidInput and
    IllegalTransition as the page does."""
    with transaction.atomic():
        upload = SheetUpload.objects.select_for_update().get(pk=upload.pk)
        if upload.saved_at is not None:
            return 0  # the button was pressed twice
        review = stored(review, request)
        for change in changes:
            save_count(
                review=review,
                indicator_code=change.code,
                numerator=change.entry.numerator,
                denominator=change.entry.denominator,
                by=request.user,
                expected_version=change.version,
                note=change.entry.note,
                source="import",
            )
        upload.saved_at = timezone.now()
        upload.save(update_fields=["saved_at"])
    return len(changes)
