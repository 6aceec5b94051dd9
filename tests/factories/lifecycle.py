"""Target population by factory-boy."""

from __future__ import annotations

from factory.declarations import SubFactory
from factory.django import DjangoModelFactory

from lifecycle.models import TargetPopulation
from tests.factories.facilities import AreaFactory


class TargetPopulationFactory(DjangoModelFactory[TargetPopulation]):
    class Meta:
        model = TargetPopulation

    village = SubFactory(AreaFactory, kind="village")
    group_code = "BUMIL"
    year = 2026
    estimated = 20
