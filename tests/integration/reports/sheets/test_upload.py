"""A filled form comes back: looked at, previewed, saved as a whole, by the rules of the page."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from clusters.models import Achievement
from reports.models import SheetUpload, WeeklyReview
from reports.review.actions.steps import submit_review
from reports.sheets.xlsx.layout import ENTRIES
from tests import clock
from tests.factories.world import REASONS
from tests.integration.reports.sheets.conftest import BACKEND, as_bytes

pytestmark = pytest.mark.django_db


def preview(desk):
    url = desk.url("sheet-preview", public_id=desk.last().public_id)
    return desk.client.get(url).context["preview"]


def test_filled_cells_are_shown_then_saved(desk):
    response = desk.upload(desk.fill(I_KIA01=5, I_KIA02=0, K_KIA02="nihil bulan ini"))
    assert response.status_code == 302
    shown = preview(desk)
    assert [(row.code, row.before, row.after) for row in shown.changes] == [
        ("KIA01", (None, None, ""), (5, None, "")),
        ("KIA02", (None, None, ""), (0, None, "nihil bulan ini")),
    ]
    assert not desk.values()  # nothing is saved by looking
    assert desk.save().status_code == 302
    assert desk.values() == {"KIA01": (5, None, ""), "KIA02": (0, None, "nihil bulan ini")}
    row = Achievement.objects.get(indicator_code="KIA01")
    assert (row.source, row.entered_by) == ("import", desk.world["pustu_head"])


def test_unchanged_form_changes_nothing(desk):
    desk.enter("KIA01", 7)
    desk.upload(desk.fill())
    shown = preview(desk)
    assert not shown.rows
    assert shown.unchanged > 40


def test_emptied_cell_becomes_no_data_and_is_pointed_out(desk):
    desk.enter("KIA01", 7)
    desk.upload(desk.fill(I_KIA01=None))
    assert preview(desk).cleared == 1
    desk.save()
    assert desk.values()["KIA01"] == (None, None, "")


def test_saving_twice_saves_once(desk):
    desk.upload(desk.fill(I_KIA01=5))
    desk.save()
    desk.enter("KIA01", 9)
    url = desk.url("sheet-preview", public_id=desk.last().public_id)
    assert desk.client.post(url, {"seen": "x"}).status_code == 302
    assert desk.values()["KIA01"][0] == 9


def test_wrong_cells_keep_everything_back_until_the_person_says_so(desk):
    desk.upload(desk.fill(I_KIA01=5, I_KIA02="lima"))
    assert desk.save().status_code == 422
    assert not desk.values()
    assert desk.save(without_wrong="yes").status_code == 302
    assert desk.values() == {"KIA01": (5, None, "")}


def test_page_names_the_cell_what_was_found_and_what_to_do(desk):
    desk.upload(desk.fill(I_KIA02="lima"))
    page = desk.client.get(desk.url("sheet-preview", public_id=desk.last().public_id))
    sheet = desk.book()[ENTRIES]
    text = page.content.decode()
    assert f"Isian I{desk.row(sheet, 'KIA02')}" in text
    assert "Isi angka bulat 0 atau lebih. Anda mengisi ‘lima’." in text


def test_somebody_elses_change_is_a_conflict_with_both_values(desk):
    content = desk.fill(I_KIA01=5, I_KIA02=6)
    desk.enter("KIA01", 8)
    desk.upload(content)
    shown = preview(desk)
    assert [row.code for row in shown.changes] == ["KIA02"]
    (conflict,) = shown.conflicts
    assert (conflict.before[0], conflict.after[0]) == (8, 5)
    assert conflict.by == "Orang kapus"
    desk.save()  # untouched: the stored value stays
    assert desk.values() == {"KIA01": (8, None, ""), "KIA02": (6, None, "")}


def test_conflict_is_saved_when_the_form_is_chosen(desk):
    content = desk.fill(I_KIA01=5)
    desk.enter("KIA01", 8)
    desk.upload(content)
    assert desk.save(**{"use-KIA01": "form"}).status_code == 302
    assert desk.values()["KIA01"][0] == 5


def test_newer_value_is_no_conflict_where_the_form_was_left_alone(desk):
    desk.enter("KIA01", 3)
    content = desk.fill(I_KIA02=1)
    desk.enter("KIA01", 4)
    desk.upload(content)
    shown = preview(desk)
    assert [row.code for row in shown.rows] == ["KIA02"]
    desk.save()
    assert desk.values()["KIA01"][0] == 4


def test_change_between_preview_and_save_saves_nothing(desk):
    desk.upload(desk.fill(I_KIA01=5, I_KIA02=6))
    seen = preview(desk).seen
    desk.enter("KIA02", 9)
    url = desk.url("sheet-preview", public_id=desk.last().public_id)
    response = desk.client.post(url, {"seen": seen})
    assert response.status_code == 409
    assert desk.values() == {"KIA02": (9, None, "")}
    assert [row.code for row in response.context["preview"].conflicts] == ["KIA02"]


def test_lost_version_is_a_conflict_never_an_overwrite(desk):
    desk.enter("KIA01", 3)
    for odd in (None, "baru", -1, 99):
        desk.upload(desk.fill(I_KIA01=5, M_KIA01=odd))
        assert [row.code for row in preview(desk).conflicts] == ["KIA01"], odd


def test_denominators_follow_the_rules_of_the_page(desk):
    desk.upload(desk.fill(I_GIZ06=5, J_GIZ06=3, I_KIA09=2, J_KIA09=4, J_KIA01=1))
    sheet = desk.book()[ENTRIES]
    assert set(desk.errors()) == {
        f"I{desk.row(sheet, 'GIZ06')}", f"J{desk.row(sheet, 'KIA01')}"
    }  # fmt: skip
    desk.save(without_wrong="yes")
    assert desk.values() == {"KIA09": (2, 4, "")}


def test_form_of_a_review_nobody_began_opens_it(desk, world, week):
    desk.review = WeeklyReview(facility=world.other_pustu, week=week, status="open")
    desk.client.force_login(world["puskesmas_head"], backend=BACKEND)
    desk.upload(desk.fill(I_KIA01=5))
    assert not WeeklyReview.objects.filter(facility=world.other_pustu).exists()
    desk.save()
    assert WeeklyReview.objects.filter(facility=world.other_pustu, week=week).exists()
    assert desk.values()["KIA01"][0] == 5


def test_sent_review_takes_no_form(desk, world):
    content = desk.fill(I_KIA01=5)
    desk.upload(content)
    url = desk.url("sheet-preview", public_id=desk.last().public_id)
    submit_review(review=desk.review, by=world["pustu_head"], expected_version=1, **REASONS)
    assert desk.client.get(desk.url("sheet-download")).status_code == 403
    assert desk.upload(content).status_code == 403
    assert desk.client.get(url).status_code == 403
    assert desk.client.post(url, {"seen": ""}).status_code == 403
    assert not desk.values()


def test_an_upload_belongs_to_the_person_and_the_review(desk, world):
    desk.upload(desk.fill(I_KIA01=5))
    other = Client()
    other.force_login(world["puskesmas_head"], backend=BACKEND)
    url = desk.url("sheet-preview", public_id=desk.last().public_id)
    assert other.get(url).status_code == 404
    assert other.post(url, {"seen": ""}).status_code == 404
    assert (
        desk.client.get(url.replace(str(desk.review.week), str(desk.review.week - 1))).status_code
        == 404
    )


def test_an_upload_expires_and_is_deleted_with_the_next(desk):
    desk.upload(desk.fill(I_KIA01=5))
    old = desk.last()
    SheetUpload.objects.update(expires_at=clock.now() - dt.timedelta(seconds=1))
    url = desk.url("sheet-preview", public_id=old.public_id)
    assert desk.client.get(url).status_code == 404
    desk.upload(desk.fill(I_KIA01=6))
    assert list(SheetUpload.objects.values_list("pk", flat=True)) == [desk.last().pk]


def test_review_page_leads_to_the_form(desk):
    text = desk.client.get(desk.url("review-detail")).content.decode()
    for name in ("sheet-download", "sheet-upload", "review-paper"):
        assert desk.url(name) in text


def test_every_row_can_be_filled_in_and_saved(desk):
    book = desk.book()
    sheet = book[ENTRIES]
    for row in range(6, sheet.max_row + 1):
        sheet[f"I{row}"] = 1
        if not sheet[f"J{row}"].protection.locked:
            sheet[f"J{row}"] = 2
    desk.upload(as_bytes(book))
    assert not desk.errors()
    assert desk.save().status_code == 302
    assert len(desk.values()) == sheet.max_row - 5


def test_what_the_system_computes_is_locked_and_refused(puskesmas_desk):
    desk = puskesmas_desk
    sheet = desk.book()[ENTRIES]
    cell = sheet[f"I{desk.row(sheet, 'MAN01')}"]
    assert cell.protection.locked
    assert desk.upload(desk.fill(I_MAN01=2, J_MAN01=2, I_MAN04=1)).status_code == 302
    page = desk.client.get(desk.url("sheet-preview", public_id=desk.last().public_id))
    assert "Angka ini dihitung sistem dari evaluasi mingguan" in page.text
    assert [row.code for row in page.context["preview"].changes] == ["MAN04"]
    assert desk.save().status_code == 422
    assert desk.save(without_wrong="yes").status_code == 302
    assert desk.values() == {"MAN04": (1, None, "")}
