"""Totals equal the facts after any sequence of writes, from any number of writers."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.core.management import CommandError, call_command
from django.db import close_old_connections, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clusters.models import Achievement, AchievementTotal, SumOverride
from clusters.rollups import rebuild_rollups, rollup_differences
from clusters.weeks import Week
from facilities.actions.events import move_facility
from facilities.errors import InvalidInput
from tests.factories.clusters import AchievementFactory, IndicatorFactory
from tests.factories.facilities import (
    DistrictFactory,
    PosyanduFactory,
    PuskesmasFactory,
    PustuFactory,
    UserFactory,
)
from tests.integration.clusters.naive_rollup import expected_totals, stored_totals

CODES = ("CUM", "SNAP")
# Across the turn of the year, where running totals start anew.
WEEKS = [Week(2025, 51), Week(2025, 53), Week(2026, 1), Week(2026, 2), Week(2026, 9)]


def make_tree():
    IndicatorFactory.create(code="CUM")
    IndicatorFactory.create(code="SNAP", calc_type="snapshot", denominator_groups=[])
    pustu = PustuFactory.create()
    sibling = PustuFactory.create(parent=pustu.parent)
    posyandu = PosyanduFactory.create(parent=pustu)
    direct = PosyanduFactory.create(parent=pustu.parent)
    return [posyandu, pustu, sibling, direct, pustu.parent]


def row(facility, code, week, numerator, denominator=None):
    return Achievement(
        facility=facility,
        indicator_code=code,
        week=week,
        year=week.year,
        numerator=numerator,
        denominator=denominator,
        source="page",
    )


def assert_totals_true():
    assert stored_totals() == expected_totals()
    assert list(rollup_differences()) == []


counts = st.none() | st.integers(0, 50)
cell = st.tuples(st.integers(0, 4), st.sampled_from(CODES), st.sampled_from(WEEKS), counts, counts)
step = st.tuples(
    st.sampled_from(["upsert", "bulk", "update", "delete", "shift", "replace", "withdraw"]),
    st.lists(cell, max_size=6),
)


def override(facility, code, week, numerator, denominator=None, by=None):
    """Any facility, any indicator: the database must stay right whatever a page would refuse."""
    return SumOverride.objects.update_or_create(
        facility=facility,
        indicator_code=code,
        week=week,
        defaults={
            "year": week.year,
            "numerator": numerator,
            "denominator": denominator,
            "reason": "hitung ulang",
            "by": by or UserFactory.create(),
        },
    )[0]


def apply(name, cells, facilities):
    if name in {"upsert", "bulk"}:
        unique = {(place, code, week): (n, d) for place, code, week, n, d in cells}
        rows = [row(facilities[p], c, w, n, d) for (p, c, w), (n, d) in unique.items()]
        Achievement.objects.bulk_create(
            rows,
            batch_size=1 if name == "upsert" else None,
            update_conflicts=True,
            unique_fields=["facility", "week", "indicator_code"],
            update_fields=["numerator", "denominator"],
        )
    by = UserFactory.create() if name == "replace" else None
    for place, code, week, n, d in cells:
        # The district as well: its total is a sum like any other.
        at = [*facilities, facilities[-1].parent][place + 1]
        if name == "replace":
            override(at, code, week, n or 0, d, by)
        elif name == "withdraw":
            SumOverride.objects.filter(facility=at, indicator_code=code).delete()
        chosen = Achievement.objects.filter(facility=facilities[place], indicator_code=code)
        if name == "update":
            chosen.update(numerator=n, denominator=d)
        elif name == "delete":
            chosen.filter(week=week).delete()
        elif name == "shift":
            # One statement that takes a row out of one series and puts it into another.
            one = chosen.filter(week=week).first()
            target = facilities[(place + 1) % len(facilities)]
            taken = Achievement.objects.filter(facility=target, week=week, indicator_code=code)
            if one is not None and not taken.exists():
                Achievement.objects.filter(pk=one.pk).update(facility=target)


@pytest.mark.django_db
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=st.lists(step, max_size=6))
def test_totals_equal_a_naive_sum_after_any_writes(db, steps):
    with transaction.atomic():
        facilities = make_tree()
        for name, cells in steps:
            apply(name, cells, facilities)
            assert_totals_true()
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_correction_of_an_early_week_lifts_all_later_weeks():
    pustu = make_tree()[1]
    for number in (1, 2, 9):
        row(pustu, "CUM", Week(2026, number), 5).save()
    Achievement.objects.filter(week=Week(2026, 1)).update(numerator=11)
    running = AchievementTotal.objects.filter(facility=pustu.parent.parent).order_by("week")
    assert list(running.values_list("running_numerator", flat=True)) == [11, 16, 21]


@pytest.mark.django_db
def test_cleared_count_is_no_report_not_zero():
    pustu = make_tree()[1]
    one = AchievementFactory.create(facility=pustu, indicator_code="CUM", numerator=4)
    Achievement.objects.filter(pk=one.pk).update(numerator=None)
    assert not AchievementTotal.objects.exists()
    Achievement.objects.filter(pk=one.pk).update(numerator=0)
    assert AchievementTotal.objects.get(facility=pustu).reports == 1


@pytest.mark.django_db
def test_note_alone_changes_no_total():
    one = AchievementFactory.create(facility=make_tree()[1], indicator_code="CUM")
    before = set(AchievementTotal.objects.values_list("pk", flat=True))
    Achievement.objects.filter(pk=one.pk).update(note="dicek ulang")
    assert set(AchievementTotal.objects.values_list("pk", flat=True)) == before


@pytest.mark.django_db
def test_check_finds_a_wrong_and_a_missing_total_and_rebuild_mends_them():
    facilities = make_tree()
    for facility in facilities:
        row(facility, "SNAP", Week(2026, 1), 7, 9).save()
        row(facility, "SNAP", Week(2026, 2), 3, 9).save()
    AchievementTotal.objects.filter(facility=facilities[0]).update(running_numerator=99)
    AchievementTotal.objects.filter(facility=facilities[2]).delete()
    found = {(one.facility, str(one.week), one.stored is None) for one in rollup_differences()}
    assert {code for code, _week, _missing in found} == {facilities[0].code, facilities[2].code}
    assert sum(missing for _code, _week, missing in found) == 2
    rebuild_rollups()
    assert_totals_true()


@pytest.mark.django_db
def test_replaced_sum_goes_up_and_the_rows_below_stay():
    _posyandu, pustu, sibling, _direct, puskesmas = make_tree()
    for facility in (pustu, sibling, puskesmas):
        row(facility, "CUM", Week(2026, 1), 20).save()
        row(facility, "CUM", Week(2026, 2), 1).save()
    used = override(puskesmas, "CUM", Week(2026, 1), 48)
    totals = AchievementTotal.objects.filter(indicator_code="CUM")
    for facility in (puskesmas, puskesmas.parent):
        found = totals.filter(facility=facility).order_by("week")
        assert [(one.numerator, one.running_numerator, one.reports) for one in found] == [
            (48, 48, 3), (3, 51, 3),
        ]  # fmt: skip
    assert totals.get(facility=pustu, week=Week(2026, 1)).numerator == 20
    row_below = Achievement.objects.get(facility=pustu, week=Week(2026, 1))
    row_below.numerator = 25
    row_below.save()
    assert totals.get(facility=puskesmas, week=Week(2026, 2)).running_numerator == 51
    used.delete()
    assert totals.get(facility=puskesmas, week=Week(2026, 2)).running_numerator == 68
    assert_totals_true()


@pytest.mark.django_db
def test_replaced_sum_of_a_snapshot_counts_for_nothing():
    pustu = make_tree()[1]
    row(pustu, "SNAP", Week(2026, 1), 7).save()
    override(pustu.parent, "SNAP", Week(2026, 1), 40)
    assert AchievementTotal.objects.get(facility=pustu.parent).numerator == 7
    assert_totals_true()


@pytest.mark.django_db
def test_check_and_repair_know_replaced_sums():
    pustu = make_tree()[1]
    row(pustu, "CUM", Week(2026, 3), 5).save()
    override(pustu.parent, "CUM", Week(2026, 1), 4)  # nothing reported below in that week
    override(pustu.parent, "CUM", Week(2026, 3), 6, 9)
    override(pustu.parent.parent, "CUM", Week(2026, 3), 8)
    assert_totals_true()
    AchievementTotal.objects.filter(facility=pustu.parent, week=Week(2026, 3)).update(numerator=5)
    assert [one.facility for one in rollup_differences()] == [pustu.parent.code]
    AchievementTotal.objects.all().delete()
    rebuild_rollups()
    assert_totals_true()


@pytest.mark.django_db
def test_check_of_one_district_leaves_the_other_alone():
    mine, foreign = (
        PustuFactory.create(),
        PustuFactory.create(parent__parent__district=DistrictFactory.create()),
    )
    for facility in (mine, foreign):
        AchievementFactory.create(facility=facility)
    AchievementTotal.objects.filter(facility=foreign).update(numerator=0)
    assert list(rollup_differences(mine.district_id)) == []
    assert len(list(rollup_differences(foreign.district_id))) == 1


@pytest.mark.django_db
def test_moved_pustu_takes_its_later_figures_to_the_new_puskesmas():
    posyandu, pustu, _sibling, _direct, old = make_tree()
    new = PuskesmasFactory.create(parent=old.parent)
    for facility in (posyandu, pustu, old, new):
        for code in CODES:
            row(facility, code, Week(2026, 3), 5, 8).save()
            row(facility, code, Week(2026, 8), 2, 8).save()
    override(old, "CUM", Week(2026, 3), 40)
    move_facility(facility=pustu, parent=new, on=dt.date(2026, 2, 1), by=None)
    posyandu.refresh_from_db()
    assert posyandu.path.startswith(new.path + ".")
    assert_totals_true()
    total = AchievementTotal.objects.get(facility=new, indicator_code="CUM", week=Week(2026, 8))
    # Its own 5 and 2, and what Pustu and Posyandu reported since they hang there.
    assert total.running_numerator == 5 + 2 + 2 + 2


@pytest.mark.django_db
def test_facility_cannot_move_below_its_own_kind_or_to_another_district():
    pustu = make_tree()[1]
    foreign = PuskesmasFactory.create(parent__district=DistrictFactory.create())
    for parent in (PustuFactory.create(parent=pustu.parent), foreign):
        with pytest.raises(InvalidInput):
            move_facility(facility=pustu, parent=parent, on=dt.date(2026, 2, 1), by=None)


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_lose_nothing():
    _posyandu, pustu, sibling, _direct, puskesmas = make_tree()
    barrier = threading.Barrier(2, timeout=200)
    failures = []

    def write(facility):
        try:
            for number in range(1, 13):
                barrier.wait()  # both transactions start together, every time
                with transaction.atomic():
                    for code in CODES:
                        row(facility, code, Week(2026, number), number, 20).save()
        except Exception as error:  # noqa: BLE001 - reported by the test below
            failures.append(error)
            barrier.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(one,)) for one in (pustu, sibling)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    close_old_connections()
    assert failures == []
    total = AchievementTotal.objects.get(
        facility=puskesmas, indicator_code="CUM", week=Week(2026, 12)
    )
    assert total.running_numerator == 2 * sum(range(1, 13))
    assert_totals_true()


@pytest.mark.django_db
def test_command_exits_with_1_until_repaired(capsys):
    one = AchievementFactory.create(facility=make_tree()[1])
    call_command("check_rollups")
    AchievementTotal.objects.filter(facility=one.facility).update(numerator=99)
    with pytest.raises(CommandError) as refusal:
        call_command("check_rollups", district=one.facility.district.code)
    assert refusal.value.returncode == 1
    assert f"{one.facility.code} SPM01" in capsys.readouterr().err
    call_command("check_rollups", repair=True)
    assert_totals_true()
