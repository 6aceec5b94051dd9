"""The text with which a district reminds those who have not filed."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.shapes import DistrictSheet


def reminder_text(sheet: DistrictSheet, address: str) -> str:
    """Plain text for a chat group; empty when everybody has filed."""
    missing = [row.facility.short_name for row in sheet.puskesmas if not row.filing.is_reported]
    if not missing:
        return ""
    return _(
        "The weekly ILP evaluation of week %(number)s has not arrived yet from: %(names)s. "
        "Please send it today: %(address)s"
    ) % {"number": sheet.week.number, "names": ", ".join(missing), "address": address}
