"""Files of a form that was refused: kept for its sender alone, for two hours (case E7)."""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from reports.models import Attachment, Problem, UploadDraft
from reports.periodic import remove_upload_drafts
from reports.problems.actions import raise_problem
from reports.problems.attachments import CheckedFile
from reports.problems.drafts import MOST_KEPT, Desk
from tests import clock
from tests.factories.world import World, build_world, last_week
from tests.functional.entry import FILES

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return build_world()


def signed_in(world: World, role: str) -> Client:
    client = Client()
    client.force_login(world[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def photo(name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (FILES / "photo.jpg").read_bytes(), "image/jpeg")


def form(world: World, **given: Any) -> dict[str, Any]:
    place = {"facility": world.pustu.code, "week": str(last_week())}
    return {**place, "title": "Kulkas vaksin rusak", "category": "other", **given}


def ids(text: str) -> list[str]:
    return re.findall(r'name="kept" value="([^"]+)"', text)


RAISE = "reports:problem-raise"


def test_e7_kept_and_saved_once(world: World) -> None:
    head = signed_in(world, "pustu_head")
    key = str(uuid.uuid4())
    refused = head.post(reverse(RAISE), form(world, attachments=photo(), client_key=key))
    assert refused.status_code == 422
    assert key in refused.text
    assert "photo.jpg" in refused.text
    draft = UploadDraft.objects.get()
    assert ids(refused.text) == [str(draft.public_id)]
    assert "photo" not in str(dict(head.session))
    whole = form(world, owner_name="Bidan", kept=str(draft.public_id), client_key=key)
    for _twice in range(2):
        assert head.post(reverse(RAISE), whole).status_code == 302
    assert Problem.objects.count() == 1
    row = Attachment.objects.get()
    assert (row.file_name, row.uploaded_by) == ("photo.jpg", world["pustu_head"])
    assert ids(head.get(reverse(RAISE)).text) == []


def test_e7_a_fresh_form_offers_what_was_left(world: World) -> None:
    head = signed_in(world, "pustu_head")
    head.post(reverse(RAISE), form(world, attachments=photo()))
    fresh = {"facility": world.pustu.code, "week": str(last_week())}
    assert len(ids(head.get(reverse(RAISE), fresh).text)) == 1
    # Another week, another person: another form.
    other = fresh | {"week": str(last_week() - 1)}
    assert ids(head.get(reverse(RAISE), other).text) == []
    boss = signed_in(world, "puskesmas_head")
    assert ids(boss.get(reverse(RAISE), fresh).text) == []


def test_nobody_gets_at_the_file_of_another(world: World) -> None:
    signed_in(world, "pustu_head").post(reverse(RAISE), form(world, attachments=photo()))
    draft = UploadDraft.objects.get()
    boss = signed_in(world, "puskesmas_head")
    stolen = form(world, owner_name="Bidan", kept=str(draft.public_id))
    answer = boss.post(reverse(RAISE), stolen)
    assert answer.status_code == 422
    assert "sudah tidak disimpan" in answer.text
    boss.post(reverse(RAISE), form(world, **{"remove-file": str(draft.public_id)}))
    assert UploadDraft.objects.filter(pk=draft.pk).exists()
    assert Problem.objects.count() == Attachment.objects.count() == 0


@pytest.mark.parametrize("given", ["nonsense", "00000000-0000-4000-8000-000000000000"])
def test_what_is_gone_is_said(world: World, given: str) -> None:
    head = signed_in(world, "pustu_head")
    answer = head.post(reverse(RAISE), form(world, owner_name="Bidan", kept=given))
    assert answer.status_code == 422
    assert "sudah tidak disimpan" in answer.text
    assert Problem.objects.count() == 0


def test_the_lease_ends(world: World) -> None:
    head = signed_in(world, "pustu_head")
    head.post(reverse(RAISE), form(world, attachments=photo()))
    draft = UploadDraft.objects.get()
    assert draft.expires_at - clock.now() <= dt.timedelta(hours=2)
    remove_upload_drafts()
    assert UploadDraft.objects.exists()
    UploadDraft.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    late = head.post(reverse(RAISE), form(world, owner_name="Bidan", kept=str(draft.public_id)))
    assert late.status_code == 422
    assert "sudah tidak disimpan" in late.text
    remove_upload_drafts()
    assert not UploadDraft.objects.exists()


def test_the_same_photo_again_is_there_once(world: World) -> None:
    head = signed_in(world, "pustu_head")
    first = head.post(reverse(RAISE), form(world, attachments=photo()))
    again = form(world, kept=ids(first.text), attachments=[photo(), photo("lain.jpg")])
    second = head.post(reverse(RAISE), again)
    assert UploadDraft.objects.count() == len(ids(second.text)) == 1


def test_taking_a_file_away_complains_of_nothing(world: World) -> None:
    head = signed_in(world, "pustu_head")
    first = head.post(reverse(RAISE), form(world, attachments=photo()))
    (public_id,) = ids(first.text)
    answer = head.post(reverse(RAISE), form(world, kept=public_id, **{"remove-file": public_id}))
    assert ids(answer.text) == []
    assert 'class="err"' not in answer.text
    assert "Kulkas vaksin rusak" in answer.text
    assert UploadDraft.objects.count() == Problem.objects.count() == 0


@pytest.mark.parametrize(
    ("address", "given", "field"),
    [
        ("reports:problem-step", {"action": "done", "note": "x" * 501}, "note"),
        ("reports:follow-up-finish", {"evidence": "x" * 501}, "evidence"),
        ("reports:answer-record", {"answer": ""}, "answer"),
    ],
)
def test_e7_every_form_with_photos_keeps_them(
    world: World, address: str, given: dict[str, str], field: str
) -> None:
    problem = raise_problem(
        facility=world.pustu, week=last_week(), by=world["pustu_head"], title="Air kotor",
        owner_name="Kepala desa", owner_kind="village", due_on=clock.today() + dt.timedelta(7),
        action="Surat",
    )  # fmt: skip
    head = signed_in(world, "pustu_head")
    of_problem = address == "reports:problem-step"
    pk = problem.pk if of_problem else problem.follow_ups.get().pk
    data = {"version": problem.version, **given}
    answer = head.post(reverse(address, args=[pk]), data | {"attachments": photo()})
    assert answer.status_code == 422
    (public_id,) = ids(answer.text)
    good = {name: "Sudah beres semua" if name == field else value for name, value in given.items()}
    saved = head.post(
        reverse(address, args=[pk]), {"version": problem.version, **good, "kept": public_id}
    )
    assert saved.status_code in {302, 409}, saved.text
    if saved.status_code == 302:
        assert Attachment.objects.get().file_name == "photo.jpg"


def test_one_person_keeps_a_bounded_number(world: World) -> None:
    desk = Desk(world["pustu_head"], "raise X 2026-W45")
    for number in range(MOST_KEPT + 3):
        desk.keep([CheckedFile(f"{number}.png", "image/png", str(number).encode())])
    assert UploadDraft.objects.count() == MOST_KEPT
    assert desk.live()[-1].file_name == f"{MOST_KEPT + 2}.png"


def test_too_many_files_are_refused_by_name(world: World) -> None:
    head = signed_in(world, "pustu_head")
    files = []
    for number in range(6):
        target = io.BytesIO()
        Image.new("RGB", (10, 10 + number)).save(target, "PNG")
        files.append(SimpleUploadedFile(f"{number}.png", target.getvalue(), "image/png"))
    answer = head.post(reverse(RAISE), form(world, owner_name="Bidan", attachments=files))
    assert answer.status_code == 422
    assert "5.png: " in answer.text
    assert len(ids(answer.text)) == 5
