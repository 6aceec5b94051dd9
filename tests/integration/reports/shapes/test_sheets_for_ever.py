"""Every sheet that was ever signed is read, shown, printed, served, compared and shared today.

The places of the small world have other names than the sheets: what a signed page says comes from
the paper.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pypdf
import pytest
from django.core.cache import cache
from django.db.models import Value
from django.db.models.functions import Concat
from django.test import Client
from django.urls import reverse
from django.utils.html import escape
from rest_framework.test import APIClient

from clusters.weeks import Week
from facilities.models import Facility, Logo, User
from reports.models import ReportDocument, ReviewRevision, Snapshot, WeeklyReview
from reports.models.document import DocumentKind, DocumentState
from reports.printing import pdf
from reports.printing.documents import build_document, read_document
from reports.review.queries.corrections import corrections_between
from reports.shapes import Line, ReviewSheet
from reports.shapes.stored import DISTRICT, REVIEW, decode_district, decode_review, encode
from reports.share import share_text
from tests.factories.world import World, build_world
from tests.integration.api.conftest import client_of
from tests.sheets_for_ever import rich
from tests.sheets_for_ever.files import Example, examples

pytestmark = pytest.mark.django_db
REVIEWS = pytest.mark.parametrize("example", examples("review"), ids=str)
EVERY = pytest.mark.parametrize("example", examples(), ids=str)
KIND = {"puskesmas": DocumentKind.PUSKESMAS_WEEKLY, "pustu": DocumentKind.PUSTU_WEEKLY}


@pytest.fixture
def world() -> World:
    """Every place has been renamed since anything was signed."""
    cache.clear()
    built = build_world()
    Facility.objects.update(name=Concat(Value("Kini "), "name"))
    for name in ("dinkes", "puskesmas", "pustu"):
        getattr(built, name).refresh_from_db()
    return built


@pytest.fixture(autouse=True)
def _emblem(db) -> None:
    Logo.objects.create(sha256=rich.EMBLEM_SHA256, content=rich.EMBLEM, media_type="image/png")


def snapshot_of(content: bytes, kind: str) -> Snapshot:
    """A row as it stands in the database of somebody who signed long ago."""
    sha256 = hashlib.sha256(content).hexdigest()
    return Snapshot.objects.create(sha256=sha256, kind=kind, content=content.decode())


def signed(world: World, content: bytes, sheet: ReviewSheet, number: int = 1) -> ReviewRevision:
    """The approved review of the world's Puskesmas or Pustu whose revision holds these bytes."""
    facility = world.pustu if sheet.facility.kind == "pustu" else world.puskesmas
    by, at = world["puskesmas_head"], sheet.submitted_at or rich.MOMENT
    review, _new = WeeklyReview.objects.update_or_create(
        facility=facility,
        week=Week.parse(sheet.week.label),
        defaults={"status": "approved", "submitted_at": at, "submitted_by": by,
                  "revision": number},
    )  # fmt: skip
    return ReviewRevision.objects.create(
        review=review, number=number, snapshot=snapshot_of(content, "review"),
        document_number=sheet.document_number, signed_at=at, signed_by=by,
        signed_role="puskesmas_head",
    )  # fmt: skip


def document_of(world: World, content: bytes, revision: ReviewRevision | None) -> ReportDocument:
    facility = revision.review.facility if revision else world.dinkes
    sheet = decode_review(content) if revision else decode_district(content)
    return ReportDocument.objects.create(
        kind=KIND.get(facility.kind, DocumentKind.DISTRICT_WEEKLY), facility=facility,
        week=Week.parse(sheet.week.label), template_version="uji",
        snapshot=revision.snapshot if revision else snapshot_of(content, "district"),
        document_number=sheet.document_number,
    )  # fmt: skip


