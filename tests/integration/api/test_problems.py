"""Every refusal below /api/ has one shape (RFC 9457), whoever refuses."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from ilp.api.throttling import PerUser
from tests.factories.world import World, last_week

LIST = "/api/v1/facilities/"
COUNT = f"/api/v1/reviews/{last_week()}/P1-PT01/counts/KIA01/"


def said(answer: Any, status: int) -> dict[str, Any]:
    """The problem of an answer, once its shape is right."""
    assert answer.status_code == status, answer.content[:500]
    assert answer["Content-Type"] == "application/problem+json", answer["Content-Type"]
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "code", "detail"} <= set(body), body
    assert (body["type"], body["status"]) == ("about:blank", status)
    assert all(body[name] for name in ("title", "code", "detail")), body
    return body


def test_400(api: APIClient) -> None:
    body = said(api.get(LIST, {"facility": "x", "kind": "y"}), 400)
    assert set(body["errors"]) == {"facility"}
    assert "facility" in body["detail"]


def test_401(db) -> None:
    for address in (LIST, "/api/v1/nowhere/", "/api/schema/"):
        answer = APIClient().get(address)
        assert said(answer, 401)["code"] == "not_authenticated"
        assert answer["WWW-Authenticate"] == "Bearer"


def test_403(as_role) -> None:
    said(as_role("kader").get(LIST), 403)
    said(as_role("dinkes").put(COUNT, {"numerator": 1, "version": 0}, format="json"), 403)


@pytest.mark.parametrize(
    "address", ["/api/v1/facilities/P9/", "/api/v1/nowhere/", "/api/v1", "/api/v1/districts"]
)
def test_404(api: APIClient, address: str) -> None:
    said(api.get(address), 404)
    said(api.post(address, {}, format="json"), 405 if "P9" in address else 404)


def test_404_of_what_no_view_is_asked_for(db, client: Client) -> None:
    said(client.get("/api/"), 404)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_405(api: APIClient, method: str) -> None:
    answer = getattr(api, method)(LIST, {}, format="json")
    said(answer, 405)
    assert "GET" in answer["Allow"]


def test_406(api: APIClient) -> None:
    said(api.get(LIST, headers={"accept": "text/html"}), 406)


def test_409(as_role) -> None:
    client = as_role("pustu_head")
    assert client.put(COUNT, {"numerator": 1, "version": 0}, format="json").status_code == 200
    body = said(client.put(COUNT, {"numerator": 2, "version": 0}, format="json"), 409)
    assert (body["code"], body["current"]["numerator"]) == ("stale_version", 1)


def test_413(as_role, settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 10
    said(as_role("pustu_head").put(COUNT, {"numerator": 1, "version": 0}, format="json"), 413)


def test_415(as_role) -> None:
    said(as_role("pustu_head").put(COUNT, "<a/>", content_type="application/xml"), 415)
    said(as_role("pustu_head").put(COUNT, {"numerator": 1}, format="multipart"), 415)


def test_429_and_its_headers(api: APIClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PerUser, "limit", 2)
    for left in (1, 0):
        answer = api.get(LIST)
        assert answer["RateLimit-Policy"] == '"account";q=2;w=60'
        assert re.fullmatch(rf'"account";r={left};t=\d+', answer["RateLimit"])
    answer = api.get(LIST)
    said(answer, 429)
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer["RateLimit"].startswith('"account";r=0;')


def test_bound_is_shared_and_needs_no_broker(as_role, world: World, settings) -> None:
    """Counted where every process counts; the broker is not asked."""
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"
    as_role("dinkes").get(LIST)
    as_role("dinkes").get(LIST)  # another token of the same account
    with connection.cursor() as cursor:
        cursor.execute("SELECT user_id FROM ilp_apiuse WHERE requests = 2")
        assert cursor.fetchall() == [(world["dinkes"].pk,)]


def test_503(api: APIClient, world: World) -> None:
    """Faults of the machine, case X4: every statement fails, as when the server has gone."""

    def away(*_args: object) -> None:
        raise OperationalError("server closed the connection unexpectedly")

    api.raise_request_exception = False
    session = Client(raise_request_exception=False)
    session.force_login(world["dinkes"], "django.contrib.auth.backends.ModelBackend")
    with connection.execute_wrapper(away):
        for answer in (api.get(LIST), session.get(LIST)):
            assert said(answer, 503)["code"] == "database_away"
            assert int(answer["Retry-After"]) > 0
        page = session.get("/")
    assert (page.status_code, page["Content-Type"]) == (503, "text/html; charset=utf-8")


@pytest.mark.parametrize("address", [f"{LIST}?q=%00", "/api/v1/%00/", "/api/v1/facilities/%00/"])
def test_nul(api: APIClient, address: str) -> None:
    said(api.get(address), 400)


def test_host_that_is_not_ours(api: APIClient) -> None:
    said(api.get(reverse("api:facility-list"), headers={"host": "elsewhere.example"}), 400)
