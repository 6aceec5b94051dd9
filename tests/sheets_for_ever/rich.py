"""Sheets in which everything there is stands once, and sheets in which nothing does."""

from __future__ import annotations

import datetime as dt
import hashlib
import types
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from reports import shapes
from tests.factories import sheets

# The smallest PNG there is: a letterhead with an emblem.
EMBLEM = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "0000000500017a5ea80d0000000049454e44ae426082"
)
EMBLEM_SHA256 = hashlib.sha256(EMBLEM).hexdigest()
EASTERN = dt.timezone(dt.timedelta(hours=9))
# To the microsecond, and not in UTC: both must come back as they were.
MOMENT = dt.datetime(2026, 6, 15, 9, 7, 3, 123456, tzinfo=EASTERN)
# What a sheet cannot do without, even an empty one.
_NEEDED = {"timezone", "zone_name", "status", "kind", "code", "name", "label", "district_name"}


def puskesmas() -> shapes.ReviewSheet:
    """A Puskesmas with two Pustu; every list has a row and every optional value is there once."""
    sheet = sheets.review_sheet(pustu=2, problems=4)
    sheet = replace(
        sheet,
        clusters=_with_replaced_sum(sheet.clusters),
        row_decisions=row_decisions(sheet),
        corrections=(correction(sheets.pustu_refs(1)[0]), correction(None)),
        escalations=(escalation(is_answered=True), escalation(is_answered=False)),
        meeting_decisions=(
            shapes.MeetingDecisionRow(1, "Pos vaksin tambahan tiap Kamis", is_withdrawn=False),
            shapes.MeetingDecisionRow(2, "Apel pagi ditiadakan", is_withdrawn=True),
        ),
        letterhead=sheets.letterhead(logo_sha256=EMBLEM_SHA256),
        data_due_at=MOMENT,
        meeting_due_at=MOMENT + dt.timedelta(hours=5),
        answer_due_at=MOMENT + dt.timedelta(days=1),
        meeting_days_late=1,
        no_meeting_reason="Banjir, rapat batal",
    )
    return filled(sheet)


def pustu() -> shapes.ReviewSheet:
    """A Pustu: nothing below it, no meeting."""
    sheet = sheets.pustu_sheet()
    return replace(
        sheet,
        clusters=_with_replaced_sum(sheet.clusters),
        row_decisions=row_decisions(sheet),
        corrections=(correction(None),),
        undecided_reason="Dua baris dibahas pekan depan",
        empty_reason="Register KIA belum dibawa",
        doubts_reason="Sudah dicocokkan dengan kohort",
        problems_reason="Menunggu jawaban Puskesmas",
        data_due_at=MOMENT,
        answer_due_at=MOMENT + dt.timedelta(days=1),
    )


def district() -> shapes.DistrictSheet:
    sheet = sheets.district_sheet(puskesmas=3)
    timeliness = (
        shapes.TimelinessRow(sheet.puskesmas[0].facility, "", 8, 8, 7),
        shapes.TimelinessRow(None, sheet.week.label, 3, 2, 2, is_due=False),
    )
    return filled(
        replace(
            sheet,
            escalation_rows=(escalation(is_answered=True), escalation(is_answered=False)),
            timeliness=timeliness,
            letterhead=sheets.letterhead("", logo_sha256=EMBLEM_SHA256),
        )
    )


def row_decisions(sheet: shapes.ReviewSheet) -> tuple[shapes.RowDecisionRow, ...]:
    """One of each kind, and one red row that nothing was decided on."""
    red = [line for line in sheet.lines if line.figures.colour == "red"]
    kinds = ("follow_up", "escalate", "monitor", "problem", "")
    return tuple(
        shapes.RowDecisionRow(
            number=number, indicator_code=line.indicator.code,
            indicator_name=line.indicator.name_id, indicator_name_en=line.indicator.name_en,
            kind=kind, reason="Menunggu vaksin" if kind in {"escalate", "monitor"} else "",
            problem_id=None if kind in {"monitor", ""} else number,
            problem_title="" if kind in {"monitor", ""} else "Vaksin habis",
            action="Kunjungan rumah" if kind == "follow_up" else "",
            owner="Bidan desa" if kind == "follow_up" else "",
            due_on=dt.date(2026, 6, 26) if kind == "follow_up" else None,
            by="Orang kapus" if kind else "", at=MOMENT if kind else None,
            week=sheet.week.label if kind else "", version=1 if kind else 0,
        )
        for number, (kind, line) in enumerate(zip(kinds, red, strict=False), 1)
    )  # fmt: skip


def correction(place: shapes.FacilityRef | None) -> shapes.CorrectionRow:
    return shapes.CorrectionRow(
        week="2026-W22", week_number=22, revision=2, signed_at=MOMENT,
        reason="Dua kunjungan tertinggal di buku", indicator_code="KIA01",
        indicator_name="Kunjungan K1 (nama waktu itu)", indicator_name_en="First visit (then)",
        before_count=12, after_count=14, before_denominator=None if place else 20,
        after_denominator=None if place else 21, before_cumulative=120, after_cumulative=122,
        place=place,
    )  # fmt: skip


