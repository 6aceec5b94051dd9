"""Home, the district page, signing in, and what every page carries."""

from __future__ import annotations

import datetime as dt
import re
import zoneinfo
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.actions import record_achievement
from clusters.models import Indicator
from clusters.weeks import Week
from facilities.models import District, Facility, Posting, SignInTries
from reports.figures.tags import number, percent, shortfall
from reports.models import FollowUp
from reports.places.queries.district_sheet import district_sheet
from reports.problems.actions import raise_problem
from reports.review.actions.steps import open_weekly_review, submit_review
from tests import clock
from tests.factories.world import (
    PASSWORD,
    REASONS,
    UNDECIDED,
    World,
    build_world,
    last_week,
    make_facility,
    make_poor,
)

pytestmark = pytest.mark.django_db

CODE = "KIA01"
DISTRICT = "/district/"
HERE = "/district/?district=19.06"


@pytest.fixture
def world() -> World:
    return build_world()


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", text).split())


def count(world: World, facility: Facility, week: Week, numerator: int) -> None:
    record_achievement(
        facility=facility, week=week, indicator=Indicator.objects.in_week(week).get(code=CODE),
        numerator=numerator, denominator=None, by=world["admin"], source="page",
        expected_version=0,
    )  # fmt: skip


def problem(
    world: World, facility: Facility, *, is_overdue: bool, week: Week | None = None
) -> None:
    raised = raise_problem(
        facility=facility, week=week or last_week(), by=world["dinkes"],
        title=f"Masalah {facility.code}", owner_name="Petugas gizi",
        due_on=clock.today() + dt.timedelta(days=3),
    )  # fmt: skip
    if is_overdue:
        # An old week shows what was late then.
        late = week.end if week else clock.today()
        FollowUp.objects.filter(problem=raised).update(due_on=late - dt.timedelta(days=2))


# ── home ────────────────────────────────────────────────────────────────────────────────────────


def test_home_of_the_dinkes_is_its_district(world: World) -> None:
    assert "<h1>Kabupaten Uji 19.06</h1>" in signed_in(world, "dinkes").get("/").text


def test_home_of_an_administrator_of_many_districts_lets_choose(world: World) -> None:
    client = signed_in(world, "admin")
    text = client.get("/").text
    assert "/district/?district=19.06" in text
    assert "/district/?district=33.03" in text
    assert "<h1>Kabupaten Uji 33.03</h1>" in client.get("/district/?district=33.03").text


def test_home_of_somebody_without_a_posting_says_whom_to_ask(world: World) -> None:
    answer = signed_in(world, "nobody").get("/")
    assert answer.status_code == 200
    assert "administrator Dinas Kesehatan" in words(answer.text)


# ── the district page ───────────────────────────────────────────────────────────────────────────


def test_only_dinkes_and_administrators_see_the_district(world: World) -> None:
    for role in ("puskesmas_head", "pustu_head", "kader", "nobody", "outsider"):
        assert signed_in(world, role).get(HERE).status_code == 403, role
    assert signed_in(world, "dinkes").get("/district/?district=33.03").status_code == 404


def test_leading_one_district_does_not_open_the_page_of_another(world: World) -> None:
    Posting.objects.create(
        user=world["dinkes"], role="puskesmas_head", facility=world.foreign,
        start_on=dt.date(2020, 1, 1),
    )  # fmt: skip
    client = signed_in(world, "dinkes")
    assert client.get(HERE).status_code == 200
    assert client.get("/district/?district=33.03").status_code == 404


def test_filing_sentence_names_who_is_missing_and_offers_a_reminder(world: World) -> None:
    week = last_week()
    client = signed_in(world, "dinkes")
    before = words(client.get(HERE).text)
    assert "0 dari 2 Puskesmas sudah mengirim" in before
    review = open_weekly_review(facility=world.puskesmas, week=week)
    submit_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        undecided_reason=UNDECIDED, **REASONS,
    )  # fmt: skip
    page = client.get(HERE).text
    assert "1 dari 2 Puskesmas sudah mengirim" in words(page)
    reminder = re.search(r'<p id="reminder">([^<]+)</p>', page)
    assert reminder is not None
    assert f"minggu ke-{week.number}" in reminder[1]
    assert "P2" in reminder[1]
    assert "P1," not in reminder[1]


