"""A form field for several photos or documents; each is judged by its content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.text.cleaning import shown
from facilities.text.privacy import without_personal_numbers
from reports.models import UploadDraft
from reports.printing.pictures import UnfitFileError
from reports.problems.attachments import ACCEPT, MAX_BYTES, CheckedFile, check_file
from reports.problems.drafts import Desk

MOST_AT_ONCE = 5
KEPT = "kept"  # the ids of kept files in a posted form
REMOVE = "remove-file"  # the button beside one of them


@dataclass(frozen=True, slots=True)
class Given:
    """What a form brought: files chosen now, and ids of those kept from an earlier try."""

    new: list[UploadedFile[bytes]]
    kept: list[str]


class FilesInput(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Given:
        new = files.getlist(name) if hasattr(files, "getlist") else files.get(name)
        kept = data.getlist(KEPT) if hasattr(data, "getlist") else []
        removed = data.get(REMOVE, "")
        return Given(_listed(new), [one for one in dict.fromkeys(kept) if one != removed])


class KeptFiles(forms.BoundField):
    """Shown with the files that need not be chosen again."""

    @property
    def kept(self) -> list[UploadDraft]:
        field: FilesField = self.field  # type: ignore[assignment]
        return field.drafts


class FilesField(forms.FileField):
    """Cleans to a list of CheckedFile; an error names its file. What is good of several is in
    ``good`` even then."""

    widget = FilesInput
    bound_field_class = KeptFiles

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
        self.desk: Desk | None = None
        self.good: list[CheckedFile] = []
        self.drafts: list[UploadDraft] = []

    def clean(self, data: Any, initial: Any = None) -> list[CheckedFile]:
        given = data if isinstance(data, Given) else Given(_listed(data), [])
        self.good, errors = self._again(given.kept)
        for file in given.new:
            try:
                checked = _check(file)
            except UnfitFileError as error:
                errors.append(f"{_shown(file)}: {error}")
                continue
            if checked in self.good:
                continue
            if len(self.good) == MOST_AT_ONCE:
                too_many = _("Send at most %(n)s files at once.") % {"n": MOST_AT_ONCE}
                errors.append(f"{_shown(file)}: {too_many}")
                continue
            self.good.append(checked)
        if errors:
            raise forms.ValidationError(errors)
        return self.good

    def _again(self, ids: list[str]) -> tuple[list[CheckedFile], list[str]]:
        """The kept files, and what to say about those that are gone."""
        found = self.desk.find(ids) if self.desk is not None and ids else {}
        good = [found[one] for one in ids if one in found][:MOST_AT_ONCE]
        lost = len(ids) - len(good)
        gone = _("A file is no longer kept here. Choose it again.")
        return good, [gone] if lost else []


class FormWithFiles(forms.Form):
    """A form whose good files stay when something else in it is refused. ``desk``: whose form it
    is; without one nothing is kept."""

    def __init__(self, *args: Any, desk: Desk | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._files.desk = desk

    @property
    def _files(self) -> FilesField:
        field: FilesField = self.fields["attachments"]  # type: ignore[assignment]
        return field

    @property
    def _removed(self) -> str:
        return self.data.get(REMOVE, "") if self.is_bound else ""

    def full_clean(self) -> None:
        """Taking a file away is no try to send: nothing else is complained of."""
        super().full_clean()
        if self._removed:
            for name in [name for name in self.errors if name != "attachments"]:
                del self.errors[name]

    def is_valid(self) -> bool:
        return super().is_valid() and not self._removed

    def keep_files(self) -> None:
        """Before the refused form is shown again: its good files are listed in it."""
        field = self._files
        if not self.is_bound or field.desk is None:
            return
        self.is_valid()  # reads the files
        if self._removed:
            field.desk.drop(self._removed)
        field.drafts = field.desk.keep(field.good) if field.good else []

    def offer_files(self) -> None:
        """Before the empty form is shown: what an earlier try left is listed in it."""
        if self._files.desk is not None:
            self._files.drafts = self._files.desk.live()

    def files_are_sent(self) -> None:
        """The form was taken."""
        if self._files.desk is not None:
            self._files.desk.mark_used()


def _listed(data: Any) -> list[Any]:
    return data if isinstance(data, list) else [data] if data else []


def _check(file: UploadedFile[bytes]) -> CheckedFile:
    # A larger one is not even read; one byte more than allowed is enough to refuse it.
    return check_file(file.name or "", file.read(MAX_BYTES + 1))


def _shown(file: UploadedFile[bytes]) -> str:
    return shown(without_personal_numbers(file.name or "") or _("file"), 60)
