"""Lampiran 2: every indicator (rows) in every place below (columns), on landscape pages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from reports.pdf import words
from reports.queries.shapes import AnnexRow, Line, ReviewSheet

COLUMNS = 10  # places that fit beside indicator, target and total


@dataclass(frozen=True, slots=True)
class AnnexCell:
    people: str  # «123/300»: cumulative of the target population
    coverage: str  # «41,0»
    glyph: str
    status_class: str
    is_missing: bool  # belum lapor this week; the cumulative of earlier weeks stays


@dataclass(frozen=True, slots=True)
class AnnexLine:
    code: str
    name: str
    target: str
    cells: tuple[AnnexCell, ...]


@dataclass(frozen=True, slots=True)
class AnnexTable:
    heads: tuple[tuple[str, bool], ...]  # (short name, has reported)
    blocks: tuple[tuple[str, tuple[AnnexLine, ...]], ...]


def annex_tables(sheet: ReviewSheet) -> list[AnnexTable]:
    """As few tables as the paper allows, about equally wide; the total stands first in each."""
    count = len(sheet.annex)
    tables = -(-count // COLUMNS)
    edges = [count * place // tables for place in range(tables + 1)] if tables else []
    return [_table(sheet, sheet.annex[start:end]) for start, end in pairwise(edges)]


def _table(sheet: ReviewSheet, places: tuple[AnnexRow, ...]) -> AnnexTable:
    by_place = [{line.indicator.code: line for line in place.lines} for place in places]
    blocks = tuple(
        (
            block.name_id,
            tuple(
                AnnexLine(
                    code=total.indicator.code,
                    name=total.indicator.name_id,
                    target=words.number(total.figures.target_percent)
                    if total.indicator.calc_type != "count"
                    else words.number(total.figures.target_to_date),
                    cells=tuple(
                        annex_cell(line)
                        for line in (
                            total,
                            *(lines.get(total.indicator.code) for lines in by_place),
                        )
                    ),
                )
                for total in block.lines
            ),
        )
        for block in sheet.clusters
    )
    heads = [(_("Puskesmas total"), True)]
    heads += [(place.facility.short_name, place.is_reported) for place in places]
    return AnnexTable(tuple(heads), blocks)


def annex_cell(line: Line | None) -> AnnexCell:
    """A place that does not carry the indicator has an empty cell marked «-»."""
    if line is None:
        return AnnexCell(words.NOTHING, "", "", "none", is_missing=False)
    figures = line.figures
    status_class, glyph, _word = words.status(line)
    people = words.number(figures.cumulative)
    if figures.cumulative is not None and figures.population is not None:
        people = f"{people}/{words.number(figures.population)}"
    coverage = "" if figures.coverage is None else words.percent(figures.coverage)
    return AnnexCell(people, coverage, glyph, status_class, words.is_missing(line))
