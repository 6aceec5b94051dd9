"""Reviews, their steps and attendance for the filings of the story."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby

from clusters.weeks import Week
from facilities.models import Facility, User
from facilities.models.facility import FacilityKind
from ilp.demo.bulk import copy_rows, reserve_ids
from ilp.demo.chance import dice
from ilp.demo.filing import Filing
from ilp.demo.people import Cast
from reports.models import Attendance, ExcusedWeek, ReviewStep, WeeklyReview
from reports.models.review import ReviewStatus

CONCLUSIONS = (
    "Capaian sebagian besar sesuai target. Kunjungan rumah dan imunisasi dikejar pekan depan.",
    "Skrining usia produktif tertinggal; jadwal Posyandu ditambah di dua desa.",
    "Pelayanan ibu hamil berjalan baik. Laporan Pustu yang terlambat ditindaklanjuti.",
    "Capaian membaik dibanding empat minggu lalu. Stok obat dipantau.",
)


MISSED = "Petugas cuti, catatan minggu itu tidak lengkap (data demo)"


def create_reviews(filings: Sequence[Filing], cast: Cast, seed: int) -> list[WeeklyReview]:
    """Insert a review per filing with its steps; returns them."""
    ids = reserve_ids(WeeklyReview, len(filings))
    reviews = [_review(pk, one, cast, seed) for pk, one in zip(ids, filings, strict=True)]
    copy_rows(WeeklyReview, reviews)
    copy_rows(ReviewStep, (step for review in reviews for step in _steps(review)))
    return reviews


def _review(pk: int, filing: Filing, cast: Cast, seed: int) -> WeeklyReview:
    facility, week = filing.facility, filing.week
    head = cast.heads[facility.pk]
    is_puskesmas = facility.kind == FacilityKind.PUSKESMAS
    decider = cast.dinkes if is_puskesmas else cast.heads[filing.parent_id or 0]
    review = WeeklyReview(
        pk=pk,
        facility=facility,
        week=week,
        status=filing.status,
        opened_at=dt.datetime.combine(week.start, dt.time(0, 5), tzinfo=dt.UTC),
        submitted_at=filing.submitted_at,
        submitted_by=head if filing.submitted_at else None,
        decided_at=filing.decided_at,
        decided_by=decider if filing.decided_at else None,
        reason=filing.reason,
    )
    if is_puskesmas and filing.submitted_at:
        rng = dice(seed, facility.code, week, "meeting")
        review.meeting_on = filing.submitted_at.date()
        review.meeting_place = f"Aula {facility.name}"
        review.chair_name = head.full_name
        review.minutes_by = "Notulis (demo)"
        review.conclusion = rng.choice(CONCLUSIONS)
    return review


def _steps(review: WeeklyReview) -> Iterable[ReviewStep]:
    if review.submitted_at is None:
        return
    yield ReviewStep(
        review=review,
        action="submit",
        from_status=ReviewStatus.OPEN,
        to_status=ReviewStatus.SUBMITTED,
        revision=1,
        by=review.submitted_by,
        at=review.submitted_at,
    )
    if review.decided_at is not None:
        is_returned = review.status == ReviewStatus.RETURNED
        yield ReviewStep(
            review=review,
            action="return" if is_returned else "approve",
            from_status=ReviewStatus.SUBMITTED,
            to_status=review.status,
            revision=1,
            by=review.decided_by,
            at=review.decided_at,
            reason=review.reason,
        )


def create_attendance(
    reviews: Iterable[WeeklyReview], filings: Iterable[Filing], cast: Cast, seed: int
) -> int:
    """Who sat in the meetings; returns how many rows."""
    pustu: dict[tuple[int | None, Week], list[Facility]] = defaultdict(list)
    for filing in filings:
        if filing.facility.kind == FacilityKind.PUSTU:
            pustu[filing.parent_id, filing.week].append(filing.facility)
    rows = []
    for review in reviews:
        if review.meeting_on is None:
            continue
        rng = dice(seed, review.facility.code, review.week, "attendance")
        for facility in pustu[review.facility_id, review.week]:
            head: User = cast.heads[facility.pk]
            rows.append(
                Attendance(
                    review=review,
                    facility=facility,
                    name=head.full_name,
                    position=f"Kepala {facility.name}",
                    is_present=rng.random() < 0.93,
                )
            )
        rows.extend(
            Attendance(review=review, name=f"{office} (demo)", position=office, is_present=True)
            for office in ("PJ Klaster 2", "PJ Klaster 3", "Petugas surveilans")
        )
    return copy_rows(Attendance, rows)


def excuse_missing(filings: Iterable[Filing], cast: Cast, since: Week) -> int:
    """Weeks that a Pustu never sent, each with its reason; the newest still wait for one."""
    rows = [
        ExcusedWeek(
            facility=one.facility,
            week=one.week,
            reason=MISSED,
            by=cast.heads[one.facility.pk],
            at=dt.datetime.combine(one.week.end, dt.time(5), tzinfo=dt.UTC) + dt.timedelta(days=8),
        )
        for one in filings
        if one.status == ReviewStatus.OPEN and one.week < since
    ]
    return copy_rows(ExcusedWeek, rows)


def filed_weeks(filings: Iterable[Filing]) -> dict[int, list[Week]]:
    """The weeks each facility has handed in, in order."""
    filed = sorted(
        (filing for filing in filings if filing.submitted_at),
        key=lambda filing: (filing.facility.pk, filing.week),
    )
    return {
        pk: [filing.week for filing in rows]
        for pk, rows in groupby(filed, key=lambda filing: filing.facility.pk)
    }
