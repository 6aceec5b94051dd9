"""Open suggestions as cards: an indicator whose last closed period is Jelek, in people."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import formats, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clusters.models import Indicator
from facilities.models import Facility
from reports.figures.status_words import period_name
from reports.figures.wording import gap_words, is_english
from reports.models import ProblemSuggestion
from reports.models.suggestion import SuggestionState

TITLE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class SuggestionCard:
    """One open suggestion in words; ``title`` is the drafted problem, in Indonesian."""

    id: int
    indicator_code: str
    name: str
    title: str
    said: str  # «Oktober 2026 Jelek: kurang 62 bayi»
    numbers: str  # «capaian 310 dari target 372»
    people_count: int
    priority: str  # red is high, a better colour medium
    week: str


def open_suggestions(facility: Facility) -> list[SuggestionCard]:
    """Of one facility, the red ones and the largest gaps first. Two queries."""
    rows = list(ProblemSuggestion.objects.filter(facility=facility, state=SuggestionState.OPEN))
    found = Indicator.objects.filter(code__in={row.indicator_code for row in rows})
    names = {row.code: row for row in found.order_by("valid_from")}
    cards = [
        card(row, names.get(row.indicator_code))
        for row in rows
        if not _is_alert(names.get(row.indicator_code))
    ]
    return sorted(cards, key=lambda one: (one.priority != "high", -one.people_count, one.id))


def one_card(row: ProblemSuggestion) -> SuggestionCard:
    """The card of one suggestion; one query."""
    found = Indicator.objects.in_week(row.week).filter(code=row.indicator_code)
    return card(row, found.first())


def card(row: ProblemSuggestion, indicator: Indicator | None) -> SuggestionCard:
    english = is_english()
    figures = row.figures
    name_id = indicator.name_id if indicator else row.indicator_code
    with translation.override("id"):
        # A case too many is no gap to a limit.
        title = name_id if _is_alert(indicator) else f"{name_id}: {_gap(figures, 'people_id')}"
    return SuggestionCard(
        id=row.pk,
        indicator_code=row.indicator_code,
        name=indicator.name if indicator else row.indicator_code,
        title=title[:TITLE_LENGTH],
        said=_("%(weeks)s: %(gap)s")
        % {"weeks": _when(row), "gap": _gap(figures, "people_en" if english else "people_id")},
        numbers=_numbers(figures),
        people_count=abs(int(figures.get("gap", 0))),
        priority="high" if figures.get("colour") == "red" else "medium",
        week=str(row.week),
    )


def _is_alert(indicator: Indicator | None) -> bool:
    return indicator is not None and indicator.is_alert


def _when(row: ProblemSuggestion) -> str:
    """«Oktober 2026 Jelek»; those of before judgement went by closed periods count weeks."""
    if period := period_name(row.figures.get("period", ""), row.figures.get("profile", "")):
        return _("%(period)s is Poor") % {"period": period}
    return ngettext(
        "Poor for %(n)s week running", "Poor for %(n)s weeks running", row.weeks_running
    ) % {"n": row.weeks_running}


def _gap(figures: dict[str, str], noun: str) -> str:
    people = figures.get(noun) or _("people")
    return gap_words(int(figures.get("gap", 0)), people, figures.get("direction", "higher"))


def _numbers(figures: dict[str, str]) -> str:
    if "cumulative" not in figures or "target" not in figures:
        return ""
    number = {
        key: formats.number_format(int(figures[key]), use_l10n=True, force_grouping=True)
        for key in ("cumulative", "target")
    }
    return _("%(cumulative)s of target %(target)s") % number
