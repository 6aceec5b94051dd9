from __future__ import annotations

import pytest

from reports.models import ReportDocument
from reports.review.documents import request_facility_document
from tests.factories.world import World, build_world, last_week


@pytest.fixture
def world(db) -> World:
    return build_world(few=True)


@pytest.fixture
def document(world: World) -> ReportDocument:
    """The queued draft of a Pustu."""
    return request_facility_document(world.pustu, last_week())
