"""``manage.py build_reports --district 19.06 --week 2026-W24``: all PDFs of a week."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _
from tqdm import tqdm

from clusters.weeks import Week
from facilities.models import District, Facility
from facilities.models.facility import FacilityKind
from reports.deadlines.queries.expected import open_facilities
from reports.models.document import DocumentKind, DocumentState, ReportDocument
from reports.places.documents import request_district_document
from reports.printing.documents.waiting import Waiting
from reports.review.documents import request_facility_document

_POLL_SECONDS = 0.5


class Command(BaseCommand):
    help = _("Queue the weekly PDFs of a district: every Puskesmas, every Pustu, and the recap.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--district", required=True, help=_("dotted code, such as 19.06"))
        parser.add_argument("--week", required=True, help=_("such as 2026-W24"))
        parser.add_argument("--facility", help=_("only this facility and those below it"))
        parser.add_argument("--wait", action="store_true", help=_("wait until all are ready"))

    def handle(self, *args: Any, **options: Any) -> None:
        district = _district(options["district"])
        week = _week(options["week"], district)
        facility = _facility(options["facility"], district) if options["facility"] else None
        ids, errors = self._request(district, week, facility)
        if options["wait"]:
            self._wait(ids)
        documents = list(
            ReportDocument.objects.filter(pk__in=ids).select_related("facility").order_by("pk")
        )
        self._report(documents, errors)

    def _request(
        self, district: District, week: Week, facility: Facility | None
    ) -> tuple[list[int], list[str]]:
        places: list[Facility | None] = list(open_facilities(district, week, facility))
        if facility is None or facility.kind == FacilityKind.DINKES:
            places.append(None)  # the district itself
        if not places:
            raise CommandError(_("No Puskesmas or Pustu is open there in that week."))
        ids, errors = [], []
        for place in _bar(places, _("Asked for")):
            try:
                document = (
                    request_district_document(district, week)
                    if place is None
                    else request_facility_document(place, week)
                )
            except Exception as error:  # noqa: BLE001 - one bad sheet must not stop the others
                name = str(district) if place is None else place.name
                errors.append(f"{name}: {type(error).__name__}: {error}")
            else:
                ids.append(document.pk)
        return ids, errors

    def _wait(self, ids: list[int]) -> None:
        waiting = Waiting(ids)
        with tqdm(total=len(ids), desc=_("Finished"), file=sys.stderr, disable=None) as bar:
            while (finished := waiting.look()) < len(ids):
                bar.update(finished - bar.n)
                time.sleep(_POLL_SECONDS)
            bar.update(finished - bar.n)
        if waiting.has_helped:
            self.stderr.write(_("No worker was building; this command built them itself."))

    def _report(self, documents: list[ReportDocument], errors: list[str]) -> None:
        for kind in DocumentKind:
            own = [document for document in documents if document.kind == kind]
            if own:
                self.stdout.write(f"{kind.label}: {len(own)}")
        for state in DocumentState:
            count = sum(document.state == state for document in documents)
            if count:
                self.stdout.write(f"  {state.label}: {count}")
        errors += [
            f"{document.facility}: {document.error}"
            for document in documents
            if document.state == DocumentState.FAILED
        ]
        for error in errors:
            self.stderr.write(error)
        if errors:
            raise CommandError(_("Failed: {count}").format(count=len(errors)))


def _bar(places: list[Facility | None], label: str) -> Iterable[Facility | None]:
    bar: Iterable[Facility | None] = tqdm(places, desc=label, file=sys.stderr, disable=None)
    return bar


def _district(code: str) -> District:
    district = District.objects.select_related("area").filter(area_id=code).first()
    if district is None:
        known = ", ".join(District.objects.values_list("area_id", flat=True)) or "–"
        raise CommandError(
            _("There is no district {code} here; known: {known}.").format(code=code, known=known)
        )
    return district


def _week(label: str, district: District) -> Week:
    try:
        week = Week.parse(label)
    except ValueError as error:
        raise CommandError(_("Write a week like 2026-W24.")) from error
    if week.start > timezone.now().astimezone(district.zone).date():
        raise CommandError(_("Week {week} has not begun yet.").format(week=week))
    return week


def _facility(code: str, district: District) -> Facility:
    facility = Facility.objects.coded(code).filter(district=district).first()
    if facility is None:
        raise CommandError(
            _("There is no facility {code} in {district}.").format(code=code, district=district)
        )
    if facility.kind == FacilityKind.POSYANDU:
        raise CommandError(_("A Posyandu has no weekly report of its own."))
    return facility
