"""The letterhead's page: what is set there is printed, frozen with what is signed, and kept in
history."""

from __future__ import annotations

import hashlib
import io

import pypdf
import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from facilities.errors import StaleVersion
from facilities.models import Facility, LetterheadSetting, Logo
from reports.models import ReviewRevision
from reports.printing import pdf
from reports.printing.actions import letterhead_sources, save_letterhead
from reports.review.actions.steps import open_weekly_review, submit_review
from reports.review.queries.sheet import live_sheet, revision_sheet
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week

pytestmark = pytest.mark.django_db
NIP = "198001012005011001"


@pytest.fixture
def world() -> World:
    return build_world(few=True)


@pytest.fixture
def head(client: Client, world: World) -> Client:
    client.force_login(world["puskesmas_head"])
    return client


def url(place: Facility) -> str:
    return f"/settings/letterhead/{place.code}/"


def picture(kind: str = "PNG", colour: str = "red", **options: object) -> SimpleUploadedFile:
    target = io.BytesIO()
    Image.new("RGB", (400, 500), colour).save(target, kind, **options)
    return SimpleUploadedFile("../logo<script>.svg", target.getvalue(), "image/svg+xml")


def form_of(place: Facility, **changes: object) -> dict[str, object]:
    """What the page would post."""
    sources = letterhead_sources(place)
    return {**sources.values, "version": sources.version, **changes}


def sheet_of(world: World):
    place = Facility.objects.get(pk=world.puskesmas.pk)
    return live_sheet(open_weekly_review(facility=place, week=last_week()))


def test_what_the_head_sets_is_on_the_next_sheet(head: Client, world: World) -> None:
    answer = head.post(
        url(world.puskesmas),
        form_of(
            world.puskesmas, seat="Gantung", head_title="Plt. Kepala UPTD Puskesmas Gantung",
            head_rank="Penata Tk. I / III.d", head_nip=NIP, classification="Segera",
            copies=" Kepala  Dinas Kesehatan \n\nCamat Gantung", postal_code="33562",
            address="Jalan Contoh 7", logo=picture(),
        ),
    )  # fmt: skip
    assert (answer.status_code, answer["Location"]) == (302, url(world.puskesmas))

    sheet = sheet_of(world)

    kop = sheet.letterhead
    assert (kop.seat, kop.classification) == ("Gantung", "Segera")
    assert kop.copies == ("Kepala Dinas Kesehatan", "Camat Gantung")
    assert (kop.postal_code, kop.address) == ("33562", "Jalan Contoh 7")
    assert sheet.signature.head_title == "Plt. Kepala UPTD Puskesmas Gantung"
    assert (sheet.signature.head_rank, sheet.signature.head_nip) == ("Penata Tk. I / III.d", NIP)
    assert Logo.objects.filter(pk=kop.unit_logo_sha256).exists()
    page = head.get(url(world.puskesmas)).text
    assert "Gantung" in page
    assert "data:image/png;base64," in page


def test_every_puskesmas_signs_in_its_own_place(world: World) -> None:
    sheet = sheet_of(world)
    assert sheet.letterhead.seat == world.puskesmas.short_name
    assert sheet.letterhead.classification == "Biasa"
    assert sheet.letterhead.copies == ("Kepala Dinas Kesehatan", "Camat", "Arsip")


def test_dinkes_sets_its_own_and_that_of_a_puskesmas(client: Client, world: World) -> None:
    client.force_login(world["dinkes"])
    listed = client.get("/settings/letterhead/").text
    assert all(place.name in listed for place in (world.dinkes, world.puskesmas, world.sibling))
    for place in (world.dinkes, world.sibling):
        assert client.post(url(place), form_of(place, seat="Tanjung")).status_code == 302
    answer = client.post(url(world.dinkes), form_of(world.dinkes, logo=picture(colour="green")))
    assert answer.status_code == 302
    world.district.refresh_from_db()
    assert world.district.seat == "Tanjung"
    assert sheet_of(world).letterhead.logo_sha256 == world.district.logo_id
    assert LetterheadSetting.objects.get(facility=world.sibling).seat == "Tanjung"


def test_signed_paper_keeps_its_letterhead(head: Client, world: World) -> None:
    head.post(url(world.puskesmas), form_of(world.puskesmas, seat="Lama", logo=picture()))
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    submit_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version,
        undecided_reason=UNDECIDED, **REASONS,
    )  # fmt: skip
    changed = form_of(world.puskesmas, seat="Baru", logo=picture(colour="blue"))
    assert head.post(url(world.puskesmas), changed).status_code == 302

    signed = revision_sheet(ReviewRevision.objects.get(review=review))

    assert signed.letterhead.seat == "Lama"
    made = pdf.render(
        signed, kind="puskesmas_weekly", revision=1, is_draft=False, snapshot_sha256="ab" * 32,
        verify_url="https://pantau.example.org/v/",
    )  # fmt: skip
    reader = pypdf.PdfReader(io.BytesIO(made.content))
    assert len(reader.pages[0].images) == 1
    assert "Lama, " in "".join(page.extract_text() for page in reader.pages)


