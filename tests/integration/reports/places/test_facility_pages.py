"""The facility tree with its search, and the own pages of Puskesmas, Pustu and Posyandu."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.actions import record_achievement
from clusters.models import Indicator
from clusters.weeks import Week
from facilities.models import Facility, FacilityStatus
from lifecycle.models import TargetPopulation
from reports.figures.queries.facility_lines import facility_lines
from reports.places.queries.facility_home import puskesmas_home, pustu_home
from reports.problems.actions import raise_problem
from reports.review.actions.steps import open_weekly_review, submit_review
from tests.factories.world import REASONS, World, build_world, last_week, make_facility, make_poor

pytestmark = pytest.mark.django_db

LIST = "/facilities/"
CODE = "KIA01"
SETTLED = Week(2026, 40)  # a week long past, of a year whose sasaran is known


@pytest.fixture
def world() -> World:
    return build_world()


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(facility: Facility, **query: str) -> str:
    return reverse("reports:facility-detail", args=[facility.code], query=query)


def count(world: World, facility: Facility, week: Week, number: int, code: str = CODE) -> None:
    indicator = Indicator.objects.in_week(week).get(code=code)
    record_achievement(
        facility=facility, week=week, indicator=indicator, numerator=number, denominator=None,
        by=world["admin"], source="page", expected_version=0,
    )  # fmt: skip


def posyandu(world: World, number: int, parent: Facility | None = None) -> None:
    """More Posyandu under the first Pustu."""
    for n in range(number):
        make_facility(
            world.district, "posyandu", f"P1-X{n:04d}", parent or world.pustu, world.pustu.village
        )


def queries(client: Client, url: str, **headers: str) -> int:
    client.get(url, headers=headers)  # caches warm
    with CaptureQueriesContext(connection) as found:
        assert client.get(url, headers=headers).status_code == 200
    return len(found)


def words(text: str) -> str:
    """What a reader sees, without the markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


# ── the tree ────────────────────────────────────────────────────────────────────────────────────


def test_tree_shows_each_role_its_own_part(world: World) -> None:
    seen = {
        "dinkes": {"P1", "P2", "P1-PT01", "P1-PT02"},
        "puskesmas_head": {"P1", "P1-PT01", "P1-PT02", "P1-PY001", "P1-PY002"},
        "pustu_head": {"P1-PT01", "P1-PY001"},
        "kader": {"P1-PY001"},
        "outsider": {"F1"},
        "nobody": set(),
    }
    for role, codes in seen.items():
        answer = signed_in(world, role).get(LIST)
        assert set(re.findall(r'href="/facilities/([^/"?]+)/"', answer.text)) == codes, role


def test_tree_counts_open_pustu_and_posyandu_per_puskesmas(world: World) -> None:
    posyandu(world, 3)
    make_facility(world.district, "posyandu", "P1-TUTUP", world.pustu, operating="closed")
    text = words(signed_in(world, "dinkes").get(LIST).text)
    assert "2 Pustu · 5 Posyandu (Puskesmas P1)" in text
    assert "Pustu P1-PT01 Desa 1 · 4 Posyandu" in text


def test_posyandu_of_a_puskesmas_come_with_open(world: World) -> None:
    client = signed_in(world, "dinkes")
    assert "Posyandu P1-PY001" not in client.get(LIST).text
    opened = client.get(f"{LIST}?open=P1").text
    assert "Posyandu P1-PY001" in opened
    assert "Posyandu P1-PY002" in opened
    fragment = client.get(f"{LIST}?open=P1", headers={"HX-Target": f"units-{world.puskesmas.pk}"})
    assert "Posyandu P1-PY002" in fragment.text
    assert "<html" not in fragment.text
    assert "HX-Target" in fragment["Vary"]


def test_branch_outside_the_area_does_not_exist(world: World) -> None:
    answer = signed_in(world, "outsider").get(f"{LIST}?open=P1", headers={"HX-Target": "units-1"})
    assert answer.status_code == 404


def test_tree_asks_the_same_number_of_queries_for_10_and_for_200_posyandu(world: World) -> None:
    client = signed_in(world, "dinkes")
    head = signed_in(world, "puskesmas_head")
    posyandu(world, 10)
    few = queries(client, LIST), queries(client, f"{LIST}?open=P1"), queries(head, LIST)
    Facility.objects.filter(code__startswith="P1-X").update(name="Posyandu Lama")
    rows = [
        Facility(district=world.district, kind="posyandu", code=f"P1-Z{n:04d}",
                 name=f"Posyandu Z {n}", parent=world.pustu)
        for n in range(190)
    ]  # fmt: skip
    for row in Facility.objects.bulk_create(rows):
        FacilityStatus.objects.create(facility=row, operating="open", start_on=dt.date(2020, 1, 1))
    many = queries(client, LIST), queries(client, f"{LIST}?open=P1"), queries(head, LIST)
    assert many == few
    assert "2 Pustu · 202 Posyandu" in words(client.get(LIST).text)