def test_figures_on_the_page_are_those_of_the_sheet(world: World) -> None:
    week = Week(2026, 40)
    for place in (world.puskesmas, world.pustu, world.other_pustu, world.sibling):
        make_poor(place, CODE)
    count(world, world.pustu, week, 1)
    count(world, world.sibling, week, 2)
    problem(world, world.pustu, is_overdue=True, week=week)
    problem(world, world.sibling, is_overdue=False, week=week)
    sheet = district_sheet(world.dinkes, week, CODE)
    text = words(signed_in(world, "dinkes").get(f"{HERE}&week={week}&indicator={CODE}").text)
    assert f"Indikator di atas target {sheet.tally.on_target} dari {sheet.tally.indicators}" in text
    assert (sheet.open_problems, sheet.overdue_problems) == (2, 1)
    assert "Masalah terbuka 2 1 terlambat" in text
    assert sheet.gaps
    for gap in sheet.gaps[:5]:
        assert f"{gap.facility.name} " in text
        assert shortfall(gap.line) in text
    assert sheet.chart is not None
    assert sheet.chart.indicator.code == CODE
    for cell in (*sheet.chart.cells, sheet.chart.whole):
        assert cell.coverage is not None
        assert percent(cell.coverage) in text
    assert f"Cakupan {' '.join(percent(cell.coverage) for cell in sheet.chart.cells)}" in text


def test_overdue_problems_come_with_their_owner(world: World) -> None:
    problem(world, world.pustu, is_overdue=True)
    text = words(signed_in(world, "dinkes").get(HERE).text)
    assert "Masalah P1-PT01" in text
    assert "terlambat 2 hari" in text
    assert "Petugas gizi" in text


def test_empty_district_says_so_instead_of_showing_nothing(world: World) -> None:
    text = words(signed_in(world, "dinkes").get(f"{HERE}&week=2025-W03").text)
    assert "Tidak ada masalah yang terlambat" in text
    assert "belum ada angka" in text.lower()


def test_weeks_ahead_or_unknown_are_not_found(world: World) -> None:
    client = signed_in(world, "dinkes")
    for label in ("2026-W60", "kemarin", str(last_week() + 3)):
        assert client.get(f"{HERE}&week={label}").status_code == 404, label


def test_week_stepper_ends_at_the_running_week(world: World) -> None:
    client = signed_in(world, "dinkes")
    week = last_week() + 1
    page = client.get(f"{HERE}&week={week}").text
    assert f"?week={week - 1}" in page
    assert f"?week={week + 1}" not in page


def test_district_page_asks_no_more_queries_for_more_of_everything(world: World) -> None:
    client = signed_in(world, "dinkes")

    def queries() -> int:
        client.get(HERE)  # caches warm
        with CaptureQueriesContext(connection) as found:
            assert client.get(HERE).status_code == 200
        return len(found)

    count(world, world.pustu, last_week(), 2)
    problem(world, world.pustu, is_overdue=True)
    few = queries()
    for n in range(6):
        place = make_facility(
            world.district, "puskesmas", f"P9{n}", world.dinkes, world.pustu.village
        )
        make_facility(world.district, "pustu", f"P9{n}-PT", place, world.pustu.village)
        count(world, place, last_week(), 3)
        count(world, world.pustu, last_week() - n - 1, 3)
        problem(world, place, is_overdue=True)
    assert queries() == few


# ── signing in ──────────────────────────────────────────────────────────────────────────────────


def sign_in(client: Client, password: str, address: str = "10.0.0.1") -> int:
    body = {"username": "kapus", "password": password, "next": "/problems/"}
    return client.post("/login/", body, REMOTE_ADDR=address).status_code


