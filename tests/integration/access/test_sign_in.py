"""Signing in: language, wrong passwords, locks, and who is not harmed by them."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from facilities.models import User
from tests import clock
from tests.factories.world import PASSWORD, make_user

pytestmark = pytest.mark.django_db
LOGIN = "/login/"


@pytest.fixture
def user() -> User:
    return make_user("kepala")


def _try(client: Client, username: str, password: str):
    return client.post(LOGIN, {"username": username, "password": password})


def test_right_password_leads_home(user: User, client: Client) -> None:
    response = _try(client, "kepala", PASSWORD)
    assert (response.status_code, response["Location"]) == (302, "/")


def test_wrong_password_says_so_in_indonesian(user: User, client: Client) -> None:
    response = _try(client, "kepala", "bukan-kata-sandinya")
    assert response.status_code == 200
    assert "kata sandi" in response.content.decode().lower()
    assert "_auth_user_id" not in client.session


def test_ten_wrong_passwords_lock_the_name_at_this_address(user: User, client: Client) -> None:
    answers = [_try(client, "kepala", "bukan-kata-sandinya") for _ in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 6
    assert "dikunci" in answers[-1].content.decode()
    # The right password does not help before the time is over.
    assert _try(client, "kepala", PASSWORD).status_code == 429


def test_lock_leaves_colleagues_and_other_addresses_alone(user: User, client: Client) -> None:
    make_user("rekan")
    for _ in range(6):
        _try(client, "kepala", "bukan-kata-sandinya")
    assert _try(client, "rekan", PASSWORD).status_code == 302
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert _try(elsewhere, "kepala", PASSWORD).status_code == 302


def test_page_is_indonesian_whatever_the_browser_prefers(client: Client) -> None:
    response = client.get(LOGIN, headers={"Accept-Language": "en-US,en;q=0.9"})
    assert '<html lang="id">' in response.content.decode()


def test_chosen_language_stays(client: Client) -> None:
    client.post(reverse("language"), {"language": "en", "next": LOGIN})
    assert '<html lang="en">' in client.get(LOGIN).content.decode()


@pytest.mark.parametrize(
    "path", ["/login/?next=%00", "/problems/?facility=%00", "/facilities/%00/"]
)
def test_nul_byte_is_a_bad_request(path: str, client: Client) -> None:
    assert client.get(path).status_code == 400


def test_pages_are_compressed(client: Client) -> None:
    response = client.get(LOGIN, headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"


def test_pages_forbid_inline_script(client: Client) -> None:
    policy = client.get(LOGIN)["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("began", "seen", "is_over"),
    [(0, 0, False), (11 * 3600, 29 * 60, False), (3600, 31 * 60, True), (13 * 3600, 60, True)],
)
def test_session_ends_when_idle_or_old(
    user: User, client: Client, began: int, seen: int, is_over: bool
) -> None:
    _try(client, "kepala", PASSWORD)
    session = client.session
    now = int(clock.now().timestamp())
    session.update({"began": now - began, "seen": now - seen})
    session.save()
    response = client.get("/facilities/")
    assert response.status_code == (302 if is_over else 200)
    assert ("_auth_user_id" in client.session) is not is_over
    if not is_over:
        assert now - client.session["seen"] < 60


def test_signed_in_pages_stay_in_no_cache(user: User, client: Client) -> None:
    _try(client, "kepala", PASSWORD)
    assert client.get("/facilities/")["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("password", "is_good"),
    [
        ("Puskesmas-2026!", False),
        ("dinkes.kabupaten.uji.1", False),
        ("123456789012-abc", False),
        ("timbangan-kuning-7", True),
        (PASSWORD, True),
    ],
)
def test_password_is_more_than_words_of_the_work(password: str, is_good: bool) -> None:
    if is_good:
        validate_password(password)
    else:
        with pytest.raises(ValidationError, match="puskesmas"):
            validate_password(password)
