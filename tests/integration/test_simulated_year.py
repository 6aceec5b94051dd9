"""A year exactly on schedule gives no alarm, whatever the indicator and the week."""

from __future__ import annotations

import pytest

from clusters.catalogue import load_clusters, load_indicators
from clusters.models import Achievement
from ilp.simulation.alarms import watch
from ilp.simulation.site import simulated
from lifecycle.catalogue import load_groups

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("year", [2025, 2026], ids=["53 weeks", "52 weeks"])
@pytest.mark.at("2027-03-10T12:00+07:00")
def test_a_year_on_schedule_gives_no_alarm(year: int) -> None:
    load_clusters()
    load_groups()
    load_indicators()
    with simulated(year) as site:
        assert Achievement.objects.count() > 10_000
        outcomes = watch(site, year)
    assert len(outcomes) > 250
    assert {one.code: one.alarms[:3] for one in outcomes if one.alarms} == {}
    words = {word for one in outcomes for word in one.words}
    assert "baik" in words  # the silence of a year that judges nothing would prove nothing
    assert sum(one.words["baik"] for one in outcomes) > 10_000