def test_planned_and_closed_facilities_say_so(world: World) -> None:
    make_facility(world.district, "puskesmas", "P3", world.dinkes, operating="planned")
    text = words(signed_in(world, "dinkes").get(LIST).text)
    assert "Puskesmas P3 Direncanakan" in text


# ── the search ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=PUSTU+p1-pt01", {"P1-PT01"}),
        ("q=p1-py", {"P1-PY001", "P1-PY002"}),
        ("q=pt&kind=pustu", {"P1-PT01", "P1-PT02"}),
        ("kind=puskesmas", {"P1", "P2"}),
        ("q=100%25", set()),
        ("q=_", set()),
        ("q=F1", set()),  # another district
        ("q=p1&kind=dinkes", {"P1", "P1-PT01", "P1-PT02", "P1-PY001", "P1-PY002"}),
    ],
)
def test_search_by_name_code_and_kind(world: World, query: str, found: set[str]) -> None:
    text = signed_in(world, "dinkes").get(f"{LIST}?{query}").text
    assert set(re.findall(r'href="/facilities/([^/"?]+)/"', text)) == found
    if not found:
        assert "Tidak ada fasilitas di wilayah Anda" in text


def test_search_finds_nothing_outside_the_area(world: World) -> None:
    text = signed_in(world, "pustu_head").get(f"{LIST}?q=P1-PT02").text
    assert "Tidak ada yang cocok" in text


def test_what_was_typed_is_shown_as_text(world: World) -> None:
    text = signed_in(world, "dinkes").get(LIST, {"q": "<script>x</script>"}).text
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text


def test_results_come_by_fifty(world: World) -> None:
    posyandu(world, 70)
    client = signed_in(world, "dinkes")
    url = f"{LIST}?kind=posyandu"
    first = client.get(url).text
    assert "72 fasilitas ditemukan" in first
    assert "Muat 22 lagi" in first
    assert first.count("<li><a href=") == 50
    more = client.get(f"{url}&shown=100", headers={"HX-Target": "more-facilities"}).text
    assert more.count("<li><a href=") == 22
    assert "Muat" not in more
    assert client.get(f"{url}&shown=100").text.count("<li><a href=") == 72
    assert client.get(f"{url}&shown=abc").text.count("<li><a href=") == 50


def test_search_while_typing_gets_the_results_only(world: World) -> None:
    headers = {"HX-Request": "true", "HX-Target": "facility-results"}
    text = signed_in(world, "dinkes").get(f"{LIST}?q=py001", headers=headers).text
    assert "<html" not in text
    assert "Posyandu P1-PY001" in text
    assert 'id="result-count" hx-swap-oob' in text


def test_administrator_searches_all_districts_or_one(world: World) -> None:
    client = signed_in(world, "admin")
    both = client.get(f"{LIST}?kind=puskesmas").text
    assert "Puskesmas F1" in both
    assert "Puskesmas P1" in both
    one = client.get(f"{LIST}?kind=puskesmas&district=33.03").text
    assert "Puskesmas F1" in one
    assert "Puskesmas P1" not in one


# ── the pages ───────────────────────────────────────────────────────────────────────────────────


def test_outsiders_get_404(world: World) -> None:
    for role in ("outsider", "sibling_head", "nobody"):
        client = signed_in(world, role)
        for place in (world.puskesmas, world.pustu, world.posyandu, world.dinkes):
            assert client.get(page(place)).status_code == 404, (role, place.code)
    assert signed_in(world, "pustu_head").get(page(world.puskesmas)).status_code == 404


def test_page_shows_the_last_finished_week_and_steps_to_its_neighbours(world: World) -> None:
    client = signed_in(world, "pustu_head")
    text = client.get(page(world.pustu)).text
    week = last_week()
    assert f"Minggu ke-{week.number}" in text
    assert page(world.pustu, week=str(week - 1)) in text
    assert page(world.pustu, week=str(week + 1)) in text  # the running week
    running = client.get(page(world.pustu, week=str(week + 1))).text
    assert page(world.pustu, week=str(week + 2)) not in running