def later(sheet: ReviewSheet) -> ReviewSheet:
    """The next revision: one count more in the first line, another conclusion."""
    if not sheet.clusters:
        return replace(sheet, conclusion="Diperbaiki")
    first, *rest = sheet.clusters
    line, *lines = first.lines
    more = replace(line.figures, week_count=(line.figures.week_count or 0) + 1)
    first = replace(first, lines=(replace(line, figures=more), *lines))
    return replace(sheet, clusters=(first, *rest), conclusion="Diperbaiki")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def address(name: str, revision: ReviewRevision, **more: Any) -> str:
    review = revision.review
    kwargs = {"week": str(review.week), "code": review.facility.code, **more}
    return reverse(f"reports:review-{name}", kwargs=kwargs)


def written(value: Decimal | int | None, nothing: str) -> str:
    """A second, naive way to write a number."""
    if value is None:
        return nothing
    text = f"{value:,.1f}" if isinstance(value, Decimal) else f"{value:,}"
    return text.translate(str.maketrans(",.", ".,"))


@REVIEWS
def test_page_shows_what_was_signed(world: World, example: Example) -> None:
    sheet = decode_review(example.content)
    revision = signed(world, example.content, sheet)
    client = signed_in(world["puskesmas_head"])
    for where in (address("detail", revision), address("revision", revision, number=1)):
        text = client.get(where, {"later": 1}).text
        head = re.search(r"<h1.*?</h1>", text, re.DOTALL)
        assert head is not None
        assert sheet.facility.name in head[0]
        assert revision.review.facility.name not in head[0]
        for line in sheet.lines:
            code = line.indicator.code
            assert escape(line.indicator.name_id) in text, code
            found = re.search(rf'id="cum-{code}"[^>]*>([^<]*)<', text)
            assert found is not None, code
            assert found[1].strip() == written(line.figures.cumulative, "–"), code
        for row in (*sheet.carried_problems, *sheet.new_problems):
            assert escape(row.title) in text
        for correction in sheet.corrections:
            assert escape(correction.indicator_name) in text
    assert bytes(revision.snapshot.content, "utf-8") == example.content


@REVIEWS
def test_api_serves_the_very_figures(world: World, example: Example) -> None:
    sheet = decode_review(example.content)
    revision = signed(world, example.content, sheet)
    api: APIClient = client_of(world["province"])
    review = revision.review
    answer = api.get(f"/api/v1/reviews/{review.week}/{review.facility.code}/").json()
    raw = REVIEW.upgraded(json.loads(example.content))
    lines = [line for block in raw["clusters"] for line in block["lines"]]
    assert [line["indicator"] for line in answer["lines"]] == [
        line["indicator"]["code"] for line in lines
    ]
    for told, line in zip(answer["lines"], lines, strict=True):
        for name, value in line["figures"].items():
            assert told[name] == value, (told["indicator"], name)
    assert [row["after_count"] for row in answer["corrections"]] == [
        row["after_count"] for row in raw["corrections"]
    ]
    assert answer["facility_name"] == sheet.facility.name
    assert answer["revisions"][0]["sha256"] == hashlib.sha256(example.content).hexdigest()


@REVIEWS
def test_a_later_revision_is_compared_with_it(world: World, example: Example) -> None:
    before = decode_review(example.content)
    after = later(before)
    signed(world, example.content, before)
    revision = signed(world, encode(after), after, number=2)
    response = signed_in(world["puskesmas_head"]).get(address("changes", revision, number=2))
    assert response.status_code == 200
    assert "Diperbaiki" in response.text
    assert escape(before.signature.signed_by) in response.text
    assert "Orang kapus" not in response.text.partition("</h2>")[2].partition("</ul>")[0]
    rows = corrections_between(revision, before, after)
    if not before.lines:
        assert rows == []
        return
    line = before.lines[0]
    (row,) = rows
    assert row.indicator_code == line.indicator.code
    assert row.before_count == line.figures.week_count
    assert row.after_count == (line.figures.week_count or 0) + 1
    assert escape(line.indicator.name_id) in response.text


