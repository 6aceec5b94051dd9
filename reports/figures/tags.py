"""What every template of the site may use: icons, numbers, status and small charts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils import formats
from django.utils.dates import MONTHS
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from lucide.templatetags.lucide import lucide

from clusters.computed import origin_words
from reports.figures import event_words, status_words, wording
from reports.figures.charts.bars import bullet_bar
from reports.figures.charts.columns import pws_column, pws_scale
from reports.figures.charts.glyphs import status_glyph
from reports.figures.charts.lines import sparkline
from reports.figures.charts.segments import status_bar
from reports.figures.wording import is_english
from reports.shapes import EventRow, IndicatorRef, Line, RegionCell, RegionChart, Tally

register = template.Library()

DASH = "–"


@register.simple_tag
def icon(name: str, size: int = 20) -> SafeString:
    """A line icon, always beside a text that says the same."""
    return mark_safe(  # noqa: S308 - drawn by the lucide package from its own files
        lucide(name, size=int(size), aria_hidden="true", stroke_width="1.8")
    )


@register.filter
def number(value: Decimal | float | None) -> str:
    """1.284 or 62,4 in the reader's language; a dash for no data."""
    if value is None or value == "":
        return DASH
    decimals = 1 if isinstance(value, Decimal | float) else None
    return formats.number_format(value, decimals, use_l10n=True, force_grouping=True)


@register.filter
def percent(value: Decimal | float | None) -> str:
    """62,4%."""
    return DASH if value is None else f"{number(value)}%"


@register.filter
def name(thing: Any) -> str:
    """The name of an indicator or cluster in the reader's language."""
    english = is_english()
    return str(thing.name_en if english else thing.name_id)


@register.filter
def month_name(month: int | str) -> str:
    """6 → «Juni»."""
    return str(MONTHS[int(month)])


@register.filter
def computed_words(line: Line) -> str:
    """«dihitung sistem dari evaluasi mingguan»."""
    return _("computed by the system from %(what)s") % {"what": origin_words(line.computed_from)}


@register.filter
def people(indicator: IndicatorRef) -> str:
    """«bayi», «ibu», «orang»."""
    return wording.people_noun(indicator)


@register.simple_tag
def status(value: str | None, empty: str = "") -> SafeString:
    """The PWS status as glyph and word; the colour only supports it."""
    return format_html(
        '<span class="st {}">{}{}</span>',
        value if value in status_words.GLYPHS else "kosong",
        status_glyph(value),
        status_words.status_word(value) or empty or _("No data yet"),
    )


@register.simple_tag
def line_status(line: Line) -> SafeString:
    """The status of a line with the period it belongs to, or what stands in its place."""
    judged = line.figures.judged
    value = line.figures.status
    if judged is None:
        return status(value)
    period = status_words.period_short(judged.period, line.indicator.profile)
    period_name = status_words.period_name(judged.period, line.indicator.profile)
    said = status_words.late_words(line) or status_words.standing(line)
    if value is None:
        return format_html('<span class="st kosong">{}{}</span>', status_glyph(None), said or DASH)
    return format_html(
        '{} <span class="st-of" title="{}">{}</span>', status(value), period_name, period
    )


@register.filter
def event_name(row: EventRow) -> str:
    return event_words.event_name(row)


@register.filter
def event_place(row: EventRow) -> str:
    return event_words.event_place(row)


@register.filter
def event_state(row: EventRow) -> str:
    """«audit belum», «belum ada catatan kejadian»."""
    return event_words.event_state(row)


@register.filter
def at_least(line: Line) -> str:
    """«≥ » before a sum in which reports are missing."""
    return status_words.at_least(line)


@register.filter
def completeness(line: Line) -> str:
    """«11 dari 12 unit-bulan» where something is missing."""
    return status_words.completeness_words(line)


@register.filter
def missing_names(line: Line) -> str:
    judged = line.figures.judged
    return status_words.missing_words(judged.missing) if judged else ""


@register.filter
def judged_words(line: Line) -> str:
    """The judgement in one sentence."""
    return status_words.reason(line.figures.judged, line)


@register.simple_tag
def bullet(line: Line) -> SafeString:
    """The bar of a line: how far of the whole year, with a tick where it ought to be now."""
    figures = line.figures
    fill = figures.status if figures.status in status_words.GLYPHS else "none"
    if line.annual_target_people:
        return bullet_bar(
            figures.cumulative, figures.target_to_date, fill=fill, whole=line.annual_target_people
        )
    return bullet_bar(figures.coverage, figures.target_percent, fill=fill)


@register.simple_tag
def spark(line: Line) -> SafeString:
    """The last eight weeks of a line, with the weekly target dashed."""
    return sparkline(line.spark, None if line.weekly_target is None else float(line.weekly_target))


@register.simple_tag
def series(values: tuple[int | None, ...]) -> SafeString:
    """A plain sparkline."""
    return sparkline(values)


@register.simple_tag
def share(done: int, whole: int, planned: int | None = None, fill: str = "brand") -> SafeString:
    """A bar of ``done`` out of ``whole`` with a tick at what was planned."""
    return bullet_bar(done, planned, whole=whole or 1, fill=fill)


@register.simple_tag
def tally_bar(tally: Tally) -> SafeString:
    """The distribution of statuses as one bar."""
    title = _("%(baik)s good, %(kurang)s worse, %(cukup)s adequate, %(jelek)s poor") % {
        "baik": tally.baik, "kurang": tally.kurang, "cukup": tally.cukup, "jelek": tally.jelek,
    }  # fmt: skip
    return status_bar(tally, title=title)


@register.simple_tag
def pws_bar(chart: RegionChart, cell: RegionCell) -> SafeString:
    """One bar of the PWS table, to the scale of its chart."""
    return pws_column(chart, cell)


@register.simple_tag
def pws_axis(chart: RegionChart) -> SafeString:
    """The labels of the target line and of zero, to the same scale."""
    label = _("target %(percent)s") % {"percent": percent(chart.target_percent)}
    return pws_scale(chart, label)


TRENDS = {"up": "M8 2.5 14 13H2z", "down": "M8 13.5 2 3h12z", "flat": "M2 7h12v2.4H2z"}


@register.simple_tag
def trend(value: str | None) -> SafeString:
    """A small arrow with its word for those who cannot see it."""
    if value is None:
        return SafeString("")
    words = {"up": _("rising"), "down": _("falling"), "flat": _("steady")}
    return format_html(
        '<svg class="trend" width="13" height="13" viewBox="0 0 16 16" aria-hidden="true">'
        '<path d="{}" fill="currentColor"/></svg><span class="vh">{}</span>',
        TRENDS[value], words[value],
    )  # fmt: skip


@register.filter
def shortfall(line: Line) -> str:
    """«kurang 62 bayi»: people before percentages; for a ceiling «lebih 3 kasus dari batas»."""
    return wording.shortfall(line)
