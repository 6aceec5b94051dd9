"""The second step: who needs one, how it is added and checked, and what happens when it is lost."""

from __future__ import annotations

import datetime as dt
import re

import pyotp
import pytest
from django.test import Client
from django.urls import reverse

from facilities.models import AccountEvent, SecondFactor, User
from ilp.signin.vault import unseal
from tests import clock
from tests.factories.world import (
    APP_KEY,
    PASSWORD,
    World,
    app_code,
    build_world,
    give_second_step,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def password_given(username: str) -> Client:
    client = Client()
    body = {"username": username, "password": PASSWORD, "next": "/facilities/"}
    answer = client.post("/login/", body)
    assert (answer.status_code, answer["Location"]) == (302, reverse("second-step"))
    return client


def step(client: Client, code: str) -> tuple[int, bool]:
    status = client.post(reverse("second-step"), {"code": code}).status_code
    return status, "_auth_user_id" in client.session


def test_a_password_alone_does_not_open_an_account_with_a_second_step(world: World) -> None:
    client = password_given("dinkes")
    assert client.get("/facilities/").status_code == 302
    assert step(client, "000000" if app_code() != "000000" else "111111") == (422, False)
    code = app_code()
    answer = client.post(reverse("second-step"), {"code": f"{code[:3]} {code[3:]}"})
    assert (answer.status_code, answer["Location"]) == (302, "/facilities/")
    assert client.get("/facilities/").status_code == 200


def test_a_code_opens_once(world: World) -> None:
    code = app_code()
    assert step(password_given("dinkes"), code) == (302, True)
    assert step(password_given("dinkes"), code) == (422, False)
    assert step(password_given("dinkes"), app_code(1)) == (302, True)


def test_the_second_step_must_follow_soon_and_with_the_same_password(world: World) -> None:
    client = password_given("dinkes")
    user = world["dinkes"]
    user.set_password("sepeda merah di jembatan")
    user.save()
    assert step(client, app_code()) == (302, False)
    user.set_password(PASSWORD)
    user.save()
    client = password_given("dinkes")
    clock.move_to(clock.now() + dt.timedelta(minutes=11))
    assert step(client, app_code()) == (302, False)


def test_wrong_codes_count_like_wrong_passwords(world: World) -> None:
    client = password_given("dinkes")
    answers = [step(client, "x")[0] for _ in range(11)]
    assert answers == [422] * 10 + [429]
    assert step(client, app_code()) == (429, False)
    body = {"username": "dinkes", "password": PASSWORD}
    assert Client().post("/login/", body).status_code == 429


def test_admin_and_dinkes_must_add_one_first(world: World) -> None:
    for role, must in (("dinkes", True), ("puskesmas_head", False)):
        user = world[role]
        SecondFactor.objects.filter(user=user).delete()
        user.second_factor_at = None
        user.save()
        client = signed_in(user)
        answer = client.get("/facilities/")
        assert (answer.status_code == 302) == must
        assert not must or answer["Location"] == reverse("factors")
        assert client.get("/api/v1/facilities/").status_code == (302 if must else 200)
        assert ("tambahkan dahulu langkah kedua" in client.get(reverse("factors")).text) == must


def test_where_demo_accounts_are_it_is_offered_and_not_demanded(world: World) -> None:
    User.objects.create(username="contoh", full_name="Contoh", is_demo=True)
    user = make_user("dinkes2", "dinkes", world.dinkes)
    SecondFactor.objects.filter(user=user).delete()
    User.objects.filter(pk=user.pk).update(second_factor_at=None)
    client = signed_in(User.objects.get(pk=user.pk))
    assert client.get("/facilities/").status_code == 200
    assert client.get(reverse("factor-app")).status_code == 200


def add_app(client: Client, **given: str) -> tuple[int, str, str]:
    """Status, page and key."""
    page = client.get(reverse("factor-app")).text
    found = re.search(r"<code>\s*([A-Z2-7 ]+)\s*</code>", page)
    assert found is not None
    key = found[1].replace(" ", "")
    code = pyotp.TOTP(key).at(int(clock.now().timestamp()))
    body = {"code": code, "old": PASSWORD} | given
    answer = client.post(reverse("factor-app"), body)
    return answer.status_code, answer.text, key


def test_adding_an_app_asks_for_password_and_code_and_shows_recovery_codes_once(
    world: World,
) -> None:
    user = world["puskesmas_head"]
    client, elsewhere = signed_in(user), signed_in(user)
    assert add_app(client, old="salah sekali ini")[0] == 422
    assert add_app(client, code="x")[0] == 422
    assert not user.second_factors.exists()
    status, page, key = add_app(client)
    codes = re.findall(r"<code>([0-9A-Z]{5}-[0-9A-Z]{5})</code>", page)
    assert (status, len(set(codes))) == (200, 10)
    assert client.get(reverse("factors")).status_code == 200  # this session goes on
    assert elsewhere.get(reverse("factors")).status_code == 302  # the others do not
    factor = user.second_factors.get()
    assert key not in factor.secret
    assert unseal(factor.secret) == key
    assert codes[0].replace("-", "") not in str(list(user.recovery_codes.values()))
    # A recovery code takes the place of the app, once.
    assert step(password_given("kapus"), codes[0].lower()) == (302, True)
    assert step(password_given("kapus"), codes[0]) == (422, False)
    kinds = list(user.account_events.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["factor_added", "code_used"]


def test_the_secret_is_in_no_history(world: World) -> None:
    factor = world["dinkes"].second_factors.get()
    history = str(list(factor.events.values()))  # type: ignore[attr-defined] # by pghistory
    assert factor.secret not in history
    assert APP_KEY not in history


def test_removing_asks_for_the_password_and_keeps_one_where_it_must(world: World) -> None:
    user = world["puskesmas_head"]
    give_second_step(user)
    client = signed_in(user)
    url = reverse("factor-remove", args=[user.second_factors.get().pk])
    assert signed_in(world["pustu_head"]).get(url).status_code == 404
    assert client.post(url, {"old": "salah sekali ini"}).status_code == 422
    assert client.post(url, {"old": PASSWORD}).status_code == 302
    assert not user.second_factors.exists()
    assert world["puskesmas_head"].second_factor_at is None
    dinkes = world["dinkes"]
    url = reverse("factor-remove", args=[dinkes.second_factors.get().pk])
    assert signed_in(dinkes).post(url, {"old": PASSWORD}).status_code == 403


def test_an_admin_resets_a_lost_phone_and_a_peer_cannot(world: World) -> None:
    lost, peer = world["dinkes"], make_user("dinkes2", "dinkes", world.dinkes)
    session = signed_in(lost)
    url = reverse("person-factor-reset", args=[lost.pk])
    assert signed_in(peer).post(url, {"old": PASSWORD}).status_code == 403
    admin = signed_in(world["admin"])
    assert admin.post(url, {"old": "salah sekali ini"}).status_code == 422
    assert admin.post(url, {"old": PASSWORD}).status_code == 302
    assert not lost.second_factors.exists()
    assert session.get("/facilities/")["Location"].startswith("/login/")
    event = AccountEvent.objects.get(user=lost)
    assert (event.kind, event.by) == ("factor_reset", world["admin"])
    client = Client()
    client.post("/login/", {"username": "dinkes", "password": PASSWORD})
    assert client.get("/facilities/")["Location"] == reverse("factors")


def test_the_admin_has_no_sign_in_page_without_a_second_step(world: World) -> None:
    answer = Client().get("/admin/login/?next=/admin/facilities/")
    assert answer["Location"] == "/login/?next=%2Fadmin%2Ffacilities%2F"
    body = {"username": "admin", "password": PASSWORD}
    client = Client()
    assert client.post("/admin/login/", body).status_code == 405
    assert "_auth_user_id" not in client.session
