"""Decisions on the red rows of a review, and sending it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from facilities.models.facility import FacilityKind
from facilities.text.form_fields import LineField, NameField
from reports.form_fields import DateInput
from reports.models import WeeklyReview
from reports.models.decision import RowDecisionKind
from reports.review.forms.meeting import StepForm
from reports.review.queries.open_points import REASON_OF
from reports.review.queries.priorities import NEVER_MONITORED


class RowDecisionForm(forms.Form):
    """One red row: follow-up (what, who, until when), escalation (what is asked), or monitored
    (why). Its prefix is the code of the indicator."""

    kind = forms.ChoiceField(
        choices=[
            (RowDecisionKind.FOLLOW_UP, pgettext_lazy("row", "Follow-up")),
            (RowDecisionKind.ESCALATE, pgettext_lazy("row", "Escalate")),
            (RowDecisionKind.MONITOR, pgettext_lazy("row", "Monitor")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the answers.")},
    )
    action = LineField(label=_("What will be done"), required=False, max_length=500)
    owner_name = NameField(label=_("Person in charge"), required=False, max_length=150)
    due_on = forms.DateField(label=_("Due date"), required=False, widget=DateInput)
    reason = LineField(label=_("Reason, or what is asked"), required=False, max_length=500)
    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, *args: Any, is_event: bool = False, **kwargs: Any) -> None:
        """``is_event``: a death, an outbreak or a sign of danger is never only monitored."""
        super().__init__(*args, **kwargs)
        self.is_event = is_event
        if is_event:
            kinds = self.fields["kind"]
            kinds.choices = [  # type: ignore[attr-defined]
                one
                for one in kinds.choices  # type: ignore[attr-defined]
                if one[0] != RowDecisionKind.MONITOR
            ]
            kinds.error_messages["invalid_choice"] = NEVER_MONITORED
        for name in ("action", "owner_name", "due_on", "reason"):
            self.fields[name].widget.attrs |= {"class": "field", "autocomplete": "off"}
        # The ready sentences of the catalogue, one arrow key away.
        self.fields["action"].widget.attrs["list"] = f"saran-{self.prefix}"

    @property
    def is_touched(self) -> bool:
        """Whether anything differs from what stands; a date alone, prefilled, says nothing."""
        return bool(set(self.changed_data) - {"version", "due_on"}) or (
            "due_on" in self.changed_data and bool(self.initial.get("kind"))
        )

    def as_typed(self) -> RowDecisionForm:
        """The same fields with what was typed, not judged yet."""
        typed = {name: self.data.get(self.add_prefix(name), "") for name in self.fields}
        return RowDecisionForm(prefix=self.prefix, initial=typed, is_event=self.is_event)

    def values(self) -> dict[str, Any]:
        """What ``decide_row`` takes; raises KeyError only for an invalid form."""
        data = self.cleaned_data
        return {name: data[name] for name in ("kind", "reason", "action", "owner_name", "due_on")}

    def add_errors(self, errors: dict[str, str]) -> None:
        for name, message in errors.items():
            self.add_error(name if name in self.fields else None, message)


class SubmitForm(StepForm):
    """Sending, with a reason for each thing that is still open (``actions.readiness``)."""

    undecided_choice = forms.ChoiceField(
        required=False, choices=[("puskesmas", ""), ("other", "")], widget=forms.RadioSelect
    )
    undecided_reason = LineField(required=False, max_length=500)
    no_meeting_reason = LineField(required=False, max_length=500)
    empty_reason = LineField(required=False, max_length=500)
    doubts_reason = LineField(required=False, max_length=500)
    problems_reason = LineField(required=False, max_length=500)
    gap_reason = LineField(required=False, max_length=500)
    events_reason = LineField(required=False, max_length=500)

    def __init__(self, *args: Any, review: WeeklyReview, **kwargs: Any) -> None:
        # What was answered before it was returned need not be typed again.
        kwargs["initial"] = {name: getattr(review, name, "") for name in self.base_fields}
        super().__init__(*args, **kwargs)
        self.facility = review.facility

    def reasons(self) -> dict[str, str]:
        """By name, as ``submit_review`` takes them; for undecided rows the ready reason of a
        Pustu when it was chosen, else what was written."""
        given = {name: str(self.cleaned_data[name]) for name in REASON_OF.values()}
        if (
            self.cleaned_data["undecided_choice"] == "puskesmas"
            and self.facility.kind == FacilityKind.PUSTU
        ):
            given["undecided_reason"] = gettext(
                "Discussed in the weekly evaluation of the Puskesmas"
            )
        return given
