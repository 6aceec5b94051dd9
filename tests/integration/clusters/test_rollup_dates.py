"""Totals by what held in their week: parent, definition, month; and which weeks were reported."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusters.actions import record_achievement
from clusters.models import Achievement, AchievementTotal, Indicator
from clusters.rollups import rebuild_rollups, rollup_differences
from clusters.weeks import Week
from facilities.actions.events import move_facility
from facilities.errors import InvalidInput
from facilities.models import Facility, Placement
from tests.factories.clusters import AchievementFactory, IndicatorFactory
from tests.factories.facilities import PosyanduFactory, PuskesmasFactory, PustuFactory, UserFactory
from tests.integration.clusters.test_rollup import (
    assert_totals_true,
    make_tree,
    override,
    row,
)

CASES = Path(__file__).parents[2] / "cases"
# Weeks within one month, across two, around the turn of the year.
WEEKS = [
    Week(2025, 52),
    Week(2025, 53),
    Week(2026, 1),
    Week(2026, 4),
    Week(2026, 13),
    Week(2026, 17),
]
DAYS = st.dates(dt.date(2025, 12, 20), dt.date(2026, 5, 5))
TYPES = st.sampled_from(["snapshot", "cumulative", "count", "period_rate"])


def case(path):
    return json.loads((CASES / path).read_text(encoding="utf-8"))


def running(facility, code, week):
    """The last running total of the year up to a week."""
    rows = AchievementTotal.objects.filter(
        facility=facility, indicator_code=code, year=week.year, week__lte=week
    )
    return rows.latest("week").running_numerator


def above(facility):
    return Facility.objects.get(pk=facility.parent_id)


def hang(facility, parent, day):
    """Under another parent from a day on, by rows alone."""
    Placement.objects.filter(facility=facility, start_on__gte=day).delete()
    Placement.objects.filter(facility=facility, end_on=None).update(end_on=day)
    Placement.objects.filter(facility=facility, end_on__gt=day).update(end_on=day)
    Placement.objects.create(facility=facility, parent=parent, start_on=day)


def define(code, day, calc_type):
    Indicator.objects.filter(code=code, valid_from=day).delete()
    IndicatorFactory.create(code=code, valid_from=day, calc_type=calc_type)


numbers = st.integers(0, 20)
count = st.tuples(
    st.just("count"), st.integers(0, 4), st.sampled_from(["CUM", "SNAP"]), st.sampled_from(WEEKS),
    st.lists(st.none() | numbers, min_size=4, max_size=4),
)  # fmt: skip
steps = st.lists(
    st.one_of(
        count,
        count,
        st.tuples(st.just("hang"), st.integers(0, 3), st.integers(0, 3), DAYS),
        st.tuples(st.just("define"), st.sampled_from(["CUM", "SNAP"]), DAYS, TYPES),
        st.tuples(st.just("end"), st.sampled_from(["CUM", "SNAP"]), DAYS),
        st.tuples(st.just("forget"), st.sampled_from(["CUM", "SNAP"])),
        st.tuples(st.just("replace"), st.integers(1, 4), st.sampled_from(WEEKS), numbers),
    ),
    max_size=9,
)


def take(name, facilities, *values):
    posyandu, pustu, sibling, direct, puskesmas = facilities
    if name == "count":
        place, code, week, (numerator, denominator, first, first_denominator) = values
        Achievement.objects.filter(
            facility=facilities[place], indicator_code=code, week=week
        ).delete()
        one = row(facilities[place], code, week, numerator, denominator)
        if None not in (numerator, first):
            one.first_month_numerator = min(first, numerator)
        if None not in (denominator, first_denominator):
            one.first_month_denominator = min(first_denominator, denominator)
        one.save()
    elif name == "hang":
        which, where, day = values
        other = PuskesmasFactory.create(parent=puskesmas.parent)
        moved = (posyandu, pustu, sibling, direct)[which]
        choices = [pustu, sibling, puskesmas, other] if moved in (posyandu, direct) else [
            puskesmas, other, puskesmas, other,
        ]  # fmt: skip
        hang(moved, choices[where], day)
    elif name == "define":
        define(*values)
    elif name == "end":
        code, day = values
        Indicator.objects.filter(code=code, valid_from__lt=day).update(valid_until=day)
    elif name == "forget":
        one = Indicator.objects.filter(code=values[0]).last()
        if one is not None:
            one.delete()
    elif name == "replace":
        place, week, numerator = values
        override(facilities[place], "CUM", week, numerator)


@pytest.mark.django_db
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(written=steps)
def test_totals_are_true_whatever_changes_and_when(db, written):
    with transaction.atomic():
        facilities = make_tree()
        for name, *values in written:
            take(name, facilities, *values)
            assert_totals_true()
        before = set(AchievementTotal.objects.values_list("facility", "week", "running_numerator"))
        rebuild_rollups()
        assert before == set(
            AchievementTotal.objects.values_list("facility", "week", "running_numerator")
        )
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_j18_sum_starts_anew_with_another_type():
    """Case J18, judgement/calc-type-changed.json."""
    given_case = case("judgement/calc-type-changed.json")
    change = given_case["definition_change"]
    pustu = PustuFactory.create()
    IndicatorFactory.create(code="KIA16", calc_type=change["old"])
    counted = {}
    for _unit, month, week, numerator, denominator in given_case["counts"]["rows"]:
        counted[month] = Week.parse(week)
        row(pustu, "KIA16", counted[month], numerator, denominator).save()
    # The new version comes when all is counted: the totals follow it.
    Indicator.objects.filter(code="KIA16").update(valid_until=change["from"])
    IndicatorFactory.create(code="KIA16", valid_from=change["from"], calc_type=change["new"])
    for check in given_case["expect"]:
        for place in (pustu, pustu.parent, above(pustu.parent)):
            wanted = check.get("state", check.get("cumulative"))
            assert running(place, "KIA16", counted[check["closed"]]) == wanted
    assert list(rollup_differences()) == []
    assert_totals_true()


@pytest.mark.parametrize("undo", ["delete", "update"])
@pytest.mark.django_db
def test_changed_type_can_be_taken_back(undo):
    pustu = PustuFactory.create()
    IndicatorFactory.create(code="KIA16")
    later = IndicatorFactory.create(
        code="KIA16", valid_from=dt.date(2026, 3, 4), calc_type="snapshot"
    )
    for number in (3, 9, 12):
        row(pustu, "KIA16", Week(2026, number), 10).save()
    assert running(pustu.parent, "KIA16", Week(2026, 12)) == 10
    if undo == "delete":
        later.delete()
    else:
        later.calc_type = "cumulative"
        later.save()
    assert running(pustu.parent, "KIA16", Week(2026, 12)) == 30
    assert_totals_true()


@pytest.mark.django_db
def test_version_of_the_same_type_writes_no_total_anew():
    pustu = PustuFactory.create()
    IndicatorFactory.create(code="KIA16")
    row(pustu, "KIA16", Week(2026, 3), 10).save()
    before = set(AchievementTotal.objects.values_list("pk", flat=True))
    IndicatorFactory.create(code="KIA16", valid_from=dt.date(2026, 3, 4))
    assert set(AchievementTotal.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_n3_counts_stay_with_the_pustu_that_reported_them():
    """Case N3, network/moving-a-posyandu.json."""
    given_case = case("network/moving-a-posyandu.json")
    counts = given_case["before"]["counts_by_month_reported_by_posyandu"]
    day = dt.date.fromisoformat(given_case["event"]["date"])
    a = PustuFactory.create()
    b = PustuFactory.create(parent=a.parent)
    posyandu = PosyanduFactory.create(parent=a)
    IndicatorFactory.create(code="KIA16")
    weeks = [Week.of(dt.date(2026, month, 15)) for month in range(1, 13)]
    for week, numerator in zip(weeks, counts, strict=True):
        row(posyandu, "KIA16", week, numerator).save()
    before = list(
        AchievementTotal.objects.filter(week__lt=Week.of(day)).order_by("facility", "week").values()
    )
    move_facility(facility=posyandu, parent=b, on=day, by=None)
    wanted = given_case["after"]["sum_of_counts_with"]
    assert running(a, "KIA16", weeks[-1]) == wanted["A"]
    assert running(b, "KIA16", weeks[-1]) == wanted["B"]
    assert running(a.parent, "KIA16", weeks[-1]) == given_case["after"]["total_count"]
    after = AchievementTotal.objects.filter(week__lt=Week.of(day)).order_by("facility", "week")
    assert list(after.values()) == before
    # A correction of an old week goes to the old Pustu.
    Achievement.objects.filter(facility=posyandu, week=weeks[0]).update(numerator=counts[0] + 3)
    assert running(a, "KIA16", weeks[-1]) == wanted["A"] + 3
    assert running(b, "KIA16", weeks[-1]) == wanted["B"]
    assert_totals_true()


@pytest.mark.django_db
def test_state_goes_along_with_the_posyandu():
    a = PustuFactory.create()
    b = PustuFactory.create(parent=a.parent)
    posyandu = PosyanduFactory.create(parent=a)
    IndicatorFactory.create(code="SNAP", calc_type="snapshot", denominator_groups=[])
    for facility, state in ((posyandu, 7), (a, 2), (b, 4)):
        row(facility, "SNAP", Week(2026, 20), state).save()
    row(posyandu, "SNAP", Week(2026, 30), 8).save()
    move_facility(facility=posyandu, parent=b, on=dt.date(2026, 7, 1), by=None)  # in week 26
    found = {
        (one.facility_id, one.week.number): one.running_numerator
        for one in AchievementTotal.objects.all()
    }
    assert (found[a.pk, 20], found[a.pk, 26]) == (9, 2)
    assert (found[b.pk, 20], found[b.pk, 26], found[b.pk, 30]) == (4, 11, 12)
    assert (found[a.parent_id, 20], found[a.parent_id, 30]) == (13, 14)
    assert_totals_true()


@pytest.mark.parametrize(
    ("day", "is_with_new"),
    [(dt.date(2026, 6, 27), True), (dt.date(2026, 6, 28), False), (dt.date(2026, 6, 21), True)],
)
@pytest.mark.django_db
def test_last_day_of_the_week_says_whose_count_it_is(day, is_with_new):
    week = Week(2026, 25)
    assert week.end == dt.date(2026, 6, 27)
    posyandu = PosyanduFactory.create()
    new = PustuFactory.create(parent=above(posyandu.parent))
    row(posyandu, "CUM", week, 5).save()
    move_facility(facility=posyandu, parent=new, on=day, by=None)
    assert AchievementTotal.objects.filter(facility=new).exists() == is_with_new
    assert AchievementTotal.objects.filter(facility=posyandu.parent).exists() != is_with_new
    assert_totals_true()


@pytest.mark.django_db
def test_facility_hung_elsewhere_without_a_date_moves_today():
    """By hand or by SQL, on 18 November 2026."""
    posyandu = PosyanduFactory.create()
    old = above(posyandu)
    posyandu.parent = PustuFactory.create(parent=old.parent)
    posyandu.save()
    assert list(posyandu.placements.values_list("parent", "start_on", "end_on")) == [
        (old.pk, dt.date(1900, 1, 1), dt.date(2026, 11, 18)),
        (posyandu.parent_id, dt.date(2026, 11, 18), None),
    ]
    posyandu.parent = old
    posyandu.save()
    assert [one.parent_id for one in posyandu.placements.all()] == [old.pk, old.pk]


@pytest.mark.django_db
def test_weeks_reported_are_bits_of_the_year():
    posyandu, pustu, *_others, puskesmas = make_tree()
    row(posyandu, "CUM", Week(2026, 1), 0).save()
    row(pustu, "CUM", Week(2026, 3), 4).save()
    row(pustu, "CUM", Week(2026, 4), None).save()
    row(posyandu, "CUM", Week(2026, 4), 1).save()
    override(puskesmas, "CUM", Week(2026, 6), 9)  # a replaced sum is no report
    last = AchievementTotal.objects.filter(facility=pustu).latest("week")
    assert (last.weeks_reported, last.own_weeks) == (0b1101, 0b0100)
    last = AchievementTotal.objects.filter(facility=puskesmas).latest("week")
    assert (last.weeks_reported, last.own_weeks) == (0b1101, 0)
    Achievement.objects.filter(week=Week(2026, 1)).update(numerator=None)
    last.delete()
    rebuild_rollups()
    last = AchievementTotal.objects.filter(facility=pustu).latest("week")
    assert (last.weeks_reported, last.own_weeks) == (0b1100, 0b0100)
    row(pustu, "CUM", Week(2025, 53), 1).save()
    assert AchievementTotal.objects.get(facility=pustu, year=2025).weeks_reported == 1 << 52
    assert_totals_true()


@pytest.mark.parametrize(
    ("week", "first", "moved"),
    [
        (Week(2026, 17), 5, 4),  # 26 April to 2 May: a week of April, 4 of 9 belong to May
        (Week(2026, 13), 2, 7),  # 29 March to 4 April: its Wednesday is the 1st of April
        (Week(2026, 17), None, 0),
        (Week(2026, 18), 5, 0),  # within May
    ],
)
@pytest.mark.django_db
def test_part_of_the_other_month(week, first, moved):
    pustu = PustuFactory.create()
    one = AchievementFactory.create(
        facility=pustu, week=week, numerator=9, denominator=12, first_month_numerator=first
    )
    if week == Week(2026, 13):
        moved = 2  # what came before April belongs to March
    for place in (pustu, above(pustu.parent)):
        assert AchievementTotal.objects.get(facility=place).moved_numerator == moved
    assert_totals_true()
    Achievement.objects.filter(pk=one.pk).update(first_month_numerator=9)
    assert_totals_true()


@pytest.mark.parametrize(
    "part", [{"first_month_numerator": 10}, {"first_month_denominator": 1}, {"numerator": None}]
)
@pytest.mark.django_db
def test_part_is_never_more_than_the_whole(part):
    counts = {"numerator": 9, "denominator": None, "first_month_numerator": 5} | part
    with pytest.raises(IntegrityError):
        AchievementFactory.create(**counts)


def record(facility, week, numerator, version, **values):
    return record_achievement(
        facility=facility, week=week, indicator=Indicator.objects.get(code="CUM"),
        numerator=numerator, denominator=None, by=UserFactory.create(), source="page",
        expected_version=version, **values,
    )  # fmt: skip


@pytest.mark.django_db
def test_part_of_the_month_is_recorded_and_goes_when_it_fits_no_more():
    pustu = make_tree()[1]
    week = Week(2026, 17)
    assert record(pustu, week, 9, 0, first_month=(5, None)).first_month_numerator == 5
    assert record(pustu, week, 7, 1).first_month_numerator == 5
    assert AchievementTotal.objects.get(facility=pustu).moved_numerator == 2
    assert record(pustu, week, 4, 2).first_month_numerator is None
    assert record(pustu, week, 4, 3, first_month=(4, None)).version == 4
    assert record(pustu, week, None, 4).first_month_numerator is None
    assert not AchievementTotal.objects.exists()


@pytest.mark.parametrize(("week", "part"), [(17, 10), (17, -1), (17, True), (18, 1)])
@pytest.mark.django_db
def test_part_that_cannot_be_is_refused(week, part):
    pustu = make_tree()[1]
    with pytest.raises(InvalidInput) as refusal:
        record(pustu, Week(2026, week), 9, 0, first_month=(part, None))
    assert list(refusal.value.errors) == ["first_month_numerator"]
