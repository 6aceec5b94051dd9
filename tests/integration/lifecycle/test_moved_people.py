"""People go along with their village and their Posyandu, month by month."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from clusters.models import Achievement
from clusters.weeks import Week
from facilities.actions import events
from facilities.errors import InvalidInput
from facilities.models import Area, ServiceArea
from lifecycle.queries import target_population_by_group, target_population_of_year
from reports.figures.queries.facility_lines import facility_lines
from reports.figures.queries.people import groups_in
from tests.factories.clusters import IndicatorFactory
from tests.factories.facilities import PosyanduFactory, PuskesmasFactory, PustuFactory
from tests.factories.lifecycle import TargetPopulationFactory

pytestmark = pytest.mark.django_db
CASE = json.loads(
    (Path(__file__).parents[2] / "cases" / "network" / "moving-a-posyandu.json").read_text()
)
MOVED = dt.date.fromisoformat(CASE["event"]["date"])
YEAR_END = dt.date(2026, 12, 31)
GROUP = "BUMIL"


def village(number, people, *servers):
    area = Area.objects.create(code=f"91.10.01.{number}", name=f"Desa {number}", kind="village")
    for facility in servers:
        ServiceArea.objects.create(facility=facility, village=area, start_on=dt.date(2020, 1, 1))
    TargetPopulationFactory.create(village=area, facility=None, group_code=GROUP, estimated=people)
    return area


def own(facility, people):
    TargetPopulationFactory.create(
        village=None, facility=facility, group_code=GROUP, estimated=people
    )


def people(facility, on, month=None):
    found = target_population_of_year([facility.pk], 2026, on)
    return groups_in(found, facility.pk, month).get(GROUP)


@pytest.fixture
def town():
    """A with 240 and a Posyandu of 60, B with 180, one Puskesmas over both."""
    puskesmas = PuskesmasFactory.create()
    a, b = PustuFactory.create_batch(2, parent=puskesmas)
    return puskesmas, a, b


def by_village(puskesmas, a, b):
    before = CASE["before"]
    village(1, before["own_S"]["A"], a, puskesmas)
    village(3, before["own_S"]["B"], b, puskesmas)
    small = village(2, before["S_of_posyandu"], a, puskesmas)
    events.hand_over_village(facility=a, village=small, other=b, on=MOVED, by=None)


def by_posyandu(puskesmas, a, b):
    before = CASE["before"]
    home = village(1, before["own_S"]["A"] + before["S_of_posyandu"], a, puskesmas)
    village(3, before["own_S"]["B"], b, puskesmas)
    posyandu = PosyanduFactory.create(parent=a, village=home)
    own(posyandu, before["S_of_posyandu"])
    events.move_facility(facility=posyandu, parent=b, on=MOVED, by=None)


def by_own_figures(puskesmas, a, b):
    before = CASE["before"]
    own(a, before["own_S"]["A"] + before["S_of_posyandu"])
    own(b, before["own_S"]["B"])
    own(puskesmas, CASE["after"]["total_S"])
    posyandu = PosyanduFactory.create(parent=a)
    own(posyandu, before["S_of_posyandu"])
    events.move_facility(facility=posyandu, parent=b, on=MOVED, by=None)


WAYS = pytest.mark.parametrize("move", [by_village, by_posyandu, by_own_figures])


@WAYS
def test_n3_people_of_the_year_are_split_by_months(town, move):
    """Case N3, network/moving-a-posyandu.json."""
    puskesmas, a, b = town
    move(puskesmas, a, b)
    after = CASE["after"]
    units = {"A": a, "B": b}
    assert {name: people(one, YEAR_END) for name, one in units.items()} == after["yearly_S"]
    for label, wanted in after["S_of_monthly_rate"].items():
        month = int(label[5:])
        assert {name: people(one, YEAR_END, month) for name, one in units.items()} == wanted
    assert people(puskesmas, YEAR_END) == after["total_S"]
    # On the days before, nothing is known of it.
    june = MOVED - dt.timedelta(days=1)
    assert {name: people(one, june) for name, one in units.items()} == {"A": 300, "B": 180}
    assert {name: people(one, june, 12) for name, one in units.items()} == {"A": 300, "B": 180}


@WAYS
def test_parts_add_up_however_the_months_fall(town, move):
    puskesmas, a, b = town
    move(puskesmas, a, b)
    for month in range(1, 13):
        assert sum(people(one, YEAR_END, month) for one in (a, b)) == 480
        on = dt.date(2026, month, 17)
        assert sum(people(one, on) for one in (a, b)) == people(puskesmas, on) == 480


@pytest.mark.parametrize(("day", "months"), [((2026, 2, 11), 1), ((2026, 6, 30), 5)])
def test_a_part_that_cannot_be_divided_by_twelve_keeps_its_people(town, day, months):
    puskesmas, a, b = town
    village(1, 100, a, puskesmas)
    village(3, 100, b, puskesmas)
    small = village(2, 7, a, puskesmas)
    events.hand_over_village(facility=a, village=small, other=b, on=dt.date(*day), by=None)
    assert people(a, YEAR_END) == 100 + 7 * months // 12
    assert people(a, YEAR_END) + people(b, YEAR_END) == 207


def test_in_the_year_after_the_posyandu_still_counts_with_its_new_pustu(town):
    puskesmas, a, b = town
    by_posyandu(puskesmas, a, b)
    for code in ("91.10.01.1", "91.10.01.3"):
        TargetPopulationFactory.create(
            village_id=code, facility=None, group_code=GROUP, year=2027,
            estimated=300 if code.endswith("1") else 180,
        )  # fmt: skip
    posyandu = b.children.get(kind="posyandu")
    TargetPopulationFactory.create(
        village=None, facility=posyandu, group_code=GROUP, year=2027, estimated=60
    )
    found = target_population_by_group([a.pk, b.pk, puskesmas.pk], 2027, dt.date(2027, 3, 1))
    assert [found[one.pk][GROUP] for one in (a, b, puskesmas)] == [240, 240, 480]


def test_closed_unit_keeps_the_people_of_its_months(town):
    puskesmas, a, b = town
    by_posyandu(puskesmas, a, b)
    events.hand_over_village(
        facility=b, village=Area.objects.get(code="91.10.01.3"), other=a, on=dt.date(2026, 10, 1),
        by=None,
    )  # fmt: skip
    # B: 180 to June, 240 to September, then the 60 of the Posyandu alone.
    assert people(b, YEAR_END) == (180 * 6 + 240 * 3 + 60 * 3) // 12
    assert people(a, YEAR_END) + people(b, YEAR_END) == 480


def test_unknown_people_make_their_months_unknown_and_no_others(town):
    puskesmas, a, b = town
    village(1, 240, a, puskesmas)
    village(3, 180, b, puskesmas)
    small = village(2, None, a, puskesmas)
    events.hand_over_village(facility=a, village=small, other=b, on=MOVED, by=None)
    assert [people(a, YEAR_END, month) for month in (6, 7)] == [None, 240]
    assert people(a, YEAR_END) is None
    assert people(b, YEAR_END) is None


def report(facility, code, numbers):
    """One count a month, in its last week."""
    for month, number in enumerate(numbers, 1):
        week = Week.of(dt.date(2026, month, 24))
        Achievement.objects.create(
            facility=facility, indicator_code=code, week=week, year=2026, numerator=number,
            source="page",
        )  # fmt: skip


def line(facility, week, code):
    return next(
        one for one in facility_lines([facility], week)[facility.pk] if one.indicator.code == code
    )


@WAYS
@pytest.mark.at("2026-11-18T09:00+07:00")
def test_exactly_on_schedule_before_and_after_a_move_is_no_failure(town, move):
    """Each Pustu does a twelfth of those it serves every month: target and sum stay equal."""
    puskesmas, a, b = town
    IndicatorFactory.create(
        code="KIA01", calc_type="cumulative", frequency="monthly", denominator_groups=[GROUP],
        denominator_factor=1, annual_target=100, level="pustu", profile="LINEAR_M",
    )  # fmt: skip
    report(a, "KIA01", [25] * 6 + [20] * 4)
    report(b, "KIA01", [15] * 6 + [20] * 4)
    move(puskesmas, a, b)
    june = Week(2026, 23)  # judged by May
    for one, to_date in ((a, 125), (b, 75), (puskesmas, 200)):
        figures = line(one, june, "KIA01").figures
        assert (figures.population, figures.target_to_date) == (to_date * 12 // 5, to_date)
    november = Week(2026, 45)
    for one, done, to_date in ((a, 230, 230), (b, 170, 170), (puskesmas, 400, 400)):
        figures = line(one, november, "KIA01").figures
        assert (figures.cumulative, figures.target_to_date) == (done, to_date), one.name
        assert figures.population == people(one, dt.date(2026, 11, 10))
        assert figures.status in ("baik", "cukup"), figures


def test_split_pustu_takes_its_villages_posyandu_and_people_along(town):
    puskesmas, a, _b = town
    village(1, 240, a, puskesmas)
    small = village(2, 60, a, puskesmas)
    stays = PosyanduFactory.create(parent=a, village_id="91.10.01.1")
    goes = PosyanduFactory.create(parent=a, village=small)
    own(goes, 25)
    into = events.split_facility(
        facility=a, villages=[small], code="P1-PT09", name="Pustu Baru", on=MOVED, by=None
    )
    for posyandu, parent in ((stays, a), (goes, into)):
        posyandu.refresh_from_db()
        assert posyandu.parent == parent
    assert (people(a, YEAR_END), people(into, YEAR_END)) == (270, 30)
    assert people(puskesmas, YEAR_END) == 300
    assert not into.postings.exists()
    event = a.network_events.get()
    assert (event.kind, event.other, event.on) == ("split", into, MOVED)
    june = MOVED - dt.timedelta(days=1)
    assert into.statuses.get().start_on == MOVED
    assert (people(a, june), people(into, june)) == (300, None)


def test_split_puskesmas_takes_the_pustu_of_its_villages_along(town):
    puskesmas, a, b = town
    village(1, 240, a, puskesmas)
    far = village(2, 60, b, puskesmas)
    into = events.split_facility(
        facility=puskesmas, villages=[far], code="P9", name="Puskesmas Baru", on=MOVED, by=None
    )
    a.refresh_from_db()
    b.refresh_from_db()
    assert (a.parent, b.parent) == (puskesmas, into)
    assert (people(puskesmas, YEAR_END), people(into, YEAR_END)) == (270, 30)
    assert people(b, YEAR_END) == 60


@pytest.mark.parametrize("chosen", [[], [1, 2], [3]])
def test_each_side_of_a_split_keeps_a_village(town, chosen):
    puskesmas, a, b = town
    areas = {1: village(1, 240, a, puskesmas), 2: village(2, 60, a, puskesmas)}
    areas[3] = village(3, 180, b, puskesmas)
    with pytest.raises(InvalidInput) as refusal:
        events.split_facility(
            facility=a, villages=[areas[one] for one in chosen], code="P1-PT09", name="Pustu Baru",
            on=MOVED, by=None,
        )  # fmt: skip
    assert set(refusal.value.errors) == {"villages"}
    assert not a.network_events.exists()


def test_puskesmas_is_not_split_through_one_of_its_pustu(town):
    puskesmas, a, _b = town
    village(1, 240, a, puskesmas)
    small = village(2, 60, a, puskesmas)
    with pytest.raises(InvalidInput, match=a.name):
        events.split_facility(
            facility=puskesmas, villages=[small], code="P9", name="Puskesmas Baru", on=MOVED,
            by=None,
        )  # fmt: skip
