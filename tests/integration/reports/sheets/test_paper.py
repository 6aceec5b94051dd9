"""Forms on paper: what is known is printed, what is asked for is empty, and it fits."""

from __future__ import annotations

import io
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from facilities.models import Facility
from lifecycle.models import TargetPopulation
from reports.figures.queries.facility_lines import indicators_for
from reports.models import WeeklyReview
from reports.problems.actions import raise_problem
from reports.sheets.pdf.posyandu import posyandu_pdf
from reports.sheets.queries import POSYANDU_GROUPS, blank_sheet, posyandu_sheets, posyandu_under
from tests.factories.world import make_facility
from tests.integration.reports.sheets.conftest import BACKEND

pytestmark = pytest.mark.django_db
SMALLEST = 8.95  # points; the engine writes 9 as 8.999…


def texts(content: bytes) -> list[str]:
    """The words of each page, single-spaced."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(content)).pages]


def smallest_letter(content: bytes) -> float:
    """The smallest font size of any visible text, in points."""
    sizes: list[float] = []

    def visit(text: str, matrix: Any, place: Any, _font: Any, size: float) -> None:
        if text.strip():
            sizes.append(abs(size * place[3] * matrix[3]))

    for page in PdfReader(io.BytesIO(content)).pages:
        page.extract_text(visitor_text=visit)
    return min(sizes)


def get(world, role: str, url: str) -> bytes:
    client = Client()
    client.force_login(world[role], backend=BACKEND)
    response = client.get(url)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    content: bytes = response.content
    return content


def test_review_of_a_pustu_asks_for_every_indicator_once(desk, world):
    content = get(world, "pustu_head", desk.url("review-paper"))
    text = " ".join(texts(content))
    for indicator in indicators_for("pustu", desk.review.week):
        assert text.count(f"{indicator.code} ") == 1, indicator.code
    assert "LEMBAR ISIAN EVALUASI MINGGUAN" in text
    assert "Dari Pustu" not in text
    assert smallest_letter(content) >= SMALLEST


def test_review_of_a_puskesmas_has_the_sums_and_the_heads_of_its_pustu(desk, world, week):
    desk.enter("KIA01", 17)
    desk.review = WeeklyReview(facility=world.puskesmas, week=week)
    text = " ".join(texts(get(world, "puskesmas_head", desk.url("review-paper"))))
    assert "Dari Pustu" in text
    assert "Orang kapustu" in text
    assert "Kepala Pustu P1-PT02" in text
    assert "Kepala UPTD Puskesmas P1" in text
    assert "17" in text


def test_open_problems_are_printed_first(desk, world, week):
    raise_problem(
        facility=world.pustu, week=week - 2, by=world["pustu_head"], title="Vaksin kosong",
        owner_name="Bidan", due_on=(week + 8).end,
    )  # fmt: skip
    (first, *_more) = texts(get(world, "pustu_head", desk.url("review-paper")))
    assert first.index("Vaksin kosong") < first.index("Target dan capaian")
    assert "Bidan" in first


def test_demo_data_say_so_on_every_page(desk, world):
    world.district.is_demo = True
    world.district.save()
    pages = texts(get(world, "pustu_head", desk.url("review-paper")))
    assert all("Data contoh" in page for page in pages)


def test_a_fixed_number_of_queries(desk, world, week, django_assert_max_num_queries):
    facility = Facility.objects.select_related("district__area", "parent").get(
        pk=world.puskesmas.pk
    )
    with django_assert_max_num_queries(36):
        blank_sheet(facility, week)
    with django_assert_max_num_queries(8):
        posyandu_sheets(posyandu_under(facility, week), week)


def test_posyandu_sheet_is_one_page_for_each(world, week):
    url = reverse("reports:posyandu-paper", kwargs={"code": "P1"})
    pages = texts(get(world, "puskesmas_head", f"{url}?week={week}"))
    assert len(pages) == 2
    assert "Posyandu P1-PY001" in pages[0]
    assert "Posyandu P1-PY002" in pages[1]
    for page in pages:
        for indicator in indicators_for("posyandu", week):
            assert indicator.name_id in page


def test_sasaran_is_printed_where_it_is_known(world, week):
    TargetPopulation.objects.create(
        facility=world.posyandu, group_code="BAYI", year=week.year, counted=37, official="counted"
    )
    url = reverse("reports:posyandu-paper", kwargs={"code": "P1-PY001"})
    (page,) = texts(get(world, "kader", f"{url}?week={week}"))
    assert "Bayi 37" in page
    assert "Ibu hamil" in page
    assert len(POSYANDU_GROUPS) == 9


def test_long_names_still_fit_on_one_page_at_nine_points(world, week):
    long = " ".join(["Posyandu Mawar Melati Anggrek Kenanga Cempaka Seroja Flamboyan"] * 2)[:100]
    world.posyandu.name = long
    world.posyandu.save()
    world.pustu.name = f"Pustu {long}"[:100]
    world.pustu.save()
    world.puskesmas.name = f"Puskesmas {long}"[:100]
    world.puskesmas.address = "Jalan Panjang " * 14
    world.puskesmas.save()
    area = world.posyandu.village
    area.name = f"Desa {long}"[:100]
    area.save()
    make_facility(world.district, "posyandu", "P1-PY003", world.pustu, area)
    sheets = posyandu_sheets(posyandu_under(world.puskesmas, week), week)
    content = posyandu_pdf(sheets)
    pages = texts(content)
    assert len(pages) == len(sheets) == 3
    assert all("Ketua kader" in page for page in pages)
    assert smallest_letter(content) >= SMALLEST


def test_nothing_runs_over_the_edge_of_the_paper(world, week):
    content = posyandu_pdf(posyandu_sheets(posyandu_under(world.posyandu, week), week))
    picture = pypdfium2.PdfDocument(content)[0].render(scale=1).to_pil().convert("L")
    left, top, right, bottom = picture.point(lambda shade: 255 * (shade < 200)).getbbox()
    assert left >= 30
    assert top >= 10
    assert right <= picture.width - 30
    assert bottom <= picture.height - 15


def test_no_posyandu_no_sheet(world, week):
    client = Client()
    client.force_login(world["dinkes"], backend=BACKEND)
    for code in ("DINKES-19.06", "P2", "P1-PT02"):
        url = reverse("reports:posyandu-paper", kwargs={"code": code})
        assert client.get(url).status_code == 404
    url = reverse("reports:posyandu-paper", kwargs={"code": "P1"})
    assert client.get(f"{url}?week=kemarin").status_code == 404


def test_posyandu_page_leads_to_its_sheet(world):
    client = Client()
    client.force_login(world["puskesmas_head"], backend=BACKEND)
    for code in ("P1-PY001", "P1-PT01", "P1"):
        page = client.get(reverse("reports:facility-detail", kwargs={"code": code}))
        assert reverse("reports:posyandu-paper", kwargs={"code": code}) in page.content.decode()
