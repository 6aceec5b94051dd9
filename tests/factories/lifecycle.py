"""Target population by factory-boy."""

from __future__ import annotations

import factory

from lifecycle.models import TargetPopulation
from tests.factories.facilities import AreaFactory


class TargetPopulationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TargetPopulation

    village = factory.SubFactory(AreaFactory, kind="village")
    group_code = "BUMIL"
    year = 2026
    estimated = 20
