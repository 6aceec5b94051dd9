"""Signing in: language, wrong passwords, locks, and who is not harmed by them."""

from __future__ import annotations

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import argon2
import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse

from facilities.models import SignInTries, User
from ilp.signin.guard import TooManyTries, of_address, of_name
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


def test_ten_wrong_passwords_lock_the_name_whatever_the_address(user: User) -> None:
    clients = [Client(REMOTE_ADDR=f"192.0.2.{n}") for n in range(1, 12)]
    answers = [_try(client, "kepala", "bukan-kata-sandinya") for client in clients]
    assert [answer.status_code for answer in answers] == [200] * 10 + [429]
    assert "Terlalu banyak" in answers[-1].text
    # The right password does not help before the time is over, and neither does another spelling.
    assert _try(Client(), "kepala", PASSWORD).status_code == 429
    assert _try(Client(), "KEPALA", PASSWORD).status_code == 429


def test_a_wait_is_fixed_and_over_in_time(user: User, client: Client) -> None:
    start = clock.now()
    for _ in range(10):
        _try(client, "kepala", "bukan-kata-sandinya")
    until = SignInTries.objects.exclude(locked_until=None).get().locked_until
    assert until is not None
    clock.move_to(start + dt.timedelta(minutes=14))
    for _ in range(20):  # a neighbour goes on trying
        assert _try(Client(REMOTE_ADDR="192.0.2.9"), "kepala", "x").status_code == 429
    assert SignInTries.objects.exclude(locked_until=None).get().locked_until == until
    clock.move_to(until + dt.timedelta(seconds=1))
    assert _try(client, "kepala", PASSWORD).status_code == 302


def test_no_fifteen_minutes_see_more_than_ten_checks(user: User, client: Client) -> None:
    """Tries spread over the border of two quarters of an hour are counted together."""
    start = clock.now()
    _try(client, "kepala", "x")
    clock.move_to(start + dt.timedelta(minutes=14))
    for _ in range(8):
        assert _try(client, "kepala", "x").status_code == 200
    clock.move_to(start + dt.timedelta(minutes=16))
    answers = [_try(client, "kepala", "x").status_code for _ in range(4)]
    assert answers == [200, 200, 429, 429]


def test_hundred_tries_at_one_address_and_twenty_colleagues_meanwhile(client: Client) -> None:
    names = [make_user(f"rekan{n}").username for n in range(20)]
    address = of_address(client.get(LOGIN).wsgi_request)
    for _ in range(99):
        address.take()
    for name in names:  # whoever signs in uses up nothing
        assert _try(Client(), name, PASSWORD).status_code == 302
    assert _try(client, "siapa", "x").status_code == 200
    assert _try(client, "siapa-lagi", "x").status_code == 429
    assert _try(Client(REMOTE_ADDR="192.0.2.7"), names[0], PASSWORD).status_code == 302


def test_a_success_takes_no_failure_away(user: User, client: Client) -> None:
    for _ in range(9):
        _try(client, "kepala", "x")
    assert _try(Client(), "kepala", PASSWORD).status_code == 302
    assert _try(client, "kepala", "x").status_code == 200
    assert _try(client, "kepala", "x").status_code == 429


def test_an_unknown_name_is_answered_and_locked_like_a_known_one(
    user: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Same words, and the same number of runs of Argon2."""
    runs: list[str] = []
    real = argon2.low_level.hash_secret
    real_check = argon2.PasswordHasher.verify

    def counted(*args: Any, **kwargs: Any) -> Any:
        runs.append("hash")
        return real(*args, **kwargs)

    def counted_check(*args: Any, **kwargs: Any) -> Any:
        runs.append("hash")
        return real_check(*args, **kwargs)

    monkeypatch.setattr(argon2.low_level, "hash_secret", counted)
    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted_check)
    pages, costs = [], []
    for name in ("kepala", "siapa", "kepala", "siapa"):
        runs.clear()
        page = _try(client, name, "bukan-kata-sandinya").text
        pages.append(re.findall(r'role="alert".*?</section>', page, re.DOTALL))
        costs.append(len(runs))
    assert pages[0] == pages[1] != []
    assert costs == [1, 1, 1, 1]
    for _ in range(9):
        last = [_try(client, name, "x").status_code for name in ("kepala", "siapa")]
    assert last == [429, 429]


def test_what_was_typed_as_a_name_is_not_kept_readable(client: Client) -> None:
    _try(client, "rahasia-saya-tertukar", "x")
    assert "rahasia" not in str(list(SignInTries.objects.values()))


def test_many_processes_count_together(transactional_db: None) -> None:
    """Twenty at the same moment, each with a connection of its own: ten are looked at."""

    def one(_n: int) -> bool:
        try:
            of_name("bersama").take()
        except TooManyTries:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(20))) == 10


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
