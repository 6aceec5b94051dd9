"""J23: what is lower without a colour, and a drop-out below zero."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from clusters.judgement import rates
from clusters.judgement.parts import Amount, Block, Member
from clusters.judgement.periods import Period
from clusters.judgement.verdict import Definition, Verdict
from reports.figures.status_words import status_word
from tests.unit.clusters.judgement.adapter import load

CASE = load("lower-without-colour")
MAY = Period.parse("2026-05")


def judged(numerator: int, denominator: int, *, is_neutral: bool, target: float) -> Verdict:
    definition = Definition(
        calc_type="period_rate", direction="lower", profile="LAST_M", denominator="report",
        shares=(), targets=((1, Decimal(str(target))),), is_neutral=is_neutral,
    )  # fmt: skip
    block = Block((Member("A", None),), (Fraction(1),), last=Amount(numerator, denominator))
    return rates.judge(definition, MAY, None, [block])


def test_stunting_has_a_value_and_no_status_against_the_survey_target_j23_a() -> None:
    expected = CASE["expect"][0]
    _unit, _period, _week, stunted, measured = CASE["counts"]["rows"][0]
    assert dt.date.fromisoformat(expected["on"]) > MAY.last_day
    verdict = judged(stunted, measured, is_neutral=True, target=CASE["indicator"]["T"])
    assert (float(verdict.coverage or 0), verdict.status) == (expected["value"], expected["status"])
    assert "neutral" in verdict.remarks
    assert verdict.is_forced is False


def test_third_dose_more_often_than_the_first_is_data_to_check_j23_b() -> None:
    expected = CASE["expect"][1]
    first, third = CASE["drop_out"]["first_dose"], CASE["drop_out"]["third_dose"]
    verdict = judged(first - third, first, is_neutral=False, target=5)
    assert float(verdict.coverage or 0) == expected["value"]
    assert status_word(verdict.status) == expected["status"] == "periksa data"
    assert verdict.is_forced is False
