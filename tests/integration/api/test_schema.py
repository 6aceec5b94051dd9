from __future__ import annotations

import io

from django.core.management import call_command
from django.urls import reverse
from rest_framework.test import APIClient

from tests.factories.world import World


def test_schema_is_valid_and_free_of_warnings(db) -> None:
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=io.StringIO())


def test_schema_describes_every_door(api: APIClient) -> None:
    answer = api.get(reverse("api:schema"), {"format": "json"})
    assert answer.status_code == 200
    paths = answer.json()["paths"]
    assert {path.split("/")[3] for path in paths} == {
        "districts", "facilities", "indicators", "achievements", "reviews", "reports",
        "timeliness",
    }  # fmt: skip
    written = {path for path, operations in paths.items() if set(operations) > {"get"}}
    assert written == {"/api/v1/reviews/{week}/{code}/counts/{indicator}/"}
    assert set(paths[written.pop()]) == {"get", "put"}


def test_docs_page_is_all_local(world: World, client) -> None:
    client.force_login(world["dinkes"], backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("api:docs"))
    text = page.content.decode()
    assert page.status_code == 200
    assert "http" not in text.replace("http-equiv", "")
    assert "<style" not in text
    assert "<script>" not in text
