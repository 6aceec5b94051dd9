"""``build_reports`` and ``reconcile`` as typed in a shell."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from ilp.models import Heartbeat
from reports.models import ReportDocument, Snapshot
from reports.models.document import DocumentKind, DocumentState
from tests.factories.world import World, last_week

WEEK = str(last_week())


def build(**options: object) -> str:
    out = io.StringIO()
    call_command("build_reports", district="19.06", week=WEEK, stdout=out, stderr=out, **options)
    return out.getvalue()


def test_whole_week_is_queued(world: World) -> None:
    shown = build()

    assert ReportDocument.objects.filter(state=DocumentState.QUEUED).count() == 5
    assert f"{DocumentKind.PUSKESMAS_WEEKLY.label}: 2" in shown
    assert f"{DocumentKind.PUSTU_WEEKLY.label}: 2" in shown
    assert f"{DocumentKind.DISTRICT_WEEKLY.label}: 1" in shown


def test_one_facility_and_those_below(world: World) -> None:
    build(facility="P1")
    assert set(ReportDocument.objects.values_list("facility__code", flat=True)) == {
        "P1", "P1-PT01", "P1-PT02",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"district": "99.99"}, "19.06"),
        ({"week": "2026-24"}, "2026-W24"),
        ({"week": "2099-W01"}, "2099-W01"),
        ({"facility": "F1"}, "F1"),
        ({"facility": "P1-PY001"}, "Posyandu"),
    ],
)
def test_bad_arguments_are_named(world: World, options: dict[str, str], named: str) -> None:
    arguments = {"district": "19.06", "week": WEEK, **options}
    with pytest.raises(CommandError, match=named):
        call_command("build_reports", **arguments)
    assert not ReportDocument.objects.exists()


def test_failures_are_shown_and_end_with_an_error(world: World, own_broker) -> None:
    build(facility="P1-PT01")
    Snapshot.objects.update(content="{}")
    ReportDocument.objects.update(attempts=4, created_at="2026-01-01T00:00Z")

    with pytest.raises(CommandError, match="1"):
        build(facility="P1-PT01", wait=True)
    assert ReportDocument.objects.get().state == DocumentState.FAILED


def test_waiting_builds_here_when_there_is_no_worker(world: World, own_broker) -> None:
    build(facility="P1-PT01")
    ReportDocument.objects.update(created_at="2026-01-01T00:00Z")

    shown = build(facility="P1-PT01", wait=True)

    assert set(ReportDocument.objects.values_list("state", flat=True)) == {DocumentState.READY}
    assert f"{DocumentState.READY.label}: 1" in shown


def test_reconcile_once_leaves_a_sign_of_life(world: World) -> None:
    call_command("reconcile", once=True)
    assert Heartbeat.objects.filter(name="reconcile").exists()
