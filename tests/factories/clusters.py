"""Indicators and achievements by factory-boy."""

from __future__ import annotations

import datetime as dt

from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from clusters.models import Achievement, Cluster, Indicator
from clusters.weeks import Week
from tests.factories.facilities import PustuFactory


class ClusterFactory(DjangoModelFactory[Cluster]):
    class Meta:
        model = Cluster
        django_get_or_create = ("code",)

    code = "K2"
    name_id = "Klaster II"
    name_en = "Cluster II"


class IndicatorFactory(DjangoModelFactory[Indicator]):
    class Meta:
        model = Indicator

    code = Sequence(lambda n: f"UJI{n:03d}")
    name_id = LazyAttribute(lambda one: f"Indikator {one.code}")
    name_en = LazyAttribute(lambda one: f"Indicator {one.code}")
    valid_from = dt.date(2020, 1, 1)
    cluster = SubFactory(ClusterFactory)
    numerator = "Orang dilayani"
    annual_target = 90
    direction = "higher"
    level = "pustu"
    frequency = "weekly"
    calc_type = "cumulative"
    denominator_groups = ["BUMIL"]


class AchievementFactory(DjangoModelFactory[Achievement]):
    class Meta:
        model = Achievement

    facility = SubFactory(PustuFactory)
    indicator_code = "SPM01"
    week = Week(2026, 20)
    year = SelfAttribute("week.year")
    numerator = 3
    source = "page"
