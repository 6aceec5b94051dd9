"""Figures in words: people before percentages."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.queries.shapes import IndicatorRef, Line

DASH = "–"


def people_noun(indicator: IndicatorRef) -> str:
    """«bayi», «ibu», «orang» in the active language."""
    english = (get_language() or "id").startswith("en")
    return (indicator.people_noun_en if english else indicator.people_noun_id) or _("people")


def shortfall(line: Line) -> str:
    """«kurang 62 bayi»; for a ceiling «lebih 3 kasus dari batas»; a dash for no data."""
    gap = line.figures.gap
    if gap is None:
        return DASH
    return gap_words(gap, people_noun(line.indicator), line.indicator.direction)


def gap_words(gap: int, people: str, direction: str) -> str:
    """The same from its parts."""
    if not gap:
        return _("exactly on target")
    count = formats.number_format(abs(gap), use_l10n=True, force_grouping=True)
    words = {"count": count, "people": people}
    if direction == "lower":
        if gap > 0:
            return _("%(count)s %(people)s over the limit") % words
        return _("%(count)s %(people)s under the limit") % words
    if gap < 0:
        return _("%(count)s %(people)s short") % words
    return _("%(count)s %(people)s ahead") % words
