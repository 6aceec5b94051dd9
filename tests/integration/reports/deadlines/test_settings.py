"""The settings of a district's weeks: checked, kept in history, felt by the deadlines."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.test import Client

from facilities.errors import InvalidInput, StaleVersion
from facilities.models import District, LocalHoliday
from reports.deadlines.actions import save_settings, set_local_day, settings_version
from reports.deadlines.days import Milestone, due_at
from reports.figures.queries.facility_lines import facility_lines
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db
PAGE = "/settings/deadlines/"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def dinkes(client: Client, world: World) -> Client:
    client.force_login(world["dinkes"])
    return client


def form_of(district: District, **changes: str) -> dict[str, str]:
    """What the page would post."""
    district.refresh_from_db()
    return {
        "version": settings_version(district),
        "data_closes_weekday": "0", "data_closes_at": "12:00",
        "meeting_by_weekday": "1", "meeting_by_at": "12:00",
        "sent_by_weekday": "1", "sent_by_at": "16:00",
        "answered_by_weekday": "3", "answered_by_at": "16:00",
        "closing_day": "5",
        "quiet_from": "20:00", "quiet_until": "06:00",
        "document_number_pattern": "440/{sequence:03d}/{facility}/{roman_month}/{year}",
        **changes,
    }  # fmt: skip


def test_saved_settings_move_the_deadline(dinkes: Client, world: World) -> None:
    before = due_at(world.district, last_week(), Milestone.ANSWERED)
    answer = dinkes.post(PAGE, form_of(world.district, answered_by_weekday="4"))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    after = due_at(District.objects.get(pk=world.district.pk), last_week(), Milestone.ANSWERED)
    assert after > before
    assert apps.get_model("facilities", "DistrictEvent").objects.count() >= 1
    assert "Pengaturan tersimpan." in dinkes.get(PAGE).text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("meeting_by_weekday", "0"),  # before the data close? same day, same hour
        ("sent_by_weekday", "7"),
        ("sent_by_weekday", "x"),
        ("sent_by_at", "25:00"),
        ("answered_by_weekday", "1"),
        ("document_number_pattern", "440/{year}"),
        ("document_number_pattern", "{facility.__class__}/{week}/{year}"),
        ("quiet_from", ""),
        ("closing_day", "0"),
        ("closing_day", "26"),
        ("closing_day", ""),
    ],
)
def test_bad_settings_are_explained_at_their_field(
    dinkes: Client, world: World, field: str, value: str
) -> None:
    answer = dinkes.post(PAGE, form_of(world.district, **{field: value}))
    assert answer.status_code == 422
    assert "Belum ada yang tersimpan" in answer.text
    before = settings_version(world.district)
    world.district.refresh_from_db()
    assert settings_version(world.district) == before


def test_the_closing_day_moves_the_month_that_is_judged(dinkes: Client, world: World) -> None:
    def period() -> str:
        lines = facility_lines([world.pustu], last_week(), on=dt.date(2026, 11, 8))
        return next(
            line.figures.judged.period
            for line in lines[world.pustu.pk]
            if line.indicator.code == "KIA03" and line.figures.judged
        )

    assert period() == "2026-10"
    assert dinkes.post(PAGE, form_of(world.district, closing_day="10")).status_code == 302
    assert period() == "2026-09"


def test_second_writer_is_told_and_may_save_again(dinkes: Client, world: World) -> None:
    mine = form_of(world.district, answered_by_weekday="4")
    save_settings(
        district=world.district, by=world["admin"], values={"sent_by_at": dt.time(15)},
        expected_version=settings_version(world.district),
    )  # fmt: skip
    answer = dinkes.post(PAGE, mine)
    assert answer.status_code == 409
    again = {**mine, "version": answer.context["form"].data["version"]}
    assert dinkes.post(PAGE, again).status_code == 302
    with pytest.raises(StaleVersion):
        save_settings(
            district=world.district, by=world["dinkes"], expected_version=mine["version"],
            values={"sent_by_at": dt.time(14)},
        )  # fmt: skip


def test_days_off_are_added_changed_and_removed(dinkes: Client, world: World) -> None:
    day = {"day": "2026-12-24", "name": "Cuti bersama", "is_working": ""}
    assert dinkes.post(f"{PAGE}days/", day).status_code == 302
    assert dinkes.post(f"{PAGE}days/", {**day, "is_working": "1"}).status_code == 302
    row = LocalHoliday.objects.get()
    assert row.is_working
    assert "Cuti bersama" in dinkes.get(PAGE).text
    assert dinkes.post(f"{PAGE}days/{row.pk}/remove/").status_code == 302
    assert not LocalHoliday.objects.exists()
    for bad in ({"day": "kemarin"}, {"day": "0001-01-01"}, {"name": ""}):
        assert dinkes.post(f"{PAGE}days/", {**day, **bad}).status_code == 422


def test_only_the_dinkes_of_the_district_and_administrators(world: World, client: Client) -> None:
    other = District.objects.get(area_id="33.03")
    for role in ("puskesmas_head", "pustu_head", "outsider", "kader"):
        with pytest.raises(PermissionDenied):
            set_local_day(
                district=world.district, by=world[role], day=dt.date(2026, 12, 24),
                name="Libur", is_working=False,
            )  # fmt: skip
    with pytest.raises(PermissionDenied):
        save_settings(district=other, by=world["dinkes"], expected_version="", values={})
    client.force_login(world["dinkes"])
    assert client.get(f"{PAGE}?district=33.03").status_code == 404
    client.force_login(world["admin"])
    assert client.get(f"{PAGE}?district=33.03").status_code == 200


def test_the_model_refuses_for_the_plain_admin_too(world: World) -> None:
    with pytest.raises(InvalidInput):
        save_settings(
            district=world.district, by=world["admin"], values={"meeting_by_weekday": 6},
            expected_version=settings_version(world.district),
        )  # fmt: skip
