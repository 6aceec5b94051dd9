"""Links for a new password: who makes them, when they are dead, and what a stranger learns."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from facilities.models import AccountEvent, PasswordLink, SignInTries, User
from facilities.models.signin import AccountEventKind
from ilp.signin.links import make_link
from ilp.signin.telling import tell_owners
from reports.models import Delivery
from tests import clock
from tests.factories.world import World, build_world, make_user

pytestmark = pytest.mark.django_db
NEW = "sepeda merah di jembatan"
BOTH = {"new": NEW, "again": NEW}


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def with_mail(settings) -> None:
    settings.MAIL_IS_SET = True
    backend = {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}
    settings.MAILERS = {"default": backend, "demo": backend}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def link_from(helper: User, person: User) -> tuple[int, str]:
    answer = signed_in(helper).post(reverse("person-link", args=[person.pk]))
    found = re.search(r'value="[^"]*(/login/link/[^"]+)"', answer.text)
    return answer.status_code, found[1] if found else ""


@pytest.mark.parametrize(
    ("helper", "person", "status"),
    [
        ("dinkes", "pustu_head", 200),
        ("dinkes", "puskesmas_head", 200),
        ("dinkes", "province", 200),
        ("dinkes", "outsider", 404),  # works in another district
        ("dinkes", "nobody", 404),
        ("dinkes", "dinkes", 403),
        ("dinkes", "admin", 404),
        ("admin", "dinkes", 200),
        ("admin", "outsider", 200),
        ("admin", "nobody", 200),
        ("admin", "admin", 403),
        ("puskesmas_head", "pustu_head", 403),
    ],
)
def test_who_makes_a_link_for_whom(world: World, helper: str, person: str, status: int) -> None:
    assert link_from(world[helper], world[person])[0] == status
    assert PasswordLink.objects.exists() == (status == 200)


def test_nobody_makes_one_for_a_peer(world: World) -> None:
    peer = make_user("dinkes2", "dinkes", world.dinkes)
    assert link_from(world["dinkes"], peer)[0] == 403


def test_a_link_is_good_once_and_only_its_hash_is_kept(world: World) -> None:
    user = world["pustu_head"]
    elsewhere = signed_in(user)
    _status, link = link_from(world["dinkes"], user)
    assert link.rsplit("/", 2)[1] not in str(list(PasswordLink.objects.values()))
    stranger = Client()
    assert stranger.get(link).status_code == 200
    assert stranger.post(link, {"new": "pendek", "again": "pendek"}).status_code == 422
    assert stranger.post(link, BOTH)["Location"] == reverse("login")
    assert "_auth_user_id" not in stranger.session
    assert world["pustu_head"].check_password(NEW)
    assert elsewhere.get("/facilities/").status_code == 302
    assert stranger.get(link).status_code == 404
    assert stranger.post(link, {"new": NEW + "!", "again": NEW + "!"}).status_code == 404
    assert world["pustu_head"].check_password(NEW)


def test_a_link_dies_of_time_of_a_new_link_of_a_new_password_and_with_the_account(
    world: World,
) -> None:
    user = world["pustu_head"]

    def is_good(link: str) -> bool:
        return Client().get(link).status_code == 200

    old = link_from(world["dinkes"], user)[1]
    new = link_from(world["dinkes"], user)[1]
    assert (is_good(old), is_good(new)) == (False, True)
    user.set_password(NEW)
    user.save()
    assert not is_good(new)
    link = link_from(world["dinkes"], user)[1]
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert not is_good(link)
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert is_good(link)
    clock.move_to(clock.now() + dt.timedelta(hours=48, seconds=1))
    assert not is_good(link)


def test_guessing_links_is_counted(world: World) -> None:
    client = Client()
    url = reverse("password-choose", args=["x" * 43])
    assert client.get(url).status_code == 404
    assert [len(row.times) for row in SignInTries.objects.all()] == [1]


def test_asking_by_mail_answers_the_same_for_a_name_that_nobody_bears(
    world: World, with_mail, mailoutbox
) -> None:
    User.objects.filter(pk=world["pustu_head"].pk).update(email="kapustu@contoh.example")
    url, answers, queries = reverse("password-forgot"), [], []
    Client().post(url, {"name": "lain"})  # this address is known now
    for name in ("kapustu", "tidak-ada"):
        with CaptureQueriesContext(connection) as found:
            answer = Client().post(url, {"name": name})
        queries.append(list(found))
        main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
        assert main is not None
        answers.append((answer.status_code, re.sub(r'value="[^"]+"', "", main[0])))
    assert answers[0] == answers[1]
    assert len(queries[0]) == len(queries[1])
    tell_owners()
    assert [message.to for message in mail.outbox] == [["kapustu@contoh.example"]]
    link = re.search(r"/login/link/\S+", str(mail.outbox[0].body))
    assert link is not None
    assert Client().post(link[0], BOTH).status_code == 302
    assert not AccountEvent.objects.exclude(name="").exists()
    # Once more at once: no second mail.
    Client().post(url, {"name": "kapustu"})
    tell_owners()
    assert len(mail.outbox) == 1


def test_without_mail_the_page_only_says_whom_to_ask(world: World) -> None:
    url = reverse("password-forgot")
    page = Client().get(url).text
    assert 'name="name"' not in page
    assert "Dinkes atau administrator" in page
    Client().post(url, {"name": "kapustu"})
    assert not AccountEvent.objects.exists()


def test_owners_are_told_of_each_change_once(world: World) -> None:
    user = world["pustu_head"]
    link = make_link(person=user, by=world["dinkes"])
    Client().post(link[link.index("/login/") :], BOTH)
    for _ in range(10):
        Client().post("/login/", {"username": "kapustu", "password": "x"})
        Client().post("/login/", {"username": "tidak-ada", "password": "x"})
    for _ in range(2):
        tell_owners()
    told = Delivery.objects.filter(recipient=user, channel="inbox").order_by("pk")
    assert [row.subject for row in told] == [
        str(AccountEventKind(kind).label) for kind in ("link", "password", "locked")
    ]
    assert "Orang dinkes" in told[0].body
    assert not AccountEvent.objects.filter(told_at=None).exists()
    assert Delivery.objects.count() == 3