def test_change_leaves_a_trace_with_its_author(head: Client, world: World) -> None:
    head.post(url(world.puskesmas), form_of(world.puskesmas, seat="Satu"))
    head.post(url(world.puskesmas), form_of(world.puskesmas, seat="Dua"))
    head.post(url(world.puskesmas), form_of(world.puskesmas))
    events = apps.get_model("facilities", "LetterheadSettingEvent").objects.order_by("pgh_id")
    assert [row.seat for row in events] == ["Satu", "Dua"]
    by = {row.pgh_context.metadata["user"] for row in events}
    assert by == {world["puskesmas_head"].pk}


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_logo_is_drawn_anew(head: Client, world: World, kind: str) -> None:
    file = picture(kind, comment=b"position of the camera")
    sent = file.read()
    file.seek(0)
    head.post(url(world.puskesmas), form_of(world.puskesmas, logo=file))
    logo = LetterheadSetting.objects.get(facility=world.puskesmas).logo
    assert logo is not None
    content = bytes(logo.content)
    assert logo.media_type == f"image/{kind.lower()}"
    assert hashlib.sha256(content).hexdigest() == logo.pk
    assert b"camera" not in content
    assert content != sent or kind == "PNG"


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("logo", b"<svg onload='x()'/>", "PNG atau JPEG"),
        ("logo", b"\x89PNG\r\n\x1a\n broken", "PNG atau JPEG"),
        ("logo", b"GIF89a" + b"\0" * 40, "PNG atau JPEG"),
        ("logo", b"x" * (2 * 1024 * 1024 + 1), "lebih besar dari 2 MB"),
        ("head_nip", "19800101-A", "hanya berisi angka"),
        ("postal_code", "123", "lima angka"),
        ("copies", "\n".join("abcdefghij"), "Paling banyak 8 baris"),
        ("copies", "x" * 121, "paling banyak 120 huruf"),
        ("email", "bukan surel", "surel"),
        ("seat", "x" * 101, "100"),
    ],
)
def test_unfit_value_is_refused_beside_its_field(
    head: Client, world: World, name: str, value: object, said: str
) -> None:
    if isinstance(value, bytes):
        value = SimpleUploadedFile("logo.png", value, "image/png")
    answer = head.post(url(world.puskesmas), form_of(world.puskesmas, **{name: value}))
    assert answer.status_code == 422
    assert said in answer.text
    assert not LetterheadSetting.objects.exists()
    assert not Logo.objects.exists()


def test_logo_can_be_taken_off(head: Client, world: World) -> None:
    head.post(url(world.puskesmas), form_of(world.puskesmas, logo=picture()))
    head.post(url(world.puskesmas), form_of(world.puskesmas, removes_logo="on"))
    assert sheet_of(world).letterhead.unit_logo_sha256 == ""


def test_older_page_overwrites_nothing(head: Client, world: World) -> None:
    old = form_of(world.puskesmas, seat="Dari halaman lama")
    head.post(url(world.puskesmas), form_of(world.puskesmas, seat="Baru"))
    answer = head.post(url(world.puskesmas), old)
    assert answer.status_code == 409
    assert "Dari halaman lama" in answer.text
    assert LetterheadSetting.objects.get().seat == "Baru"
    with pytest.raises(StaleVersion):
        save_letterhead(
            facility=world.puskesmas, by=world["puskesmas_head"], expected_version="x",
            values={"seat": "Lain"},
        )  # fmt: skip


def test_nobody_else_changes_it(world: World) -> None:
    for role in ("sibling_head", "cluster_officer", "pustu_head", "outsider"):
        with pytest.raises(PermissionDenied):
            save_letterhead(
                facility=world.puskesmas, by=world[role], values={"seat": "x"},
                expected_version=letterhead_sources(world.puskesmas).version,
            )  # fmt: skip


def test_puskesmas_without_a_head_has_no_rank_to_set(client: Client, world: World) -> None:
    world["puskesmas_head"].postings.all().delete()
    client.force_login(world["dinkes"])
    page = client.get(url(world.puskesmas)).text
    assert 'name="head_nip"' not in page
    assert "Belum ada yang ditugaskan sebagai kepala" in page
