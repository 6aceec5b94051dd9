"""PDFs of three weeks, page by page: the printed figures are the sheet's and the page's, heads
are repeated, nothing stands alone."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO

import pytest
from django.test import Client
from django.utils import formats, translation
from pypdf import PdfReader

from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.models import Facility
from reports.figures.queries.facility_lines import LEVELS
from reports.figures.status_words import signal_words
from reports.figures.wording import shortfall
from reports.models import WeeklyReview
from reports.places.queries.district_sheet import district_sheet
from reports.printing import pdf
from reports.review.queries.sheet import review_sheet
from reports.shapes import DistrictSheet, Line, ReviewSheet
from tests.factories.world import World, build_world, last_week
from tests.html import tidy

pytestmark = pytest.mark.django_db
BACK = (0, 1, 9)  # the last week, the one before, and one two months ago
KINDS = {"puskesmas": "puskesmas_weekly", "pustu": "pustu_weekly", "dinkes": "district_weekly"}
HEADS = ("Sasaran", "Kumulatif", "Selisih")


@pytest.fixture
def world() -> World:
    """Counts of twelve weeks, a quarter of them missing, at every facility that reports."""
    world, week, dice = build_world(), last_week(), random.Random(46)
    rows = []
    for facility in (world.puskesmas, world.pustu, world.other_pustu, world.direct_posyandu):
        for indicator in Indicator.objects.in_week(week):
            if indicator.level not in LEVELS[facility.kind]:
                continue
            for back in range(12):
                if dice.random() < 0.25:
                    continue
                at, count = week - back, dice.randrange(0, 6)
                below = count + dice.randrange(0, 4) if indicator.needs_denominator else None
                rows.append(
                    Achievement(
                        facility=facility, indicator_code=indicator.code, week=at, year=at.year,
                        numerator=count, denominator=below, source="import",
                    )
                )  # fmt: skip
    Achievement.objects.bulk_create(rows)
    return world


def _sheet(facility: Facility, week: Week) -> ReviewSheet | DistrictSheet:
    if facility.kind == "dinkes":
        return district_sheet(facility, week)
    return review_sheet(WeeklyReview(facility=facility, week=week, status="open"))


def _pages(sheet: ReviewSheet | DistrictSheet, kind: str, named: str | None = None) -> list[str]:
    made = pdf.render(
        sheet,
        kind=named or KINDS[kind],
        revision=1,
        is_draft=True,
        snapshot_sha256="a" * 64,
        verify_url="",
    )
    return [
        " ".join(page.extract_text().split()) for page in PdfReader(BytesIO(made.content)).pages
    ]


def _said(value: int | Decimal | None, *, signed: bool = False) -> str:
    """As a reader expects the figure on paper; «-» for none."""
    if value is None:
        return "-"
    places = 1 if isinstance(value, Decimal) else 0
    amount = -value if signed and value < 0 else value
    text = formats.number_format(amount, places, force_grouping=True)
    return ("+" if value > 0 else "−" if value < 0 else "") + text if signed else text


def _to_date(line: Line) -> str:
    """«≥ 99»: a sum in which reports are missing is a lower bound."""
    judged = line.figures.judged
    is_sum = line.indicator.calc_type == "cumulative" and line.figures.cumulative is not None
    is_bound = is_sum and judged is not None and judged.is_lower_bound
    return ("≥ " if is_bound else "") + _said(line.figures.cumulative)


def _row(line: Line) -> re.Pattern[str]:
    """The line's row: its figures in the order of the columns, with what may stand between."""
    figures = line.figures
    week = _said(figures.week_count)
    if line.is_due and not line.is_filled:
        week = "belum lapor"
    elif figures.week_count is not None and figures.week_denominator is not None:
        week = f"{week}/{_said(figures.week_denominator)}"
    before = [_said(figures.population), _said(figures.target_to_date), week]
    after = [
        _to_date(line), _said(figures.coverage), _said(figures.gap, signed=True),
        _said(figures.percent_of_target), _said(figures.need_per_month),
    ]  # fmt: skip
    units = r"(?: \d+/\d+ (?:Pustu|Puskesmas))?"
    code = rf"\b{line.indicator.code} (?:(?!\b[A-Z]{{2,3}}\d\d\b).){{0,200}}? "
    return re.compile(
        code + re.escape(" ".join(before)) + units + " " + re.escape(" ".join(after)) + r"(?= )"
    )


def _lines(sheet: ReviewSheet | DistrictSheet) -> Iterator[Line]:
    yield from sheet.lines


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("back", BACK)
def test_paper(world: World, kind: str, back: int) -> None:
    facility = getattr(world, kind)
    sheet = _sheet(facility, last_week() - back)
    pages = _pages(sheet, kind)
    text = " ".join(pages)
    if kind == "puskesmas":  # every indicator stands in annex A
        text = " ".join(_pages(sheet, kind, "puskesmas_annex_a"))
    wrong = [line.indicator.code for line in _lines(sheet) if not _row(line).search(text)]
    assert wrong == []
    assert len(list(_lines(sheet))) > 30

    # Letterhead: government, office, unit, in this order, on the first page and no other.
    head = sheet.letterhead
    above = [name.upper() for name in (head.government, head.office, head.unit) if name]
    assert " ".join(above) in pages[0]
    assert not any(" ".join(above) in page for page in pages[1:])

    # A page with rows of the table has its head too, and never a single row.
    row = re.compile(r"\b[A-Z]{2,3}\d\d [A-Z0-9].{3,200}?(?:naik|turun|tetap|hijau|kuning|merah) ")
    for number, page in enumerate(pages, 1):
        if len(row.findall(page)) and "Sasaran" in page:
            assert all(word in page for word in HEADS), f"page {number}"

    # The signature is never alone: text of the report stands before it on its page.
    (signed,) = [page for page in pages if "NIP" in page]
    before = signed.partition("NIP")[0]
    assert re.search(r"[IVX]+\. |Masalah dan rencana|\b[A-Z]{2,3}\d\d ", before)


@pytest.mark.parametrize("kind", ["puskesmas", "pustu"])
@pytest.mark.parametrize("back", BACK)
def test_screen(world: World, kind: str, back: int) -> None:
    """The page says what the paper says."""
    facility, week = getattr(world, kind), last_week() - back
    client = Client()
    client.force_login(world["dinkes"], backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get(f"/reviews/{week}/{facility.code}/?later=1")
    page = tidy(answer.content.decode())
    checked = 0
    for line in _lines(_sheet(facility, week)):
        code, figures = line.indicator.code, line.figures
        cumulative = re.search(rf'id="cum-{code}">([^<]*)<', page)
        target = re.search(rf'id="of-{code}">([^<]*)<', page)
        gap = re.search(rf'id="gap-{code}">(.*?)</td>', page, re.DOTALL)
        assert cumulative is not None, code
        assert gap is not None, code
        assert target is not None, code
        assert cumulative[1].replace("–", "-") == _to_date(line), code
        if figures.target_to_date is not None:
            assert target[1].split()[:2] == ["dari", _said(figures.target_to_date)], code
        told = re.sub(r"<[^>]+>", "", gap[1]).strip()
        with translation.override("id"):
            assert told == (signal_words(line) or shortfall(line)), code
        checked += 1
    assert checked > 30
