"""Ready sentences for the meeting: there for every priority, correct, loaded like the rest."""

from __future__ import annotations

import re

import pytest
from django.core.management import call_command

from clusters.catalogue import load_suggested_actions
from clusters.models import Indicator, SuggestedAction
from clusters.models.advice import group_of
from facilities.text.rules import fit
from reports.review.queries.suggested import suggested_actions

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _catalogues() -> None:
    call_command("load_catalogues", verbosity=0)


def test_every_priority_has_its_own_and_no_more_than_three() -> None:
    codes = set(Indicator.objects.filter(priority=1).values_list("code", flat=True))
    assert len(codes) > 20
    own = list(SuggestedAction.objects.values_list("indicator_code", flat=True))
    assert codes <= set(own)
    assert all(1 <= own.count(code) <= 3 for code in own)


def test_every_indicator_of_the_reports_has_at_least_one() -> None:
    codes = set(Indicator.objects.filter(is_collected=True).values_list("code", flat=True))
    found = suggested_actions(codes)
    assert not [code for code in codes if not found[code]]


def test_an_own_sentence_stands_before_that_of_the_group() -> None:
    found = suggested_actions(["IMM01", "IMM02", "XYZ1"])
    assert {row.indicator_code for row in found["IMM01"]} == {"IMM01"}
    assert {row.indicator_code for row in found["IMM02"]} == {"IMM"}
    assert found["XYZ1"] == ()


def test_sentences_are_complete_and_about_what_exists() -> None:
    known = set(Indicator.objects.values_list("code", flat=True))
    for row in SuggestedAction.objects.all():
        assert row.indicator_code in known | {group_of(code) for code in known}, row.code
        for text in (row.text_id, row.text_en):
            assert 20 < len(text) <= 300
            assert fit(text) == text
            assert re.match("[A-Z“]", text)
            assert not text.endswith(".")


def test_loading_again_changes_nothing_and_keeps_those_of_a_district() -> None:
    SuggestedAction.objects.create(
        code="DINKES-1", indicator_code="KIA03", text_id="Sesuai surat edaran", text_en="As written"
    )
    tally = load_suggested_actions()
    assert (tally.created, tally.changed) == (0, 0)
    assert SuggestedAction.objects.filter(code="DINKES-1").exists()