@EVERY
def test_it_is_printed_with_its_figures(world: World, example: Example) -> None:
    sheet: Any
    if example.kind == "district":
        sheet = decode_district(example.content)
        document = document_of(world, example.content, None)
    else:
        sheet = decode_review(example.content)
        document = document_of(world, example.content, signed(world, example.content, sheet))
    assert build_document(document.pk), ReportDocument.objects.get(pk=document.pk).error
    document.refresh_from_db()
    pages = pypdf.PdfReader(io.BytesIO(read_document(document))).pages
    text = squeezed("".join(page.extract_text() for page in pages))
    name = sheet.district_name if example.kind == "district" else sheet.facility.name
    assert squeezed(name) in text or squeezed(name.upper()) in text
    assert document.snapshot_id[:12] in text
    if document.has_annexes:  # every indicator stands in annex A
        made = pdf.render(
            sheet, kind="puskesmas_annex_a", revision=1, is_draft=False,
            snapshot_sha256=document.snapshot_id, verify_url="",
        )  # fmt: skip
        pages = pypdf.PdfReader(io.BytesIO(made.content)).pages
        text = squeezed("".join(page.extract_text() for page in pages))
    for line in sheet.lines:
        assert re.search(printed(line), text), line.indicator.code


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def printed(line: Line) -> str:
    """The cells of a row in their order; remarks may stand between the name and the figures."""
    f = line.figures
    sign = "" if not f.gap else "+" if f.gap > 0 else "−"
    gap = "-" if f.gap is None else sign + written(abs(f.gap), "-")
    cells = [written(f.cumulative, "-"), written(f.coverage, "-"), gap,
             written(f.percent_of_target, "-"), written(f.need_per_week, "-")]  # fmt: skip
    said = line.indicator.name_id.replace("<=", "≤").replace(">=", "≥")
    name = re.escape(squeezed(line.indicator.code + said))
    return f"{name}.{{0,240}}?{re.escape(''.join(cells))}"


@EVERY
def test_it_is_told_in_a_message(world: World, example: Example) -> None:
    if example.kind == "district":
        district = decode_district(example.content)
        text = share_text(district, "https://pantau.example", is_draft=False)
        assert district.district_name in text
        return
    sheet = decode_review(example.content)
    revision = signed(world, example.content, sheet)
    response = signed_in(world["puskesmas_head"]).get(address("share", revision))
    assert response.status_code == 200
    text = share_text(sheet, "https://pantau.example", is_draft=False)
    assert f"*Evaluasi mingguan ILP, {sheet.facility.name}*" in text
    assert escape(sheet.facility.name) in response.text


@EVERY
def test_its_paper_is_genuine(world: World, example: Example) -> None:
    sheet: Any
    if example.kind == "district":
        sheet = decode_district(example.content)
        document, place = document_of(world, example.content, None), sheet.district
    else:
        sheet = decode_review(example.content)
        revision = signed(world, example.content, sheet)
        document, place = document_of(world, example.content, revision), sheet.facility
    # Everybody and everything is called something else since.
    User.objects.update(full_name="Nama Baru")
    document.facility.district.area.name = "Kabupaten Baru"
    document.facility.district.area.save()
    text = Client().get(reverse("reports:verify", args=[document.snapshot_id])).text
    assert f"{escape(place.name)}, {escape(sheet.district_name)}" in text
    if example.kind == "review":  # a recap is signed by nobody
        assert escape(sheet.signature.signed_by) in text
    assert document.facility.name not in text
    assert "Nama Baru" not in text


def test_a_decision_after_the_signature_is_not_on_the_paper(world: World) -> None:
    from reports.models import Problem, ProblemStep

    sheet = rich.puskesmas()
    problem = Problem.objects.create(
        facility=world.puskesmas, title="Vaksin habis", week=Week.parse(sheet.week.label) - 1,
        reported_by=world["puskesmas_head"],
    )  # fmt: skip
    carried = replace(sheet.carried_problems[0], id=problem.pk, is_closed=False)
    sheet = replace(sheet, carried_problems=(carried,))
    revision = signed(world, encode(sheet), sheet)
    step = ProblemStep.objects.create(
        problem=problem, action="continue", week=revision.review.week, to_status="reported",
        by=world["puskesmas_head"],
    )  # fmt: skip
    client = signed_in(world["puskesmas_head"])

    def decision() -> str:
        shown = client.get(address("detail", revision)).context["carried"]
        return str(shown[0].decision)

    assert decision() == ""
    ProblemStep.objects.filter(pk=step.pk).update(at=sheet.signature.signed_at)
    assert decision() == "continue"


