"""Claim, lease and fence: who builds, and whose result counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from reports.leases import LEASE, TIME_LIMIT_SECONDS
from reports.models import ReportDocument
from reports.models.document import DocumentState
from reports.printing.documents.claims import (
    FIRST_BACK_OFF_SECONDS,
    MAX_ATTEMPTS,
    ClaimLostError,
    advance,
    claim,
    finish,
    give_back,
    renew,
)
from tests import clock

FILE = {"file_sha256": "0" * 64, "size": 1, "pages": 1, "engine": "none"}


def expire_lease(document: ReportDocument) -> None:
    ReportDocument.objects.filter(pk=document.pk).update(
        lease_until=clock.now() - timedelta(seconds=1)
    )


def test_claim_is_taken_once(document: ReportDocument) -> None:
    mine = claim(document.pk)

    assert mine is not None
    assert (mine.state, mine.fence, mine.attempts) == (DocumentState.BUILDING, 1, 1)
    assert claim(document.pk) is None


def test_lease_is_renewed_while_the_build_goes_on(document: ReportDocument) -> None:
    mine = claim(document.pk)
    assert mine is not None
    expire_lease(document)
    renew(mine)
    assert claim(document.pk) is None
    expire_lease(document)
    assert claim(document.pk)
    with pytest.raises(ClaimLostError):
        renew(mine)


def test_lease_outlives_the_time_limit_and_leaves_room_in_two_minutes() -> None:
    assert TIME_LIMIT_SECONDS < LEASE.total_seconds() <= 75


def test_claim_passes_on_when_the_lease_ran_out(document: ReportDocument) -> None:
    first = claim(document.pk)
    expire_lease(document)
    second = claim(document.pk)

    assert first is not None
    assert second is not None
    assert second.fence == first.fence + 1
    with pytest.raises(ClaimLostError):
        advance(first, 2)
    with pytest.raises(ClaimLostError):
        finish(first, **FILE)
    finish(second, **FILE)
    document.refresh_from_db()
    assert (document.state, document.progress) == (DocumentState.READY, 4)


def test_late_failure_does_not_touch_another_claim(document: ReportDocument) -> None:
    first = claim(document.pk)
    expire_lease(document)
    claim(document.pk)
    assert first is not None
    give_back(first, "too late")

    document.refresh_from_db()
    assert (document.state, document.error) == (DocumentState.BUILDING, "")


def test_give_back_waits_longer_each_time_and_fails_in_the_end(document: ReportDocument) -> None:
    pauses = []
    for _attempt in range(MAX_ATTEMPTS):
        mine = claim(document.pk)
        assert mine is not None
        before = clock.now()
        give_back(mine, "disk full")
        document.refresh_from_db()
        if document.next_attempt_at is not None:
            pauses.append(round((document.next_attempt_at - before).total_seconds()))
            assert claim(document.pk) is None  # not before the pause is over
            ReportDocument.objects.filter(pk=document.pk).update(next_attempt_at=before)

    assert pauses == [FIRST_BACK_OFF_SECONDS * factor for factor in (1, 2, 4, 8)]
    assert (document.state, document.error) == (DocumentState.FAILED, "disk full")
    assert claim(document.pk) is None
