"""Recording an event, changing it, its audit, and taking it back."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.models import Area, Facility
from facilities.text.form_fields import CountField, LineField, LinesField
from reports.events.actions.checks import event_indicators
from reports.form_fields import DateInput
from reports.models import HealthEvent
from reports.models.event import PARTS, AgeUnit, EventPlace
from reports.problems.forms.plan import PlanForm


class DetailsForm(forms.Form):
    """What, where, when; nothing that says who."""

    indicator_code = forms.ChoiceField(
        label=_("What happened"), error_messages={"required": _("Choose what happened.")}
    )
    occurred_on = forms.DateField(
        label=_("Date of the event"),
        widget=DateInput,
        error_messages={"required": _("Give the date of the event.")},
    )
    age = CountField(label=_("Age"), required=False, help_text=_("Empty for a stillborn child."))
    age_unit = forms.ChoiceField(
        label=_("Age in"), required=False, choices=[("", "–"), *AgeUnit.choices]
    )
    village = forms.ModelChoiceField(
        label=_("Village of residence"),
        required=False,
        queryset=Area.objects.none(),
        empty_label="–",
    )
    is_outside = forms.BooleanField(label=_("Lived outside the service area"), required=False)
    place = forms.ChoiceField(
        label=_("Place of the event"),
        choices=[("", "–"), *EventPlace.choices],
        error_messages={"required": _("Choose where it happened.")},
    )
    notified_on = forms.DateField(
        label=_("Dinkes notified on"),
        widget=DateInput,
        help_text=_("Within 24 hours. Recording it here tells the Puskesmas and Dinkes as well."),
        error_messages={"required": _("Give the day on which Dinkes was told.")},
    )
    note = LinesField(
        label=_("What is known"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("No names and no NIK."),
    )

    def __init__(self, *args: Any, facility: Facility, week: Week, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facility, self.week = facility, week
        self.fields["village"].queryset = Area.objects.filter(  # type: ignore[attr-defined]
            served_by__facility__path__descendant_of=facility.path
        ).distinct()
        self.offer(event_indicators(week))
        for name, field in self.fields.items():
            if name not in {"client_key", "version", "is_outside"}:
                field.widget.attrs["class"] = "field"

    def clean(self) -> dict[str, Any]:
        """Where they lived is said, never left out by oversight."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        is_outside = data.pop("is_outside", False)
        if "village" in data and data["village"] is None and not is_outside:
            self.add_error("village", _("Choose the village, or say that it lies outside."))
        return data

    def offer(self, rows: Sequence[Indicator]) -> None:
        choices = [("", "–"), *((row.code, row.name) for row in rows)]
        self.fields["indicator_code"].choices = choices  # type: ignore[attr-defined]


class RecordForm(DetailsForm, PlanForm):
    """A new record with the follow-up that is made with it."""

    action = LineField(label=_("Follow-up"), required=False, max_length=500)
    client_key = forms.UUIDField(
        required=False, initial=uuid.uuid4, widget=forms.HiddenInput(attrs={"id": "record-key"})
    )
    field_order = (
        "indicator_code", "occurred_on", "age", "age_unit", "village", "is_outside", "place",
        "notified_on", "note", "owner_name", "action", "due_on", "client_key",
    )  # fmt: skip
    PLAN = ("owner_name", "action", "due_on")

    def __init__(
        self, *args: Any, code: str, today: dt.date, has_problem: bool, **kwargs: Any
    ) -> None:
        """``code``: the row it was asked for from, which may be a sum of several."""
        super().__init__(*args, **kwargs)
        self.today = today
        del self.fields["owner_kind"]
        if has_problem:  # it has its follow-up already
            for name in self.PLAN:
                del self.fields[name]
        offered = PARTS.get(code, (code,))
        rows = [row for row in event_indicators(self.week) if row.code in offered]
        if rows:
            self.offer(rows)
        if len(rows) == 1:
            self.fields["indicator_code"].initial = rows[0].code
        self.fields["notified_on"].initial = today

    def clean_owner_kind(self) -> str:
        return ""

    @property
    def details(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.PLAN]

    @property
    def plan(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name in self.PLAN]


class EditForm(DetailsForm):
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, event: HealthEvent, **kwargs: Any) -> None:
        initial = {name: getattr(event, name, None) for name in self.base_fields}
        kwargs.setdefault("initial", {**initial, "is_outside": event.village_id is None})
        super().__init__(*args, facility=event.facility, week=event.week, **kwargs)
        if event.village_id:  # moved away since, it is still where they lived
            villages = self.fields["village"]
            villages.queryset = Area.objects.filter(  # type: ignore[attr-defined]
                Q(pk=event.village_id) | Q(pk__in=villages.queryset.values("pk"))  # type: ignore[attr-defined]
            )

    def shown(self, name: str, value: Any) -> str:
        """A value in the words of its field."""
        choices = getattr(self.fields[name], "choices", None)
        if choices is not None and not isinstance(value, Area):
            value = {str(key): label for key, label in choices}.get(str(value or ""), value)
        return "–" if value in (None, "") else str(value)


class AuditForm(forms.Form):
    audited_on = forms.DateField(
        label=_("Audited on"),
        widget=DateInput,
        error_messages={"required": _("Give the day of the audit.")},
    )
    audit_result = LinesField(
        label=_("What the audit found"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "class": "field"}),
        help_text=_("No names and no NIK."),
        error_messages={"required": _("Write what the audit found, at least 5 characters.")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    reason = LinesField(
        label=_("Why it is withdrawn"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "class": "field"}),
        error_messages={"required": _("Give a reason, at least 5 characters.")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
