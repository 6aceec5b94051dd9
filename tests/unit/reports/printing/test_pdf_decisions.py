"""Sections IX to XI: decisions on red rows, the reason for those without, escalations; each text
once, on the paper or in annex C."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any

import pytest

from reports import shapes
from reports.printing.pdf.frame import Printing
from reports.printing.pdf.html import report_html
from reports.shapes.stored import decode_review, encode
from tests.factories import sheets

PRINTING = Printing("puskesmas_weekly", 1, False, "a" * 64, "https://example.org/verify")
NOON = dt.datetime(2026, 6, 15, 5, 0, tzinfo=dt.UTC)


def decision(number: int, code: str, kind: str, **given: Any) -> shapes.RowDecisionRow:
    fields: dict[str, Any] = {
        "indicator_name": f"Indikator {code}", "indicator_name_en": code, "reason": "",
        "problem_id": None, "problem_title": "", "action": "", "owner": "", "due_on": None,
        "by": "Orang uji", "at": NOON, "week": "2026-W24", "version": 1, **given,
    }  # fmt: skip
    return shapes.RowDecisionRow(number=number, indicator_code=code, kind=kind, **fields)


def escalation(number: int, **given: Any) -> shapes.EscalationRow:
    place = sheets.pustu_refs(1)[0]
    fields: dict[str, Any] = {
        "comment": "Mohon vaksin", "raised_by": "", "answer": "", "answered_by": "",
        "answered_at": None, "is_overdue": False, "reason": "overdue_twice", **given,
    }  # fmt: skip
    return shapes.EscalationRow(
        id=number, problem_id=900 + number, problem_title=f"Masalah uji {number}", facility=place,
        village="", to_facility=sheets.PUSKESMAS, raised_at=NOON, answer_due_at=NOON, **fields,
    )  # fmt: skip


@pytest.fixture(scope="module")
def html() -> str:
    base = sheets.review_sheet()
    codes = [line.indicator.code for line in base.lines[:4]]
    sheet = replace(
        base,
        row_decisions=(
            decision(1, codes[0], "monitor", reason="Selisih kecil"),
            decision(2, codes[1], "follow_up", action="Kunjungan rumah", owner="Bidan desa",
                     due_on=dt.date(2026, 6, 29)),
            decision(3, codes[2], "problem", problem_title="Masalah lama", action="Sudah jalan"),
            decision(4, codes[3], "", by="", at=None, week="", version=0),
        ),
        undecided_reason="Rapat dibatasi waktu",
        escalations=(
            escalation(1),
            escalation(2, answer="Dikirim besok", answered_by="Kepala uji", answered_at=NOON),
            escalation(3, is_overdue=True),
        ),
    )  # fmt: skip
    # As a frozen sheet comes back.
    return " ".join(report_html(decode_review(encode(sheet)), PRINTING).split())


@pytest.mark.parametrize("text", [
    "X–XI. Keputusan dan eskalasi", "Dipantau: Selisih kecil", "Kunjungan rumah", "Bidan desa",
    "29 Juni 2026", "Masalah terbuka: Sudah jalan", "belum diputuskan",
    "Masalah uji 1", "Terlambat dua kali; Mohon vaksin", "belum dijawab",
    "Dikirim besok (Kepala uji, 15 Juni 2026 12.00 WIB)", "belum dijawab, terlambat",
])  # fmt: skip
def test_decisions_and_escalations_are_printed_with_their_answers(html: str, text: str) -> None:
    assert text in html[html.index("IX–XI.</span>") : html.index("XII.</span>")]


def test_reason_for_rows_without_a_decision_stands_in_the_summary(html: str) -> None:
    summary = html[html.index("II.</span>") : html.index("IV.</span>")]
    assert "Baris tanpa keputusan, karena:</strong> Rapat dibatasi waktu" in summary


def test_decision_that_became_a_problem_is_printed_once() -> None:
    base = sheets.review_sheet(problems=1)
    problem = base.new_problems[0]
    row = decision(1, base.lines[0].indicator.code, "follow_up", problem_id=problem.id,
                   problem_title=problem.title, action=problem.follow_ups[0].action)  # fmt: skip
    asked = escalation(1)
    asked = replace(asked, problem_id=problem.id, comment="Mohon vaksin tambahan")
    page = report_html(replace(base, row_decisions=(row,), escalations=(asked,)), PRINTING)

    for text in (problem.title, problem.cause, problem.follow_ups[0].action,
                 "Mohon vaksin tambahan"):  # fmt: skip
        assert page.count(text) == 1, text
    assert "Keputusan dan eskalasi" not in page


def test_sheet_signed_before_decisions_were_kept_still_reads() -> None:
    old = json.loads(encode(sheets.review_sheet()))
    for name in ("row_decisions", "undecided_reason", "escalations"):
        del old[name]
    sheet = decode_review(json.dumps(old))
    assert (sheet.row_decisions, sheet.undecided_reason, sheet.escalations) == ((), "", ())
    assert "Keputusan dan eskalasi" not in report_html(sheet, PRINTING)
