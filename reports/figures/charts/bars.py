"""Bullet bars: how far of the yearly whole, with a tick where one ought to be now."""

from __future__ import annotations

from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString

from reports.figures.charts.svg import joined, line, rect


def bullet_bar(
    value: Decimal | float | None,
    target: Decimal | float | None,
    *,
    fill: str = "brand",
    title: str = "",
    whole: Decimal | float = 100,
) -> SafeString:
    """A bar of ``value`` on a track of ``whole`` with a tick at ``target``; None draws no bar.

    ``fill``: a status (baik, kurang, cukup, jelek, none) or brand. ``title`` names it for those
    who cannot see it; without one the bar is decoration beside its own numbers.
    """
    parts = [rect("track", 0, 2, 100, 12)]
    if value is not None:
        parts.append(rect(fill, 0, 4.5, _share(value, whole), 7))
    if target is not None:
        at = min(99.4, max(0.6, _share(target, whole)))
        parts.append(line(at, 0, at, 16))
    named = format_html("<title>{}</title>", title) if title else SafeString("")
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="bullet" viewBox="0 0 100 16" '
        'preserveAspectRatio="none" {}>{}{}</svg>',
        SafeString('role="img"' if title else 'aria-hidden="true"'), named, joined(parts),
    )  # fmt: skip


def _share(value: Decimal | float, whole: Decimal | float) -> float:
    return 0.0 if not whole else min(100.0, max(0.0, float(value) / float(whole) * 100))