def escalation(*, is_answered: bool) -> shapes.EscalationRow:
    return shapes.EscalationRow(
        id=7 if is_answered else 8, problem_id=3, problem_title="Vaksin habis",
        facility=sheets.PUSKESMAS, village="Desa Lalang", to_facility=sheets.DISTRICT,
        reason="asked" if is_answered else "overdue_twice", comment="Mohon dikirim",
        raised_by="Orang kapus" if is_answered else "", raised_at=MOMENT,
        answer_due_at=MOMENT + dt.timedelta(days=3),
        answer="Dikirim Jumat" if is_answered else "",
        answered_by="Orang dinkes" if is_answered else "",
        answered_at=MOMENT + dt.timedelta(hours=20) if is_answered else None,
        is_overdue=not is_answered,
    )  # fmt: skip


def _with_replaced_sum(
    clusters: tuple[shapes.ClusterBlock, ...],
) -> tuple[shapes.ClusterBlock, ...]:
    first, *rest = clusters
    line, *lines = first.lines
    used = shapes.ReplacedSum(48, 60, 52, 61, 51, 61, "Dua kunjungan terhitung ganda",
                              "Orang kapus", MOMENT, 2)  # fmt: skip
    return (replace(first, lines=(replace(line, replaced=used, note="Dihitung ulang"), *lines)),
            *rest)  # fmt: skip


def filled[Sheet](sheet: Sheet) -> Sheet:
    """The sheet with a sample in each field that is empty wherever its type appears; a field that
    the shapes get later is filled without anybody thinking of it."""
    while missing := _fields_of(type(sheet)) - {
        (type(row), name) for row in _rows(sheet) for name in _given(row)
    }:
        filled_now = _filled(sheet, missing)
        if filled_now == sheet:
            raise ValueError(f"no row to fill {missing} in")
        sheet = filled_now
    return sheet


def bare[Sheet](sheet: Sheet) -> Sheet:
    """The sheet with nothing in it that may be left out: no rows, no texts, no moments."""
    changes: dict[str, Any] = {}
    for name, kind in get_type_hints(type(sheet)).items():
        value = getattr(sheet, name)
        if _is_optional(kind):
            changes[name] = None
        elif get_origin(kind) is tuple:
            changes[name] = ()
        elif kind is str and name not in _NEEDED:
            changes[name] = ""
        elif kind in (shapes.Letterhead, shapes.Signature):
            changes[name] = bare(value)
    return replace(sheet, **changes)  # type: ignore[type-var]


def _rows(value: Any) -> Iterator[Any]:
    """Every dataclass in a sheet, itself first."""
    if is_dataclass(value):
        yield value
        for field in fields(value):
            yield from _rows(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from _rows(item)


def _given(row: Any) -> list[str]:
    return [field.name for field in fields(row) if getattr(row, field.name) not in (None, "", ())]


def _fields_of(shape: Any, known: set[Any] | None = None) -> set[tuple[Any, str]]:
    known = set() if known is None else known
    if is_dataclass(shape) and shape not in known:
        known.add(shape)
        hints = get_type_hints(shape)
        return {(shape, name) for name in hints}.union(
            *(_fields_of(kind, known) for kind in hints.values())
        )
    parts = () if get_origin(shape) is Literal else get_args(shape)
    return set().union(*(_fields_of(part, known) for part in parts))


def _filled(value: Any, missing: set[tuple[Any, str]]) -> Any:
    """One sample for each missing field, in the first row that has room for it."""
    if isinstance(value, tuple):
        return tuple(_filled(item, missing) for item in value)
    if not is_dataclass(value):
        return value
    shape, hints = type(value), get_type_hints(type(value))
    changes = {}
    for name, kind in hints.items():
        if (shape, name) in missing:
            missing.discard((shape, name))
            changes[name] = _sample(kind, name)
        else:
            changes[name] = _filled(getattr(value, name), missing)
    return replace(value, **changes)  # type: ignore[type-var]


def _sample(kind: Any, name: str) -> Any:
    if is_dataclass(kind):
        return kind(**{  # type: ignore[operator]
            name: _sample(part, name) for name, part in get_type_hints(kind).items()
        })  # fmt: skip
    if _is_optional(kind):
        return _sample(next(part for part in get_args(kind) if part is not type(None)), name)
    if get_origin(kind) is tuple:
        return (_sample(get_args(kind)[0], name),)
    if get_origin(kind) is Literal:
        return get_args(kind)[0]
    if kind is str and name in ("period", "running_period"):
        return "2026-06"
    if kind is str and name == "record_id":
        return "00000000-0000-4000-8000-000000000001"
    plain = {bool: True, int: 7, Decimal: Decimal("12.5"), dt.date: dt.date(2026, 6, 15),
             dt.datetime: MOMENT, str: f"contoh {name}"}  # fmt: skip
    return plain[kind]


def _is_optional(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType) and type(None) in get_args(kind)
