"""The board, the page of one problem, its files and letters, as a browser gets them."""

from __future__ import annotations

import datetime as dt
import io
import re

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from reports.models import Attachment, FollowUp, Problem
from reports.problems.actions import edit_problem, plan_follow_up, raise_problem
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db

TODAY = clock.today()
SOON = TODAY + dt.timedelta(days=7)
HTMX = {"HX-Request": "true"}


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def head(client: Client, world: World) -> Client:
    client.force_login(world["puskesmas_head"])
    return client


def photo() -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (60, 40), "navy").save(target, "JPEG")
    return target.getvalue()


def upload(name: str = "foto.jpg", content: bytes | None = None, kind: str = "image/jpeg"):
    return SimpleUploadedFile(name, photo() if content is None else content, content_type=kind)


def report(world: World, by: str = "puskesmas_head", **more: object) -> Problem:
    given = {
        "facility": world.pustu, "week": last_week(), "title": "Sumur warga keruh",
        "owner_name": "Kepala desa", "owner_kind": "village", "due_on": SOON,
    }  # fmt: skip
    return raise_problem(by=world[by], **(given | more))  # type: ignore[arg-type]


def age(problem: Problem, days: int) -> None:
    FollowUp.objects.filter(problem=problem).update(due_on=TODAY - dt.timedelta(days=days))


def titles(text: str) -> list[str]:
    return re.findall(r'<li class="pcard"><a [^>]*>([^<]*)</a>', text)


def test_words_of_people_are_shown_as_text(head: Client, world: World) -> None:
    script = "<script>alert(1)</script>"
    problem = report(world, title=f"Judul {script}", owner_name=f"Kepala {script}")
    edit_problem(
        problem=problem, by=world["puskesmas_head"], expected_version=problem.version,
        cause=f"Sebab {script}", description=f"Uraian {script}",
    )  # fmt: skip
    week = {"week": str(last_week()), "code": world.pustu.code}
    for url in (
        reverse("reports:problem-detail", args=[problem.pk]),
        reverse("reports:problem-edit", args=[problem.pk]),
        reverse("reports:problem-list"),
        reverse("reports:review-detail", kwargs=week),
        reverse("reports:facility-detail", args=[world.pustu.code]),
    ):
        text = head.get(url).text
        assert "Judul &lt;script&gt;" in text, url
        assert "<script>alert" not in text, url


# --- the board ----------------------------------------------------------------


def test_board_puts_the_most_overdue_first_in_its_column(head: Client, world: World) -> None:
    for number, days in enumerate((3, 20, 9)):
        age(report(world, title=f"Masalah {number}"), days)
    report(world, title="Masih lama")
    text = head.get(reverse("reports:problem-list")).text
    assert titles(text) == ["Masalah 1", "Masalah 2", "Masalah 0", "Masih lama"]
    column = text[text.index('id="column-new"') : text.index('id="column-active"')]
    assert "3 terlambat" in column
    assert "terlambat 20 hari" in column
    assert "Tidak ada masalah di sini." in text[text.index('id="column-active"') :]


def test_board_filters(head: Client, world: World) -> None:
    one = report(
        world, title="Stok habis", category="supplies", cluster_code="K2", indicator_code="KIA01"
    )
    age(one, 5)
    report(world, title="Lain", facility=world.other_pustu)
    address = reverse("reports:problem-list")
    for query in (
        "category=supplies", "cluster=K2", "indicator=KIA01", "overdue=1",
        f"facility={world.pustu.code}", "overdue=1&status=new", "overdue=1&status=open",
    ):  # fmt: skip
        assert titles(head.get(f"{address}?{query}").text) == ["Stok habis"], query
    assert len(titles(head.get(f"{address}?status=open").text)) == 2
    assert titles(head.get(f"{address}?status=closed").text) == []
    assert head.get(f"{address}?facility={world.foreign.code}").status_code == 404


def test_lists_are_read_page_by_page(head: Client, world: World) -> None:
    first = report(world)
    Problem.objects.bulk_create(
        Problem(facility=world.pustu, week=last_week(), title=f"M{n}", reported_at=clock.now())
        for n in range(119)
    )
    address = reverse("reports:problem-list") + "?status=new"
    text = head.get(address).text
    assert len(titles(text)) == 50
    assert titles(text)[0] == first.title
    assert "Muat 50 lagi" in text
    assert "120 masalah" in text
    rest = head.get(f"{address}&show=100&after=50", headers=HTMX).text
    assert "<h1" not in rest
    assert len(titles(rest)) == 50
    last = head.get(f"{address}&show=150&after=100", headers=HTMX).text
    assert len(titles(last)) == 20
    assert "Muat 50 lagi" not in last
    everything = titles(text) + titles(rest) + titles(last)
    assert len(set(everything)) == 120
    # Without script the same link shows the first hundred.
    assert len(titles(head.get(f"{address}&show=100").text)) == 100
    assert len(titles(head.get(f"{address}&show=x&after=-1").text)) == 50


