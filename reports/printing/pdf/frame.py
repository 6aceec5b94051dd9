"""What every report shares: letterhead, footer, verification, signature."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from reports.printing.pdf import words
from reports.printing.pdf.emblem import emblem
from reports.printing.pdf.qr import qr_svg
from reports.shapes import DistrictSheet, Letterhead, ReviewSheet, Signature

FOOT_LETTERS = 60  # of the unit in the footer, which must keep to one line


@dataclass(frozen=True, slots=True)
class Printing:
    """What the frame needs to know beside the sheet."""

    kind: str
    revision: int
    is_draft: bool
    snapshot_sha256: str
    verify_url: str


def frame(sheet: ReviewSheet | DistrictSheet, printing: Printing, *, unit: str) -> dict[str, Any]:
    """Template context of letterhead, footer and last page; ``unit`` is named in the footer.

    The same frozen sheet must give the same bytes for ever: «printed at» is the moment the
    review was sent, and is left out while there is none.
    """
    sent = _sent(sheet, printing)
    foot = [words.shortened(unit, FOOT_LETTERS), _("Week %(week)d") % {"week": sheet.week.number}]
    return {
        "sheet": sheet,
        "lang": "id",
        "letterhead": letterhead(sheet.letterhead),
        "week_line": _("Week %(week)d of %(year)d (%(dates)s)")
        % {
            "week": sheet.week.number,
            "year": sheet.week.year,
            "dates": words.week_dates(sheet.week),
        },
        "foot": " - ".join(foot),
        "foot_end": " - " + _("printed %(moment)s") % {"moment": sent} if sent else "",
        "foot_document": _document_line(sheet, printing),
        "demo": _("Sample data, not real figures") if sheet.is_demo else "",
        "is_draft": printing.is_draft,
        "classification": sheet.letterhead.classification,
        "copies": sheet.letterhead.copies,
        "verification": verification(sheet, printing),
        "signature": signature(sheet.signature, sheet, printing),
    }


def _sent(sheet: ReviewSheet | DistrictSheet, printing: Printing) -> str:
    at = sheet.submitted_at if isinstance(sheet, ReviewSheet) else sheet.signature.signed_at
    return "" if printing.is_draft else words.moment(at, sheet.timezone, sheet.zone_name)


def _document_line(sheet: ReviewSheet | DistrictSheet, printing: Printing) -> str:
    parts = []
    if number := document_number(sheet, printing):
        parts.append(_("Number %(number)s") % {"number": number})
    parts.append(_("revision %(revision)d") % {"revision": printing.revision})
    if printing.snapshot_sha256:
        parts.append(f"SHA-256 {printing.snapshot_sha256[:12]}")
    return " - ".join(parts)


def document_number(sheet: ReviewSheet | DistrictSheet, printing: Printing) -> str:
    """A draft has none: a number is given when the paper is sent."""
    return "" if printing.is_draft else sheet.document_number


def letterhead(head: Letterhead) -> dict[str, Any]:
    """Kop surat. The last line is the largest: the unit, or for a district its office."""
    upper = [head.government.upper(), head.office.upper(), head.unit.upper()]
    lines = [line for line in upper if line]
    contact = [
        head.address,
        _("telephone %(number)s") % {"number": head.phone} if head.phone else "",
        head.email,
        _("postal code %(code)s") % {"code": head.postal_code} if head.postal_code else "",
    ]
    return {
        "emblem": emblem(head.logo_sha256),
        "emblem_alt": _("Emblem of %(name)s")
        % {"name": head.government.removeprefix("Pemerintah ")},
        "logo": emblem(head.unit_logo_sha256),
        "logo_alt": _("Logo of %(name)s") % {"name": head.unit or head.office},
        "lines": lines[:-1],
        "unit": lines[-1] if lines else "",
        "contact": ", ".join(filter(None, contact)),
    }


def verification(sheet: ReviewSheet | DistrictSheet, printing: Printing) -> dict[str, Any]:
    """How a reader of the paper checks it. A draft has nothing to check."""
    can_check = bool(printing.verify_url) and not printing.is_draft
    url = printing.verify_url if can_check else ""
    return {
        "url": url,
        "qr": qr_svg(url, _("QR code of the verification page")),
        "number": document_number(sheet, printing),
        "revision": printing.revision,
        "sha256": printing.snapshot_sha256,
    }


def signature(
    who: Signature, sheet: ReviewSheet | DistrictSheet, printing: Printing
) -> dict[str, Any]:
    """Names under the report; «sent by» only when someone did, never a «signed» mark."""
    sent_at = sheet.submitted_at if isinstance(sheet, ReviewSheet) else None
    signed_at = None if printing.is_draft else who.signed_at or sent_at
    local = words.moment(signed_at, sheet.timezone, sheet.zone_name)
    day = words.date(signed_at.astimezone(_zone(sheet)).date()) if signed_at else "." * 24
    seat = sheet.letterhead.seat
    return {
        "place_date": f"{seat}, {day}" if seat else day,
        "title": who.head_title,
        "name": who.head_name,
        "rank": who.head_rank,
        "nip": who.head_nip,
        "minutes_by": who.minutes_by,
        "sent": _("Sent through Pantau ILP by %(name)s on %(moment)s")
        % {"name": who.signed_by, "moment": local}
        if signed_at and who.signed_by
        else "",
    }


def _zone(sheet: ReviewSheet | DistrictSheet) -> ZoneInfo:
    return ZoneInfo(sheet.timezone)