@pytest.fixture
def newer(world: World) -> ReviewRevision:
    """A revision signed by a program that knows one schema more."""
    sheet = rich.pustu()
    raw = {"schema": REVIEW.number + 1, **json.loads(encode(sheet))}
    content = json.dumps(raw, separators=(",", ":")).encode()
    return signed(world, content, sheet)


def test_pages_say_that_a_newer_version_signed_it(world: World, newer: ReviewRevision) -> None:
    client = signed_in(world["puskesmas_head"])
    signed(world, encode(rich.bare(rich.pustu())), rich.pustu(), number=2)
    WeeklyReview.objects.update(revision=1)
    places = [address("detail", newer), address("revision", newer, number=1),
              address("changes", newer, number=2), address("share", newer)]  # fmt: skip
    for place in places:
        response = client.get(place)
        assert response.status_code == 501, place
        assert "versi aplikasi yang lebih baru" in response.text
        link = f"{reverse('reports:document-list')}?week={newer.review.week}"
        assert f"{link}&amp;facility={newer.review.facility.code}" in response.text
    assert client.get(address("revision", newer, number=2)).status_code == 200


def test_its_stored_pdf_can_still_be_fetched(world: World, newer: ReviewRevision) -> None:
    """A document that was made before the step back; one that was not says why."""
    sheet = rich.pustu()
    own = snapshot_of(encode(sheet), "review")
    document = ReportDocument.objects.create(
        kind=DocumentKind.PUSTU_WEEKLY, facility=world.pustu, week=newer.review.week,
        template_version="uji", document_number=sheet.document_number, snapshot=own,
    )  # fmt: skip
    assert build_document(document.pk)
    ReportDocument.objects.filter(pk=document.pk).update(snapshot=newer.snapshot)
    client = signed_in(world["puskesmas_head"])
    listed = client.get(reverse("reports:document-list"), {"week": str(newer.review.week)})
    assert str(document.public_id) in listed.text
    file = client.get(reverse("reports:document-download", args=[document.public_id]))
    assert b"".join(file).startswith(b"%PDF")
    verdict = Client().get(reverse("reports:verify", args=[newer.snapshot_id]))
    assert verdict.status_code == 200
    assert world.pustu.name in verdict.text

    again = ReportDocument.objects.create(
        kind=DocumentKind.PUSTU_WEEKLY, facility=world.pustu, week=newer.review.week,
        template_version="lain", snapshot=newer.snapshot,
    )  # fmt: skip
    assert not build_document(again.pk)
    again.refresh_from_db()
    assert again.state == DocumentState.QUEUED
    assert "versi aplikasi yang lebih baru" in again.error


def test_api_refuses_it_in_words(world: World, newer: ReviewRevision) -> None:
    api: APIClient = client_of(world["province"])
    one = f"/api/v1/reviews/{newer.review.week}/{newer.review.facility.code}/"
    for place in (one, "/api/v1/reviews/?lines=true"):
        response = api.get(place, headers={"accept-language": "id"})
        assert response.status_code == 501
        assert "versi aplikasi yang lebih baru" in response.json()["detail"]
    assert api.get("/api/v1/reviews/").status_code == 200


def test_the_number_of_a_district_recap_is_read_too(world: World) -> None:
    raw = {"schema": DISTRICT.number + 1, **json.loads(encode(rich.district()))}
    document = ReportDocument.objects.create(
        kind=DocumentKind.DISTRICT_WEEKLY, facility=world.dinkes, week=Week(2026, 24),
        template_version="uji",
        snapshot=snapshot_of(json.dumps(raw, separators=(",", ":")).encode(), "district"),
    )  # fmt: skip
    assert not build_document(document.pk)
    document.refresh_from_db()
    assert "versi aplikasi yang lebih baru" in document.error
