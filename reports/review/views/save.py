"""Saving counts: all rows of a posted form, or one."""

from __future__ import annotations

from dataclasses import dataclass, field

from clusters.models import Achievement
from clusters.weeks import Week
from facilities.errors import InvalidInput, StaleVersion
from facilities.models import Facility
from reports.figures.queries.facility_lines import indicators_for
from reports.lookup import UserRequest
from reports.models import WeeklyReview
from reports.review.actions.steps import open_weekly_review, save_count
from reports.review.forms.counts import CountEntry
from reports.review.views.rows import Conflict


@dataclass(slots=True)
class Saved:
    """What became of a posted form."""

    review: WeeklyReview
    saved: int = 0
    refused: dict[str, CountEntry] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)

    @property
    def is_refused(self) -> bool:
        return bool(self.refused)

    @property
    def has_errors(self) -> bool:
        return any(entry.errors for entry in self.refused.values())


def stored(review: WeeklyReview, request: UserRequest) -> WeeklyReview:
    """The review as a row: the first entry of a week opens it."""
    if (review.pk or 0) > 0:
        return review
    facility = review.facility
    review = open_weekly_review(facility=facility, week=review.week, by=request.user)
    review.facility = facility
    return review


def save_entry(review: WeeklyReview, entry: CountEntry, request: UserRequest) -> Achievement | None:
    """Save one row; what cannot be taken ends up in ``entry.errors``. Raises StaleVersion."""
    if entry.errors:
        return None
    try:
        return save_count(
            review=review,
            indicator_code=entry.code,
            numerator=entry.numerator,
            denominator=entry.denominator,
            by=request.user,
            expected_version=entry.version,
            note=entry.note,
            first_month=entry.first_month,
        )
    except InvalidInput as error:
        entry.errors.update(error.errors)
        return None


def save_all(request: UserRequest, review: WeeklyReview) -> Saved:
    """Save every changed row of the whole form. Good rows are saved even when others are not,
    so that nobody types forty numbers twice."""
    review = stored(review, request)
    result = Saved(review)
    before = _rows(review.facility, review.week)
    for indicator in indicators_for(review.facility.kind, review.week):
        code = indicator.code
        if f"n-{code}" not in request.POST:
            continue
        entry = CountEntry.from_post(code, request.POST)
        row = before.get(code)
        if not entry.errors and _is_unchanged(entry, row):
            continue
        try:
            if save_entry(review, entry, request) is None:
                result.refused[code] = entry
            else:
                result.saved += 1
        except StaleVersion as error:
            result.refused[code] = entry
            result.conflicts[code] = Conflict(theirs=error.current, mine=entry)
    return result


def _rows(facility: Facility, week: Week) -> dict[str, Achievement]:
    rows = Achievement.objects.filter(facility=facility, week=week)
    return {row.indicator_code: row for row in rows}


def _values(row: Achievement | None, entry: CountEntry) -> tuple[object, ...]:
    """What a row says in the fields that were posted."""
    if row is None:
        return None, None, "", entry.first_month and (None, None)
    parts = (row.first_month_numerator, row.first_month_denominator)
    return row.numerator, row.denominator, row.note, entry.first_month and parts


def _is_unchanged(entry: CountEntry, row: Achievement | None) -> bool:
    """Whether the writer left the row as it was shown. When somebody else saved it since, what
    was shown is found in its history by the version that came back."""
    typed = (entry.numerator, entry.denominator, entry.note or "", entry.first_month)
    if typed == _values(row, entry):
        return True
    if row is None or row.version == entry.version:
        return False
    if entry.version == 0:
        return typed == _values(None, entry)
    history = Achievement.pgh_event_model.objects.filter(  # type: ignore[attr-defined]
        pgh_obj_id=row.pk, version=entry.version
    )
    return any(typed == _values(old, entry) for old in history)
