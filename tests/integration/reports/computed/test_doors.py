"""Nobody types what the system computes: not on the page, in a file, through the API."""

from __future__ import annotations

import pytest
from django.test import Client

from clusters.actions import record_achievement
from clusters.models import Achievement, Indicator
from facilities.errors import InvalidInput
from facilities.models import Facility
from reports.computed.actions import compute_week
from reports.figures.queries.facility_lines import facility_lines
from reports.review.actions.nihil import record_nihil
from reports.review.actions.steps import open_weekly_review
from reports.review.queries.open_points import is_missing
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db
SAID = "Angka ini dihitung sistem dari"


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def head(client: Client, world: World) -> Client:
    client.force_login(world["puskesmas_head"])
    return client


def url(place: Facility, rest: str = "") -> str:
    return f"/reviews/{last_week()}/{place.code}/{rest}"


def nothing_typed() -> bool:
    return not Achievement.objects.exclude(source="system").exists()


def test_the_page_shows_figure_and_origin_and_no_field(head: Client, world: World) -> None:
    compute_week(world.district, last_week())
    page = head.get(url(world.puskesmas)).text
    assert 'name="n-MAN02"' not in page
    assert 'name="n-KR01"' in page  # visits are still entered
    row = page.split('id="r-MAN02"')[1].split("</tbody>")[0]
    assert "dihitung sistem dari evaluasi mingguan" in row
    assert "data-save" not in row.split(">")[0]
    assert "note-MAN02" not in row


def test_the_page_takes_no_number(head: Client, world: World) -> None:
    answer = head.post(
        url(world.puskesmas, "counts/MAN01/"), {"n-MAN01": "2", "d-MAN01": "2", "v-MAN01": "0"}
    )
    assert answer.status_code == 422
    assert SAID in answer.text
    head.post(url(world.puskesmas), {"n-MAN03": "2", "d-MAN03": "2", "v-MAN03": "0"})
    assert nothing_typed()


def test_empty_ones_are_not_asked_for(world: World) -> None:
    lines = facility_lines([world.puskesmas], last_week())[world.puskesmas.pk]
    computed = [line for line in lines if line.computed_from]
    assert {line.indicator.code for line in computed} >= {"MAN01", "MAN02", "MAN03"}
    assert not any(is_missing(line) for line in computed)
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    codes = {line.indicator.code for line in lines}
    filled = record_nihil(review=review, codes=codes, by=world["puskesmas_head"])
    assert "MAN03" not in filled
    assert "KR03" in filled


def test_no_other_writer_gets_in(world: World) -> None:
    indicator = Indicator.objects.in_week(last_week()).get(code="MAN01")
    for source in ("page", "api", "import", "demo"):
        with pytest.raises(InvalidInput, match=SAID):
            record_achievement(
                facility=world.puskesmas, week=last_week(), indicator=indicator, numerator=1,
                denominator=2, by=world["puskesmas_head"], source=source, expected_version=0,
            )  # fmt: skip
    assert nothing_typed()
