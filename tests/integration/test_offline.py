"""What the server does for devices without a signal: the worker, the reader's id, small pages."""

from __future__ import annotations

import brotli
import pytest
from django.test import Client
from django.urls import reverse

from clusters.models import Achievement
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_worker_covers_the_site_and_is_never_cached() -> None:
    response = Client().get("/sw.js")
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Service-Worker-Allowed"] == "/"
    assert response.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    text = response.content.decode()
    assert "Tidak ada sinyal" in text
    assert "script-src" not in text or "unsafe" not in text


def test_pages_name_their_reader_and_nothing_else_does(world: World) -> None:
    client = signed_in(world, "pustu_head")
    page = client.get(reverse("reports:review-list"))
    assert page.headers["Pantau-User"] == str(world["pustu_head"].pk)
    assert "Pantau-User" not in Client().get(reverse("login")).headers
    assert "Pantau-User" not in client.get("/healthz").headers


@pytest.mark.parametrize(("role", "status", "rows"), [("pustu_head", 200, 1), ("dinkes", 401, 0)])
def test_entries_of_somebody_else_are_refused(
    world: World, role: str, status: int, rows: int
) -> None:
    client = signed_in(world, "pustu_head")
    kwargs = {"week": str(last_week()), "code": world.pustu.code, "indicator": "SPM01"}
    response = client.post(
        reverse("reports:review-count", kwargs=kwargs),
        {"n-SPM01": "4", "v-SPM01": "0"},
        headers={"HX-Request": "true", "Pantau-User": str(world[role].pk)},
    )
    assert response.status_code == status
    assert Achievement.objects.count() == rows


def test_the_conclusion_of_two_people_shows_both(world: World) -> None:
    url = reverse(
        "reports:review-meeting", kwargs={"week": str(last_week()), "code": world.pustu.code}
    )
    one, two = signed_in(world, "pustu_head"), signed_in(world, "puskesmas_head")
    data = {"version": "1", "conclusion": "Sweeping dusun Timur.", "chair_name": ""}
    assert one.post(url, data, headers={"HX-Request": "true"}).status_code == 200
    other = data | {"conclusion": "Sweeping dusun Barat."}
    answer = two.post(url, other, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    text = answer.content.decode()
    for words in ("Sweeping dusun Timur.", "Sweeping dusun Barat.", "Orang kapustu"):
        assert words in text
    kept = two.post(
        url, other | {"version": "2", "choice": "theirs"}, headers={"HX-Request": "true"}
    )
    assert kept.status_code == 200
    assert "Sweeping dusun Timur." in kept.content.decode()
    assert "Sweeping dusun Barat." not in kept.content.decode()
    mine = two.post(url, other | {"version": "2", "choice": "mine"}, headers={"HX-Request": "true"})
    assert mine.status_code == 200
    # Without script the choice is a plain form.
    plain = one.post(url, data | {"choice": "theirs"})
    assert plain.status_code == 302


def test_pages_are_sent_with_brotli(world: World) -> None:
    client = signed_in(world, "pustu_head")
    response = client.get(reverse("reports:review-list"), headers={"Accept-Encoding": "gzip, br"})
    assert response.headers["Content-Encoding"] == "br"
    assert b"</html>" in brotli.decompress(response.content)
    assert "Accept-Encoding" in response.headers["Vary"]
    packed = client.get(reverse("reports:review-list"), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert not client.get(reverse("reports:review-list")).has_header("Content-Encoding")
