"""Raising a problem, deciding on it, planning a follow-up."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster, Indicator
from clusters.weeks import Week
from facilities.models import Area, Facility
from lifecycle.models import LifecycleGroup
from reports.forms.meeting import DateInput
from reports.models.problem import OwnerKind, Priority, ProblemCategory, ProblemEvent

_SCALE = [("", "–"), *((str(n), str(n)) for n in range(1, 6))]


def _coded(label: Any, rows: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *rows])


def _scale(label: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, required=False, choices=_SCALE, coerce=int, empty_value=None
    )


def _groups(week: Week) -> list[tuple[str, str]]:
    rows = LifecycleGroup.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=week.end), valid_from__lte=week.end
    )
    is_english = (get_language() or "id").startswith("en")
    return [(row.code, row.name_en if is_english else row.name_id) for row in rows]


class RaiseProblemForm(forms.Form):
    """What, who, until when; everything else is optional. One problem, one person, one date."""

    title = forms.CharField(
        label=_("Problem"),
        max_length=200,
        error_messages={"required": _("Write what the problem is.")},
    )
    owner_name = forms.CharField(
        label=_("Person in charge"),
        max_length=150,
        error_messages={"required": _("Name the person or office in charge.")},
    )
    due_on = forms.DateField(
        label=_("Due date"),
        widget=DateInput,
        error_messages={"required": _("Choose a due date.")},
    )
    action = forms.CharField(label=_("Follow-up"), required=False, max_length=500)
    description = forms.CharField(
        label=_("Description"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    village = forms.ModelChoiceField(
        label=_("Village"), required=False, queryset=Area.objects.none(), empty_label="–"
    )
    people_count = forms.IntegerField(
        label=_("Number of people"),
        required=False,
        min_value=0,
        max_value=9_999_999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    category = forms.ChoiceField(label=_("Category"), choices=ProblemCategory, initial="other")
    cause = forms.CharField(label=_("Root cause"), required=False, max_length=500)
    priority = forms.ChoiceField(label=_("Priority"), choices=Priority, initial="medium")
    urgency = _scale(_("Urgency"))
    seriousness = _scale(_("Seriousness"))
    growth = _scale(_("Growth"))
    event = forms.ChoiceField(
        label=_("Urgent event"), required=False, choices=[("", "–"), *ProblemEvent.choices]
    )
    owner_kind = forms.ChoiceField(
        label=_("Person in charge belongs to"), required=False, choices=OwnerKind
    )
    # Made anew for each form: sent twice over a bad line, it is still one problem.
    client_key = forms.UUIDField(
        required=False, initial=uuid.uuid4, widget=forms.HiddenInput(attrs={"id": "raise-key"})
    )

    essentials = ("title", "owner_name", "due_on")

    def __init__(
        self, *args: Any, facility: Facility, week: Week, today: dt.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["village"].queryset = Area.objects.filter(  # type: ignore[attr-defined]
            served_by__facility__path__descendant_of=facility.path
        ).distinct()
        self.fields["cluster_code"] = _coded(
            _("Cluster"), [(row.code, row.name) for row in Cluster.objects.all()]
        )
        self.fields["group_code"] = _coded(
            _("Life-cycle group"),
            _groups(week),
        )
        self.fields["indicator_code"] = _coded(
            _("Indicator"), [(row.code, row.name) for row in Indicator.objects.in_week(week)]
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "field"

    def clean_due_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError(_("The due date is already past."))
        return day

    def clean_owner_kind(self) -> str:
        return self.cleaned_data["owner_kind"] or str(OwnerKind.HEALTH)

    @property
    def optional(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.essentials]


class DecideForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Result of the follow-up"),
        choices=[
            ("done", _("Done")),
            ("continue", _("Continues")),
            ("escalate", _("Escalate to Dinkes")),
        ],
        error_messages={"required": _("Choose one of the three.")},
    )
    comment = forms.CharField(label=_("Comment"), required=False, max_length=500)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


class FollowUpForm(forms.Form):
    action = forms.CharField(
        label=_("Follow-up"),
        max_length=500,
        error_messages={"required": _("Write what will be done.")},
    )
    owner_name = forms.CharField(
        label=_("Person in charge"),
        max_length=150,
        error_messages={"required": _("Name the person or office in charge.")},
    )
    due_on = forms.DateField(
        label=_("Due date"), widget=DateInput, error_messages={"required": _("Choose a due date.")}
    )
    escalated_to = forms.CharField(label=_("Asked of (office)"), required=False, max_length=150)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, today: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for name, field in self.fields.items():
            if name != "version":
                field.widget.attrs["class"] = "field"

    def clean_due_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["due_on"]
        if day < self.today:
            raise forms.ValidationError(_("The due date is already past."))
        return day