@pytest.mark.parametrize("query", ["", "?status=open"])
def test_board_asks_the_same_number_of_questions(
    head: Client, world: World, query: str, django_assert_max_num_queries
) -> None:
    address = reverse("reports:problem-list") + query
    head.get(address)
    with django_assert_max_num_queries(60) as few:
        head.get(address)
    for number in range(12):
        problem = report(world, title=f"M{number}", indicator_code="KIA01")
        if number % 2:
            Problem.objects.filter(pk=problem.pk).update(status="done", closed_at=clock.now())
    with django_assert_max_num_queries(60) as many:
        assert len(titles(head.get(address).text)) == (6 if query else 12)
    assert len(many) <= len(few) + 2  # follow-ups and names of indicators, once there is any


def test_card_moves_a_problem(head: Client, world: World) -> None:
    problem = report(world)
    address = reverse("reports:problem-step", args=[problem.pk])
    board = reverse("reports:problem-list")
    answer = head.post(address, {"action": "accept", "version": 1, "next": board})
    assert (answer.status_code, answer["Location"]) == (302, board)
    refused = head.post(address, {"action": "done", "version": 2, "note": "ok", "next": board})
    assert refused.status_code == 422
    assert "Tulis bukti bahwa ini sudah selesai" in refused.text
    stale = head.post(address, {"action": "reject", "version": 1, "note": "Sudah ada"})
    assert stale.status_code == 409
    assert head.post(address, {"action": "terbang", "version": 2}).status_code == 422
    done = head.post(address, {"action": "done", "version": 2, "attachments": upload()})
    assert done.status_code == 302
    problem.refresh_from_db()
    assert (problem.status, problem.attachments.get().purpose) == ("done", "evidence")


# --- reporting ----------------------------------------------------------------


def test_full_page_takes_details_and_files(head: Client, world: World) -> None:
    data = {
        "facility": world.puskesmas.code, "week": str(last_week()), "title": "Wabah diare",
        "owner_name": "Camat", "owner_kind": "subdistrict", "category": "outbreak",
        "event": "outbreak", "urgency": "2", "seriousness": "2", "growth": "2",
        "village": world.pustu.village_id, "group_code": "BALITA", "people_count": "7",
        "cause": "Air tidak dimasak", "attachments": [upload(), upload("surat.png")],
    }  # fmt: skip
    assert head.post(reverse("reports:problem-raise"), data).status_code == 302
    problem = Problem.objects.get()
    assert (problem.priority, problem.event) == ("emergency", "outbreak")
    assert problem.village == world.pustu.village
    # No date was given: 24 hours for an emergency.
    assert problem.follow_ups.get().due_on == clock.today() + dt.timedelta(days=1)
    # The same picture twice under two names is one file.
    assert problem.attachments.count() == 1
    text = head.get(reverse("reports:problem-detail", args=[problem.pk])).text
    for words in ("KLB", "Air tidak dimasak", "USG 2/2/2", "Camat", "foto.jpg"):
        assert words in text


def test_scores_suggest_the_priority_and_the_person_may_differ(head: Client, world: World) -> None:
    data = {
        "facility": world.puskesmas.code, "week": str(last_week()), "title": "Satu",
        "owner_name": "PJ", "category": "other", "urgency": "4", "seriousness": "4", "growth": "4",
    }  # fmt: skip
    head.post(reverse("reports:problem-raise"), data)
    head.post(reverse("reports:problem-raise"), data | {"title": "Dua", "priority": "low"})
    assert dict(Problem.objects.values_list("title", "priority")) == {"Satu": "high", "Dua": "low"}


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("foto.jpg", b"<script>alert(1)</script>", "Hanya foto (JPEG, PNG, WebP) dan PDF"),
        ("gambar.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Hanya foto"),
        ("foto.jpg", b"", "kosong"),
        ("besar.jpg", photo() + b"\0" * (5 * 1024 * 1024), "lebih besar dari 5 MB"),
        ("surat.pdf", b"%PDF-1.7 rusak", "rusak"),
    ],
)
def test_unfit_file_is_named_at_its_field(
    head: Client, world: World, name: str, content: bytes, words: str
) -> None:
    problem = report(world)
    answer = head.post(
        reverse("reports:attachment-add", args=[problem.pk]),
        {"version": 1, "attachments": upload(name, content)},
    )
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="attach-attachments_error"' in answer.text
    assert not Attachment.objects.exists()