@pytest.mark.parametrize("label", ["2026-W99", "minggu", "9999-W01", "0000-W01", "0001-W01"])
def test_week_that_is_none_or_lies_ahead_is_not_found(world: World, label: str) -> None:
    answer = signed_in(world, "pustu_head").get(page(world.pustu, week=label))
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "/facilities/?open=%FF",
        "/facilities/?shown=-1&q=p",
        "/facilities/P1/?indicator=%F0",
    ],
)
def test_odd_addresses_break_nothing(world: World, url: str) -> None:
    client = signed_in(world, "dinkes")
    assert client.get(url).status_code in {200, 404}
    assert client.get(url, headers={"HX-Target": "units-1"}).status_code in {200, 404}


def test_page_of_long_ago_is_empty_but_stands(world: World) -> None:
    client = signed_in(world, "puskesmas_head")
    for place in (world.puskesmas, world.pustu, world.posyandu):
        assert client.get(page(place, week="2019-W01")).status_code == 200
    answer = client.get(page(world.pustu, week="2019-W01"))
    assert "tidak beroperasi pada minggu" in words(answer.text)


def test_dinkes_leads_to_the_district_page(world: World) -> None:
    answer = signed_in(world, "dinkes").get(page(world.dinkes, week=str(last_week())))
    assert answer.status_code == 302
    assert answer["Location"] == f"/district/?district=19.06&week={last_week()}"


def test_pustu_page_begins_with_the_button_and_what_is_missing(world: World) -> None:
    week = last_week()
    due = [line for line in facility_lines([world.pustu], week)[world.pustu.pk] if line.is_due]
    count(world, world.pustu, week, 7)
    text = words(signed_in(world, "pustu_head").get(page(world.pustu)).text)
    assert f"Isi laporan minggu ke-{week.number} ({len(due) - 1} belum diisi)" in text
    url = reverse("reports:review-detail", kwargs={"week": week, "code": world.pustu.code})
    assert url in signed_in(world, "pustu_head").get(page(world.pustu)).text


def test_who_may_not_fill_in_is_offered_a_look(world: World) -> None:
    for role in ("dinkes", "admin"):
        text = words(signed_in(world, role).get(page(world.pustu)).text)
        assert "Lihat evaluasi" in text, role
        assert "Isi laporan" not in text, role


def test_sent_report_needs_no_filling_in(world: World) -> None:
    week = last_week()
    review = open_weekly_review(facility=world.pustu, week=week)
    submit_review(review=review, by=world["pustu_head"], expected_version=1, **REASONS)
    text = words(signed_in(world, "pustu_head").get(page(world.pustu)).text)
    assert "sudah terkirim dan menunggu persetujuan" in text
    assert "Isi laporan" not in text
    above = words(signed_in(world, "puskesmas_head").get(page(world.puskesmas)).text)
    assert "1 dari 2 Pustu sudah mengirim." in above


def test_figures_are_those_of_the_lines(world: World) -> None:
    week = last_week()
    for place in (world.puskesmas, world.pustu, world.other_pustu):
        make_poor(place, CODE)
    count(world, world.pustu, week, 3)
    count(world, world.other_pustu, week, 1)
    home = puskesmas_home(world.puskesmas, week, CODE)
    lines = facility_lines([world.puskesmas, world.pustu, world.other_pustu], week)
    below = {line.indicator.code: line for line in home.below_target}
    mine = lines[world.puskesmas.pk]
    expected = [x.at_closing for x in mine if x.figures.is_on_target is False]
    assert list(below) == [
        x.indicator.code for x in sorted(expected, key=lambda x: -abs(x.figures.gap or 0))
    ]
    # The list is chosen by the closed period and speaks of it; the table has the week.
    [whole] = [x.figures for x in mine if x.indicator.code == CODE]
    assert whole.judged is not None
    assert (whole.cumulative, below[CODE].figures.cumulative) == (4, whole.judged.cumulative)
    assert below[CODE].figures.gap == whole.judged.gap
    gap = below[CODE].figures.gap
    text = words(signed_in(world, "puskesmas_head").get(page(world.puskesmas, week=str(week))).text)
    assert gap is not None
    assert f"kurang {-gap} ibu" in text
    assert home.chart is not None
    by_code = {cell.facility.code: cell for cell in home.chart.cells}
    for place in (world.pustu, world.other_pustu):
        own = next(x for x in lines[place.pk] if x.indicator.code == CODE)
        assert own.figures.judged is not None  # the chart is of the closed period
        assert by_code[place.code].coverage == own.figures.judged.coverage
        assert by_code[place.code].cumulative == own.figures.judged.cumulative
    assert [row.tally.below_target for row in home.pustu] == [
        sum(x.figures.is_on_target is False for x in lines[place.pk])
        for place in (world.pustu, world.other_pustu)
    ]


