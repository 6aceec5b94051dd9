from __future__ import annotations

import pytest

from tests.factories.world import World, build_world


@pytest.fixture
def world(db) -> World:
    """The cast, with an address for everybody and no quiet hours."""
    world = build_world(few=True)
    world.district.quiet_from = world.district.quiet_until
    world.district.save()
    for person in world.people.values():
        person.email = f"{person.username}@dinkes.example"
        person.save()
    return world
