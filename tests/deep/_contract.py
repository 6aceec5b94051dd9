"""Schemathesis with every check against a running site. See ``contract.py``."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from knox.models import AuthToken

from ilp.api.throttling import PerUser
from reports.review.actions.steps import open_weekly_review, submit_review
from tests.deep.contract import EXAMPLES
from tests.factories.world import REASONS, UNDECIDED, World, build_world, last_week
from tests.integration.api.conftest import client_of
from tests.integration.api.contract import narrowed


def _sent(world: World) -> None:
    review = open_weekly_review(facility=world.pustu, week=last_week())
    submit_review(
        review=review, by=world["pustu_head"], expected_version=review.version,
        undecided_reason=UNDECIDED, **REASONS,
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ["pustu_head", "province"])
def test_no_finding(live_server, tmp_path: Path, monkeypatch, role: str) -> None:
    monkeypatch.setattr(PerUser, "limit", 10**9)
    world = build_world()
    _sent(world)
    description = tmp_path / "schema.json"
    description.write_text(json.dumps(narrowed(client_of(world[role]), world[role])))
    _row, token = AuthToken.objects.create(world[role])
    found = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")), "run", str(description),
            "--url", live_server.url, "--header", f"Authorization: Bearer {token}",
            "--checks", "all", "--max-examples", os.environ.get(EXAMPLES, "200"),
            "--mode", "all", "--no-color", "--continue-on-failure", "--seed", "1",
        ],
        cwd=tmp_path, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert found.returncode == 0, found.stdout[-20_000:] + found.stderr[-2000:]
