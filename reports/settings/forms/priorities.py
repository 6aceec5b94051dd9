"""Which indicators, and from which week on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from clusters.models import Indicator
from clusters.weeks import Week
from reports.figures.wording import week_words


class PrioritiesForm(forms.Form):
    """A box for each indicator, by cluster."""

    from_week = forms.TypedChoiceField(
        label=_("Counts from"), coerce=Week.parse, widget=forms.Select(attrs={"class": "field"})
    )
    codes = forms.MultipleChoiceField(
        label=_("Indicators"), required=False, widget=forms.CheckboxSelectMultiple
    )
    version = forms.CharField(max_length=16, widget=forms.HiddenInput)

    def __init__(
        self, *args: Any, indicators: Sequence[Indicator], weeks: Iterable[Week], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._indicators = indicators
        cast("forms.ChoiceField", self.fields["codes"]).choices = [
            (one.code, one.name) for one in indicators
        ]
        weeks_field = cast("forms.ChoiceField", self.fields["from_week"])
        weeks_field.choices = [(str(one), capfirst(week_words(one))) for one in weeks]

    @property
    def clusters(self) -> list[tuple[str, list[tuple[Indicator, bool]]]]:
        """(cluster, [(indicator, whether its box is ticked)])."""
        chosen = set(self["codes"].value() or ())
        found: dict[str, list[tuple[Indicator, bool]]] = {}
        for one in self._indicators:
            found.setdefault(one.cluster.name, []).append((one, one.code in chosen))
        return list(found.items())
