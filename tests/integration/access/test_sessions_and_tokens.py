"""When a session is over, and when a token is."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from knox.models import AuthToken
from rest_framework.test import APIClient

from facilities.models import Posting, User
from ilp.signin.tokens import make_token, tokens_of
from tests import clock
from tests.factories.world import World, build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    cache.clear()
    return build_world()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def is_in(client: Client) -> bool:
    return client.get("/facilities/").status_code == 200


def test_a_session_ends_with_the_role_the_posting_and_the_account(world: World) -> None:
    user = world["puskesmas_head"]
    posting = user.postings.get()
    client = signed_in(user)
    assert is_in(client)
    Posting.objects.filter(pk=posting.pk).update(role="cluster_officer")
    assert not is_in(client)
    client = signed_in(world["puskesmas_head"])
    Posting.objects.filter(pk=posting.pk).update(facility=world.sibling)
    assert not is_in(client)
    client = signed_in(world["puskesmas_head"])
    Posting.objects.create(
        user=user, role="pustu_head", facility=world.pustu, start_on=clock.today()
    )
    assert not is_in(client)
    client = signed_in(world["puskesmas_head"])
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_in(client)
    # And does not come back with the account.
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert not is_in(client)


def test_a_move_of_the_facility_ends_no_session(world: World) -> None:
    client = signed_in(world["pustu_head"])
    type(world.pustu).objects.filter(pk=world.pustu.pk).update(name="Pustu Baru")
    assert is_in(client)


def ask(token: str, address: str = "127.0.0.1") -> int:
    client = APIClient(REMOTE_ADDR=address)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return int(client.get("/api/v1/facilities/").status_code)


def test_a_token_ends_shows_its_last_use_and_is_revoked_at_once(world: World) -> None:
    user = world["province"]
    token = make_token(person=user, by=None)
    assert tokens_of(user)[0].last_used_at is None
    assert ask(token) == 200
    row = tokens_of(user)[0]
    assert row.last_used_at is not None
    assert row.expires_at is not None
    assert round((row.expires_at - row.made_at) / dt.timedelta(days=1)) == 365
    page = signed_in(world["dinkes"]).get(reverse("person", args=[user.pk])).text
    assert row.ident in page
    assert token not in page
    url = reverse("person-token-revoke", args=[user.pk])
    assert signed_in(world["dinkes"]).post(url, {"token": row.ident}).status_code == 302
    assert ask(token) == 401
    kinds = list(user.account_events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["token", "token_revoked"]


def test_the_owner_revokes_own_tokens_only(world: World) -> None:
    user, other = world["dinkes"], world["province"]
    own, foreign = make_token(person=user, by=None), make_token(person=other, by=None)
    client = signed_in(user)
    assert tokens_of(user)[0].ident in client.get(reverse("tokens")).text
    for whose in (other, user):
        client.post(reverse("token-revoke"), {"token": tokens_of(whose)[0].ident})
    client.post(reverse("token-revoke"), {"token": ""})
    assert (ask(own), ask(foreign)) == (401, 200)


def test_a_token_is_over_after_its_time_and_none_is_for_ever(world: World) -> None:
    user = world["province"]
    token = make_token(person=user, by=None, days=2)
    AuthToken.objects.filter(user=user).update(expiry=None)
    assert ask(token) == 401
    AuthToken.objects.filter(user=user).update(expiry=clock.now() - dt.timedelta(seconds=1))
    assert ask(token) == 401
    for days in ("0", "731"):
        with pytest.raises(CommandError, match="730"):
            call_command("create_api_token", "provinsi", "--days", days)


def test_wrong_tokens_are_counted_apart_from_wrong_passwords(world: World) -> None:
    token = make_token(person=world["province"], by=None)
    answers = {ask("ilp_salah", "192.0.2.8") for _ in range(100)}
    assert answers == {401}
    assert ask("ilp_salah", "192.0.2.8") == 429
    assert ask(token, "192.0.2.8") == 200
    assert Client(REMOTE_ADDR="192.0.2.8").post("/login/", {"username": "x", "password": "x"})
    page = Client(REMOTE_ADDR="192.0.2.8").post("/login/", {"username": "x", "password": "x"})
    assert page.status_code == 200
