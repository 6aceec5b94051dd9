"""Small parts every chart is put together from."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Light tokens of the design; the page's classes override them.
FILLS = {
    "baik": "#12806a", "kurang": "#a86800", "cukup": "#2b66c0", "jelek": "#87182a",
    "none": "#7b888f", "brand": "#0b5d70", "track": "#dfe5e2", "ink": "#14222a",
    "ink-2": "#44525a", "line": "#d5dbd8",
}  # fmt: skip


def fill_of(status: str | None) -> str:
    """The fill of a status; grey for what has none of the four words."""
    return status if status in FILLS else "none"


def number(value: float) -> str:
    """A coordinate, to a hundredth, without trailing zeros."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def rect(name: str, x: float, y: float, width: float, height: float) -> SafeString:
    """A filled box; ``name`` is a key of FILLS and gives the class ``f-name``."""
    return format_html(
        '<rect class="f-{}" fill="{}" x="{}" y="{}" width="{}" height="{}"/>',
        name, FILLS[name], number(x), number(y), number(max(0.0, width)), number(max(0.0, height)),
    )  # fmt: skip


def line(x1: float, y1: float, x2: float, y2: float, width: float = 2) -> SafeString:
    """A target line or tick: in ink, and as thick however the chart is stretched."""
    return format_html(
        '<path class="tick" d="M{} {}L{} {}" stroke="{}" stroke-width="{}" fill="none" '
        'vector-effect="non-scaling-stroke"/>',
        number(x1), number(y1), number(x2), number(y2), FILLS["ink"], number(width),
    )  # fmt: skip


def joined(parts: Iterable[SafeString]) -> SafeString:
    return format_html_join("", "{}", ((part,) for part in parts))
