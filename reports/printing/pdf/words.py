"""How a figure, a date and a status read on paper. None is always «-», never 0."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.figures import status_words
from reports.figures.tables import TableColumn
from reports.shapes import Line, WeekRef

NOTHING = "-"


def number(value: int | Decimal | None) -> str:
    """1.284 or 1.234,5."""
    if value is None:
        return NOTHING
    places = 1 if isinstance(value, Decimal) else 0
    return formats.number_format(value, places, use_l10n=True, force_grouping=True)


_WIDE = frozenset("MWmw@%—…")  # letters that take the room of two


def shortened(text: str, room: int) -> str:
    """Cut with an ellipsis to the room of so many ordinary letters; for places where the whole
    name would not fit and stands elsewhere on the paper."""
    used = 0
    for place, letter in enumerate(text):
        used += 2 if letter in _WIDE else 1
        if used > room:
            return text[: max(1, place - 1)].rstrip() + "…"
    return text


def percent(value: Decimal | None) -> str:
    """62,4% (the table's head does not repeat the sign)."""
    return NOTHING if value is None else f"{number(value)}%"


def signed(value: int | None) -> str:
    """+3, −62, 0: with a true minus, as wide as a plus."""
    if value is None:
        return NOTHING
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + number(abs(value))


def figure(column: TableColumn, line: Line) -> str:
    """What a column says of a line; a percentage has its sign in the head."""
    value = column.column.value(line)
    if column.code == "cumulative" and value is not None:
        return status_words.at_least(line) + number(value)
    return signed(value) if column.column.unit == "difference" else number(value)


def date(day: dt.date | None) -> str:
    """5 Mei 2025."""
    return NOTHING if day is None else formats.date_format(day, "j F Y")


def full_date(day: dt.date | None) -> str:
    """Senin, 5 Mei 2025."""
    return NOTHING if day is None else formats.date_format(day, "l, j F Y")


def moment(at: dt.datetime | None, timezone: str, zone_name: str) -> str:
    """16 Juni 2026 10.30 WIB."""
    if at is None:
        return ""
    local = at.astimezone(ZoneInfo(timezone))
    return f"{formats.date_format(local, 'j F Y H.i')} {zone_name}"


def week_dates(week: WeekRef) -> str:
    """27 April–3 Mei 2025: what both ends share is written once."""
    start, end = week.start, week.end
    pattern = "j F Y" if start.year != end.year else "j F" if start.month != end.month else "j"
    return f"{formats.date_format(start, pattern)}–{date(end)}"


def trend(value: str | None) -> str:
    words = {"up": _("rising"), "flat": _("steady"), "down": _("falling")}
    return words.get(value or "", NOTHING)


# Arrow above or below a line (the target), pointing up or down.
GLYPHS = status_words.GLYPHS


def status(line: Line) -> tuple[str, str, str]:
    """(class, glyph, word) of a line's PWS status, or of what stands in its place."""
    figures = line.figures
    if is_missing(line) and figures.status in (None, "incomplete"):
        return "none", "", _("not reported")
    if figures.status is not None:
        name = figures.status if figures.status in GLYPHS else "none"
        word = status_words.status_word(figures.status)
        return name, GLYPHS.get(figures.status, ""), word
    if figures.judged is not None:
        return "none", "", status_words.standing(line) or NOTHING
    if figures.is_on_target is not None:
        return "none", "", _("on target") if figures.is_on_target else _("below target")
    return "none", "", NOTHING


def status_period(line: Line) -> str:
    """«Okt»: the closed period a status belongs to; empty without one."""
    figures = line.figures
    if figures.judged is None or figures.status is None:
        return ""
    return status_words.period_short(figures.judged.period, line.indicator.profile)


def is_missing(line: Line) -> bool:
    """Belum lapor: due this week, and nobody has reported it in its week, month or quarter."""
    return line.is_due and not line.is_filled


def problem_status(value: str) -> str:
    words = {
        "reported": _("Reported"), "accepted": _("Accepted"), "planned": _("Follow-up planned"),
        "in_progress": _("In progress"), "done": _("Done"), "verified": _("Verified"),
        "escalated": _("Escalated"), "rejected": _("Rejected"), "reopened": _("Reopened again"),
    }  # fmt: skip
    return words.get(value, value)


def priority(value: str) -> str:
    words = {
        "emergency": _("Emergency"), "high": _("High"), "medium": _("Medium"), "low": _("Low"),
    }  # fmt: skip
    return words.get(value, value)


def filing(value: str) -> str:
    """How far a review is, as the office says it."""
    words = {
        "missing": pgettext("review", "not sent"), "open": pgettext("review", "not sent"),
        "submitted": pgettext("review", "sent"), "approved": pgettext("review", "received"),
        "returned": pgettext("review", "returned"), "reopened": pgettext("review", "reopened"),
    }  # fmt: skip
    return words.get(value, value)


def people(line: Line, count: int) -> str:
    """«62 bayi»: people before percentages."""
    return f"{number(count)} {line.indicator.people_noun_id}".strip()
