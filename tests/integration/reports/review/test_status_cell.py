"""What a row of the meeting's page says of an indicator: one status, one signal."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.world import build_world, last_week, make_poor

pytestmark = pytest.mark.django_db


def test_a_closed_period_keeps_its_status_before_the_week_is_entered() -> None:
    world = build_world()
    make_poor(world.pustu, "KIA01")
    client = Client()
    client.force_login(world["pustu_head"], "django.contrib.auth.backends.ModelBackend")
    kwargs = {"week": str(last_week()), "code": world.pustu.code}
    text = client.get(reverse("reports:review-detail", kwargs=kwargs)).text
    row = re.search(r'<tbody id="r-KIA01".*?</tbody>', text, re.DOTALL)
    assert row is not None
    assert "Belum diisi" in row[0]
    assert 'class="st jelek"' in row[0]
    assert row[0].count("tertinggal") == 1