# --- files --------------------------------------------------------------------


@pytest.fixture
def kept(head: Client, world: World) -> Attachment:
    problem = report(world)
    address = reverse("reports:attachment-add", args=[problem.pk])
    assert (
        head.post(address, {"version": 1, "attachments": upload("a\r\nb.php.JPG")}).status_code
        == 302
    )
    return Attachment.objects.get()


def test_file_is_served_as_a_download_that_can_do_nothing(head: Client, kept: Attachment) -> None:
    where = [kept.problem_id, kept.public_id]
    answer = head.get(reverse("reports:attachment-download", args=where))
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    assert ".jpg" in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert "no-store" in answer["Cache-Control"]
    preview = head.get(reverse("reports:attachment-preview", args=where))
    assert preview["Content-Disposition"].startswith("inline")
    assert preview["Content-Security-Policy"].startswith("sandbox")
    with Image.open(io.BytesIO(preview.content)) as image:
        assert image.size == (60, 40)


def test_file_of_another_problem_or_person_does_not_exist(
    head: Client, world: World, kept: Attachment
) -> None:
    other = report(world, title="Lain")
    where = [other.pk, kept.public_id]
    assert head.get(reverse("reports:attachment-download", args=where)).status_code == 404
    for role, status in (("outsider", 404), ("sibling_head", 404), ("pustu_head", 200)):
        head.force_login(world[role])
        where = [kept.problem_id, kept.public_id]
        for name in ("attachment-download", "attachment-preview"):
            assert head.get(reverse(f"reports:{name}", args=where)).status_code == status


def test_lost_file_is_a_page_that_says_so(head: Client, kept: Attachment) -> None:
    Attachment.objects.update(sha256="0" * 64)
    where = [kept.problem_id, kept.public_id]
    answer = head.get(reverse("reports:attachment-download", args=where))
    assert answer.status_code == 404
    assert "Berkas ini hilang" in answer.text


# --- details ------------------------------------------------------------------


def edit_data(problem: Problem, **more: object) -> dict[str, object]:
    given = {
        "title": problem.title, "category": problem.category, "priority": problem.priority,
        "version": problem.version,
    }  # fmt: skip
    return given | more


def test_details_are_changed_and_the_timeline_says_which(head: Client, world: World) -> None:
    problem = report(world)
    address = reverse("reports:problem-edit", args=[problem.pk])
    answer = head.post(address, edit_data(problem, cause="Banjir", people_count="64"))
    assert answer.status_code == 302
    problem.refresh_from_db()
    assert (problem.cause, problem.people_count, problem.version) == ("Banjir", 64, 2)
    step = problem.steps.last()
    assert step is not None
    assert (step.action, step.comment) == ("edit", "people_count,cause")
    text = head.get(reverse("reports:problem-detail", args=[problem.pk])).text
    assert "Rincian diubah" in text
    assert "Jumlah orang, Akar penyebab" in text


def test_conflict_shows_both_values_and_loses_nothing(head: Client, world: World) -> None:
    problem = report(world)
    edit_problem(
        problem=problem, by=world["cluster_officer"], expected_version=1, cause="Sumur dangkal"
    )
    address = reverse("reports:problem-edit", args=[problem.pk])
    mine = edit_data(problem, cause="Banjir", category="access")
    answer = head.post(address, mine)
    assert answer.status_code == 409
    for words in ("Orang pj-klaster", "Sumur dangkal", "Banjir", "Akses", "Pakai isian saya"):
        assert words in answer.text
    assert 'name="version" value="2"' in answer.text
    problem.refresh_from_db()
    assert problem.cause == "Sumur dangkal"
    assert head.post(address, mine | {"version": 2}).status_code == 302
    problem.refresh_from_db()
    assert (problem.cause, problem.category) == ("Banjir", "access")


def test_conflict_keeps_what_only_the_other_one_changed(head: Client, world: World) -> None:
    problem = report(world, people_count=3)
    edit_problem(
        problem=problem, by=world["cluster_officer"], expected_version=1,
        cause="Sumur dangkal", village=world.pustu.village,
    )  # fmt: skip
    address = reverse("reports:problem-edit", args=[problem.pk])
    answer = head.post(address, edit_data(problem, people_count="64"))
    assert answer.status_code == 409
    assert "Sumur dangkal</textarea>" in answer.text
    panel = answer.text[answer.text.index("Tersimpan sekarang") : answer.text.index("</table>")]
    assert "64" in panel
    assert "Sumur dangkal" not in panel  # nothing to choose there
    merged = edit_data(
        problem, people_count="64", cause="Sumur dangkal", village=world.pustu.village_id, version=2
    )
    assert head.post(address, merged).status_code == 302
    problem.refresh_from_db()
    assert (problem.cause, problem.people_count) == ("Sumur dangkal", 64)


