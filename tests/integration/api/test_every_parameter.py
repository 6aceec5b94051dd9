"""Whatever stands behind a documented parameter, the answer is never a failure of the site and
always JSON. The schema says which there are: a new filter is tried without a line written here."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse
from rest_framework.test import APIClient

from tests.factories.world import World

GOOD = {
    "week": "2026-W24", "facility": "P1", "within": "P1", "district": "19.06", "kind": "puskesmas",
    "parent": "P1", "indicator": "KIA01", "page": "1", "page_size": "5",
}  # fmt: skip
# Faults of the machine, case X8 (F8 of faults.md), and what else an address may carry.
HOSTILE = [
    "", " ", "belitung", "19.06", "%", "%25", "_", "\\", "'", '"', "' OR 1=1 --", "\0", "\ud7ff",
    "a" * 5000, "-1", "0", "9" * 30, "1e9", "NaN", "true", "null", "2026-W99", "2026-W24'", "../..",
    "<script>", "é’ʼ", "[]", "{}", "\u202e", "🜁", "٣",
]  # fmt: skip


def lists(api: APIClient) -> list[tuple[str, list[str], list[str]]]:
    """(path, parameters, orderings) of every documented GET."""
    schema = api.get(reverse("api:schema"), {"format": "json"}).json()
    found = []
    for path, operations in schema["paths"].items():
        parameters = [
            one for one in operations["get"].get("parameters", ()) if one["in"] == "query"
        ]
        names = [one["name"] for one in parameters]
        orders = [
            value for one in parameters if one["name"] == "ordering"
            for value in one["schema"].get("items", {}).get("enum", ())
        ]  # fmt: skip
        found.append((path, names, orders))
    return found


def filled(path: str, value: str) -> str:
    return re.sub(r"\{\w+\}", lambda _found: value, path)


def answer(api: APIClient, path: str, query: dict[str, str]) -> Any:
    found = api.get(path, query)
    assert found.status_code < 500, (path, query, found.content[:300])
    assert "json" in found["Content-Type"] or found.status_code == 200, (path, query, found.headers)
    return found


@pytest.fixture(autouse=True)
def _unlimited(monkeypatch: pytest.MonkeyPatch) -> None:
    from ilp.api.throttling import PerUser

    monkeypatch.setattr(PerUser, "limit", 10**6)
    cache.clear()


def test_every_filter_with_every_value(world: World, api: APIClient) -> None:
    seen = 0
    for path, names, orders in lists(api):
        if "{" in path:
            continue
        for name in names:
            for value in [GOOD.get(name, "puskesmas"), *HOSTILE]:
                answer(api, path, {name: value})
                seen += 1
        for order in orders:
            assert answer(api, path, {"ordering": order}).status_code == 200, (path, order)
    assert seen > 500


def test_every_address_with_every_value(world: World, api: APIClient) -> None:
    for path, _names, _orders in lists(api):
        if "{" not in path:
            continue
        for value in HOSTILE:
            if value.strip(" ./") and "\0" not in value:
                answer(api, filled(path, value.replace("/", "%2F").replace("?", "")), {})


@pytest.mark.parametrize(
    ("text", "status", "count"),
    [("belitung", 200, 0), ("UJI", 200, 1), ("19.06", 200, 1), ("", 200, 1), ("%", 200, 0),
     ("\0", 400, None)],
)  # fmt: skip
def test_x8_districts_are_found(
    world: World, api: APIClient, text: str, status: int, count: int | None
) -> None:
    found = answer(api, reverse("api:district-list"), {"q": text})
    assert found.status_code == status
    if count is not None:
        assert len(found.json()["results"]) == count