def test_chart_follows_the_chosen_indicator(world: World) -> None:
    count(world, world.pustu, last_week(), 3)
    client = signed_in(world, "puskesmas_head")
    text = client.get(page(world.puskesmas, indicator=CODE)).text
    assert re.search(rf'<option value="{CODE}" selected>', text)
    assert client.get(page(world.puskesmas, indicator="BUKAN")).status_code == 200


def test_problems_below_are_counted_at_their_pustu(world: World) -> None:
    for place in (world.pustu, world.posyandu, world.direct_posyandu):
        raise_problem(
            facility=place, week=last_week(), by=world["puskesmas_head"],
            title=f"Masalah di {place.code}", owner_name="Kepala", due_on=(last_week() + 6).end,
        )  # fmt: skip
    home = puskesmas_home(world.puskesmas, last_week())
    assert {row.facility.code: row.open_problems for row in home.pustu} == {
        "P1-PT01": 2,
        "P1-PT02": 0,
    }
    assert len(home.problems) == 3
    assert len(pustu_home(world.pustu, last_week()).problems) == 2
    text = signed_in(world, "pustu_head").get(page(world.pustu)).text
    assert "Masalah di P1-PY001" in text
    assert "Masalah di P1-PY002" not in text


def test_facility_not_open_in_the_week_is_asked_for_nothing(world: World) -> None:
    new = make_facility(world.district, "pustu", "P1-PT03", world.puskesmas, operating="planned")
    answer = signed_in(world, "puskesmas_head").get(page(new))
    assert answer.status_code == 200
    assert "tidak beroperasi pada minggu" in words(answer.text)
    assert "Isi laporan" not in answer.text


def test_posyandu_page_shows_sasaran_and_last_results(world: World) -> None:
    week = last_week()
    client = signed_in(world, "kader")
    empty = words(client.get(page(world.posyandu)).text)
    assert "kegiatan Posyandu ini masuk laporan Pustu P1-PT01" in empty
    assert "Sasaran Posyandu ini belum dicatat" in empty
    TargetPopulation.objects.create(
        facility=world.posyandu, group_code="BALITA", year=week.year, estimated=43
    )
    indicator = next(
        line.indicator
        for line in facility_lines([world.posyandu], week)[world.posyandu.pk]
        if not line.indicator.needs_denominator
    )
    count(world, world.posyandu, week - 2, 31, indicator.code)
    shown = client.get(page(world.posyandu, week=str(week))).text
    text = words(shown)
    assert "Balita 43" in text
    assert indicator.name_id in text
    assert f"minggu ke-{(week - 2).number}" in text
    assert "Hasil: 31" in text
    # The names above are no links for somebody who may not open them.
    assert (
        f'href="{page(world.pustu, week=str(week))}"' not in client.get(page(world.posyandu)).text
    )


@pytest.mark.parametrize("kind", ["puskesmas", "pustu", "posyandu"])
def test_page_asks_no_more_queries_with_a_history(world: World, kind: str) -> None:
    place = getattr(world, kind)
    client = signed_in(world, "puskesmas_head")
    for unit in (world.pustu, world.posyandu):
        raise_problem(
            facility=unit, week=last_week(), by=world["puskesmas_head"], title="Masalah",
            owner_name="Kepala", due_on=(last_week() + 6).end,
        )  # fmt: skip
    for facility in (world.pustu, world.other_pustu):
        count(world, facility, last_week(), 2)
    few = queries(client, page(place))
    for back in range(1, 11):
        for facility in (world.pustu, world.other_pustu):
            count(world, facility, last_week() - back, 2)
            open_weekly_review(facility=facility, week=last_week() - back)
        raise_problem(
            facility=world.pustu, week=last_week(), by=world["puskesmas_head"],
            title=f"Masalah {back}", owner_name="Kepala", due_on=(last_week() + 6).end,
        )  # fmt: skip
    for n in range(4):
        make_facility(world.district, "pustu", f"P1-PT1{n}", world.puskesmas, world.pustu.village)
    posyandu(world, 20)
    assert queries(client, page(place)) == few


def test_home_of_a_head_is_the_own_page(world: World) -> None:
    assert "<h1>Pustu P1-PT01</h1>" in signed_in(world, "pustu_head").get("/").text
    assert "<h1>Puskesmas P1</h1>" in signed_in(world, "puskesmas_head").get("/").text
    assert "<h1>Posyandu P1-PY001</h1>" in signed_in(world, "kader").get("/").text


def test_pages_speak_english_too(world: World) -> None:
    client = signed_in(world, "puskesmas_head")
    client.cookies["django_language"] = "en"
    text = words(client.get(page(world.puskesmas)).text)
    assert "Below target" in text
    assert "is not sent yet" in text
