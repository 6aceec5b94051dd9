"""Who comes in at all, and what of the tree they see. Every address of the API is covered."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import URLPattern, reverse
from knox.models import AuthToken
from rest_framework.test import APIClient

from ilp.api import urls
from ilp.api.throttling import PerUser
from tests import clock
from tests.factories.world import World
from tests.integration.api.conftest import client_of

UUID = uuid.UUID(int=7)
ARGUMENTS: dict[str, list[object]] = {
    "district-detail": ["19.06"],
    "facility-detail": ["P1"],
    "review-detail": ["2026-W24", "P1"],
    "review-count": ["2026-W24", "P1", "KIA01"],
    "report-detail": [UUID],
    "report-pdf": [UUID],
}
NAMES = [entry.name for entry in urls.urlpatterns if isinstance(entry, URLPattern)]
DOORS = [reverse(f"api:{name}", args=ARGUMENTS.get(str(name))) for name in NAMES]
DATA = [path for path in DOORS if path.startswith("/api/v1/")]


@pytest.mark.parametrize("path", DOORS)
def test_stranger_gets_nothing(db, path: str) -> None:
    answer = APIClient().get(path)
    if path == reverse("api:docs"):
        assert answer.status_code == 302  # to the login page
    else:
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer ilp_wrong", "Token {token}", "Bearer", "Basic eDp5"])
def test_wrong_token(world: World, header: str) -> None:
    _row, token = AuthToken.objects.create(world["province"])
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=header.format(token=token))
    assert client.get(reverse("api:facility-list")).status_code == 401


def test_revoked_token(world: World) -> None:
    client = client_of(world["province"])
    assert client.get(reverse("api:facility-list")).status_code == 200
    AuthToken.objects.all().delete()
    assert client.get(reverse("api:facility-list")).status_code == 401


def test_token_of_a_locked_account(world: World) -> None:
    client = client_of(world["province"])
    user = world["province"]
    user.is_active = False
    user.save()
    assert client.get(reverse("api:facility-list")).status_code == 401


def test_posting_that_has_ended(world: World) -> None:
    client = client_of(world["province"])
    world["province"].postings.update(end_on=clock.today() - timedelta(days=1))
    assert client.get(reverse("api:facility-list")).status_code == 403


def test_kader_and_people_without_a_posting_have_no_access(world: World) -> None:
    for role in ("kader", "nobody"):
        client = client_of(world[role])
        codes = {path: client.get(path).status_code for path in DOORS}
        assert codes.pop(reverse("api:docs")) == 302
        assert set(codes.values()) == {403}, codes


def test_nobody_writes(world: World) -> None:
    for role in ("province", "admin"):
        client = client_of(world[role])
        for method in (client.post, client.put, client.patch, client.delete):
            codes = {path: method(path, {}).status_code for path in DATA}
            assert set(codes.values()) <= {403, 405}, codes


def test_browser_session_is_enough(world: World, client) -> None:
    client.force_login(world["dinkes"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("api:facility-list")).status_code == 200


SEEN = {
    "admin": {"DINKES-19.06", "P1", "P1-PT01", "P1-PT02", "P1-PY001", "P1-PY002", "P2",
              "DINKES-33.03", "F1"},
    "dinkes": {"DINKES-19.06", "P1", "P1-PT01", "P1-PT02", "P1-PY001", "P1-PY002", "P2"},
    "province": {"DINKES-19.06", "P1", "P1-PT01", "P1-PT02", "P1-PY001", "P1-PY002", "P2"},
    "puskesmas_head": {"P1", "P1-PT01", "P1-PT02", "P1-PY001", "P1-PY002"},
    "cluster_officer": {"P1", "P1-PT01", "P1-PT02", "P1-PY001", "P1-PY002"},
    "pustu_head": {"P1-PT01", "P1-PY001"},
    "sibling_head": {"P2"},
    "outsider": {"F1"},
}  # fmt: skip


def test_each_role_sees_its_own_part_of_the_tree(as_role: Callable[[str], APIClient]) -> None:
    for role, seen in SEEN.items():
        client = as_role(role)
        rows = client.get(reverse("api:facility-list")).json()["results"]
        assert {row["code"] for row in rows} == seen, role
        for code in SEEN["admin"]:
            answer = client.get(reverse("api:facility-detail", args=[code]))
            assert answer.status_code == (200 if code in seen else 404), (role, code)


def test_client_that_runs_wild_is_slowed_down(api: APIClient, monkeypatch) -> None:
    monkeypatch.setattr(PerUser, "limit", 2)
    codes = [api.get(reverse("api:district-list")).status_code for _turn in range(3)]
    assert codes == [200, 200, 429]
