"""A district's own shares of a profile: set from a day on, tried before they count."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.apps import apps
from django.test import Client

from clusters.models import DueShares
from facilities.models import District
from reports.figures.queries.facility_lines import facility_lines
from reports.settings.actions.shares import set_shares
from reports.settings.queries.shares import shares_version
from tests import clock
from tests.factories.world import World, build_world, last_week, make_poor

pytestmark = pytest.mark.django_db
LIST = "/settings/shares/"
PAGE = "/settings/shares/LINEAR_M/"
LATE = ("0", "0", "0", "0", "0", "0", "0", "0", "0", "0", "33,3", "100")


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def dinkes(client: Client, world: World) -> Client:
    client.force_login(world["dinkes"])
    return client


def form_of(district: District, **changes: str) -> dict[str, str]:
    """What the page would post."""
    return {
        "version": shares_version(district, "LINEAR_M"),
        "valid_from": str(clock.today()),
        **{f"month_{n}": one for n, one in enumerate(LATE, start=1)},
        **changes,
    }


def test_the_list_shows_the_shipped_shares(dinkes: Client) -> None:
    page = dinkes.get(LIST).text
    assert "Merata, bulan demi bulan" in page
    assert "Tahun ajaran (mulai Juli)" in page
    assert "nilai bawaan" in page.lower()


def test_saved_shares_count_from_their_day(dinkes: Client, world: World) -> None:
    make_poor(world.pustu, "KIA03")
    week = last_week()

    def status(on: dt.date) -> str | None:
        lines = facility_lines([world.pustu], week, on=on)[world.pustu.pk]
        return next(line for line in lines if line.indicator.code == "KIA03").figures.status

    assert status(clock.today()) == "jelek"
    assert dinkes.post(PAGE, form_of(world.district))["Location"] == LIST
    row = DueShares.objects.get()
    assert row.shares[10:] == [Decimal("0.3330"), Decimal(1)]
    assert row.by == world["dinkes"]
    assert status(clock.today()) is None  # nothing is due before November has closed
    assert status(clock.today() - dt.timedelta(days=1)) == "jelek"
    assert apps.get_model("clusters", "DueSharesEvent").objects.count() == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"month_11": "0", "month_10": "5"}, "tidak dapat turun"),
        ({"month_12": "99"}, "100"),
        ({"month_3": "101"}, ""),
        ({"month_3": "x"}, ""),
        ({"month_3": "NaN"}, ""),
        ({"valid_from": "2020-01-01"}, "mulai hari ini"),
        ({"valid_from": ""}, ""),
    ],
)
def test_bad_shares_are_explained(
    dinkes: Client, world: World, change: dict[str, str], said: str
) -> None:
    answer = dinkes.post(PAGE, form_of(world.district, **change))
    assert answer.status_code == 422
    assert said in answer.text
    assert not DueShares.objects.exists()


def test_the_preview_names_what_changes_and_saves_nothing(dinkes: Client, world: World) -> None:
    make_poor(world.pustu, "KIA03")
    make_poor(world.other_pustu, "KIA03")
    answer = dinkes.post(PAGE, form_of(world.district, preview="1"))
    assert answer.status_code == 200
    assert "belum ada yang disimpan" in answer.text
    shown = answer.context["shown"]
    changed = {(one.facility.code, one.before.indicator.code) for one in shown["found"].changed}
    assert ("P1", "KIA03") in changed
    due = next(one for one in shown["due"] if one.line.indicator.code == "KIA03")
    assert due.after < due.before
    assert not DueShares.objects.exists()


def test_the_second_person_sees_both_rows(dinkes: Client, world: World) -> None:
    mine = form_of(world.district)
    theirs = [Decimal(0)] * 10 + [Decimal(50), Decimal(100)]
    set_shares(
        district=world.district, profile="LINEAR_M", valid_from=clock.today(), percents=theirs,
        by=world["admin"], expected_version=mine["version"],
    )  # fmt: skip
    answer = dinkes.post(PAGE, mine)
    assert answer.status_code == 409
    assert answer.context["differences"] == [("November", Decimal(50), Decimal("33.3"))]
    again = {**mine, "version": answer.context["form"].data["version"]}
    assert dinkes.post(PAGE, again).status_code == 302
    assert DueShares.objects.get().version == 2


def test_a_profile_nobody_goes_by_is_not_there(dinkes: Client) -> None:
    for profile in ("PLAN_M", "EVENT", "NONE"):
        assert dinkes.get(f"/settings/shares/{profile}/").status_code == 404
