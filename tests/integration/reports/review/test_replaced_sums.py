"""A sum replaced by the head of a Puskesmas: both figures and the reason everywhere."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pghistory
import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken
from pypdf import PdfReader

from clusters.models import Achievement, AchievementTotal, Indicator, SumOverride
from clusters.rollups import rollup_differences
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.models import Facility
from reports.figures.queries.facility_lines import facility_lines
from reports.models import ReportDocument, WeeklyReview
from reports.printing.documents import build_document, read_document, request_annex
from reports.review.actions.steps import open_weekly_review, return_review, submit_review
from reports.review.actions.sums import replace_sum, withdraw_sum
from reports.review.queries.sheet import review_sheet
from reports.shapes import Line
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week

pytestmark = pytest.mark.django_db
CODE = "KIA01"


def count(place: Facility, number: int, code: str = CODE, denominator: int | None = None) -> None:
    Achievement.objects.update_or_create(
        facility=place, indicator_code=code, week=last_week(),
        defaults={"year": last_week().year, "numerator": number, "denominator": denominator,
                  "source": "page"},
    )  # fmt: skip


@pytest.fixture
def world() -> World:
    world = build_world()
    count(world.pustu, 30)
    count(world.other_pustu, 20)
    count(world.puskesmas, 2)
    return world


@pytest.fixture
def review(world: World) -> WeeklyReview:
    return open_weekly_review(facility=world.puskesmas, week=last_week())


@pytest.fixture
def client(world: World) -> Client:
    one = Client()
    one.force_login(world["puskesmas_head"])
    return one


def replace(world: World, review: WeeklyReview, number: int = 48, version: int = 0, **more):
    values = {"indicator_code": CODE, "denominator": None, "by": world["puskesmas_head"],
              "reason": "empat ibu tercatat dua kali"} | more  # fmt: skip
    return replace_sum(review=review, numerator=number, expected_version=version, **values)


def line(place: Facility, code: str = CODE) -> Line:
    lines = facility_lines([place], last_week())[place.pk]
    return next(one for one in lines if one.indicator.code == code)


def url(name: str, world: World, **more: str) -> str:
    kwargs = {"week": str(last_week()), "code": world.puskesmas.code, **more}
    return reverse(f"reports:review-{name}", kwargs=kwargs)


def test_line_keeps_both_figures_and_everything_above_uses_the_new_one(
    world: World, review: WeeklyReview
) -> None:
    replace(world, review)
    one = line(world.puskesmas)
    assert one.replaced is not None
    assert (one.figures.week_count, one.figures.cumulative) == (48, 48)
    assert (one.replaced.sum, one.replaced.used, one.replaced.sum_then) == (52, 48, 52)
    assert (one.own_count, one.below_count) == (2, 50)
    assert not one.replaced.has_changed
    assert line(world.dinkes).figures.week_count == 48
    assert line(world.pustu).figures.week_count == 30
    assert list(rollup_differences()) == []


def test_reports_that_change_afterwards_are_told_apart(world: World, review: WeeklyReview) -> None:
    replace(world, review)
    count(world.pustu, 31)
    one = line(world.puskesmas)
    assert one.replaced is not None
    assert one.replaced.has_changed
    assert (one.figures.week_count, one.replaced.sum, one.replaced.sum_then) == (48, 53, 52)
    # Saving it again is a decision on the sum as it is now.
    replace(world, review, version=1, reason="tetap empat ibu ganda")
    assert not line(world.puskesmas).replaced.has_changed  # type: ignore[union-attr]


def test_lines_take_one_query_for_any_number_of_replaced_sums(
    world: World, review: WeeklyReview, django_assert_num_queries
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    places = [world.puskesmas, world.pustu, world.other_pustu]
    with CaptureQueriesContext(connection) as before:
        facility_lines(places, last_week())
    replace(world, review)
    for code in ("KIA02", "KIA03"):
        count(world.pustu, 9, code)
        replace(world, review, indicator_code=code)
    with django_assert_num_queries(len(before)):
        facility_lines(places, last_week())


def test_withdrawing_brings_the_sum_back_and_history_keeps_everything(
    world: World, review: WeeklyReview
) -> None:
    replace(world, review)
    replace(world, review, 47, version=1)
    withdraw_sum(review=review, indicator_code=CODE, by=world["puskesmas_head"], expected_version=2)
    withdraw_sum(review=review, indicator_code=CODE, by=world["puskesmas_head"], expected_version=2)
    assert line(world.puskesmas).figures.week_count == 52
    events = pghistory.models.Events.objects.filter(pgh_obj_model="clusters.SumOverride")
    assert sorted(events.values_list("pgh_label", flat=True)) == ["delete", "insert", "update"]


def test_version_is_checked_and_a_lost_answer_may_be_repeated(
    world: World, review: WeeklyReview
) -> None:
    first = replace(world, review)
    assert replace(world, review).version == first.version == 1
    with pytest.raises(StaleVersion) as refusal:
        replace(world, review, 40)
    assert refusal.value.current == first
    with pytest.raises(StaleVersion):
        withdraw_sum(
            review=review, indicator_code=CODE, by=world["puskesmas_head"], expected_version=7
        )
    withdraw_sum(review=review, indicator_code=CODE, by=world["puskesmas_head"], expected_version=1)
    with pytest.raises(StaleVersion):
        replace(world, review, 40, version=1)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"reason": "x"}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"number": 52}, "numerator"),  # the sum itself
        ({"number": -1}, "numerator"),
        ({"denominator": 50}, "denominator"),
        ({"indicator_code": "KIA02"}, "numerator"),  # nothing reported
        ({"indicator_code": "GIZ06", "number": 3}, "denominator"),
        ({"indicator_code": "KIA16"}, "indicator"),  # a state
        ({"indicator_code": "KIA10"}, "indicator"),  # the Puskesmas alone reports it
        ({"indicator_code": "TIDAKADA"}, "indicator"),
    ],
)
def test_what_cannot_be_replaced_is_explained(
    world: World, review: WeeklyReview, more: dict[str, Any], field: str
) -> None:
    count(world.pustu, 3, "GIZ06", 4)
    count(world.pustu, 3, "KIA16")
    with pytest.raises(InvalidInput) as refusal:
        replace(world, review, **more)
    assert field in refusal.value.errors
    assert not SumOverride.objects.exists()


def test_denominator_goes_with_the_figure(world: World, review: WeeklyReview) -> None:
    count(world.pustu, 3, "GIZ06", 4)
    replace(world, review, 2, indicator_code="GIZ06", denominator=3)
    total = AchievementTotal.objects.get(facility=world.puskesmas, indicator_code="GIZ06")
    assert (total.numerator, total.denominator, total.running_denominator) == (2, 3, 3)


def test_only_the_head_of_that_puskesmas_and_only_before_sending(
    world: World, review: WeeklyReview
) -> None:
    for role in ("cluster_officer", "pustu_head", "dinkes", "admin", "sibling_head"):
        with pytest.raises(PermissionDenied):
            replace(world, review, by=world[role])
    pustu_review = open_weekly_review(facility=world.pustu, week=last_week())
    with pytest.raises(PermissionDenied):
        replace(world, pustu_review)
    replace(world, review)
    submit_review(review=review, by=world["puskesmas_head"], expected_version=1,
                  undecided_reason=UNDECIDED, **REASONS)  # fmt: skip
    with pytest.raises(IllegalTransition):
        replace(world, review, 40, version=1)
    with pytest.raises(IllegalTransition):
        withdraw_sum(
            review=review, indicator_code=CODE, by=world["puskesmas_head"], expected_version=1
        )


# --- pages ----------------------------------------------------------------------------------


def test_page_offers_replacing_where_there_is_a_sum(world: World, client: Client) -> None:
    page = client.get(url("detail", world) + "?later=1").text
    assert 'sums/KIA01/" data-after-saving' in page
    assert "sums/KIA16/" not in page
    assert "sums/KIA10/" not in page
    client.force_login(world["cluster_officer"])
    assert "sums/KIA01/" not in client.get(url("detail", world)).text


def test_form_saves_changes_and_withdraws(world: World, client: Client) -> None:
    address = url("sum", world, indicator=CODE)
    assert "<b>52</b>" in client.get(address).text
    data = {"version": "0", "numerator": "1.048", "reason": "dihitung ulang dari kohort"}
    assert client.post(address, data | {"reason": ""}).status_code == 422
    wrong = client.post(address, data | {"numerator": "1,5"})
    assert "Isi angka bulat 0 atau lebih" in wrong.text
    assert client.post(address, data).status_code == 302
    page = client.get(url("detail", world)).text
    assert "Jumlah laporan 52, dipakai 1.048: dihitung ulang dari kohort" in page
    assert "Orang kapus" in page
    count(world.pustu, 31)
    page = client.get(url("check", world)).text
    assert "Jumlah laporan 53, dipakai 1.048" in page
    assert "jumlahnya waktu itu 52" in page
    stale = client.post(address, data | {"numerator": "40"})
    assert stale.status_code == 409
    assert "dipakai 1.048" in stale.text
    assert 'name="version" value="1"' in stale.text
    assert client.post(address, {"version": "1", "withdraw": "1"}).status_code == 302
    assert not SumOverride.objects.exists()


def test_state_is_refused_on_the_page_with_a_sentence(world: World, client: Client) -> None:
    answer = client.get(url("sum", world, indicator="KIA16"))
    assert answer.status_code == 422
    assert "keadaan pada suatu saat" in answer.text


def test_autosave_of_the_own_count_shows_the_changed_sum(world: World, client: Client) -> None:
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    replace(world, review)
    answer = client.post(
        url("count", world, indicator=CODE), {f"n-{CODE}": "5", f"v-{CODE}": "1"},
        headers={"HX-Request": "true"},
    )  # fmt: skip
    assert "Jumlah laporan 55, dipakai 48" in answer.text
    assert '<span id="nm-KIA01" hx-swap-oob="true"></span>' in answer.text  # no Pustu is missing


# --- signed, printed, read by machines --------------------------------------------------------


def test_frozen_sheet_pdf_and_api_show_both(
    world: World, review: WeeklyReview, client: Client, django_capture_on_commit_callbacks
) -> None:
    replace(world, review)
    with django_capture_on_commit_callbacks():
        review = submit_review(
            review=review, by=world["puskesmas_head"], expected_version=1,
            undecided_reason=UNDECIDED,
        **REASONS)  # fmt: skip
    frozen = next(one for one in review_sheet(review).lines if one.indicator.code == CODE)
    assert frozen.replaced is not None
    assert (frozen.replaced.sum, frozen.replaced.used) == (52, 48)
    assert "Jumlah laporan 52, dipakai 48" in client.get(url("detail", world)).text

    report = ReportDocument.objects.get(facility=world.puskesmas)
    document = request_annex(document=report, letter="A", by=world["puskesmas_head"])
    assert build_document(document.pk)
    document.refresh_from_db()
    pages = PdfReader(BytesIO(read_document(document))).pages
    text = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "* KIA01 Jumlah laporan 52, dipakai 48: empat ibu tercatat dua kali" in text

    _row, token = AuthToken.objects.create(world["province"])
    api = reverse("api:review-detail", args=[str(last_week()), world.puskesmas.code])
    lines = client.get(api, headers={"authorization": f"Bearer {token}"}).json()["lines"]
    [shown] = [one for one in lines if one["indicator"] == CODE]
    assert shown["week_count"] == 48
    assert shown["replaced"]["sum"] == 52
    assert shown["replaced"]["reason"] == "empat ibu tercatat dua kali"
    assert "by" not in shown["replaced"]
    assert [one["replaced"] for one in lines if one["indicator"] == "KIA02"] == [None]


def test_returned_review_takes_replacing_again(world: World, review: WeeklyReview) -> None:
    replace(world, review)
    review = submit_review(review=review, by=world["puskesmas_head"], expected_version=1,
                           undecided_reason=UNDECIDED, **REASONS)  # fmt: skip
    review = return_review(review=review, by=world["dinkes"], expected_version=review.version,
                           reason="cek lagi jumlahnya")  # fmt: skip
    replace(world, review, 50, version=1)
    assert line(world.puskesmas).figures.week_count == 50
    assert Indicator.objects.filter(code=CODE).exists()
