"""Stored sheets are read by their number: values exact, old ones through steps, later ones not."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.shapes.schema import Schema, SignedByNewerVersion, number_of
from reports.shapes.stored import DISTRICT, REVIEW, decode_review, encode
from reports.shapes.upgrades import Raw
from tests.sheets_for_ever import rich
from tests.sheets_for_ever.files import Example, examples
from tests.sheets_for_ever.shape import defaults, shape_of

KINDS: dict[str, Schema[Any]] = {"review": REVIEW, "district": DISTRICT}
EVERY = pytest.mark.parametrize("example", examples(), ids=str)
# SHA-256 of the examples of schema 1, as they were stored before there was a number.
SIGNED = {
    "district-1.demo": "312c6d25c2b2454c0435e942e00b96328548c09ceeebeeb293d9c8f930b6ab17",
    "district-1.empty": "a80cdbabf724455ce14a6ed8bb878e8c5f5e6dd699bb7830db1762a6b89be6f5",
    "district-1.full": "65b367fe608ac54612a33225aaa1e09513c26b5042fca8784eb247084b3bcc9f",
    "review-1.demo-puskesmas": "8938d43e27ec76b38ba7995d3fd030741fb052f57b8d60ff04a0f9b3f9893a38",
    "review-1.demo-pustu": "c4227dc504306795f2582915f4030bf5add5e11d74ff0864a173f01a5266eb32",
    "review-1.empty-pustu": "f7df4926afb0e4be1f780f9d028460ab98f52623aabf8a4bccc716e31f0b1c65",
    "review-1.empty": "d7369e1784a54747a8fb6ae9a0216695cbce963d74083c5cbe27f8074491e8da",
    "review-1.puskesmas": "916d60cee85f2621262ccf7117fa13c175427485f6a6c76de975a80c9d48c541",
    "review-1.pustu": "007de34541f97339ff768c6b27e2ebef8f419f25cf686ceed6c236225b1e69da",
}


def exact(content: bytes) -> Any:
    """Plain JSON in which no number may have a point: shares are texts, people whole."""

    def refuse(text: str) -> None:
        raise AssertionError(f"{text} would not stay exact")

    return json.loads(content, parse_float=refuse)


def holds(after: Any, before: Any) -> bool:
    """Whether everything that was there is there, the same; later fields may stand beside it."""
    if isinstance(before, dict):
        return isinstance(after, dict) and all(
            name in after and holds(after[name], value) for name, value in before.items()
        )
    if isinstance(before, list):
        return len(after) == len(before) and all(map(holds, after, before))
    return type(after) is type(before) and bool(after == before)


@EVERY
def test_every_value_comes_back_exactly(example: Example) -> None:
    schema = KINDS[example.kind]
    sheet = schema.decode(example.content)
    again = schema.encode(sheet)
    assert schema.decode(again) == sheet
    assert schema.encode(schema.decode(again)) == again
    assert holds(exact(again), schema.upgraded(exact(example.content)))


@EVERY
def test_examples_say_their_own_number(example: Example) -> None:
    assert number_of(example.content) == number_of(example.content.decode()) == example.number


@pytest.mark.parametrize("name", ["puskesmas", "pustu"])
def test_figures_moments_and_counts_are_those_of_the_text(name: str) -> None:
    """Against the stored text, without any of the code that reads sheets."""
    of_today = [row for row in examples("review") if row.number == REVIEW.number]
    content = next(row for row in of_today if row.name == name).content
    raw, sheet = exact(content), decode_review(content)
    lines = [line for block in raw["clusters"] for line in block["lines"]]
    assert len(lines) == len(sheet.lines) > 40
    for told, line in zip(lines, sheet.lines, strict=True):
        for part in ("target_percent", "coverage", "percent_of_target", "need_per_week"):
            value = getattr(line.figures, part)
            assert (None if value is None else str(value)) == told["figures"][part]
            assert value is None or isinstance(value, Decimal)
        for part in ("population", "week_count", "cumulative", "gap"):
            assert getattr(line.figures, part) == told["figures"][part]
        assert str(line.indicator.annual_target) == told["indicator"]["annual_target"]
    for part, count in raw["tally"].items():
        assert getattr(sheet.tally, part) == count
    assert sheet.signature.signed_at == dt.datetime.fromisoformat(raw["signature"]["signed_at"])
    corrected = sheet.corrections[0].signed_at
    assert corrected.isoformat() == raw["corrections"][0]["signed_at"]
    assert corrected == rich.MOMENT
    assert corrected.utcoffset() == dt.timedelta(hours=9)


SPOTS = {str(example): example for example in examples() if example.name != "empty"}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(SPOTS)), st.data())
def test_a_field_with_a_default_may_be_missing_and_an_unknown_one_be_there(
    name: str, data: st.DataObject
) -> None:
    """Sheets from before a field existed, and sheets of a newer program of the same number."""
    example = SPOTS[name]
    schema = KINDS[example.kind]
    expected = exact(schema.encode(schema.decode(example.content)))
    shape = shape_of(schema.shape)
    given_up, wanted = copy.deepcopy(expected), expected
    here, there = list(defaults(shape, given_up)), list(defaults(shape, wanted))
    for place in data.draw(st.sets(st.integers(0, len(here) - 1), max_size=12)):
        (row, field, _value), (other, _field, default) = here[place], there[place]
        row.pop(field, None)
        if other.get(field) != default:
            other[field] = default
    given_up["of_a_later_version"] = data.draw(st.sampled_from([1, "x", None, [{"a": 1}]]))
    given_up["tally"]["of_a_later_version"] = 7
    assert exact(schema.encode(schema.decode(json.dumps(given_up)))) == wanted


def test_schema_one_is_written_as_it_always_was() -> None:
    """Without a number: an unchanged sheet frozen again is the same snapshot and document."""
    for example in examples():
        schema = KINDS[example.kind]
        assert (b'"schema"' in schema.encode(schema.decode(example.content))) == (schema.number > 1)


@dataclass(frozen=True, slots=True)
class Today:
    name: str
    share: Decimal
    at: dt.datetime
    note: str = ""


def v1_to_v2(raw: Raw) -> Raw:
    """The title is called a name."""
    raw["name"] = raw.pop("title")
    return raw


def v2_to_v3(raw: Raw) -> Raw:
    """A share is in percent."""
    raw["share"] = str(Decimal(raw["share"]) * 100)
    return raw


THIRD = Schema("today", Today, (v1_to_v2, v2_to_v3))
AT = "2026-06-15T09:07:03.123456+09:00"


@pytest.mark.parametrize(
    "raw",
    [
        {"title": "K1", "share": "0.125", "at": AT},
        {"schema": 2, "name": "K1", "share": "0.125", "at": AT},
        {"schema": 3, "name": "K1", "share": "12.500", "at": AT},
    ],
)
def test_an_older_sheet_goes_through_the_steps_it_lacks(raw: Raw) -> None:
    content = json.dumps(raw, separators=(",", ":"))
    for stored in (content, content.encode()):
        sheet = THIRD.decode(stored)
        assert sheet == Today("K1", Decimal("12.500"), rich.MOMENT)
        assert str(sheet.share) == "12.500"
    assert number_of(THIRD.encode(sheet)) == 3
    assert THIRD.decode(THIRD.encode(sheet)) == sheet


def test_the_number_is_only_looked_for_at_the_top() -> None:
    sheet = Today('"schema":9', Decimal(1), rich.MOMENT, note='{"schema": 9}')
    first = Schema("today", Today, ())
    assert first.decode(first.encode(sheet)) == sheet
    nested = b'{"name":"x","share":"1","at":"%s","z":{"schema":9}}' % AT.encode()
    assert first.decode(nested).name == "x"


def test_a_number_not_known_is_refused_in_words() -> None:
    content = json.dumps({"schema": 4, "anything": []}, separators=(",", ":"))
    with pytest.raises(SignedByNewerVersion) as caught:
        THIRD.decode(content)
    assert "versi aplikasi yang lebih baru" in str(caught.value)
    assert (caught.value.number, caught.value.known) == (4, 3)


def test_examples_are_as_they_were_signed() -> None:
    """A snapshot is named by its bytes: an example that was written anew would prove nothing."""
    found = {str(row): hashlib.sha256(row.content).hexdigest() for row in examples()}
    assert {name: found.get(name) for name in SIGNED} == SIGNED


def test_the_model_sheet_has_everything_there_is() -> None:
    """So that an example stored today shows every field that the shapes have today."""
    for sheet in (rich.puskesmas(), rich.district()):
        assert rich.filled(sheet) == sheet
    bare = decode_review(encode(rich.bare(rich.puskesmas())))
    assert (bare.clusters, bare.submitted_at, bare.conclusion) == ((), None, "")
