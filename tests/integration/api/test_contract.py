"""Every operation of the schema is called, with good and with bad values, and every answer is
held against the schema: status, media type, headers, body, what must be refused. A few examples
each; many in ``tests/deep/contract.py``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from knox.models import AuthToken
from schemathesis.generation import GenerationMode

from ilp.api.throttling import PerUser
from tests.factories.world import World
from tests.integration.api.conftest import client_of
from tests.integration.api.contract import narrowed

FEW = settings(
    max_examples=4, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture
def schema(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setattr(PerUser, "limit", 10**6)
    loaded = schemathesis.openapi.from_dict(
        narrowed(client_of(world["pustu_head"]), world["pustu_head"])
    )
    loaded.app = WSGIHandler()
    # As Django's own test client does: the transaction of the test goes on.
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield loaded
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_every_operation(world: World, schema: Any, mode: GenerationMode) -> None:
    _row, token = AuthToken.objects.create(world["pustu_head"])
    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    called = set()
    for found in schema.get_all_operations():
        operation = found.ok()

        @FEW
        @given(case=operation.as_strategy(generation_mode=mode))
        def call(case: Any) -> None:
            case.call_and_validate(headers=headers)
            called.add(case.operation.label)

        if mode.is_positive or operation.query or operation.body:
            call()
    assert len(called) >= (14 if mode.is_positive else 8)


def test_every_property_says_what_it_is(schema: Any) -> None:
    raw = schema.raw_schema
    silent = [
        f"{name}.{key}"
        for name, component in raw["components"]["schemas"].items()
        for key, words in component.get("properties", {}).items()
        if not words.get("description")
    ]
    silent += [
        f"{path} {one['name']}"
        for path, operations in raw["paths"].items()
        for operation in operations.values()
        for one in operation.get("parameters", ())
        if not one.get("description")
    ]
    assert not silent


def test_only_weeks_carry_the_pattern_of_a_week(schema: Any) -> None:
    """A shared class of fields was annotated once, and every text was a week."""
    weeks = {
        key
        for component in schema.raw_schema["components"]["schemas"].values()
        for key, words in component.get("properties", {}).items()
        if "W53" in words.get("pattern", "")
    }
    assert weeks == {"week"}


def test_every_operation_says_how_it_may_refuse(schema: Any) -> None:
    for path, operations in schema.raw_schema["paths"].items():
        for method, operation in operations.items():
            codes = set(operation["responses"])
            assert {"400", "401", "403", "406", "429", "503"} <= codes, (path, method)
            assert ("404" in codes) == ("{" in path), (path, method)
            for code in codes - {"200"}:
                content = operation["responses"][code]["content"]
                assert list(content) == ["application/problem+json"], (path, code)
