"""Forms of the events of the network: one a kind, all with the day and the decree."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.models import Area, Facility
from facilities.models.network import NetworkEventKind
from facilities.text.form_fields import LineField, NameField
from reports.form_fields import DateInput
from reports.places.actions import Change
from reports.places.queries.network import others_of, parents_for

_TEXT = {"class": "field", "autocomplete": "off"}


class _Places(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})"


class _Units(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})"


class _Villages(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class EventForm(forms.Form):
    """Fields by the kind of event; ``seen`` is what the preview was shown for."""

    on = forms.DateField(label=_("From"), widget=DateInput)
    decree = LineField(
        is_code=True,
        label=_("Number of the decree (if there is one)"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs=_TEXT),
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(
        self, kind: NetworkEventKind, facility: Facility, today: dt.date, data: Any = None
    ) -> None:
        super().__init__(data)
        self.kind, self.facility, self.today = kind, facility, today
        for name, field in self._of_kind().items():
            self.fields[name] = field
        help_texts = {
            NetworkEventKind.CLOSE: _("The day before is the last open day."),
            NetworkEventKind.RENAME: _("Weeks that ended before keep the old name."),
        }
        self.fields["on"].help_text = help_texts.get(kind, _("The first day it is so."))
        self.order_fields(["units", "villages", "village", "other", "code", "name", "on", "decree"])

    def _of_kind(self) -> dict[str, forms.Field]:
        facility, today = self.facility, self.today
        select = forms.Select(attrs={"class": "field"})
        name = NameField(label=_("New name"), max_length=100, widget=forms.TextInput(attrs=_TEXT))
        if self.kind == NetworkEventKind.RENAME:
            return {"name": name}
        if self.kind == NetworkEventKind.MOVE:
            parents = parents_for(facility, today)
            return {"other": _Places(parents, label=_("To"), widget=select, empty_label="–")}
        code = LineField(
            is_code=True,
            label=_("Code of the new unit"),
            max_length=30,
            widget=forms.TextInput(attrs=_TEXT),
        )
        served = Area.objects.filter(served_by__in=facility.service_areas.current(today))
        if self.kind == NetworkEventKind.SPLIT:
            villages = _Villages(
                served.order_by("name"),
                label=_("Villages of the new unit"),
                widget=forms.CheckboxSelectMultiple,
            )
            return {"villages": villages, "code": code, "name": name}
        if self.kind == NetworkEventKind.MERGE:
            units = _Units(
                others_of(facility, today),
                label=_("Together with"),
                widget=forms.CheckboxSelectMultiple,
            )
            return {"units": units, "code": code, "name": name}
        if self.kind == NetworkEventKind.VILLAGE:
            others = Facility.objects.filter(
                district=facility.district_id, kind=facility.kind
            ).exclude(pk=facility.pk)
            return {
                "village": forms.ModelChoiceField(
                    served.order_by("name"), label=_("Village"), widget=select, empty_label="–"
                ),
                "other": _Places(
                    others.open_on(today).order_by("path"),
                    label=_("To"),
                    widget=forms.Select(attrs={"class": "field"}),
                    empty_label="–",
                ),
            }
        return {}

    def seen_again(self) -> None:
        """The hidden field of the page says which preview it shows."""
        data: Any = self.data
        data = data.copy()
        data["seen"] = self.digest()
        self.data = data

    def change(self) -> Change:
        """What the valid form asks for."""
        values = {name: self.cleaned_data[name] for name in self.cleaned_data if name != "seen"}
        for name in ("units", "villages"):
            values[name] = tuple(values.get(name, ()))
        return Change(kind=self.kind, facility=self.facility, **values)

    def digest(self) -> str:
        """Of what was filled in: something else needs another preview."""
        data: Any = self.data
        said = {name: data.getlist(name) for name in self.fields if name != "seen"}
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()[:16]
