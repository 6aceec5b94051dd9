"""A form field for several photos or documents; each is judged by its content."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.attachments import ACCEPT, MAX_BYTES, CheckedFile, UnfitFileError, check_file

MOST_AT_ONCE = 5


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name)


class FilesField(forms.FileField):
    """Cleans to a list of CheckedFile; an error names its file."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", gettext_lazy("Photos or documents"))
        kwargs.setdefault(
            "help_text",
            gettext_lazy(
                "JPEG, PNG, WebP or PDF, at most 5 MB each. "
                "Do not photograph faces or papers of patients."
            ),
        )
        super().__init__(required=False, **kwargs)
        self.widget.attrs |= {"accept": ACCEPT, "class": "field"}

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        given = data if isinstance(data, list) else [data] if data else []
        if len(given) > MOST_AT_ONCE:
            raise forms.ValidationError(
                _("Send at most %(n)s files at once.") % {"n": MOST_AT_ONCE}
            )
        checked, errors = [], []
        for file in given:
            try:
                checked.append(_check(file))
            except UnfitFileError as error:
                errors.append(f"{_shown(file)}: {error}")
        if errors:
            raise forms.ValidationError(errors)
        return checked


def _check(file: UploadedFile[bytes]) -> CheckedFile:
    # A larger one is not even read; one byte more than allowed is enough to refuse it.
    return check_file(file.name or "", file.read(MAX_BYTES + 1))


def _shown(file: UploadedFile[bytes]) -> str:
    return (file.name or _("file"))[:60]
