"""One's own password: chosen, changed, and never one that somebody else knows for long."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from facilities.actions.passwords import hand_over_password
from facilities.models import User
from tests.factories.world import PASSWORD, World, build_world, give_second_step

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
NEW = "sepeda merah di jembatan"


@pytest.fixture
def world() -> World:
    return build_world(few=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def change(client: Client, **given: str) -> Any:
    values = {"old": PASSWORD, "new": NEW, "again": NEW} | given
    return client.post(reverse("account"), values)


def test_change_ends_the_other_sessions_and_leaves_a_trace(world: World) -> None:
    user = world["pustu_head"]
    here, elsewhere = signed_in(user), signed_in(user)
    assert change(here).status_code == 302
    page = here.get(reverse("account")).content.decode()
    assert "Kata sandi Anda sudah diganti." in page
    assert elsewhere.get(reverse("account")).status_code == 302
    user.refresh_from_db()
    assert user.check_password(NEW)
    events: Any = user.events  # type: ignore[attr-defined] # by pghistory
    last = events.latest("pgh_id")
    assert last.password_set_at == user.password_set_at
    assert NEW not in str(list(events.values()))


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"old": "bukan kata sandinya"}, "old"),
        ({"new": "pendek1", "again": "pendek1"}, "new"),
        ({"new": "puskesmas-2026!!", "again": "puskesmas-2026!!"}, "new"),
        ({"new": "123456789012345", "again": "123456789012345"}, "new"),
        ({"new": PASSWORD, "again": PASSWORD}, "new"),
        ({"again": "sepeda merah di jembatam"}, "again"),
        ({"new": ""}, "new"),
    ],
)
def test_what_is_no_good_is_said_at_its_field(
    world: World, given: dict[str, str], field: str
) -> None:
    user = world["pustu_head"]
    answer = change(signed_in(user), **given)
    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert f'id="id_{field}_error"' in answer.content.decode()
    user.refresh_from_db()
    assert user.check_password(PASSWORD)


def test_a_password_that_somebody_gave_opens_nothing_but_its_change(world: World) -> None:
    user = world["puskesmas_head"]
    hand_over_password(user)
    client = signed_in(user)
    for name in ("home", "reports:problem-list", "reports:document-list"):
        answer = client.get(reverse(name))
        assert (answer.status_code, answer["Location"]) == (302, reverse("account"))
    assert client.get("/api/v1/facilities/").status_code == 302  # by session as well
    assert "Pilih dahulu kata sandi sendiri" in client.get(reverse("account")).content.decode()
    assert change(client).status_code == 302
    assert client.get(reverse("reports:problem-list")).status_code == 200
    assert not User.objects.get(pk=user.pk).must_set_password


def test_who_sets_the_password_of_another_hands_it_over(world: World) -> None:
    root = User.objects.create_superuser("root", password=PASSWORD, full_name="Akar")
    give_second_step(root)
    client = signed_in(root)
    user = world["pustu_head"]
    url = reverse("admin:auth_user_password_change", args=[user.pk])
    values = {"usable_password": "true", "password1": NEW, "password2": NEW}
    assert client.post(url, values).status_code == 302
    user.refresh_from_db()
    assert user.must_set_password
