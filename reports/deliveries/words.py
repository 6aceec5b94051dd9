"""Words that several messages share."""

from __future__ import annotations

from django.utils import formats
from django.utils.translation import gettext as _

from clusters.weeks import Week


def week_words(week: Week) -> str:
    """«minggu ke-24 (14–20 Juni 2026)», or «(28 Juni–4 Juli 2026)»; in the active language."""
    first = "j" if week.start.month == week.end.month else "j F"
    days = f"{formats.date_format(week.start, first)}–{formats.date_format(week.end, 'j F Y')}"
    return _("week %(number)s (%(days)s)") % {"number": week.number, "days": days}
