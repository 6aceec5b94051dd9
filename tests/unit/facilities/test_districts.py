from __future__ import annotations

import pytest

from facilities.actions.districts import time_zone_of
from facilities.actions.network import ilp_stage


@pytest.mark.parametrize(
    ("province", "zone"),
    [("11", "WIB"), ("19", "WIB"), ("36", "WIB"), ("61", "WIB"), ("62", "WIB"), ("51", "WITA"),
     ("63", "WITA"), ("64", "WITA"), ("76", "WITA"), ("81", "WIT"), ("91", "WIT"), ("97", "WIT")],
)  # fmt: skip
def test_time_zone_by_province(province, zone):
    assert time_zone_of(province).label == zone


@pytest.mark.parametrize(
    ("status", "year", "stage"),
    [("planned", 2025, "preparing"), ("planned", 2026, "preparing"), ("planned", 2027, "none"),
     ("planned", None, "none"), ("in_process", 2024, "preparing"), ("focus", 2024, "pilot"),
     ("implemented", 2024, "implemented")],
)  # fmt: skip
def test_stage_of_a_facility_in_2026(status, year, stage):
    assert ilp_stage(status, year, 2026) == stage
