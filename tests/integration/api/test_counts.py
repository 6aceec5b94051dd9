"""Writing a count: who may, what is refused by field, and what a late writer is shown."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from knox.models import AuthToken
from rest_framework.test import APIClient

from clusters.models import Achievement
from reports.models import WeeklyReview
from reports.review.actions.steps import open_weekly_review, save_count, submit_review
from tests.factories.world import REASONS, UNDECIDED, World, last_week

WEEK = last_week()


def address(code: str = "P1-PT01", indicator: str = "KIA01", week: object = WEEK) -> str:
    return reverse("api:review-count", args=[str(week), code, indicator])


def put(client: APIClient, at: str = "", **values: Any) -> Any:
    return client.put(at or address(), {"numerator": 7, "version": 0} | values, format="json")


def test_count_is_saved_and_read_back(world: World, as_role) -> None:
    client = as_role("pustu_head")
    assert client.get(address()).json()["version"] == 0
    answer = put(client, note="  dua  dusun ")
    assert answer.status_code == 200, answer.content
    assert answer.json() | {"entered_at": ""} == {
        "facility": "P1-PT01", "week": str(WEEK), "indicator": "KIA01", "numerator": 7,
        "denominator": None, "version": 1, "source": "api", "entered_at": "",
        "note": "dua dusun", "warnings": [],
    }  # fmt: skip
    row = Achievement.objects.get()
    assert (row.numerator, row.entered_by, row.source) == (7, world["pustu_head"], "api")
    assert WeeklyReview.objects.get().facility == world.pustu
    read = client.get(address()).json()
    assert (read["numerator"], read["version"]) == (7, 1)
    assert "note" not in read


def test_same_request_again_changes_nothing(world: World, as_role) -> None:
    client = as_role("pustu_head")
    put(client)
    again = put(client)
    assert (again.status_code, again.json()["version"]) == (200, 1)


def test_note_is_kept_when_left_out_and_null_clears(world: World, as_role) -> None:
    client = as_role("pustu_head")
    put(client, note="stok kosong")
    assert put(client, numerator=None, version=1).json()["note"] == "stok kosong"
    assert Achievement.objects.get().numerator is None


def test_late_writer_is_shown_both_values(world: World, as_role) -> None:
    put(as_role("pustu_head"), note="dari buku")
    answer = put(as_role("puskesmas_head"), numerator=9)
    assert answer.status_code == 409
    body = answer.json()
    assert body["code"] == "stale_version"
    assert "orang lain" in body["detail"]
    assert body["yours"] == {"numerator": 9, "denominator": None, "note": None}
    current = body["current"]
    assert current["entered_at"]
    assert {name: current[name] for name in ("numerator", "note", "version", "entered_by")} == {
        "numerator": 7, "note": "dari buku", "version": 1, "entered_by": "Orang kapustu",
    }  # fmt: skip
    assert Achievement.objects.get().numerator == 7
    assert put(as_role("puskesmas_head"), numerator=9, version=1).status_code == 200


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"numerator": -1}, "numerator"),
        ({"numerator": 1.5}, "numerator"),
        ({"numerator": "7 8"}, "numerator"),
        ({"numerator": True}, "numerator"),
        ({"numerator": [7]}, "numerator"),
        ({"numerator": 10**9}, "numerator"),
        ({"denominator": 9}, "denominator"),
        ({"version": None}, "version"),
        ({"version": -1}, "version"),
        ({"note": "x" * 301}, "note"),
        ({"note": "a\x00b"}, "note"),
        ({"numerater": 7}, "numerater"),
    ],
)
def test_bad_value_is_refused_by_field(world: World, as_role, values: Any, field: str) -> None:
    answer = put(as_role("pustu_head"), **values)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [field]
    assert not Achievement.objects.exists()


def test_count_above_its_denominator_is_refused(world: World, as_role) -> None:
    answer = put(as_role("pustu_head"), address(indicator="GIZ06"), numerator=3, denominator=2)
    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["numerator"]


def test_missing_numerator_and_broken_json_clear_nothing(world: World, as_role) -> None:
    client = as_role("pustu_head")
    put(client)
    assert client.put(address(), {"version": 1}, format="json").status_code == 400
    assert client.put(address(), "{", content_type="application/json").status_code == 400
    assert client.put(address(), "[1]", content_type="application/json").status_code == 400
    assert Achievement.objects.get().numerator == 7


def test_language_of_the_answer(world: World, as_role) -> None:
    client = as_role("pustu_head")
    body = {"numerator": -1, "version": 0}
    plain = client.put(address(), body, format="json")
    english = client.put(address(), body, format="json", headers={"accept-language": "en-GB,en"})
    assert "Isi angka bulat 0 atau lebih" in plain.json()["errors"]["numerator"][0]
    assert "Enter a whole number, 0 or more" in english.json()["errors"]["numerator"][0]
    assert english["Content-Language"] == "en"


MAY: dict[str, dict[str, int]] = {
    "P1": {"puskesmas_head": 200, "cluster_officer": 200, "pustu_head": 404, "dinkes": 403,
           "admin": 403, "province": 403, "kader": 403, "nobody": 403, "sibling_head": 404,
           "outsider": 404},
    "P1-PT01": {"puskesmas_head": 200, "cluster_officer": 403, "pustu_head": 200, "dinkes": 403,
                "admin": 403, "province": 403, "kader": 403, "sibling_head": 404, "outsider": 404},
    "P1-PT02": {"puskesmas_head": 200, "pustu_head": 404, "cluster_officer": 403, "dinkes": 403},
    "F1": {"outsider": 200, "puskesmas_head": 404, "dinkes": 403, "admin": 403},
}  # fmt: skip


def test_who_may_write_where(world: World, as_role) -> None:
    for code, expected in MAY.items():
        for role, status in expected.items():
            Achievement.objects.all().delete()
            answer = put(as_role(role), address(code))
            assert answer.status_code == status, (code, role, answer.content)
            assert Achievement.objects.exists() == (status == 200)


def test_without_a_token_or_with_a_session_but_no_form_token(world: World, client) -> None:
    assert put(APIClient()).status_code == 401
    strict = APIClient(enforce_csrf_checks=True)
    strict.force_login(world["pustu_head"], backend="django.contrib.auth.backends.ModelBackend")
    assert put(strict).status_code == 403
    assert not Achievement.objects.exists()


def test_addresses_that_lead_nowhere(world: World, as_role) -> None:
    client = as_role("puskesmas_head")
    for at in (
        address(indicator="TIDAKADA"), address(indicator="ILP01"), address("P1-PY001"),
        address("P9"), address(week="2026-W99"), address(week=WEEK + 9),
        address("P1-PT01", "SPM05"),
    ):  # fmt: skip
        assert put(client, at).status_code == 404, at
        assert client.get(at).status_code == 404, at


def test_sent_review_takes_no_count(world: World, as_role) -> None:
    review = open_weekly_review(facility=world.pustu, week=WEEK)
    submit_review(
        review=review, by=world["pustu_head"], expected_version=review.version,
        undecided_reason=UNDECIDED,
    **REASONS)  # fmt: skip
    answer = put(as_role("pustu_head"))
    assert (answer.status_code, answer.json()["code"]) == (409, "review_sent")
    assert not Achievement.objects.exists()


def test_figure_that_deserves_a_second_look_is_saved_with_its_warning(
    world: World, as_role
) -> None:
    for number, week in enumerate([WEEK - back for back in range(1, 6)]):
        review = open_weekly_review(facility=world.pustu, week=week)
        save_count(
            review=review, indicator_code="KIA01", numerator=2 + number % 2, denominator=None,
            by=world["pustu_head"], expected_version=0,
        )  # fmt: skip
    body = put(as_role("pustu_head"), numerator=60).json()
    assert body["numerator"] == 60
    rules = {one["rule"] for one in body["warnings"]}
    assert "USUAL3" in rules
    assert not any(one["is_confirmed"] for one in body["warnings"])


def test_token_command(world: World) -> None:
    shown = io.StringIO()
    call_command("create_api_token", "kapustu", days=30, stdout=shown, stderr=io.StringIO())
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {shown.getvalue().strip()}")
    assert put(client).status_code == 200
    assert AuthToken.objects.get().expiry is not None
    call_command("create_api_token", "kapustu", replace=True, stdout=io.StringIO(),
                 stderr=io.StringIO())  # fmt: skip
    assert client.get(address()).status_code == 401
    for name in ("tidak-ada", "tanpa-tugas"):
        with pytest.raises(CommandError):
            call_command("create_api_token", name, stdout=io.StringIO(), stderr=io.StringIO())


def test_what_the_system_computes_is_refused_by_field(as_role) -> None:
    answer = put(as_role("puskesmas_head"), address("P1", "MAN01"), numerator=1, denominator=2)
    assert answer.status_code == 400
    assert "dihitung sistem dari evaluasi mingguan" in answer.content.decode()
    assert not Achievement.objects.exists()
