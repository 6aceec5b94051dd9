"""Pages of the lists: every row that was there all the time is seen once, whatever is written in
between (Faults of the machine, case X11, F11 of faults.md)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse
from rest_framework.test import APIClient

from clusters.models import Achievement
from clusters.weeks import Week
from facilities.models import Facility
from reports.models import WeeklyReview
from tests.factories.world import World, make_facility

WEEK = Week(2026, 24)


def walk(
    api: APIClient, name: str, between: Callable[[int], None], **query: str
) -> list[dict[str, Any]]:
    """All rows, one a page; ``between(n)`` happens after page n."""
    address, found = reverse(f"api:{name}"), []
    answer = api.get(address, {"page_size": "1", **query}).json()
    while True:
        found += answer["results"]
        if not answer["next"]:
            return found
        between(len(found))
        answer = api.get(answer["next"]).json()


def count(facility: Facility, code: str = "KIA01", numerator: int = 1) -> Achievement:
    return Achievement.objects.create(
        facility=facility, week=WEEK, year=2026, indicator_code=code, numerator=numerator,
        source="page",
    )  # fmt: skip


def test_x11_row_changed_between_two_pages(world: World, as_role) -> None:
    for place in (world.puskesmas, world.pustu, world.other_pustu, world.sibling):
        count(place)

    def change(page: int) -> None:
        Achievement.objects.filter(facility=world.puskesmas).update(numerator=page + 10)

    for name in ("achievement-list", "achievement-totals"):
        rows = walk(as_role("dinkes"), name, change, week=str(WEEK))
        seen = [row["facility"] for row in rows]
        assert len(seen) == len(set(seen)) >= 4, seen


def test_x11_rows_added_and_taken_away_between_two_pages(world: World, as_role) -> None:
    there = ["P1", "P1-PT01", "P1-PT02", "P2"]
    for place in (world.puskesmas, world.pustu, world.other_pustu, world.sibling):
        count(place, "KIA02")

    def disturb(page: int) -> None:
        if page == 2:
            count(world.puskesmas, "KIA01")  # before what was seen
            Achievement.objects.filter(facility=world.pustu).delete()  # has been seen

    rows = walk(as_role("dinkes"), "achievement-list", disturb)
    assert [row["facility"] for row in rows] == there


@pytest.mark.parametrize("order", ["submitted_at", "-submitted_at", "week", "-facility"])
def test_order_with_ties_and_empty_values(world: World, as_role, order: str) -> None:
    places = [world.pustu, world.other_pustu, world.puskesmas, world.sibling]
    for place in places:
        for week in (WEEK, WEEK - 1):
            WeeklyReview.objects.create(facility=place, week=week)
    rows = walk(as_role("dinkes"), "review-list", lambda _page: None, ordering=order)
    seen = [(row["week"], row["facility"]) for row in rows]
    assert len(seen) == len(set(seen)) == 8


def test_facility_added_before_the_page(world: World, as_role) -> None:
    def add(page: int) -> None:
        make_facility(world.district, "pustu", f"A{page}", world.puskesmas)

    rows = walk(as_role("dinkes"), "facility-list", add)
    seen = [row["code"] for row in rows]
    assert seen == sorted(set(seen))
    assert {"DINKES-19.06", "P1", "P1-PT01", "P2"} <= set(seen)


def test_cursor_of_another_order_is_refused(world: World, as_role) -> None:
    api, address = as_role("dinkes"), reverse("api:facility-list")
    first = api.get(address, {"page_size": "1"}).json()["next"]
    answer = api.get(f"{first}&ordering=name")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["cursor"])
