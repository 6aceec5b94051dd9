"""The indicators of the weekly meeting: chosen by the district, added to by a Puskesmas."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.test import Client

from clusters.models import Indicator, PriorityList
from clusters.weeks import Week
from facilities.errors import StaleVersion
from facilities.models import Facility, User
from reports.figures.queries.facility_lines import facility_lines
from reports.review.actions.steps import open_weekly_review, submit_review
from reports.review.queries.sheet import revision_sheet
from reports.settings.actions.priorities import choose_priorities
from reports.settings.queries.priorities import choice, lists_version
from tests import clock
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def dinkes(client: Client, world: World) -> Client:
    client.force_login(world["dinkes"])
    return client


def url(place: Facility) -> str:
    return f"/settings/priorities/{place.code}/"


def some(n: int, level: str = "pustu", skip: int = 0) -> list[str]:
    rows = Indicator.objects.in_week(clock.this_week()).filter(level=level)
    return list(rows.values_list("code", flat=True)[skip : skip + n])


def form_of(place: Facility, codes: list[str], ahead: int = 0) -> dict[str, object]:
    """What the page would post."""
    return {
        "from_week": str(clock.this_week() + ahead),
        "codes": codes,
        "version": lists_version(place),
    }


def marked(place: Facility, week: Week) -> set[str]:
    place = Facility.objects.select_related("district").get(pk=place.pk)
    return {
        row.indicator.code for row in facility_lines([place], week)[place.pk] if row.is_priority
    }


def save(place: Facility, codes: list[str], by: User, ahead: int = 0) -> PriorityList:
    return choose_priorities(
        facility=place, from_week=clock.this_week() + ahead, codes=codes, by=by,
        expected_version=lists_version(place),
    )  # fmt: skip


def test_the_page_starts_with_the_list_of_the_catalogue(dinkes: Client, world: World) -> None:
    page = dinkes.get(url(world.dinkes))
    shipped = set(
        Indicator.objects.in_week(clock.this_week())
        .filter(priority=1)
        .values_list("code", flat=True)
    )
    assert choice(world.dinkes, clock.this_week()).codes == shipped
    assert page.text.count(" checked") == len(shipped)
    assert "daftar katalog" in page.text


def test_a_choice_counts_from_its_week_and_leaves_history(dinkes: Client, world: World) -> None:
    before = marked(world.pustu, clock.this_week())
    codes = some(16)
    answer = dinkes.post(url(world.dinkes), form_of(world.dinkes, codes, ahead=1))
    assert (answer.status_code, answer["Location"]) == (302, url(world.dinkes))
    assert marked(world.pustu, clock.this_week()) == before
    assert marked(world.pustu, clock.this_week() + 1) == set(codes)
    event = apps.get_model("clusters", "PriorityListEvent").objects.get()
    assert event.pgh_label == "insert"
    assert "Dari minggu ke-" in dinkes.get(url(world.dinkes)).text


@pytest.mark.parametrize(("n", "said"), [(14, "paling sedikit 15"), (26, "paling banyak 25")])
def test_too_few_or_too_many_is_said(dinkes: Client, world: World, n: int, said: str) -> None:
    answer = dinkes.post(url(world.dinkes), form_of(world.dinkes, some(n)))
    assert answer.status_code == 422
    assert f"Anda memilih {n} indikator" in answer.text
    assert said in answer.text
    assert answer.text.count(" checked") == n  # what was ticked is still there
    assert not PriorityList.objects.exists()


def test_weeks_gone_by_cannot_be_chosen(dinkes: Client, world: World) -> None:
    answer = dinkes.post(url(world.dinkes), form_of(world.dinkes, some(16), ahead=-1))
    assert answer.status_code == 422
    assert not PriorityList.objects.exists()


def test_what_was_signed_keeps_its_rows(world: World) -> None:
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    before = marked(world.puskesmas, last_week())
    signed = submit_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        undecided_reason=UNDECIDED, **REASONS,
    )  # fmt: skip
    save(world.dinkes, some(16, skip=30), world["dinkes"])
    sheet = revision_sheet(signed.revisions.get())
    lines = [line for block in sheet.clusters for line in block.lines]
    assert {line.indicator.code for line in lines if line.is_priority} == before


def test_a_puskesmas_adds_up_to_five_of_its_own(client: Client, world: World) -> None:
    client.force_login(world["puskesmas_head"])
    week = clock.this_week()
    district = choice(world.dinkes, week).codes
    extra = [code for code in some(40) if code not in district]
    too_many = client.post(url(world.puskesmas), form_of(world.puskesmas, extra[:6]))
    assert too_many.status_code == 422
    assert "paling banyak 5" in too_many.text
    assert client.post(url(world.puskesmas), form_of(world.puskesmas, extra[:5])).status_code == 302
    for place in (world.puskesmas, world.pustu):
        assert set(extra[:5]) <= marked(place, week)
    assert not set(extra[:5]) & marked(world.sibling, week)
    assert client.get("/settings/priorities/")["Location"] == url(world.puskesmas)


def test_the_second_person_sees_both_lists(dinkes: Client, world: World) -> None:
    mine = form_of(world.dinkes, some(15))
    save(world.dinkes, some(15, skip=1), world["admin"])
    answer = dinkes.post(url(world.dinkes), mine)
    assert answer.status_code == 409
    first, last = some(1)[0], some(1, skip=15)[0]
    names = {row.code: row.name_id for row in Indicator.objects.filter(code__in=[first, last])}
    shown = answer.context["differences"]
    assert shown == {"theirs": [names[last]], "mine": [names[first]]}
    again = {**mine, "version": answer.context["form"].data["version"]}
    assert dinkes.post(url(world.dinkes), again).status_code == 302
    assert set(PriorityList.objects.get().indicator_codes) == set(some(15))
    assert PriorityList.objects.get().version == 2


def test_only_who_may(world: World) -> None:
    for role in ("cluster_officer", "pustu_head", "sibling_head", "outsider"):
        with pytest.raises(PermissionDenied):
            save(world.puskesmas, some(1), world[role])
    with pytest.raises(PermissionDenied):
        save(world.dinkes, some(15), world["puskesmas_head"])
    with pytest.raises(StaleVersion):
        choose_priorities(
            facility=world.dinkes, from_week=clock.this_week(), codes=some(15),
            by=world["dinkes"], expected_version="another",
        )  # fmt: skip