def test_details_outside_the_service_area_are_refused(head: Client, world: World) -> None:
    problem = report(world)
    address = reverse("reports:problem-edit", args=[problem.pk])
    answer = head.post(address, edit_data(problem, village=world.foreign.village_id))
    assert answer.status_code == 422
    assert not Problem.objects.exclude(version=1).exists()


# --- letters ------------------------------------------------------------------


def letter_text(answer) -> str:
    assert answer["Content-Type"] == "application/pdf"
    pages = pypdf.PdfReader(io.BytesIO(answer.content)).pages
    assert len(pages) == 1
    return re.sub(r"\s+", " ", pages[0].extract_text())


def test_letter_reads_as_it_should(head: Client, world: World) -> None:
    problem = report(
        world, people_count=64, cause="Sumur tergenang", village=world.pustu.village,
        description="Ibu Fulanah, NIK 1906",
    )  # fmt: skip
    row = plan_follow_up(
        problem=problem, by=world["pustu_head"], expected_version=1, owner_name="Camat Uji",
        owner_kind="subdistrict", action="Perbaiki sumur umum", due_on=SOON,
    )  # fmt: skip
    address = reverse("reports:letter-print", args=[row.pk])
    blank = letter_text(head.get(address))
    assert "Nomor : ......" in blank
    data = {"version": 2, "letter_number": "440/7/P1/2026", "letter_on": "2026-06-15"}
    assert head.post(reverse("reports:letter-record", args=[row.pk]), data).status_code == 302
    text = letter_text(head.get(address))
    for words in (
        "PEMERINTAH KABUPATEN UJI", "DINAS KESEHATAN", "UPTD PUSKESMAS P1", "440/7/P1/2026",
        "15 Juni 2026", "Permohonan tindak lanjut", "Yth. Camat Uji", "Sumur warga keruh",
        "Pustu P1-PT01, Desa 1", "64", "Sumur tergenang", "Perbaiki sumur umum",
        "Kepala UPTD Puskesmas P1", "Orang kapus", "Tembusan", "Kepala Dinas Kesehatan",
    ):  # fmt: skip
        assert words in text, words
    assert f"minggu ke-{last_week().number} tahun {last_week().year}" in text
    assert "Fulanah" not in text
    assert "1906" not in text


def test_letter_is_only_for_somebody_outside_health(head: Client, world: World) -> None:
    problem = report(world, owner_kind="health")
    row = problem.follow_ups.get()
    assert head.get(reverse("reports:letter-print", args=[row.pk])).status_code == 404


def test_answer_is_kept_with_its_day_and_scan(head: Client, world: World) -> None:
    problem = report(world)
    row = problem.follow_ups.get()
    address = reverse("reports:answer-record", args=[row.pk])
    refused = head.post(address, {"version": 1, "answer": ""})
    assert refused.status_code == 422
    assert "Tulis apa jawabannya." in refused.text
    assert f'id="answer-{row.pk}-answer"' in refused.text
    late = head.post(address, {"version": 1, "answer": "Ya", "answered_on": str(SOON)})
    assert late.status_code == 422
    data = {"version": 1, "answer": "Bersedia bulan depan", "attachments": upload("balasan.jpg")}
    assert head.post(address, data).status_code == 302
    row.refresh_from_db()
    assert (row.answer, row.answered_on) == ("Bersedia bulan depan", clock.today())
    assert row.attachments.get().purpose == "answer"
    # The one who reported it sees the answer.
    head.force_login(world["pustu_head"])
    text = head.get(reverse("reports:problem-detail", args=[problem.pk])).text
    assert "Bersedia bulan depan" in text
    assert "balasan.jpg" in text


def test_follow_up_is_finished_with_evidence(head: Client, world: World) -> None:
    problem = report(world)
    row = problem.follow_ups.get()
    address = reverse("reports:follow-up-finish", args=[row.pk])
    refused = head.post(address, {"version": 1, "evidence": "ya"})
    assert refused.status_code == 422
    assert head.post(address, {"version": 1, "evidence": "Sumur dikuras"}).status_code == 302
    assert head.post(address, {"version": 1, "evidence": "Sumur dikuras"}).status_code == 302
    again = head.post(address, {"version": 2, "evidence": "Sumur dikuras"})
    assert again.status_code == 409
    problem.refresh_from_db()
    assert (problem.status, problem.version) == ("reported", 2)
