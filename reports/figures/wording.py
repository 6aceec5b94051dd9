"""Figures in words: people before percentages."""

from __future__ import annotations

import datetime as dt

from django.utils import formats
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from clusters.weeks import Week
from reports.shapes import IndicatorRef, Line

DASH = "–"


def is_english() -> bool:
    """Whether the reader's language is English; Indonesian otherwise."""
    return (get_language() or "id").startswith("en")


def date_span(start: dt.date, end: dt.date) -> str:
    """«9–15 Juni», or «28 Juni–4 Juli» over the end of a month."""
    first = formats.date_format(start, "j" if start.month == end.month else "j F")
    return f"{first}–{formats.date_format(end, 'j F')}"


def week_words(week: Week) -> str:
    """«minggu ke-24 (9–15 Juni)»."""
    return _("week %(number)s (%(dates)s)") % {
        "number": week.number,
        "dates": date_span(week.start, week.end),
    }


def people_noun(indicator: IndicatorRef) -> str:
    """«bayi», «ibu», «orang» in the active language."""
    return (indicator.people_noun_en if is_english() else indicator.people_noun_id) or _("people")


def shortfall(line: Line) -> str:
    """«kurang 62 bayi»; for a ceiling «lebih 3 kunjungan dari batas»; a dash for no data. Of deaths
    and events how many there were: a limit is nothing to hold them against."""
    if line.indicator.is_alert:
        return event_count(line)
    gap = line.figures.gap
    if gap is None:
        return DASH
    return gap_words(gap, people_noun(line.indicator), line.indicator.direction)


def event_count(line: Line) -> str:
    """«7 kasus», «nihil», a dash where nobody has reported."""
    figures = line.figures
    count = figures.cumulative if figures.cumulative is not None else figures.week_count
    if count is None:
        return DASH
    if not count:
        return pgettext("events", "nil")
    number = formats.number_format(count, use_l10n=True, force_grouping=True)
    return f"{number} {people_noun(line.indicator)}"


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
