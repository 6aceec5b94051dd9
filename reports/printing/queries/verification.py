"""What is known of a paper or a file: which document it is, who signed it, what stands now."""

from __future__ import annotations

import re
from dataclasses import dataclass

import msgspec
from django.db.models import QuerySet

from reports.models import ReportDocument, ReviewRevision
from reports.models.document import ANNEXES, DocumentState
from reports.printing.queries.paper import document_sheet
from reports.shapes import ReviewSheet
from reports.shapes.schema import SignedByNewerVersion

SHA256 = re.compile(r"[0-9a-f]{64}")
# The footer of a report prints this many signs of its checksum.
_SHORT = re.compile(r"[0-9a-f]{12,64}")


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the paper in the reader's hand, whatever places and people are called now."""

    facility: str
    district: str
    signed_by: str
    timezone: str
    zone_name: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A document that was made here. ``revision``: the signature, if there is one."""

    document: ReportDocument
    paper: Paper
    revision: ReviewRevision | None
    later: ReviewRevision | None  # a revision signed after this one
    is_being_corrected: bool  # returned or reopened: a later one is being written
    is_replaced: bool  # a recap or draft of which a newer one was made

    @property
    def is_superseded(self) -> bool:
        return self.later is not None or self.is_being_corrected or self.is_replaced


def by_checksum(sha256: str) -> Verdict | None:
    """``sha256`` of the frozen figures (as in the QR code) or of the PDF file itself."""
    wanted = sha256.lower()
    if not SHA256.fullmatch(wanted):
        return None
    document = _of_file(wanted) or _reports().filter(snapshot=wanted).first()
    return _verdict(document) if document else None


def by_file(sha256: str) -> Verdict | None:
    """Only a file that was made here, byte for byte."""
    document = _of_file(sha256)
    return _verdict(document) if document else None


def by_number(number: str, checksum: str) -> Verdict | None:
    """A number alone could be guessed, and would tell who signed when; so the paper's own
    checksum must come with it, at least the twelve signs of the footer."""
    number = number.strip()
    code = re.sub(r"[\s-]", "", checksum).lower()
    if not number or not _SHORT.fullmatch(code):
        return None
    rows = _reports().filter(snapshot__sha256__startswith=code, document_number__iexact=number)
    document = rows.exclude(document_number="").first()
    return _verdict(document) if document else None


def _documents() -> QuerySet[ReportDocument]:
    """Final before draft, newest first."""
    return ReportDocument.objects.select_related("facility__district__area").order_by(
        "is_draft", "-created_at", "-pk"
    )


def _reports() -> QuerySet[ReportDocument]:
    """Without annexes: they share figures and number with the report they belong to."""
    return _documents().exclude(kind__in=ANNEXES.values())


def _of_file(sha256: str) -> ReportDocument | None:
    document: ReportDocument | None = (
        _documents().filter(state=DocumentState.READY, file_sha256=sha256).first()
    )
    if document is None:
        # Made again under a newer layout after its file was lost: the older file is genuine too.
        events = ReportDocument.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
            state=DocumentState.READY, file_sha256=sha256
        )
        ids = events.order_by().values_list("pgh_obj_id", flat=True)
        document = _documents().filter(pk__in=ids).first()
    return document


def _verdict(document: ReportDocument) -> Verdict:
    of_week = ReviewRevision.objects.select_related("review", "signed_by").filter(
        review__facility=document.facility_id, review__week=document.week
    )
    revision = of_week.filter(snapshot=document.snapshot_id).order_by("-number").first()
    later, is_being_corrected, is_replaced = None, False, False
    if document.is_draft:
        later = of_week.order_by("-number").first()
    elif revision is not None:
        later = of_week.filter(number__gt=revision.number).order_by("-number").first()
        review = revision.review
        is_being_corrected = review.is_editable or review.revision > (later or revision).number
    else:
        is_replaced = (
            ReportDocument.objects.filter(
                kind=document.kind,
                facility=document.facility_id,
                week=document.week,
                created_at__gt=document.created_at,
            )
            .exclude(snapshot=document.snapshot_id)
            .exists()
        )
    paper = _paper(document, revision)
    return Verdict(document, paper, revision, later, is_being_corrected, is_replaced)


def _paper(document: ReportDocument, revision: ReviewRevision | None) -> Paper:
    """From the sheet. One that cannot be read here was made here all the same: its checksum says
    so, and only the names are today's."""
    try:
        sheet = document_sheet(document)
    except (SignedByNewerVersion, msgspec.MsgspecError):
        district, by = document.facility.district, revision.signed_by if revision else ""
        return Paper(
            facility=document.facility.name,
            district=str(district),
            signed_by=str(by),
            timezone=district.timezone,
            zone_name=district.zone_name,
        )
    return Paper(
        facility=(sheet.facility if isinstance(sheet, ReviewSheet) else sheet.district).name,
        district=sheet.district_name,
        signed_by=sheet.signature.signed_by,
        timezone=sheet.timezone,
        zone_name=sheet.zone_name,
    )
