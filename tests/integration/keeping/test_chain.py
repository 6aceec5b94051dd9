"""Each day of history is sealed, and the seal holds the one of the day before."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import connection

from clusters.models import Achievement
from ilp.keeping.chain import check_chain, newest_settled, seal_days
from ilp.models import HistoryDigest
from tests import clock
from tests.factories.world import World, build_world, last_week

pytestmark = pytest.mark.django_db

_EVENT = apps.get_model("clusters", "AchievementEvent")


@pytest.fixture
def world() -> World:
    return build_world()


def _number(world: World, count: int, *, days_ago: int) -> None:
    """A count whose history was written some days ago."""
    row = Achievement.objects.create(
        facility=world.pustu, indicator_code=f"KIA{count:02}", week=last_week(),
        year=last_week().year, numerator=count, source="page",
    )  # fmt: skip
    moment = clock.now() - dt.timedelta(days=days_ago)
    _EVENT.objects.filter(pgh_obj_id=row.pk).update(pgh_created_at=moment)


@pytest.fixture
def sealed(world: World, as_application) -> list[dt.date]:
    """Days sealed by the application itself: the first holds all that is older."""
    for count, days_ago in ((1, 30), (2, 5), (3, 3)):
        _number(world, count, days_ago=days_ago)
    with as_application():
        assert seal_days(clock.now() - dt.timedelta(days=6)) == 1
        assert seal_days() >= 5
        assert seal_days() == 0
    return list(HistoryDigest.objects.values_list("day", flat=True))


def _spoil(days_ago: int, numerator: int) -> None:
    """As the owner of the tables could."""
    since = clock.now() - dt.timedelta(days=days_ago, hours=1)
    changed = _EVENT.objects.filter(pgh_created_at__gte=since).order_by("pgh_created_at")[:1]
    _EVENT.objects.filter(pk__in=list(changed.values_list("pk", flat=True))).update(
        numerator=numerator
    )


def test_sealed_history_is_found_as_it_was_written(sealed: list[dt.date]) -> None:
    assert len(sealed) >= 6
    found = check_chain()
    assert found.differences == []
    assert found.last == sealed[-1] == newest_settled(clock.now())


@pytest.mark.parametrize("days_ago", [30, 5, 3])
def test_changed_row_is_named_by_day_and_table(sealed: list[dt.date], days_ago: int) -> None:
    _spoil(days_ago, 99)
    written = (clock.now() - dt.timedelta(days=days_ago)).astimezone(dt.UTC).date()
    day = max(written, sealed[0])
    assert check_chain().differences == [f"{day} clusters_achievementevent"]


def test_row_that_is_gone_is_noticed(sealed: list[dt.date]) -> None:
    _EVENT.objects.filter(numerator=2).delete()
    assert len(check_chain().differences) == 1


def test_seal_that_was_made_to_fit_breaks_the_next(sealed: list[dt.date]) -> None:
    """Whoever changes a day and its seal would have to change all later ones, too."""
    digest = HistoryDigest.objects.get(day=sealed[1])
    digest.sha256 = "0" * 64
    digest.save()
    assert str(sealed[2]) in check_chain().differences


def test_day_without_a_seal_is_noticed(sealed: list[dt.date]) -> None:
    HistoryDigest.objects.filter(day=sealed[2]).delete()
    assert f"{sealed[2]} –" in check_chain().differences


def test_new_column_after_an_upgrade_changes_no_old_seal(sealed: list[dt.date]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE clusters_achievementevent ADD COLUMN more integer DEFAULT 1")
    assert check_chain().differences == []
