"""Every address of the API × every HTTP method × every role × facilities of every distance.

The addresses come from the URLconf and their methods from the views, so a new one fails
``test_every_address_and_method_is_in_the_table`` until it is entered here; the published schema
must name the same ones. Every cell of the table is a request of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import URLPattern, reverse
from rest_framework.test import APIClient

from clusters.models import Achievement
from ilp.api import urls
from tests.factories.world import World, last_week
from tests.integration.access.cast import DISTRICT, FILLS_IN, REVIEWED, SEES
from tests.integration.api.conftest import client_of

pytestmark = pytest.mark.django_db

METHODS = ("get", "head", "options", "post", "put", "patch", "delete", "trace")
READING = {"get", "head", "options"}
READS: dict[str, set[str]] = {**SEES, "province": DISTRICT}
NO_ACCESS = {"kader", "nobody"}
STRANGER = "stranger"  # nobody has signed in
# Whose posting lets them write at all; for the others the answer does not depend on the row.
WRITERS = set[str]().union(*FILLS_IN.values())
ALL_PLACES = (*REVIEWED, "dinkes", "posyandu")
NOWHERE = ("",)
# About a district: for everybody who sees something in it.
DISTRICTS = ("of 19.06", "of 33.03")


def _seen(places: set[str]) -> set[str]:
    districts = {DISTRICTS[1] if place == "foreign" else DISTRICTS[0] for place in places}
    return places | districts


SEEN_BY = {role: _seen(places) for role, places in READS.items()}


@dataclass(frozen=True)
class Entry:
    """``places``: what the address is about, one row of the table each; ``arguments``: of the
    address for a place. ``may_write``: who may ``put``, by place. ``seen``: the status of an
    answer to those who see the place; ``unseen``: to the others.
    ``unless``: who does not see this kind of row anywhere."""

    places: tuple[str, ...] = NOWHERE
    arguments: Callable[[Any, dict[str, Any]], list[Any]] = lambda _place, _made: []
    query: Callable[[Any, dict[str, Any]], str] = lambda _place, _made: ""
    may_write: dict[str, set[str]] | None = None
    seen: int = 200
    unseen: int = 404
    unless: str = ""

    @property
    def methods(self) -> set[str]:
        return READING | ({"put"} if self.may_write is not None else set())


def _code(place: Any, _made: dict[str, Any]) -> list[Any]:
    return [place.code]


def _week(place: Any, _made: dict[str, Any]) -> list[Any]:
    return [str(last_week()), place.code]


def _count(place: Any, made: dict[str, Any]) -> list[Any]:
    return [*_week(place, made), "KIA01"]


def _district(place: Any, _made: dict[str, Any]) -> list[Any]:
    return [place.district.area_id]


def _district_query(place: Any, _made: dict[str, Any]) -> str:
    return f"?district={place.district.area_id}"


def _report(place: Any, made: dict[str, Any]) -> list[Any]:
    return [made[f"document-{place.code}"].public_id]


TABLE: dict[str, Entry] = {
    "district-list": Entry(),
    "district-detail": Entry(DISTRICTS, _district),
    "facility-list": Entry(),
    "facility-detail": Entry(ALL_PLACES, _code),
    "indicator-list": Entry(),
    # Weeks that were not sent: tests/integration/api/test_unsent_weeks.py.
    "achievement-list": Entry(unless="province"),
    "achievement-totals": Entry(unless="province"),
    "review-list": Entry(unless="province"),
    "review-detail": Entry(REVIEWED, _week, unless="province"),
    "review-count": Entry(REVIEWED, _count, may_write=FILLS_IN, unless="province"),
    "timeliness": Entry(DISTRICTS, query=_district_query, unseen=400),
    "report-list": Entry(unless="province"),
    # Drafts, which the province does not see; nobody has drawn them: 409 «not ready yet».
    "report-detail": Entry(REVIEWED, _report, unless="province"),
    "report-pdf": Entry(REVIEWED, _report, unless="province", seen=409),
    "schema": Entry(),
}
# A page: whoever has not signed in is led to it, everybody else is answered as by the API.
PAGES = {"docs": Entry()}
EVERYTHING = TABLE | PAGES


def _patterns() -> Iterator[URLPattern]:
    for entry in urls.urlpatterns:
        assert isinstance(entry, URLPattern), "an included list has to be walked here as well"
        yield entry


def _view(pattern: URLPattern) -> Any:
    callback: Any = pattern.callback
    while not hasattr(callback, "view_class"):
        callback = callback.__wrapped__
    return callback.view_class


def test_every_address_and_method_is_in_the_table() -> None:
    found = {}
    for pattern in _patterns():
        view = _view(pattern)
        found[str(pattern.name)] = {
            method for method in view.http_method_names
            if hasattr(view, method) or (method == "head" and hasattr(view, "get"))
        }  # fmt: skip
    assert found == {name: entry.methods for name, entry in EVERYTHING.items()}


def test_schema_names_the_same_addresses_and_methods(world: World) -> None:
    answer = client_of(world["admin"]).get(reverse("api:schema"), {"format": "json"})
    published = {
        path: set(operations) & set(METHODS) for path, operations in answer.json()["paths"].items()
    }
    expected = {}
    for pattern in _patterns():
        path = f"/api/{pattern.pattern}"
        for kind in ("str", "uuid"):
            path = path.replace(f"<{kind}:", "{").replace(">", "}")
        if path.startswith("/api/v1/"):  # the schema does not describe itself
            expected[path] = EVERYTHING[str(pattern.name)].methods - {"head", "options"}
    assert published == expected


def _expected(name: str, role: str, method: str, place: str) -> int:
    entry = EVERYTHING[name]
    if role == STRANGER:
        return 302 if name in PAGES else 401
    sees = not place or (place in SEEN_BY[role] and role != entry.unless)
    if role in NO_ACCESS:
        return 403
    if method == "options":
        return 200
    if method == "put" and entry.may_write is not None and role in WRITERS:
        return 404 if not sees else 200 if role in entry.may_write[place] else 403
    if method not in entry.methods:
        return 405
    if method not in READING:
        return 403
    return entry.seen if sees else entry.unseen


@pytest.fixture(autouse=True)
def _no_old_throttle() -> None:
    cache.clear()


def _ask(client: APIClient, method: str, path: str) -> Any:
    values = {"numerator": 7, "version": 0}
    if method == "trace":
        return client.generic("TRACE", path)
    if method in READING:
        return getattr(client, method)(path)
    return getattr(client, method)(path, values, format="json")


def _facility(world: World, place: str) -> Any:
    if place in DISTRICTS:
        return world.pustu if place == DISTRICTS[0] else world.foreign
    return getattr(world, place)


def _path(name: str, place: str, world: World, made: dict[str, Any]) -> str:
    if not place:
        return reverse(f"api:{name}")
    entry, facility = EVERYTHING[name], _facility(world, place)
    path = reverse(f"api:{name}", args=entry.arguments(facility, made))
    return path + entry.query(facility, made)


def _says_where_to_sign_in(answer: Any) -> bool:
    if answer.status_code == 401:
        return bool(answer["WWW-Authenticate"] == "Bearer")
    return answer.status_code != 302 or answer["Location"].startswith(reverse("login"))


@pytest.mark.parametrize("name", EVERYTHING)
def test_every_cell(name: str, world: World, made: dict[str, Any]) -> None:
    wrong = []
    clients = {role: client_of(world[role]) for role in READS} | {STRANGER: APIClient()}
    for place in EVERYTHING[name].places:
        path = _path(name, place, world, made)
        for role, client in clients.items():
            if name in PAGES and role != STRANGER:
                client.force_login(world[role], "django.contrib.auth.backends.ModelBackend")
            for method in METHODS:
                answer = _ask(client, method, path)
                got, expected = answer.status_code, _expected(name, role, method, place)
                if got != expected or not _says_where_to_sign_in(answer):
                    wrong.append(f"{method} {path} as {role}: {got}, not {expected}")
                is_written = bool(Achievement.objects.all().delete()[0])
                if is_written != (method == "put" and expected == 200):
                    wrong.append(f"{method} {path} as {role}: wrote, or did not")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [name for name, entry in TABLE.items() if entry.may_write])
def test_options_do_not_tell_what_there_is_elsewhere(
    name: str, world: World, made: dict[str, Any]
) -> None:
    client, entry = client_of(world["pustu_head"]), TABLE[name]
    own, foreign = (
        client.options(_path(name, place, world, made)).json() for place in ("pustu", "foreign")
    )
    missing = client.options(
        reverse(f"api:{name}", args=[*entry.arguments(world.pustu, made)[:-1], "TIDAKADA"])
    ).json()
    assert foreign == missing
    assert set(own["actions"]["PUT"]) == {"numerator", "denominator", "note", "version"}


# Lists: the facilities whose rows are in it, for every role.
ROWS = {
    "facility-list": "code",
    "achievement-list": "facility",
    "achievement-totals": "facility",
    "review-list": "facility",
    "report-list": "facility",
}
LISTS_ELSEWHERE = {
    "district-list",  # below: no facilities in it
    "indicator-list",  # the same for everybody
}


def test_every_list_is_looked_into() -> None:
    lists = {name for name, entry in TABLE.items() if entry.places == NOWHERE} - {"schema"}
    assert lists == set(ROWS) | LISTS_ELSEWHERE


def _count_everywhere(world: World) -> None:
    for name in REVIEWED:
        Achievement.objects.create(
            facility=getattr(world, name), week=last_week(), year=last_week().year,
            indicator_code="KIA01", numerator=1, source="page",
        )  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_lists_hold_the_rows_of_ones_own_places(
    name: str, world: World, made: dict[str, Any]
) -> None:
    _count_everywhere(world)
    got = {
        role: {row[ROWS[name]] for row in _rows(world, role, name)}
        for role in READS.keys() - NO_ACCESS - {TABLE[name].unless}
    }
    there = got["admin"]
    assert {getattr(world, place).code for place in REVIEWED} <= there
    for role, seen in got.items():
        codes = {getattr(world, place).code for place in READS[role]}
        assert seen == {code for code in there if code in codes or role == "admin"}, role


def _rows(world: World, role: str, name: str) -> list[dict[str, Any]]:
    answer = client_of(world[role]).get(reverse(f"api:{name}"))
    assert answer.status_code == 200, (role, answer.content)
    rows: list[dict[str, Any]] = answer.json()["results"]
    return rows


def test_district_list_holds_the_districts_one_sees_something_of(world: World) -> None:
    for role, places in READS.items():
        if role in NO_ACCESS:
            continue
        expected = {getattr(world, place).district.area_id for place in places}
        assert {row["code"] for row in _rows(world, role, "district-list")} == expected, role


@pytest.mark.parametrize("kind", ["puskesmas", "pustu"])
def test_timeliness_tells_of_ones_own_places(kind: str, world: World) -> None:
    for role, places in READS.items():
        if role in NO_ACCESS:
            continue
        for area in ("19.06", "33.03"):
            codes = {
                getattr(world, place).code for place in places
                if getattr(world, place).kind == kind
                and getattr(world, place).district.area_id == area
            }  # fmt: skip
            query = {"district": area, "kind": kind, "weeks": "1"}
            answer = client_of(world[role]).get(reverse("api:timeliness"), query)
            if not any(getattr(world, place).district.area_id == area for place in places):
                assert list(answer.json()["errors"]) == ["district"], role
                continue
            rows = answer.json()["results"]
            assert {row["facility"] for row in rows if row["facility"]} == codes, role
            # The sums are of the same places: a Pustu head does not see the district in them.
            assert max(row["expected"] for row in rows) == len(codes), role
