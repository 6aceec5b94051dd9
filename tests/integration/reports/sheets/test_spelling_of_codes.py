"""Case N6, network/codes-without-regard-to-case.json: the form of a unit, its code in any case."""

from __future__ import annotations

import pytest

from facilities.models import Facility
from reports.sheets.xlsx.layout import HIDDEN
from tests.integration.reports.sheets.conftest import as_bytes

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("spelt", ["p1-pt01", "P1-Pt01", " P1-PT01 "])
def test_form_is_accepted_in_any_spelling_of_its_unit(desk, spelt):
    before = Facility.objects.count()
    book = desk.book()
    for row in book[HIDDEN].iter_rows():
        if row[0].value == "fasilitas":
            row[1].value = spelt
    assert desk.upload(as_bytes(book)).status_code == 302
    assert not desk.errors()
    assert Facility.objects.count() == before
