"""Lampiran 2: every indicator (rows) in every place below (columns), on landscape pages."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from reports.printing.pdf import words
from reports.shapes import AnnexRow, Line, ReviewSheet

COLUMNS = 10  # most places beside indicator, target and total
# Millimetres: what the landscape page has for total and places, a digit at 7.5 pt, and a cell's
# padding with room between two figures.
ROOM, DIGIT, AROUND = 190, 1.36, 3.4


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

    @property
    def width(self) -> int:
        """Columns: indicator and target, then the places."""
        return 2 + len(self.heads)


def annex_tables(sheet: ReviewSheet) -> list[AnnexTable]:
    """First the Pustu, then what else stands below; as few tables as the paper allows, about
    equally wide, each with the Puskesmas total first.

    The first table has every indicator; a table of Posyandu only those a Posyandu reports.
    """
    pustu = tuple(row for row in sheet.annex if row.facility.kind == "pustu")
    others = tuple(row for row in sheet.annex if row.facility.kind != "pustu")
    most = places_beside(sheet)
    tables = [_table(sheet, places, is_whole=True) for places in _sheets_of(pustu, most)]
    return tables + [
        _table(sheet, places, is_whole=not pustu) for places in _sheets_of(others, most)
    ]


def places_beside(sheet: ReviewSheet) -> int:
    """How many places fit side by side, each figure in one line of its own column."""
    lines = [*sheet.lines, *(line for place in sheet.annex for line in place.lines)]
    cells = [annex_cell(line) for line in lines]
    longest = max((max(len(cell.people), len(cell.coverage) + 3) for cell in cells), default=0)
    return max(1, min(COLUMNS, int(ROOM / (longest * DIGIT + AROUND)) - 1))


def _sheets_of(places: tuple[AnnexRow, ...], most: int) -> list[tuple[AnnexRow, ...]]:
    count = len(places)
    tables = -(-count // most)
    edges = [count * place // tables for place in range(tables + 1)] if tables else []
    return [places[start:end] for start, end in pairwise(edges)]


def _table(sheet: ReviewSheet, places: tuple[AnnexRow, ...], *, is_whole: bool) -> AnnexTable:
    by_place = [{line.indicator.code: line for line in place.lines} for place in places]
    carried = {code for lines in by_place for code in lines}
    blocks = []
    for block in sheet.clusters:
        totals = [line for line in block.lines if is_whole or line.indicator.code in carried]
        if totals:
            rows = (_row(total, [own.get(total.indicator.code) for own in by_place])
                    for total in totals)  # fmt: skip
            blocks.append((block.name_id, tuple(rows)))
    heads = [(_("Puskesmas total"), True)]
    heads += [(place.facility.short_name, place.is_reported) for place in places]
    return AnnexTable(tuple(heads), tuple(blocks))


def _row(total: Line, own: list[Line | None]) -> AnnexLine:
    figures, indicator = total.figures, total.indicator
    is_count = indicator.calc_type == "count"
    return AnnexLine(
        code=indicator.code,
        name=indicator.name_id,
        target=words.number(figures.target_to_date if is_count else figures.target_percent),
        cells=tuple(annex_cell(line) for line in (total, *own)),
    )


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