def test_signing_in_leads_back_to_where_one_wanted_to_go(world: World) -> None:
    client = Client()
    assert client.get("/problems/")["Location"] == "/login/?next=/problems/"
    answer = client.post(
        "/login/?next=/problems/",
        {"username": "kapus", "password": PASSWORD, "next": "/problems/"},
    )
    assert answer["Location"] == "/problems/"
    answer = signed_in(world, "puskesmas_head").get("/login/")
    assert answer["Location"] == "/"


def test_sign_in_does_not_lead_to_another_site(world: World) -> None:
    body = {"username": "kapus", "password": PASSWORD, "next": "https://example.org/"}
    assert Client().post("/login/", body)["Location"] == "/"


def test_sign_in_page_works_with_password_managers(world: World) -> None:
    page = Client().get("/login/").text
    assert 'autocomplete="username"' in page
    assert 'autocomplete="current-password"' in page
    assert "onpaste" not in page


def test_wrong_password_is_said_and_does_not_sign_in(world: World) -> None:
    client = Client()
    answer = client.post("/login/", {"username": "kapus", "password": "salah"})
    assert answer.status_code == 200
    assert 'role="alert"' in answer.text
    assert 'value="kapus"' in answer.text
    assert "_auth_user_id" not in client.session


def test_lock_page_says_until_when_in_every_zone_in_use(world: World) -> None:
    District.objects.filter(area_id="19.06").update(timezone="Asia/Jakarta")
    District.objects.filter(area_id="33.03").update(timezone="Asia/Makassar")
    client = Client()
    for _ in range(10):
        sign_in(client, "salah")
    body = {"username": "kapus", "password": "salah"}
    text = words(client.post("/login/", body, REMOTE_ADDR="10.0.0.1").text)
    found = re.search(r"mulai pukul (\d\d)\.(\d\d) WIB / (\d\d)\.\2 WITA", text)
    assert found is not None
    assert (int(found[1]) + 1) % 24 == int(found[3])
    until = SignInTries.objects.get(locked_until__isnull=False).locked_until
    assert until is not None
    end = (until + dt.timedelta(seconds=59)).astimezone(zoneinfo.ZoneInfo("Asia/Jakarta"))
    assert (int(found[1]), int(found[2])) == (end.hour, end.minute)


# ── what every page carries ─────────────────────────────────────────────────────────────────────


def test_shell_names_person_role_and_demo_data(world: World) -> None:
    client = signed_in(world, "puskesmas_head")
    assert "Data contoh" not in client.get("/").text
    District.objects.filter(pk=world.district.pk).update(is_demo=True)
    page = client.get("/").text
    assert "Data contoh: semua angka dan teks di sini rekaan." in page
    assert '<html lang="id">' in page
    assert "Orang kapus" in page
    assert "Kepala Puskesmas" in page
    assert page.count("<h1>") == 1
    assert 'href="#main"' in page
    assert "<style" not in page
    assert " style=" not in page


def test_master_data_is_offered_to_superusers_only(world: World) -> None:
    admin = reverse("admin:index")
    assert admin in signed_in(world, "admin").get("/facilities/").text
    assert f'"{admin}"' not in signed_in(world, "dinkes").get("/facilities/").text


def test_language_is_kept_and_signing_out_needs_a_post(world: World) -> None:
    client = signed_in(world, "puskesmas_head")
    client.post(reverse("language"), {"language": "en", "next": "/facilities/"})
    assert '<html lang="en">' in client.get("/facilities/").text
    assert client.get(reverse("logout")).status_code == 405
    assert client.post(reverse("logout"))["Location"] == "/login/"


def test_scripts_and_styles_come_from_here_only(world: World) -> None:
    answer = signed_in(world, "dinkes").get(HERE)
    sources = re.findall(r'(?:src|href)="((?:https?:)?//[^"]+)"', answer.text)
    assert sources == []
    assert re.search(r"<script(?![^>]+src=)", answer.text) is None
    assert re.search(r"\son[a-z]+=", answer.text) is None
    assert "unsafe" not in answer["Content-Security-Policy"]


def test_numbers_are_written_the_indonesian_way() -> None:
    assert number(1284) == "1.284"
    assert percent(Decimal("62.4")) == "62,4%"
    assert number(0) == "0"
    assert number(None) == percent(None) == "–"
