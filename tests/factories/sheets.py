"""Whole sheets for page and PDF tests, built without a database.

Figures come from the real computation over seeded counts; every sheet is demo data and says so.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from clusters.judgement import profiles, totals
from clusters.judgement.due import due
from clusters.judgement.judge import Evidence, judge
from clusters.judgement.parts import Amount, Block, Member
from clusters.judgement.signal import signal as make_signal
from clusters.judgement.verdict import Definition
from clusters.targets import Figures, Weekly, rank
from clusters.targets import figures as make_figures
from clusters.weeks import Week
from clusters.windows import is_due
from reports import shapes

CATALOGUE = Path(__file__).parents[2] / "clusters" / "data"
WEEK = Week(2026, 24)
PUSTU_NAMES = ["Lalang Jaya", "Padang", "Kelubi", "Lalang", "Buku Limau", "Mekar Jaya",
               "Bentaian Jaya", "Kurnia Jaya", "Baru"]  # fmt: skip
NOON = dt.datetime(2026, 6, 16, 3, 30, tzinfo=dt.UTC)
DISTRICT = shapes.FacilityRef(1, "19.06", "Dinas Kesehatan Belitung Timur", "Kabupaten", "dinkes")
PUSKESMAS = shapes.FacilityRef(2, "1012406", "Puskesmas Manggar", "Manggar", "puskesmas")


@lru_cache
def indicators() -> tuple[tuple[str, shapes.IndicatorRef], ...]:
    """(cluster code, indicator) for every indicator that reports carry."""
    with (CATALOGUE / "indicators.csv").open(encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["is_collected"]]
        return tuple((row["cluster"], _indicator(row)) for row in rows)


def _indicator(row: dict[str, str]) -> shapes.IndicatorRef:
    return shapes.IndicatorRef(
        code=row["code"], name_id=row["name_id"], name_en=row["name_en"], unit=row["unit"],
        calc_type=row["calc_type"], direction=row["direction"], frequency=row["frequency"],
        level=row["level"], annual_target=Decimal(row["annual_target"]),
        people_noun_id=row["noun_id"], people_noun_en=row["noun_en"], profile=row["profile"],
        needs_denominator=row["calc_type"] not in ("count", "planned")
        and not row["denominator_groups"],
        is_spm=bool(row["spm_no"]), is_alert=bool(row["is_alert"]), starts_in_week=None,
    )  # fmt: skip


@lru_cache
def priorities() -> frozenset[str]:
    """Codes of the indicators a meeting begins with."""
    with (CATALOGUE / "indicators.csv").open(encoding="utf-8") as stream:
        return frozenset(row["code"] for row in csv.DictReader(stream) if row["priority"] == "1")


def week_ref(week: Week = WEEK) -> shapes.WeekRef:
    return shapes.WeekRef(str(week), week.year, week.number, week.of_year, week.start, week.end)


def letterhead(unit: str = "UPTD Puskesmas Manggar", **changes: Any) -> shapes.Letterhead:
    head = shapes.Letterhead(
        government="Pemerintah Kabupaten Belitung Timur", office="Dinas Kesehatan", unit=unit,
        address="Jalan Contoh Nomor 1, Manggar", phone="(0719) 000000",
        email="puskesmas@example.org", postal_code="33512", logo_sha256="", seat="Manggar",
        legal_basis="Keputusan Menteri Kesehatan Nomor HK.01.07/MENKES/2015/2023 tentang "
        "Petunjuk Teknis Integrasi Pelayanan Kesehatan Primer",
    )  # fmt: skip
    return replace(head, **changes)


def line(
    indicator: shapes.IndicatorRef,
    dice: random.Random,
    *,
    size: int = 300,
    week: Week = WEEK,
    expected: int = 1,
    is_missing: bool = False,
) -> shapes.Line:
    """One line with believable counts; ``is_missing``: belum lapor."""
    is_yearly = indicator.needs_denominator and indicator.calc_type == "cumulative"
    has_population = is_yearly or not indicator.needs_denominator
    population = dice.randrange(max(1, size // 4), size) if has_population else None
    profile = indicator.profile or profiles.profile_of(indicator.calc_type, indicator.frequency)
    definition = Definition(
        indicator.calc_type, indicator.direction, profile,
        profiles.SHIPPED.get(profile, profiles.LINEAR), ((1, indicator.annual_target),),
        "yearly" if is_yearly else "report" if indicator.needs_denominator else "population",
        indicator.frequency,
    )  # fmt: skip
    on = week.end + dt.timedelta(days=3)
    weekly, block = _counts(indicator, dice, population or size, is_missing=is_missing)
    at = due(profile, on)
    length = len(totals.periods_of(at.period)) if at.period.kind != "weeks" else 1
    block = replace(block, reported=(Fraction(not is_missing),) * length)
    held = None if is_missing else dice.randrange(6)
    verdict = judge(
        definition, on, at,
        Evidence(
            None if indicator.calc_type == "count" else population, [block], held=held,
            is_known=False if is_missing else None,
        ),
    )  # fmt: skip
    is_weekly_sum = indicator.calc_type == "cumulative" and indicator.frequency == "weekly"
    signal = None
    if is_weekly_sum and population and weekly.running is not None:
        signal = make_signal(
            week=week, shares=definition.shares, annual_target=definition.target_in(12),
            people=int(population * indicator.annual_target / 100), done=weekly.running, units=(),
        )  # fmt: skip
    figures = make_figures(
        definition, verdict, weekly, signal, is_weekly_sum=is_weekly_sum,
        is_asked=is_due(week, indicator.frequency, profile),
    )  # fmt: skip
    done = figures.week_count
    spark = (*(None if is_missing else dice.randrange(0, 9) for _ in range(7)), done)
    people = figures.population
    yearly = None if people is None else int(people * indicator.annual_target / 100)
    return shapes.Line(
        indicator=indicator, figures=figures, is_due="not_due" not in figures.checks,
        is_filled=not is_missing,
        reported=0 if is_missing else max(1, expected - 1), expected=expected, spark=spark,
        weekly_target=None if yearly is None else Decimal(yearly) / week.of_year,
        annual_target_people=yearly, own_count=done,
        is_priority=indicator.code in priorities(),
    )  # fmt: skip


def _counts(
    indicator: shapes.IndicatorRef, dice: random.Random, size: int, *, is_missing: bool
) -> tuple[Weekly, Block]:
    """What was counted in the week, and in the closed period."""
    member = (Member("P01", None if indicator.needs_denominator else size),)
    if is_missing:
        return Weekly(), Block(member, ())
    if indicator.calc_type == "count":
        return Weekly(0, None, dice.randrange(2)), Block(member, (), Amount(dice.randrange(2)))
    share = 0.4 if indicator.calc_type == "cumulative" else float(indicator.annual_target) / 100
    running = int(size * share * dice.uniform(0.6, 1.15))
    denominator = size if indicator.needs_denominator else None
    last, before = dice.randrange(0, 20), dice.randrange(0, 20)
    amounts = (Amount(running, denominator),) * 3
    if indicator.calc_type == "cumulative":
        amounts = (amounts[0], Amount(last), Amount(before))
    week = dice.randrange(0, 12)
    weekly = Weekly(week, None if denominator is None else 12, running, denominator)
    return weekly, Block(member, (), *amounts, reported_before=Fraction(1))


def tally(lines: tuple[shapes.Line, ...]) -> shapes.Tally:
    """Counts over lines, the naive way."""
    figures = [item.figures for item in lines]
    colours = Counter(item.colour for item in figures)
    statuses = Counter(item.status for item in figures)
    return shapes.Tally(
        indicators=len(lines), due=sum(item.is_due for item in lines),
        filled=sum(item.is_due and item.is_filled for item in lines),
        green=colours["green"], yellow=colours["yellow"], red=colours["red"],
        grey=colours["grey"], baik=statuses["baik"], kurang=statuses["kurang"],
        cukup=statuses["cukup"], jelek=statuses["jelek"], unjudged=statuses[None],
        on_target=sum(item.is_on_target is True for item in figures),
        below_target=sum(item.is_on_target is False for item in figures),
    )  # fmt: skip


def pustu_refs(count: int) -> list[shapes.FacilityRef]:
    return [
        shapes.FacilityRef(100 + i, f"1012406-P{i + 1:02d}", f"Pustu {name}", name, "pustu")
        for i, name in enumerate((PUSTU_NAMES * 3)[:count])
    ]


def _blocks(lines: tuple[shapes.Line, ...]) -> tuple[shapes.ClusterBlock, ...]:
    cluster_of = {indicator.code: cluster for cluster, indicator in indicators()}
    with (CATALOGUE / "clusters.csv").open(encoding="utf-8") as stream:
        rows = csv.DictReader(stream)
        names = dict.fromkeys(
            (row["cluster"], row["cluster_name_id"], row["cluster_name_en"]) for row in rows
        )
    blocks = (
        shapes.ClusterBlock(
            code, name_id, name_en,
            tuple(item for item in lines if cluster_of[item.indicator.code] == code),
        )
        for code, name_id, name_en in names
    )  # fmt: skip
    return tuple(block for block in blocks if block.lines)


def cell(facility: shapes.FacilityRef, figures: Figures) -> shapes.RegionCell:
    return shapes.RegionCell(
        facility, figures.coverage, figures.cumulative, figures.population,
        figures.recent_percent, figures.previous_percent, figures.trend, figures.status,
        figures.colour, figures.gap, None,
    )  # fmt: skip


def chart(
    whole: shapes.Line, facility: shapes.FacilityRef, parts: list[shapes.AnnexRow]
) -> shapes.RegionChart:
    code = whole.indicator.code
    cells = [
        cell(row.facility, item.figures)
        for row in parts
        for item in row.lines
        if item.indicator.code == code
    ]
    ranks = rank([item.coverage for item in cells])
    ranked = [replace(item, rank=place) for item, place in zip(cells, ranks, strict=True)]
    ranked.sort(key=lambda item: -(item.coverage if item.coverage is not None else Decimal(-1)))
    return shapes.RegionChart(
        whole.indicator, whole.figures.target_percent, tuple(ranked), cell(facility, whole.figures)
    )


def problem(number: int, *, is_new: bool, facility: shapes.FacilityRef) -> shapes.ProblemRow:
    """A problem; every third one is overdue, every fourth escalated."""
    is_escalated, is_overdue = number % 4 == 3, number % 3 == 2
    follow_up = shapes.FollowUpRow(
        action="Minta tambahan vaksin ke gudang farmasi dan jadwalkan ulang imunisasi",
        owner="PJ imunisasi", due_on=dt.date(2026, 6, 19) + dt.timedelta(days=number),
        done_on=None, escalated_to="Dinas Kesehatan" if is_escalated else "", evidence="",
        is_overdue=is_overdue, days_overdue=5 if is_overdue else 0,
    )  # fmt: skip
    return shapes.ProblemRow(
        id=number, title=f"Vaksin PCV kosong sejak dua minggu ({number})", facility=facility,
        village="Desa Lalang", cluster_code="K2", indicator_code="IMM01",
        indicator_name="Imunisasi dasar lengkap (IDL)", people_count=12 + number,
        category="supplies", cause="Permintaan bulan lalu terlambat dikirim",
        priority=("emergency", "high", "medium", "low")[number % 4],
        status="escalated" if is_escalated else "in_progress", week="2026-W23",
        age_weeks=0 if is_new else 2, is_new=is_new, is_closed=False, follow_ups=(follow_up,),
    )  # fmt: skip


def review_sheet(
    *, pustu: int = 8, problems: int = 4, seed: int = 1, is_signed: bool = True
) -> shapes.ReviewSheet:
    """A Puskesmas with all indicators; its last Pustu has not reported."""
    dice = random.Random(seed)
    refs = pustu_refs(pustu)
    lines = tuple(line(indicator, dice, size=1500, expected=pustu) for _, indicator in indicators())
    rows = [
        shapes.AnnexRow(
            ref,
            index < pustu - 1,
            tuple(
                line(indicator, dice, size=200, is_missing=index == pustu - 1)
                for _, indicator in indicators()
            ),
        )
        for index, ref in enumerate(refs)
    ]
    filings = tuple(
        shapes.FilingState(
            row.facility, "approved" if row.is_reported else "missing",
            NOON - dt.timedelta(days=1) if row.is_reported else None,
            0 if row.is_reported else 1, row.is_reported,
        )
        for row in rows
    )  # fmt: skip
    by_code = {item.indicator.code: item for item in lines}
    charts = tuple(
        chart(by_code[code], PUSKESMAS, rows)
        for code in ("IMM01", "KIA03", "SPM04", "SPM06", "SPM08", "TBC01")
    )
    half = problems // 2
    places = refs or [PUSKESMAS]
    made = [problem(i, is_new=i >= half, facility=places[i % len(places)]) for i in range(problems)]
    return shapes.ReviewSheet(
        facility=PUSKESMAS, parent=DISTRICT, district=DISTRICT,
        district_name="Kabupaten Belitung Timur", timezone="Asia/Jakarta", zone_name="WIB",
        is_demo=True, week=week_ref(), status="submitted" if is_signed else "open", revision=1,
        document_number="440/024/1012406/VI/2026" if is_signed else "",
        deadline_at=dt.datetime(2026, 6, 16, 9, 0, tzinfo=dt.UTC),
        submitted_at=NOON if is_signed else None, days_late=0, letterhead=letterhead(),
        tally=tally(lines), clusters=_blocks(lines), filings=filings, charts=charts,
        annex=tuple(rows),
        carried_problems=tuple(made[:half]), new_problems=tuple(made[half:]),
        attendance=tuple(
            shapes.AttendanceRow("", f"Kepala {ref.name}", ref.name, index % 4 != 3)
            for index, ref in enumerate(refs)
        ),
        meeting_on=dt.date(2026, 6, 16), meeting_place="Aula Puskesmas Manggar",
        chair_name="Kepala Puskesmas (contoh)",
        conclusion="Imunisasi dikejar lewat kunjungan rumah; vaksin diminta ke gudang farmasi.",
        signature=signature(is_signed=is_signed),
    )  # fmt: skip


def signature(
    title: str = "Kepala UPTD Puskesmas Manggar", *, is_signed: bool = True
) -> shapes.Signature:
    return shapes.Signature(
        head_name="Nama Kepala (contoh)", head_title=title, head_rank="Pembina / IV.a",
        head_nip="000000000000000000", minutes_by="Nama Notulis (contoh)",
        signed_by="Nama Kepala (contoh)" if is_signed else "",
        signed_role="puskesmas_head" if is_signed else "", signed_at=NOON if is_signed else None,
    )  # fmt: skip


def pustu_sheet(*, problems: int = 2, seed: int = 2, is_signed: bool = True) -> shapes.ReviewSheet:
    """A Pustu: the indicators it reports, nothing below it."""
    sheet = review_sheet(pustu=0, problems=problems, seed=seed, is_signed=is_signed)
    facility = pustu_refs(1)[0]
    reported = {"pustu", "posyandu"}
    blocks = tuple(
        replace(
            block,
            lines=tuple(
                replace(item, expected=1, reported=1)
                for item in block.lines
                if item.indicator.level in reported
            ),
        )
        for block in sheet.clusters
    )
    lines = tuple(item for block in blocks for item in block.lines)
    return replace(
        sheet, facility=facility, parent=PUSKESMAS, charts=(), filings=(), annex=(),
        attendance=(), clusters=tuple(block for block in blocks if block.lines),
        tally=tally(lines), signature=signature(f"Kepala {facility.name}", is_signed=is_signed),
    )  # fmt: skip


def district_sheet(*, puskesmas: int = 7, seed: int = 3) -> shapes.DistrictSheet:
    """A district; its last Puskesmas has not filed."""
    dice = random.Random(seed)
    names = ["Manggar", "Gantung", "Dendang", "Simpang Pesak", "Renggiang", "Mengkubang",
             "Kelapa Kampit"]  # fmt: skip
    refs = [
        shapes.FacilityRef(10 + i, f"10124{i:02d}", f"Puskesmas {name}", name, "puskesmas")
        for i, name in enumerate((names * 5)[:puskesmas])
    ]
    lines = tuple(line(indicator, dice, size=9000, expected=37) for _, indicator in indicators())
    parts = [
        shapes.AnnexRow(ref, ref is not refs[-1], tuple(
            line(indicator, dice, size=1500) for _, indicator in indicators()
        ))
        for ref in refs
    ]  # fmt: skip
    rows = tuple(_puskesmas_row(part, dice) for part in parts)
    gaps = sorted(
        (
            shapes.GapRow(part.facility, item, dice.randrange(1, 9))
            for part in parts
            for item in part.lines
            if item.figures.is_on_target is False and item.figures.gap is not None
        ),
        key=lambda row: row.line.figures.gap or 0,
    )
    overdue = tuple(problem(n, is_new=False, facility=refs[n % puskesmas]) for n in (2, 5, 8))
    escalations = tuple(problem(n, is_new=True, facility=refs[n % puskesmas]) for n in (3, 7))
    whole = next(item for item in lines if item.indicator.code == "IMM01")
    counts = tally(lines)
    return shapes.DistrictSheet(
        district=DISTRICT, district_name="Kabupaten Belitung Timur", timezone="Asia/Jakarta",
        zone_name="WIB", is_demo=True, week=week_ref(), document_number="440/024/VI/2026",
        letterhead=letterhead(""), puskesmas=rows, lines=lines, tally=counts,
        tally_last_week=counts, filed=puskesmas - 1, expected=puskesmas,
        filed_last_week=puskesmas, gaps=tuple(gaps[:10]), open_problems=14, overdue_problems=3,
        closed_this_week=4, overdue=overdue, escalations=escalations,
        chart=chart(whole, DISTRICT, parts),
        rollout=(shapes.RolloutBar("puskesmas", 4, 5, 7), shapes.RolloutBar("pustu", 15, 20, 37),
                 shapes.RolloutBar("posyandu", 48, 80, 133)),
        signature=signature("Kepala Dinas Kesehatan", is_signed=False),
    )  # fmt: skip


def _puskesmas_row(part: shapes.AnnexRow, dice: random.Random) -> shapes.PuskesmasRow:
    counts = tally(part.lines)
    filing = shapes.FilingState(
        part.facility, "submitted" if part.is_reported else "missing",
        NOON if part.is_reported else None, 0 if part.is_reported else 2, part.is_reported,
    )  # fmt: skip
    return shapes.PuskesmasRow(
        facility=part.facility, pustu=5, posyandu=19, filing=filing, tally=counts,
        figures_week=str(WEEK if part.is_reported else WEEK - 1),
        on_target_series=tuple(dice.randrange(20, 40) for _ in range(8)),
        open_problems=dice.randrange(6), overdue_problems=dice.randrange(3), escalations=1,
        rollout=(shapes.RolloutBar("puskesmas", 1, 1, 1), shapes.RolloutBar("pustu", 3, 4, 5),
                 shapes.RolloutBar("posyandu", 11, 15, 19)),
    )  # fmt: skip
