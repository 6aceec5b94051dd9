"""Figures asked about under their row, «Benar, simpan», and nihil."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from clusters.models import Achievement, Indicator, PlausibilityConfirmation, PlausibilityRule
from facilities.errors import IllegalTransition, InvalidInput, StaleVersion
from facilities.models import Facility
from reports.figures.queries.facility_lines import facility_lines
from reports.figures.queries.nihil import empty_events
from reports.figures.queries.plausibility import row_checks
from reports.models import WeeklyReview
from reports.review.actions.nihil import record_nihil
from reports.review.actions.plausibility import confirm_figure
from reports.review.actions.steps import open_weekly_review, save_count, submit_review
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week
from tests.html import tidy

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def client(world: World) -> Client:
    one = Client()
    one.force_login(world["pustu_head"])
    return one


@pytest.fixture
def usual(world: World) -> None:
    """Five weeks of two or three, so that sixty is much."""
    for back in range(1, 6):
        week = last_week() - back
        Achievement.objects.create(
            facility=world.pustu, indicator_code="KIA01", week=week, year=week.year,
            numerator=2 + back % 2, source="page",
        )  # fmt: skip


def url(name: str, place: Facility, **more: str) -> str:
    return reverse(
        f"reports:review-{name}", kwargs={"week": str(last_week()), "code": place.code, **more}
    )


def post(client: Client, world: World, number: int, version: int = 0, code: str = "KIA01"):
    data = {f"n-{code}": str(number), f"v-{code}": str(version)}
    return client.post(url("count", world.pustu, indicator=code), data, headers=HTMX)


def confirm(client: Client, world: World, version: int, *rules: str, headers=HTMX):
    data = {"version": str(version), "rule": list(rules)}
    return client.post(url("confirm", world.pustu, indicator="KIA01"), data, headers=headers)


def checks(world: World):
    lines = facility_lines([world.pustu], last_week())[world.pustu.pk]
    return row_checks(world.pustu, last_week(), lines)


def test_odd_number_is_saved_and_asked_about_with_the_same_answer(
    world: World, client: Client, usual: None
) -> None:
    answer = post(client, world, 60)
    assert answer.status_code == 200
    assert Achievement.objects.get(week=last_week()).numerator == 60
    text = tidy(answer.text)
    assert '<div id="check-KIA01" hx-swap-oob="true"><form class="doubt"' in text
    assert "60 minggu ini; biasanya sekitar 3" in text
    assert "Benar, simpan" in text
    assert "Tersimpan" in text
    assert '<b id="chip-check" hx-swap-oob="true">1</b>' in text
    assert "<td" not in text
    assert post(client, world, 4, 1).text.count('class="doubt"') == 0


def test_ordinary_number_leaves_the_place_empty(world: World, client: Client) -> None:
    text = tidy(post(client, world, 1).text)
    assert '<div id="check-KIA01" hx-swap-oob="true"></div>' in text
    page = tidy(client.get(url("detail", world.pustu)).text)
    assert '<div id="check-KIA01"></div>' in page


def test_confirmation_keeps_who_and_when_until_the_number_changes(
    world: World, client: Client, usual: None
) -> None:
    post(client, world, 60)
    rules = {check.rule for check in checks(world).of("KIA01")}
    assert "USUAL3" in rules
    answer = confirm(client, world, 1, *rules)
    assert answer.status_code == 200
    assert "Dinyatakan benar oleh Orang kapustu" in answer.text
    assert 'class="doubt"' not in answer.text
    row = PlausibilityConfirmation.objects.get(rule_code="USUAL3")
    assert (row.by, row.numerator) == (world["pustu_head"], 60)
    page = client.get(url("detail", world.pustu)).text
    assert "Dinyatakan benar oleh Orang kapustu" in page
    assert not checks(world).unanswered
    post(client, world, 61, 1)
    assert checks(world).unanswered == {"KIA01"}
    post(client, world, 60, 2)  # the number that was confirmed
    assert not checks(world).unanswered


def test_confirming_twice_and_without_script(world: World, client: Client, usual: None) -> None:
    post(client, world, 60)
    answer = confirm(client, world, 1, "USUAL3", headers=None)
    assert answer.status_code == 302
    assert answer["Location"].endswith("#r-KIA01")
    assert confirm(client, world, 1, "USUAL3").status_code == 200
    assert PlausibilityConfirmation.objects.filter(rule_code="USUAL3").count() == 1


def test_another_number_meanwhile_is_not_confirmed(
    world: World, client: Client, usual: None
) -> None:
    post(client, world, 60)
    post(client, world, 90, 1)
    answer = confirm(client, world, 1, "USUAL3")
    assert answer.status_code == 409
    assert "90 minggu ini" in answer.text
    assert 'value="90"' in answer.text  # the field shows what stands there
    assert not PlausibilityConfirmation.objects.exists()
    assert confirm(client, world, 1, "USUAL3", headers=None).status_code == 302


def test_only_what_was_seen_is_confirmed(world: World, client: Client, usual: None) -> None:
    post(client, world, 60)
    confirm(client, world, 2 - 1, "POP120")
    confirm(client, world, 1, "TIDAKADA")
    assert "USUAL3" in {check.rule for check in checks(world).of("KIA01") if check.is_open}


def test_correcting_k1_answers_the_question_about_k4(world: World, client: Client) -> None:
    post(client, world, 8, code="KIA02")
    assert not checks(world).unanswered  # K1 is not known yet
    text = tidy(post(client, world, 6).text)
    assert '<div id="check-KIA02" hx-swap-oob="true"><form class="doubt"' in text
    assert "lebih banyak daripada" in text
    text = tidy(post(client, world, 9, 1).text)
    assert '<div id="check-KIA02" hx-swap-oob="true"></div>' in text


def test_check_page_and_filter_list_what_nobody_confirmed(
    world: World, client: Client, usual: None
) -> None:
    post(client, world, 60)
    page = client.get(url("check", world.pustu)).text
    assert "angka perlu dilihat lagi" in page
    assert "60 minggu ini" in page
    filtered = client.get(url("detail", world.pustu) + "?show=check").text
    assert 'id="r-KIA01"' in filtered
    assert 'id="r-KIA02"' not in filtered
    confirm(client, world, 1, *[check.rule for check in checks(world).of("KIA01")])
    assert "angka perlu dilihat lagi" not in client.get(url("check", world.pustu)).text


def test_reader_sees_the_question_without_a_button(
    world: World, client: Client, usual: None
) -> None:
    post(client, world, 60)
    client.force_login(world["dinkes"])
    page = client.get(url("detail", world.pustu)).text
    assert "60 minggu ini" in page
    assert "Benar, simpan" not in page
    assert confirm(client, world, 1, "USUAL3").status_code == 403


def test_sent_review_takes_no_confirmation(world: World, client: Client, usual: None) -> None:
    post(client, world, 60)
    review = WeeklyReview.objects.get()
    submit_review(review=review, by=world["pustu_head"], expected_version=review.version,
                  undecided_reason=UNDECIDED, **REASONS)  # fmt: skip
    with pytest.raises(IllegalTransition):
        confirm_figure(review=review, indicator_code="KIA01", rules={"USUAL3"},
                       by=world["pustu_head"], expected_version=1)  # fmt: skip
    assert confirm(client, world, 1, "USUAL3").status_code == 403
    assert "doubt" not in client.get(url("detail", world.pustu)).text


def test_rule_switched_off_asks_no_more(world: World, client: Client, usual: None) -> None:
    post(client, world, 60)
    PlausibilityRule.objects.update(is_active=False)
    assert not checks(world).rows


def test_confirm_action_refuses_strangers_and_old_versions(world: World, usual: None) -> None:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    values: dict[str, Any] = {
        "review": review, "indicator_code": "KIA01", "rules": {"USUAL3"},
    }  # fmt: skip
    with pytest.raises(StaleVersion):
        confirm_figure(**values, by=world["pustu_head"], expected_version=1)
    with pytest.raises(PermissionDenied):
        confirm_figure(**values, by=world["dinkes"], expected_version=1)


def test_checks_take_the_same_few_queries_for_any_form(
    world: World, client: Client, usual: None, django_assert_num_queries
) -> None:
    lines = facility_lines([world.pustu], last_week())[world.pustu.pk]
    with django_assert_num_queries(2):
        row_checks(world.pustu, last_week(), lines)
    post(client, world, 60)
    post(client, world, 80, code="KIA02")
    lines = facility_lines([world.pustu], last_week())[world.pustu.pk]
    with django_assert_num_queries(3):
        row_checks(world.pustu, last_week(), lines)


def test_autosave_takes_the_same_number_of_queries_with_and_without_questions(
    world: World, client: Client, usual: None
) -> None:
    post(client, world, 1)

    def queries(number: int, version: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert post(client, world, number, version).status_code == 200
        return len(captured)

    few = queries(2, 1)
    assert queries(90, 2) <= few + 1  # who confirmed it


# --- nihil --------------------------------------------------------------------------------


def events(world: World, place: Facility) -> list[str]:
    lines = facility_lines([place], last_week())[place.pk]
    return [line.indicator.code for line in empty_events(lines)]


def test_nihil_is_by_the_catalogue_and_only_what_is_due(world: World) -> None:
    codes = events(world, world.puskesmas)
    kinds = dict(Indicator.objects.filter(is_collected=True).values_list("code", "calc_type"))
    assert {kinds[code] for code in codes} == {"count", "ratio_of_found"}
    weekly = Indicator.objects.filter(
        frequency="weekly", calc_type__in=["count", "ratio_of_found"], is_collected=True
    ).values_list("code", flat=True)
    assert set(weekly) - {"MAN03"} <= set(codes)  # which the system fills in itself
    assert {"KIA14", "KIA15"} <= set(codes)


def test_nihil_page_says_how_many_and_fills_the_ticked(world: World, client: Client) -> None:
    codes = events(world, world.pustu)
    page = client.get(url("detail", world.pustu)).text
    assert f"Nihil: isi 0 pada {len(codes)} indikator kejadian yang masih kosong" in page
    page = client.get(url("nihil", world.pustu)).text
    assert re.findall(r'name="codes" value="([A-Z0-9]+)" checked', page) == codes
    answer = client.post(url("nihil", world.pustu), {"codes": codes[1:]})
    assert answer.status_code == 302
    rows = {row.indicator_code: row for row in Achievement.objects.all()}
    assert set(rows) == set(codes[1:])
    assert {(row.numerator, row.entered_by) for row in rows.values()} == {(0, world["pustu_head"])}
    needs = {row.code for row in Indicator.objects.all() if row.needs_denominator}
    assert all(row.denominator == (0 if code in needs else None) for code, row in rows.items())
    assert events(world, world.pustu) == codes[:1]


def test_nihil_leaves_alone_what_somebody_entered(world: World, client: Client) -> None:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    head = world["pustu_head"]
    save_count(review=review, indicator_code="KIA14", numerator=1, denominator=None, by=head,
               expected_version=0)  # fmt: skip
    save_count(review=review, indicator_code="GIZ06", numerator=None, denominator=3, by=head,
               expected_version=0)  # fmt: skip
    save_count(review=review, indicator_code="KIA15", numerator=None, denominator=None, by=head,
               expected_version=0, note="menunggu bidan")  # fmt: skip
    filled = record_nihil(
        review=review, codes={"KIA14", "KIA15", "GIZ06", "SPM01", "SPM05"}, by=head
    )
    assert filled == ("KIA15",)
    rows = {row.indicator_code: row for row in Achievement.objects.all()}
    assert (rows["KIA14"].numerator, rows["GIZ06"].numerator) == (1, None)
    assert (rows["KIA15"].numerator, rows["KIA15"].note, rows["KIA15"].version) == (
        0, "menunggu bidan", 2,
    )  # fmt: skip
    # Undone by editing, like any other figure.
    save_count(review=review, indicator_code="KIA15", numerator=1, denominator=None, by=head,
               expected_version=2)  # fmt: skip


def test_nihil_with_nothing_left_says_so(world: World, client: Client) -> None:
    codes = events(world, world.pustu)
    client.post(url("nihil", world.pustu), {"codes": codes})
    again = client.post(url("nihil", world.pustu), {"codes": codes})
    assert again.status_code == 422
    assert "tidak ada indikator kejadian yang kosong" in again.text
    assert Achievement.objects.filter(version=1).count() == len(codes)
    assert "Nihil: isi 0" not in client.get(url("detail", world.pustu)).text


def test_nihil_is_for_those_who_fill_in_and_not_after_sending(world: World, client: Client) -> None:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    with pytest.raises(PermissionDenied):
        record_nihil(review=review, codes={"KIA14"}, by=world["dinkes"])
    submit_review(review=review, by=world["pustu_head"], expected_version=review.version,
                  undecided_reason=UNDECIDED, **REASONS)  # fmt: skip
    with pytest.raises(IllegalTransition):
        record_nihil(review=review, codes={"KIA14"}, by=world["pustu_head"])
    assert client.post(url("nihil", world.pustu), {"codes": ["KIA14"]}).status_code == 403
    assert not Achievement.objects.exists()


def test_nihil_of_nothing_is_refused(world: World) -> None:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    with pytest.raises(InvalidInput):
        record_nihil(review=review, codes=set(), by=world["pustu_head"])
