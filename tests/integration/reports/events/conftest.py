from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from clusters.models import Achievement
from clusters.weeks import Week
from facilities.models import Area, Facility
from reports.events.actions.recording import record_event
from reports.models import HealthEvent
from tests.factories.world import World, build_world, last_week

type Record = Callable[..., HealthEvent]


@pytest.fixture
def world() -> World:
    return build_world()


@pytest.fixture
def record(world: World) -> Record:
    """A death of last week at the Pustu, if nothing else is said."""

    def make(at: str = "pustu", by: str = "pustu_head", **given: Any) -> HealthEvent:
        week: Week = given.pop("week", last_week())
        day: dt.date = given.pop("occurred_on", week.start + dt.timedelta(days=2))
        values: dict[str, Any] = {
            "indicator_code": "KIA14", "village": None, "place": "hospital", "age": 25,
            "age_unit": "years", "notified_on": day, "owner_name": "Bidan koordinator",
            **given,
        }  # fmt: skip
        return record_event(
            facility=getattr(world, at), week=week, by=world[by], occurred_on=day, **values
        )

    return make


def count(facility: Facility, code: str, number: int, week: Week | None = None) -> None:
    week = week or last_week()
    Achievement.objects.create(
        facility=facility, indicator_code=code, week=week, year=week.year, numerator=number,
        source="page",
    )  # fmt: skip


def village(world: World, number: int) -> Area:
    return Area.objects.get(code=f"{world.district.area_id}.01.200{number}")
