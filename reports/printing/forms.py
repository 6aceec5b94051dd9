"""The letterhead of a Puskesmas or of a Dinkes."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.models import Logo
from facilities.models.letterhead import Classification
from facilities.text.form_fields import LinesField, NameField
from reports.printing.actions import MOST_BYTES, Sources, checked_logo
from reports.printing.pictures import UnfitFileError

_DIGITS = RegexValidator(r"^[0-9 ]*$", gettext_lazy("A NIP has digits only."))
_POSTAL_CODE = RegexValidator(r"^[0-9]{5}$", gettext_lazy("A postal code has five digits."))


def _text(label: Any, length: int, **options: Any) -> NameField:
    widget = forms.TextInput(attrs={"class": "field", "autocomplete": "off"})
    return NameField(label=label, max_length=length, required=False, widget=widget, **options)


def _area(label: Any, rows: int, length: int, **options: Any) -> LinesField:
    widget = forms.Textarea(attrs={"class": "field", "rows": rows})
    return LinesField(label=label, max_length=length, required=False, widget=widget, **options)


class LogoField(forms.FileField):
    """Cleans to a ``Logo`` that is not stored yet; judged and redrawn by its bytes."""

    def __init__(self) -> None:
        super().__init__(
            required=False,
            label=gettext_lazy("New logo"),
            help_text=gettext_lazy("PNG or JPEG, at most 2 MB. It is printed 22 mm wide."),
            widget=forms.FileInput(attrs={"class": "field", "accept": "image/png,image/jpeg"}),
        )

    def clean(self, data: Any, initial: Any = None) -> Logo | None:
        if not isinstance(data, UploadedFile):
            return None
        content = data.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        try:
            return checked_logo(content)
        except UnfitFileError as error:
            raise forms.ValidationError(str(error)) from error


class LetterheadForm(forms.Form):
    """Has the fields its letterhead is kept with: of a Puskesmas without a head there is no rank,
    and only a Dinkes names its head and legal basis here."""

    logo = LogoField()
    removes_logo = forms.BooleanField(label=gettext_lazy("Remove the logo"), required=False)
    address = _text(gettext_lazy("Address"), 200)
    phone = _text(gettext_lazy("Telephone"), 50)
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        widget=forms.EmailInput(attrs={"class": "field", "autocomplete": "off"}),
    )
    postal_code = _text(gettext_lazy("Postal code"), 5, validators=[_POSTAL_CODE])
    seat = _text(
        gettext_lazy("Place of signing"),
        100,
        help_text=gettext_lazy("Stands before the date above the signature."),
    )
    head_name = _text(gettext_lazy("Name of the head"), 100)
    head_title = _text(
        gettext_lazy("Office of the head"),
        100,
        help_text=gettext_lazy("As it is printed, for example “Plt. Kepala UPTD Puskesmas …”."),
    )
    head_rank = _text(gettext_lazy("Rank of the head (pangkat/golongan)"), 100)
    head_nip = _text(gettext_lazy("NIP of the head"), 30, validators=[_DIGITS])
    classification = forms.ChoiceField(
        label=gettext_lazy("Classification (sifat)"),
        choices=Classification.choices,
        widget=forms.Select(attrs={"class": "field"}),
    )
    copies = _area(
        gettext_lazy("Copies to (tembusan)"),
        4,
        2000,
        help_text=gettext_lazy("One recipient on each line, at most eight."),
    )
    legal_basis = _area(gettext_lazy("Legal basis"), 3, 1000)
    version = forms.CharField(max_length=16, widget=forms.HiddenInput)

    GROUPS = (
        ("contact", ("address", "phone", "email", "postal_code")),
        ("signing", ("seat", "head_name", "head_title", "head_rank", "head_nip")),
        ("paper", ("classification", "copies", "legal_basis")),
    )

    def __init__(self, data: Any = None, files: Any = None, *, sources: Sources) -> None:
        super().__init__(data, files, initial={**sources.values, "version": sources.version})
        for name in {name for _group, names in self.GROUPS for name in names} - set(sources.fields):
            del self.fields[name]
        if sources.logo_of.logo_id is None:
            del self.fields["removes_logo"]

    def group(self, wanted: str) -> list[forms.BoundField]:
        names = dict(self.GROUPS)[wanted]
        return [self[name] for name in names if name in self.fields]

    @property
    def contact(self) -> list[forms.BoundField]:
        return self.group("contact")

    @property
    def signing(self) -> list[forms.BoundField]:
        return self.group("signing")

    @property
    def paper(self) -> list[forms.BoundField]:
        return self.group("paper")
