"""Reporting a problem and changing what is known about it."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clusters.models import Cluster, Indicator
from clusters.weeks import Week
from facilities.models import Area, Facility
from facilities.text.form_fields import CountField, LineField, LinesField
from lifecycle.models import LifecycleGroup
from reports.figures.wording import is_english
from reports.models import Problem
from reports.models.problem import Priority, ProblemCategory, ProblemEvent
from reports.problems.forms.files import FilesField, FormWithFiles
from reports.problems.forms.plan import PlanForm
from reports.problems.priorities import next_workshop, suggest_due_on, suggest_priority

_SCALE = [("", "–"), *((str(n), str(n)) for n in range(1, 6))]


def _coded(label: Any, rows: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=[("", "–"), *rows])


def _scale(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, help_text=help_text, required=False, choices=_SCALE, coerce=int,
        empty_value=None,
    )  # fmt: skip


def _groups(week: Week) -> list[tuple[str, str]]:
    rows = LifecycleGroup.objects.filter(
        Q(valid_until=None) | Q(valid_until__gt=week.end), valid_from__lte=week.end
    )
    english = is_english()
    return [(row.code, row.name_en if english else row.name_id) for row in rows]


class DetailsForm(forms.Form):
    """What may be known about a problem besides its name; all of it optional."""

    description = LinesField(
        label=_("Description"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    event = forms.ChoiceField(
        label=_("Urgent event"),
        required=False,
        choices=[("", _("None")), *ProblemEvent.choices],
        help_text=_("Goes up at once and does not wait for the meeting."),
    )
    village = forms.ModelChoiceField(
        label=_("Village"), required=False, queryset=Area.objects.none(), empty_label="–"
    )
    people_count = CountField(
        label=_("Number of people"),
        required=False,
    )
    category = forms.ChoiceField(label=_("Category"), choices=ProblemCategory, initial="other")
    cause = LinesField(
        label=_("Root cause"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Five whys: ask “why?” of each answer, up to five times. Write the last one."),
    )
    urgency = _scale(_("Urgency"), _("5: cannot wait"))
    seriousness = _scale(_("Seriousness"), _("5: very grave consequences"))
    growth = _scale(_("Growth"), _("5: worsens quickly"))
    priority = forms.ChoiceField(
        label=_("Priority"),
        required=False,
        choices=[("", _("As suggested by USG")), *Priority.choices],
        help_text=_(
            "Sum of USG: 14–15 emergency, 11–13 high, 7–10 medium, 3–6 low. "
            "An urgent event is an emergency."
        ),
    )

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
        self.fields["group_code"] = _coded(_("Life-cycle group"), _groups(week))
        self.fields["indicator_code"] = _coded(
            _("Indicator"), [(row.code, row.name) for row in Indicator.objects.in_week(week)]
        )
        for field in self.fields.values():
            field.widget.attrs["class"] = "field"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if "priority" in data and not data["priority"]:
            scores = (data.get("urgency"), data.get("seriousness"), data.get("growth"))
            data["priority"] = suggest_priority(data.get("event", ""), *scores)
        return data


class RaiseProblemForm(FormWithFiles, DetailsForm, PlanForm):
    """What, who, until when; everything else is optional. One problem, one person, one date."""

    title = LineField(
        label=_("Problem"),
        max_length=200,
        error_messages={"required": _("Write what the problem is.")},
    )
    action = LineField(label=_("Follow-up"), required=False, max_length=500)
    attachments = FilesField()
    # Made anew for each form: sent twice over a bad line, it is still one problem.
    client_key = forms.UUIDField(
        required=False, initial=uuid.uuid4, widget=forms.HiddenInput(attrs={"id": "raise-key"})
    )

    essentials = ("title", "owner_name", "due_on")
    field_order = (
        *essentials, "action", "owner_kind", "event", "description", "village", "people_count",
        "cluster_code", "group_code", "indicator_code", "category", "cause",
        "urgency", "seriousness", "growth", "priority", "attachments",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        self.fields["priority"].help_text = " ".join(
            [str(self.fields["priority"].help_text), time_limits(self.today)]
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "due_on" in data and data["due_on"] is None and "priority" in data:
            data["due_on"] = suggest_due_on(data["priority"], self.today)
        return data

    @property
    def optional(self) -> list[forms.BoundField]:
        return [field for field in self.visible_fields() if field.name not in self.essentials]


def time_limits(today: dt.date) -> str:
    """«Batas waktu: darurat 24 jam, tinggi 7 hari, …»: the dates the priorities suggest."""
    return gettext("Time limits: emergency 24 hours, high 7 days, medium 14 days, low %(day)s.") % {
        "day": date_format(next_workshop(today), "j F")
    }


class EditProblemForm(DetailsForm):
    """Change what is known; who does what until when is changed by follow-ups."""

    title = LineField(
        label=_("Problem"),
        max_length=200,
        error_messages={"required": _("Write what the problem is.")},
    )
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    field_order = (
        "title", "event", "description", "village", "people_count", "cluster_code",
        "group_code", "indicator_code", "category", "cause", "urgency", "seriousness", "growth",
        "priority", "version",
    )  # fmt: skip

    def __init__(self, *args: Any, problem: Problem, today: dt.date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", stored_values(problem))
        super().__init__(*args, facility=problem.facility, week=problem.week, today=today, **kwargs)
        self._keep_stored(problem)
        self.order_fields(self.field_order)

    def _keep_stored(self, problem: Problem) -> None:
        """What ended or moved away since is still a choice: editing must not lose it."""
        for name in ("cluster_code", "group_code", "indicator_code"):
            field, code = self.fields[name], getattr(problem, name)
            if code and code not in dict(field.choices):  # type: ignore[attr-defined]
                field.choices = [*field.choices, (code, code)]  # type: ignore[attr-defined]
        if problem.village_id:
            villages = self.fields["village"]
            villages.queryset = Area.objects.filter(  # type: ignore[attr-defined]
                Q(pk=problem.village_id) | Q(pk__in=villages.queryset.values("pk"))  # type: ignore[attr-defined]
            )

    def shown(self, name: str, value: Any) -> str:
        """A value in the words of its field."""
        choices = getattr(self.fields[name], "choices", None)
        if choices is not None and not isinstance(value, Area):
            value = dict(choices).get("" if value is None else str(value), value)
        return "–" if value in (None, "") else str(value)


def stored_values(problem: Problem) -> dict[str, Any]:
    names = [*DetailsForm.base_fields, "cluster_code", "group_code", "indicator_code"]
    return {name: getattr(problem, name) for name in [*names, "title", "version"]}
