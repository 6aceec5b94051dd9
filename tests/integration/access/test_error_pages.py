"""What a reader sees when something is refused or goes wrong: in Indonesian, in our design."""

from __future__ import annotations

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.views import defaults

from tests.factories.world import PASSWORD, make_user

pytestmark = pytest.mark.django_db


def test_a_form_without_its_token_is_refused_in_indonesian() -> None:
    make_user("kepala")
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "kepala", "password": PASSWORD})
    assert answer.status_code == 403
    assert "Tidak ada yang tersimpan" in answer.text
    assert "app.css" in answer.text
    assert "CSRF verification failed" not in answer.text


def test_pages_of_errors_are_in_our_design(rf: RequestFactory) -> None:
    for page in (defaults.server_error(rf.get("/")), defaults.bad_request(rf.get("/"), OSError())):
        text = page.content.decode()
        assert '<html lang="id">' in text
        assert "app.css" in text
        assert "Ke beranda" in text
    client = Client()
    client.force_login(make_user("kepala"))
    missing = client.get("/tidak-ada/")
    assert missing.status_code == 404
    assert "app.css" in missing.text
    assert client.get(reverse("people")).status_code == 403
