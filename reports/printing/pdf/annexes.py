"""Annexes of a Puskesmas' report, each a file of its own: A all indicators, B every place,
C the lists for which the meeting's two pages had no room."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reports.printing.pdf import rows, words
from reports.printing.pdf.annex import annex_tables
from reports.printing.pdf.charts import region_charts
from reports.printing.pdf.fitting import Fit
from reports.printing.pdf.meeting import (
    BRIEF_NAMES,
    attendance,
    decision_entries,
    groups_of,
    missing_names,
    problem_groups,
)
from reports.printing.pdf.minutes import minutes_context
from reports.shapes import ReviewSheet

# Sections with indicators of their own, which section IV then leaves out.
SECTIONS = (
    ("VI", ("KR",)),
    ("VII", ("POS", "KAD", "GIZ01", "LAN02")),
    ("VIII", ("SUR",)),
)


def annex_a(sheet: ReviewSheet) -> dict[str, Any]:
    """Every indicator once: by cluster, then those of the sections VI to VIII."""
    elsewhere = tuple(code for _number, codes in SECTIONS for code in codes)
    titles = {
        "VI": _("Home visits"),
        "VII": _("Posyandu and kader"),
        "VIII": _("Early warning (SKDR)"),
    }
    blocks = [
        (block.name_id, [rows.line_row(line) for line in block.lines
                         if not line.indicator.code.startswith(elsewhere)])
        for block in sheet.clusters
    ]  # fmt: skip
    own = [
        (number, [rows.line_row(line) for line in sheet.lines
                  if line.indicator.code.startswith(codes)])
        for number, codes in SECTIONS
    ]  # fmt: skip
    return {
        "table": rows.REPORT,
        "clusters": [(name, found) for name, found in blocks if found],
        "sections": [(number, titles[number], [("", found)]) for number, found in own if found],
    }


def annex_b(sheet: ReviewSheet) -> dict[str, Any]:
    """Bars of the priority indicators, then every indicator of every place."""
    missing = {row.facility.id for row in sheet.filings if not row.is_reported}
    return {
        "charts": region_charts(sheet.charts, whole="Puskesmas", missing=missing),
        "annex": annex_tables(sheet),
        "filings": [
            rows.filing_row(row, sheet.timezone, sheet.zone_name) for row in sheet.filings
        ],
    }  # fmt: skip


def annex_c(sheet: ReviewSheet, fit: Fit) -> dict[str, Any]:
    """What the paper, set as ``fit`` says, left out."""
    carried, new = problem_groups(sheet)
    decisions = decision_entries(sheet)
    shown = fit.problems(len(carried) + len(new))
    missing = missing_names(sheet.filings)
    return {
        "groups": groups_of(
            carried[shown:],
            new[max(0, shown - len(carried)) :],
            decisions[fit.decisions(len(decisions)) :],
        ),
        "corrections": minutes_context(sheet)["corrections"],
        "missing": missing[BRIEF_NAMES:] if fit.is_brief else [],
        "conclusion": sheet.conclusion if fit.is_brief else "",
        "is_brief": fit.is_brief,
        "nothing": words.NOTHING,
        **attendance(sheet),
    }


def annex_context(sheet: ReviewSheet, letter: str, fit: Fit) -> dict[str, Any]:
    if letter == "A":
        return annex_a(sheet)
    return annex_b(sheet) if letter == "B" else annex_c(sheet, fit)
