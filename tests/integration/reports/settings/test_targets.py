"""Targets of the year: from a month on, for a district or one Puskesmas."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from django.apps import apps
from django.test import Client

from clusters.models import Indicator, Target
from clusters.weeks import Week
from facilities.models import Facility
from reports.figures.queries.definitions import Definitions
from reports.settings.actions.targets import set_target
from reports.settings.queries.targets import own_rows, targets_version
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db
CODE = "KIA03"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def dinkes(client: Client, world: World) -> Client:
    client.force_login(world["dinkes"])
    return client


def url(place: Facility) -> str:
    return f"/settings/targets/{place.code}/{CODE}/"


def form_of(place: Facility, **changes: object) -> dict[str, object]:
    """What the page would post."""
    return {
        "year": clock.today().year,
        "from_month": clock.today().month,
        "annual_target": "85",
        "reason": "",
        "version": targets_version(own_rows(place, CODE)),
        **changes,
    }


def targets(place: Facility) -> dict[int, Fraction]:
    indicator = Indicator.objects.in_week(last_week()).get(code=CODE)
    week = Week(clock.today().year, 40)
    found = Definitions([place], week, clock.today()).of(place, indicator)
    return {month: found.target_in(month) for month in (1, 5, 6, 11, 12)}


def test_a_target_of_june_does_not_change_january(dinkes: Client, world: World) -> None:
    before = targets(world.pustu)
    june = form_of(world.dinkes, from_month=6, reason="SK Kepala Dinas 12/2026")
    assert dinkes.post(url(world.dinkes), june).status_code == 302
    own = form_of(world.puskesmas, annual_target="70,5")
    assert dinkes.post(url(world.puskesmas), own).status_code == 302
    after = targets(world.pustu)
    assert (after[1], after[5]) == (before[1], before[5])
    assert after[6] == 85  # the district's, until the Puskesmas has its own
    assert after[11] == after[12] == Fraction("70.5")
    assert targets(world.sibling)[12] == 85
    assert apps.get_model("clusters", "TargetEvent").objects.count() == 2
    row = Target.objects.get(facility=world.dinkes)
    assert (row.by, row.reason) == (world["dinkes"], "SK Kepala Dinas 12/2026")


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"from_month": 1}, "reason", "jelaskan alasannya"),
        ({"annual_target": "101"}, "annual_target", "Antara 0 dan 100"),
        ({"annual_target": "-1"}, "annual_target", ""),
        ({"annual_target": "banyak"}, "annual_target", ""),
        ({"from_month": 13}, "from_month", ""),
        ({"year": 2020}, "year", ""),
    ],
)
def test_bad_targets_are_explained_at_their_field(
    dinkes: Client, world: World, change: dict[str, object], field: str, said: str
) -> None:
    answer = dinkes.post(url(world.dinkes), form_of(world.dinkes, **change))
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert said in answer.text
    assert not Target.objects.exists()


def test_the_preview_says_what_the_year_asks_for(dinkes: Client, world: World) -> None:
    change = form_of(
        world.dinkes, annual_target="10", from_month=1, reason="Target baru", preview="1"
    )
    answer = dinkes.post(url(world.dinkes), change)
    assert answer.status_code == 200
    own = answer.context["shown"].own[0]
    assert own.after.annual_target_people < own.before.annual_target_people
    assert "belum ada yang disimpan" in answer.text
    assert not Target.objects.exists()


def test_the_second_person_sees_both_values(dinkes: Client, world: World) -> None:
    mine = form_of(world.dinkes)
    set_target(
        facility=world.dinkes, indicator_code=CODE, year=clock.today().year,
        from_month=clock.today().month, annual_target=Decimal(92), reason="", by=world["admin"],
        expected_version=str(mine["version"]),
    )  # fmt: skip
    answer = dinkes.post(url(world.dinkes), mine)
    assert answer.status_code == 409
    said = " ".join(answer.text.split())
    assert "sekarang: <b>92 %</b>" in said
    assert "ketikan Anda: 85 %" in said
    again = {**mine, "version": answer.context["form"].data["version"]}
    assert dinkes.post(url(world.dinkes), again).status_code == 302
    assert Target.objects.get().annual_target == 85


def test_the_list_shows_what_counts_for_a_puskesmas(dinkes: Client, world: World) -> None:
    dinkes.post(url(world.dinkes), form_of(world.dinkes))
    page = dinkes.get(f"/settings/targets/?place={world.puskesmas.code}").text
    assert "85 % dari November" in " ".join(page.split())
    assert dinkes.get("/settings/targets/?place=F1").status_code == 404
    assert dinkes.get(f"/settings/targets/{world.pustu.code}/{CODE}/").status_code == 404
