"""A week's reports as one ZIP, written while it is sent: one PDF in memory at a time."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from facilities.models import Facility
from facilities.models.facility import FacilityKind
from facilities.tabular.writing import write_csv
from reports.deadlines.queries.expected import open_facilities
from reports.models.document import ANNEXES, DocumentKind, DocumentState, ReportDocument
from reports.printing.documents.request import NotReadyError, read_document
from reports.printing.queries.revisions import standing

if TYPE_CHECKING:
    from clusters.weeks import Week
    from facilities.models import User

LIST_NAME = "daftar-isi.csv"
_KIND = {
    DocumentKind.DISTRICT_WEEKLY: "rekap",
    DocumentKind.PUSKESMAS_WEEKLY: "puskesmas",
    DocumentKind.PUSTU_WEEKLY: "pustu",
}


@dataclass(frozen=True)
class Item:
    """One report that belongs into the week; ``document`` is None when no file is ready."""

    facility: Facility
    document: ReportDocument | None
    note: str = ""  # why there is none, or that a later one is on the way


def week_items(top: Facility, week: Week, user: User) -> list[Item]:
    """Every report of the week at a facility and below it, as far as the user may see: the
    facilities open in the week and those that have a report all the same, in the tree's order;
    for Dinkes the recap first. A fixed number of queries."""
    documents: dict[int, list[ReportDocument]] = defaultdict(list)
    rows = (
        ReportDocument.objects.visible_to(user)
        .filter(week=week, facility__path__descendant_of=top.path)
        .exclude(kind__in=ANNEXES.values())  # made for whoever asked, not for every week
    )
    for row in rows.select_related("facility__district"):
        documents[row.facility_id].append(row)
    visible = set(Facility.objects.visible_to(user).subtree(top).values_list("pk", flat=True))
    places = {row.pk: row for row in open_facilities(top.district, week, top) if row.pk in visible}
    for found in documents.values():
        places.setdefault(found[0].facility_id, found[0].facility)
    if top.kind == FacilityKind.DINKES and top.pk in visible:
        places.setdefault(top.pk, top)
    return [
        _item(places[pk], documents[pk]) for pk in sorted(places, key=lambda pk: _order(places[pk]))
    ]


def _order(place: Facility) -> tuple[int, ...]:
    return tuple(int(part) for part in str(place.path).split("."))


def _item(place: Facility, documents: Sequence[ReportDocument]) -> Item:
    chosen = standing(documents)
    rest = [row for row in documents if row is not chosen]
    if chosen is None:
        return Item(place, None, _missing(rest))
    later = [row for row in rest if row.revision > chosen.revision and not row.is_draft]
    return Item(place, chosen, _("a later revision is not ready yet") if later else "")


def _missing(documents: Sequence[ReportDocument]) -> str:
    if not documents:
        return _("nobody has asked for this report yet")
    if any(row.state != DocumentState.FAILED for row in documents):
        return _("still being made")
    return _("could not be made: %(reason)s") % {"reason": documents[0].error}


def entry_name(document: ReportDocument) -> str:
    """``440-024-1012406-VI-2026-puskesmas-1012406-2026-W24-r1.pdf``; a draft has no number and
    ends in ``-draf``. Letters, digits and hyphens only, the same for the same document."""
    number = document.document_number or "tanpa-nomor"
    parts = (number, _KIND[DocumentKind(document.kind)], document.facility.code, str(document.week))
    plain = "-".join(re.sub(r"[^A-Za-z0-9]+", "-", part).strip("-") for part in parts)
    return f"{plain}-r{document.revision}{'-draf' if document.is_draft else ''}.pdf"


def stream(items: Sequence[Item]) -> Iterator[bytes]:
    """The bytes of the archive. What cannot be read is named in the list instead, which comes
    last, so it tells what really is in the archive. The same files give the same bytes."""
    sink = _Sink()
    rows: list[tuple[str | int | None, ...]] = []
    names: set[str] = set()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for item in items:
            rows.append(_add(archive, item, names))
            yield sink.take()
        text = io.StringIO()
        write_csv(text, _header(), rows)
        # Marked as UTF-8 for spreadsheets.
        archive.writestr(_info(LIST_NAME, None), text.getvalue().encode("utf-8-sig"))
    yield sink.take()


def _add(archive: zipfile.ZipFile, item: Item, names: set[str]) -> tuple[str | int | None, ...]:
    document, place = item.document, item.facility
    facts = (place.code, place.name)
    if document is None:
        return ("", *facts, "", "", "", "", None, item.note)
    name, note, content = entry_name(document), item.note, None
    try:
        content = read_document(document)
    except NotReadyError:
        note = _("the file was lost and is being made again")
    if content is not None and name not in names:
        names.add(name)
        archive.writestr(_info(name, document.finished_at, item.facility), content)
    return (
        name if content is not None else "",
        *facts,
        document.get_kind_display(),
        document.document_number,
        f"{document.revision}{' (' + _('draft') + ')' if document.is_draft else ''}",
        document.file_sha256 if content is not None else "",
        document.size if content is not None else None,
        note,
    )


def _header() -> tuple[str, ...]:
    return (
        _("File"), _("Code"), _("Facility"), _("Kind"), _("Number"), _("Revision"),
        "SHA-256", _("Bytes"), _("Remark"),
    )  # fmt: skip


def _info(name: str, at: dt.datetime | None, place: Facility | None = None) -> zipfile.ZipInfo:
    moment = (1980, 1, 1, 0, 0, 0)  # the earliest a ZIP can say
    if at is not None and place is not None:
        moment = at.astimezone(place.district.zone).timetuple()[:6]
    info = zipfile.ZipInfo(name, moment)
    info.external_attr = 0o644 << 16
    return info


class _Sink(io.RawIOBase):
    """Where zipfile writes: it cannot seek, and what was written is taken away at once."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def take(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)
