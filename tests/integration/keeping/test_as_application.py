"""A week's work, done as the application's own role, each page with its person's area."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from clusters.models import Achievement
from reports.models import ReportDocument, ReviewRevision
from reports.models.document import DocumentState
from reports.printing.documents.build import build_document
from reports.review.actions.steps import open_weekly_review
from tests.factories.world import PASSWORD, REASONS, UNDECIDED, World, build_world, last_week

pytestmark = pytest.mark.django_db

CODE = "KIA01"


@pytest.fixture
def world() -> World:
    return build_world()


def _url(name: str, world: World, **more: str) -> str:
    kwargs = {"week": str(last_week()), "code": world.pustu.code, **more}
    return reverse(f"reports:review-{name}", kwargs=kwargs)


def test_sign_in_count_send_and_paper(
    client: Client, world: World, as_application, django_capture_on_commit_callbacks
) -> None:
    with as_application():
        answer = client.post("/login/", {"username": "kapustu", "password": PASSWORD})
        assert answer.status_code == 302, answer.text
        open_weekly_review(facility=world.pustu, week=last_week())
        counted = client.post(
            _url("count", world, indicator=CODE),
            {f"n-{CODE}": "7", f"v-{CODE}": "0"},
            headers={"HX-Request": "true"},
        )
        assert counted.status_code == 200
        page = client.get(_url("detail", world))
        assert page.status_code == 200
        version = world.pustu.reviews.get().version
        with django_capture_on_commit_callbacks():
            sent = client.post(
                _url("submit", world),
                {"version": version, "undecided_reason": UNDECIDED, **REASONS},
            )
        assert sent.status_code in {200, 302}
        assert ReviewRevision.objects.get().signed_by == world["pustu_head"]
        document = ReportDocument.objects.filter(is_draft=False).earliest("pk")
        assert build_document(document.pk)
        document.refresh_from_db()
        assert document.state == DocumentState.READY
        shown = client.get(reverse("reports:document-download", args=[document.public_id]))
        assert shown.status_code == 200
        assert client.get("/").status_code in {200, 302}


def test_import_of_counts(world: World, as_application, tmp_path: Path) -> None:
    file = tmp_path / "capaian.csv"
    file.write_text("kode_faskes,indikator,minggu,jumlah,penyebut\nP1-PT01,SPM01,2026-W20,4,\n")
    with as_application():
        call_command("load_achievements", file, "--by", "kapustu", verbosity=0)
    assert Achievement.objects.get().source == "import"


def test_admin_makes_a_person_with_a_post(client: Client, world: World, as_application) -> None:
    """The new row of a person has no post yet; its history row comes with it."""
    client.force_login(world["admin"])
    with as_application():
        assert client.get("/admin/facilities/user/").status_code == 200
        world["nobody"].postings.create(
            role="pustu_head", facility=world.other_pustu, start_on=last_week().start
        )
        assert client.get(f"/admin/facilities/user/{world['nobody'].pk}/change/").status_code == 200
