"""The review's pages: looking, saving row by row, sending, deciding."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from clusters.models import Achievement
from clusters.weeks import Week
from facilities.models import FacilityStatus
from reports.models import ReviewStep, WeeklyReview
from reports.review.actions.steps import open_weekly_review, save_count
from tests import clock
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week

pytestmark = pytest.mark.django_db

CODE = "KIA01"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def pustu(client: Client, world: World) -> Client:
    client.force_login(world["pustu_head"])
    return client


def url(name: str, world: World, code: str = "", week: Week | None = None, **more: object) -> str:
    kwargs = {"week": str(week or last_week()), "code": code or world.pustu.code, **more}
    return reverse(f"reports:review-{name}", kwargs=kwargs)


def count_url(world: World, indicator: str = CODE) -> str:
    return url("count", world, indicator=indicator)


def post_count(
    client: Client, world: World, number: str, version: int = 0, note: str = "", **more: str
):
    data = {f"n-{CODE}": number, f"v-{CODE}": str(version), **more}
    if note:
        data[f"note-{CODE}"] = note
    return client.post(count_url(world), data, headers=HTMX)


def test_looking_at_a_review_writes_nothing(pustu: Client, world: World) -> None:
    answer = pustu.get(url("detail", world))
    assert answer.status_code == 200
    assert f'name="n-{CODE}"' in answer.text
    assert not WeeklyReview.objects.exists()


def test_first_saved_number_opens_the_review(pustu: Client, world: World) -> None:
    answer = post_count(pustu, world, "7")
    assert answer.status_code == 200
    row = Achievement.objects.get(facility=world.pustu, indicator_code=CODE)
    assert (row.numerator, row.version, row.entered_by) == (7, 1, world.people["pustu_head"])
    assert WeeklyReview.objects.get(facility=world.pustu).week == last_week()


def test_autosave_answers_only_small_elements_out_of_band(pustu: Client, world: World) -> None:
    text = post_count(pustu, world, "7").text
    assert "<td" not in text
    assert "<tr" not in text
    assert "<tbody" not in text
    assert f'id="n-{CODE}"' not in text  # the field in use is never touched
    for piece in ("cum", "gap", "spark", "st", "err"):
        assert f'<span id="{piece}-{CODE}" hx-swap-oob="true"' in text or (
            f'id="{piece}-{CODE}"' in text and "hx-swap-oob" in text
        )
    assert f'name="v-{CODE}" form="counts" value="1"' in text
    assert "Tersimpan" in text


@pytest.mark.parametrize("typed", ["1,5", "-3", "1.5", "tiga", "1e3", "٣"])
def test_number_that_is_none_is_refused_and_explained(
    pustu: Client, world: World, typed: str
) -> None:
    answer = post_count(pustu, world, typed)
    assert answer.status_code == 422
    assert f"Isi angka bulat 0 atau lebih. Anda mengisi ‘{typed}’." in answer.text
    assert "Tersimpan" not in answer.text
    assert not Achievement.objects.exists()


@pytest.mark.parametrize(("typed", "kept"), [("0", 0), (" 12 ", 12), ("1.284", 1284)])
def test_whole_number_is_saved(pustu: Client, world: World, typed: str, kept: int) -> None:
    assert post_count(pustu, world, typed).status_code == 200
    assert Achievement.objects.get().numerator == kept


def test_emptied_field_means_no_data_again(pustu: Client, world: World) -> None:
    post_count(pustu, world, "7")
    assert post_count(pustu, world, "", version=1).status_code == 200
    assert Achievement.objects.get().numerator is None


def test_two_people_on_one_row_gives_both_values(pustu: Client, world: World) -> None:
    post_count(pustu, world, "7")
    other = Client()
    other.force_login(world["puskesmas_head"])
    answer = post_count(other, world, "9")
    assert answer.status_code == 409
    assert "Orang kapustu" in answer.text
    assert "Pakai angka saya" in answer.text
    assert "Pakai angka ini" in answer.text
    assert Achievement.objects.get().numerator == 7
    mine = post_count(other, world, "9", version=1, choice="mine")
    assert mine.status_code == 200
    assert Achievement.objects.get().numerator == 9


def test_taking_the_other_number_changes_nothing(pustu: Client, world: World) -> None:
    post_count(pustu, world, "7")
    answer = post_count(pustu, world, "9", version=1, choice="theirs")
    assert answer.status_code == 200
    assert 'value="7"' in answer.text
    assert Achievement.objects.get().numerator == 7


def test_note_is_saved_with_its_row(pustu: Client, world: World) -> None:
    post_count(pustu, world, "7", note="stok kosong")
    assert Achievement.objects.get().note == "stok kosong"


def test_unknown_indicator_is_not_found_and_opens_nothing(pustu: Client, world: World) -> None:
    answer = pustu.post(count_url(world, "TIDAKADA"), {"n-TIDAKADA": "1"}, headers=HTMX)
    assert answer.status_code == 404
    assert not WeeklyReview.objects.exists()


def test_ended_session_is_told_to_the_script_not_redirected(client: Client, world: World) -> None:
    assert post_count(client, world, "7").status_code == 401
    assert client.get(url("detail", world)).status_code == 302


# --- without script -----------------------------------------------------------------------


def form(world: World, client: Client, **typed: str) -> dict[str, str]:
    """What a browser without script would send: every field as it stood on the page."""
    import re

    text = client.get(url("detail", world)).text
    values = {}
    for tag in re.findall(r"<input[^>]*form=\"counts\"[^>]*>", text):
        name = re.search(r'name="([^"]+)"', tag)
        value = re.search(r'value="([^"]*)"', tag)
        assert name is not None
        values[name[1]] = value[1] if value else ""
    return values | typed


def test_save_all_saves_only_what_changed(pustu: Client, world: World) -> None:
    answer = pustu.post(url("detail", world), form(world, pustu, **{f"n-{CODE}": "4"}))
    assert answer.status_code == 302
    assert Achievement.objects.count() == 1
    assert Achievement.objects.get().numerator == 4


def test_save_all_keeps_good_rows_and_explains_bad_ones(pustu: Client, world: World) -> None:
    typed = form(world, pustu, **{f"n-{CODE}": "4", "n-KIA02": "1,5"})
    answer = pustu.post(url("detail", world), typed)
    assert answer.status_code == 422
    assert Achievement.objects.get().indicator_code == CODE
    assert '<a href="#n-KIA02">' in answer.text
    assert "Anda mengisi ‘1,5’" in answer.text
    assert 'name="n-KIA02" form="counts"' in answer.text
    assert 'value="1,5"' in answer.text


def test_save_all_with_an_old_page_leaves_others_rows_alone(pustu: Client, world: World) -> None:
    typed = form(world, pustu, **{"n-KIA02": "5"})
    post_count(pustu, world, "7")  # somebody else, meanwhile
    answer = pustu.post(url("detail", world), typed)
    assert answer.status_code == 302
    assert Achievement.objects.get(indicator_code=CODE).numerator == 7
    assert Achievement.objects.get(indicator_code="KIA02").numerator == 5


def test_save_all_with_a_conflict_shows_both_values(pustu: Client, world: World) -> None:
    typed = form(world, pustu, **{f"n-{CODE}": "9"})
    post_count(pustu, world, "7")
    answer = pustu.post(url("detail", world), typed)
    assert answer.status_code == 409
    assert "Pakai angka ini" in answer.text
    assert Achievement.objects.get().numerator == 7


# --- addresses that lead nowhere ----------------------------------------------------------


def test_unknown_code_week_and_future_week_are_not_found(pustu: Client, world: World) -> None:
    future = clock.this_week() + 2
    for address in (
        url("detail", world, code="TIDAKADA"),
        url("detail", world, code=world.sibling.code),
        url("detail", world, week=future),
        url("detail", world).replace(str(last_week()), "2026-W99"),
    ):
        assert pustu.get(address).status_code == 404
    assert (
        "belum dimulai; evaluasinya dibuka pada"
        in pustu.get(url("detail", world, week=future)).text
    )


def test_week_in_which_the_facility_was_closed_is_not_found(pustu: Client, world: World) -> None:
    FacilityStatus.objects.filter(facility=world.pustu).update(operating="closed")
    assert pustu.get(url("detail", world)).status_code == 404
    assert post_count(pustu, world, "3").status_code == 404


# --- filters, breakdown --------------------------------------------------------------------


def test_filter_shows_only_rows_that_fit(pustu: Client, world: World) -> None:
    post_count(pustu, world, "7")
    text = pustu.get(url("detail", world) + "?show=empty").text
    assert f'id="n-{CODE}"' not in text
    assert "aria-current" in text


def test_puskesmas_page_shows_each_pustu(client: Client, world: World) -> None:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    save_count(
        review=review, indicator_code=CODE, numerator=3, denominator=None,
        by=world["pustu_head"], expected_version=0,
    )  # fmt: skip
    client.force_login(world["puskesmas_head"])
    text = client.get(url("detail", world, code=world.puskesmas.code)).text
    assert "1 dari 2 Pustu" in text
    assert "belum lapor" in text
    assert "+ 3 Pustu" in text


# --- sending and deciding ------------------------------------------------------------------


def version(world: World) -> int:
    return WeeklyReview.objects.get(facility=world.pustu).version


def test_check_page_counts_what_is_missing(pustu: Client, world: World) -> None:
    text = pustu.get(url("check", world)).text
    assert "indikator belum diisi" in text
    assert not WeeklyReview.objects.exists()


def test_sent_review_is_frozen_and_returned_with_a_reason(pustu: Client, world: World) -> None:
    post_count(pustu, world, "7")
    assert (
        pustu.post(
            url("submit", world),
            {"version": version(world), "undecided_reason": UNDECIDED, **REASONS},
        ).status_code
        == 302
    )
    page = pustu.get(url("detail", world)).text
    assert f'name="n-{CODE}"' not in page
    assert post_count(pustu, world, "8", version=1).status_code == 403
    head = Client()
    head.force_login(world["puskesmas_head"])
    refused = head.post(url("return", world), {"version": version(world), "reason": ""})
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.text
    answer = head.post(
        url("return", world), {"version": version(world), "reason": "K1 tidak cocok"}
    )
    assert answer.status_code == 302
    again = pustu.get(url("detail", world)).text
    assert "K1 tidak cocok" in again
    assert f'name="n-{CODE}"' in again
    assert pustu.get(url("revision", world, number=1)).status_code == 200
    assert pustu.get(url("revision", world, number=2)).status_code == 404


def test_sending_an_outdated_page_is_stopped(pustu: Client, world: World) -> None:
    post_count(pustu, world, "7")
    answer = pustu.post(url("submit", world), {"version": version(world) + 5})
    assert answer.status_code == 409
    assert not ReviewStep.objects.filter(action="submit").exists()


def test_approving_twice_says_that_it_is_done(pustu: Client, world: World) -> None:
    post_count(pustu, world, "7")
    pustu.post(
        url("submit", world), {"version": version(world), "undecided_reason": UNDECIDED, **REASONS}
    )
    head = Client()
    head.force_login(world["puskesmas_head"])
    data = {"version": version(world)}
    assert head.post(url("approve", world), data).status_code == 302
    assert head.post(url("approve", world), data).status_code == 409


# --- conclusion and list -------------------------------------------------------------------


def test_conclusion_is_saved_and_checked(client: Client, world: World) -> None:
    client.force_login(world["puskesmas_head"])
    address = url("meeting", world, code=world.puskesmas.code)
    data = {
        "version": "1",
        "meeting_on": str(last_week().end),
        "conclusion": "Sweeping tiga dusun.",
        "present": [str(world.pustu.pk)],
    }
    answer = client.post(address, data, headers=HTMX)
    assert answer.status_code == 200
    review = WeeklyReview.objects.get(facility=world.puskesmas)
    assert review.conclusion == "Sweeping tiga dusun."
    assert [row.facility for row in review.attendances.filter(is_present=True)] == [world.pustu]
    stale = client.post(address, data | {"conclusion": "Lain."}, headers=HTMX)
    assert stale.status_code == 409
    assert "Sweeping tiga dusun." in stale.text
    wrong = client.post(address, data | {"version": "2", "meeting_on": "2031-01-01"}, headers=HTMX)
    assert wrong.status_code == 422


def test_list_takes_the_same_number_of_queries_for_any_number(
    client: Client, world: World, django_assert_max_num_queries
) -> None:
    client.force_login(world["dinkes"])
    client.get(reverse("reports:review-list"))
    with django_assert_max_num_queries(14):
        answer = client.get(reverse("reports:review-list") + f"?open={world.puskesmas.code}")
    assert answer.status_code == 200
    assert world.other_pustu.name in answer.text
    older = client.get(reverse("reports:review-list") + "?until=2026-W10").text
    assert "Mg 3" in older or "2026-W03" in older
