"""Words of the facility pages."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.figures.tags import number, percent, shortfall
from reports.shapes import Line

register = template.Library()


@register.filter
def gap_people(line: Line) -> SafeString:
    """«kurang 62 bayi»; a dash for no data."""
    return format_html("<span>{}</span>", shortfall(line))


@register.filter
def done_of_target(line: Line) -> str:
    """«31,2% dari target 46,2%», or for events «3 dari target 5»."""
    figures = line.figures
    if figures.cumulative is None:
        return _("no report yet")
    if figures.coverage is None:
        parts = {"done": number(figures.cumulative), "target": number(figures.target_to_date)}
    else:
        parts = {"done": percent(figures.coverage), "target": percent(figures.target_percent)}
    return _("%(done)s, target %(target)s") % parts
