from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clusters.judgement.verdict import Remark
from clusters.targets import Check, Colour, SignalName, Status, Trend
from facilities.models.facility import FacilityKind
from ilp.api.serializers.achievements import WeekLabelField
from reports.figures.columns import columns_of
from reports.figures.tables import Table, TableColumn
from reports.models import ReviewRevision, WeeklyReview
from reports.models.problem import ProblemEvent, ProblemStatus
from reports.models.review import ReviewStatus
from reports.review.queries.sheet import revision_sheet
from reports.shapes import CorrectionRow, ReviewSheet

STANDING = {ReviewStatus.SUBMITTED, ReviewStatus.APPROVED}


def _choices(literal: object) -> list[str]:
    return list(get_args(literal))


class _People(serializers.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(allow_null=True, **kwargs)


class _Percent(serializers.DecimalField):
    """One decimal, as a string so that no client rounds it again."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("allow_null", True)
        super().__init__(max_digits=12, decimal_places=1, coerce_to_string=True, **kwargs)


def _checks(**kwargs: Any) -> serializers.ListField:
    """With a child of its own: a child that is bound to one list cannot go into another."""
    return serializers.ListField(child=serializers.ChoiceField(choices=_choices(Check)), **kwargs)


_Make = Callable[..., serializers.Field[Any, Any, Any, Any]]
_BY_UNIT: dict[str, _Make] = {
    "people": _People,
    "difference": _People,
    "percent": _Percent,
    "per_month": _Percent,
}
_BY_CODE: dict[str, _Make] = {
    "target_percent": partial(_Percent, allow_null=False),
    "trend": partial(serializers.ChoiceField, choices=_choices(Trend), allow_null=True),
    "is_on_target": partial(serializers.BooleanField, allow_null=True),
    "status": partial(serializers.ChoiceField, choices=_choices(Status), allow_null=True),
    "colour": partial(serializers.ChoiceField, choices=_choices(Colour)),
    "checks": _checks,
}


def _field(column: TableColumn) -> serializers.Field[Any, Any, Any, Any]:
    make = _BY_CODE[column.code] if column.code in _BY_CODE else _BY_UNIT[column.column.unit]
    return make(label=column.heading, help_text=column.help)


class FiguresSerializer(serializers.Serializer[Any]):
    """The computed columns of one line, as on the page and in the PDF."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        figures = {column.code: _field(column) for column in columns_of(Table.API)}
        return {**figures, **super().get_fields()}


class ReplacedSumSerializer(serializers.Serializer[Any]):
    """The figure a Puskesmas used in place of the week's sum; the line's figures use it."""

    used = serializers.IntegerField()
    used_denominator = _People()
    sum = _People(help_text="What its own count and the reports below added up to at signing")
    sum_denominator = _People()
    sum_then = _People(help_text="The same when it was replaced")
    sum_denominator_then = _People()
    reason = serializers.CharField()


class MissingSerializer(serializers.Serializer[Any]):
    """A unit whose report of a period is not there."""

    code = serializers.CharField()
    name = serializers.CharField()
    period = serializers.CharField(help_text="2026-10, 2026-Q3, 2026-C02 (campaign) …")


class JudgedSerializer(serializers.Serializer[Any]):
    """What the last closed period says. Sums and rates are those of the units that reported."""

    period = serializers.CharField(help_text="The closed period; empty: nothing is judged yet")
    population = _People()
    target_year = _People()
    target_to_date = _People(help_text="Over the periods and units that were reported")
    full_target_to_date = _People()
    cumulative = _People(help_text="A lower bound where reports are missing")
    denominator = _People()
    gap = _People(help_text="Where fewer is better reversed: below zero is always worse")
    gap_points = _Percent()
    tolerance = _Percent(help_text="People of a sum, points of a rate")
    percent_of_target = _Percent()
    target_percent = _Percent()
    coverage = _Percent()
    last = _People(help_text="In the period itself")
    before = _People(help_text="In the period before")
    need = _Percent(help_text="People for each period left of the year")
    trend = serializers.ChoiceField(choices=_choices(Trend), allow_null=True)
    status = serializers.ChoiceField(choices=_choices(Status), allow_null=True)
    remarks = serializers.ListField(child=serializers.ChoiceField(choices=_choices(Remark)))
    reported = serializers.IntegerField(help_text="Units, or units x periods, that reported")
    expected = serializers.IntegerField()
    completeness = _Percent()
    missing = MissingSerializer(many=True)
    due = _People(help_text="Of plans: how many had to be held by now")
    late = _People(help_text="Of plans: how many are overdue")
    is_forced = serializers.BooleanField(help_text="Whether a decision is needed")
    needs_reason = serializers.BooleanField(help_text="Above 110 %")
    is_lower_bound = serializers.BooleanField(help_text="Whether reports are missing in the sum")
    without_population = serializers.ListField(
        child=serializers.CharField(), help_text="Villages whose official number is not known"
    )


class LineSerializer(FiguresSerializer):
    indicator = serializers.CharField()
    cluster = serializers.CharField()
    is_due = serializers.BooleanField()
    reported = serializers.IntegerField(help_text="Units below with a figure this week")
    expected = serializers.IntegerField(help_text="Units below that must report it")
    replaced = ReplacedSumSerializer(allow_null=True, help_text="null: the sum itself is used")
    is_priority = serializers.BooleanField(help_text="Looked at in the weekly meeting")
    running = _People(help_text="Since New Year to this week; of a state the latest")
    signal = serializers.ChoiceField(
        choices=_choices(SignalName), allow_null=True, help_text="How the week itself stands"
    )
    judged = JudgedSerializer(allow_null=True, help_text="null: signed before it was kept")


class CorrectionSerializer(serializers.Serializer[Any]):
    """What a later revision of an earlier week changed; cumulative figures contain it already."""

    week = serializers.CharField(help_text="The corrected week")
    place = serializers.SerializerMethodField(help_text="Code of a Pustu below; empty: its own")
    revision = serializers.IntegerField()
    indicator = serializers.CharField(source="indicator_code")
    before_count = _People(help_text="null: no report, never zero")
    after_count = _People()
    before_denominator = _People()
    after_denominator = _People()
    before_cumulative = _People()
    after_cumulative = _People()
    reason = serializers.CharField()

    def get_place(self, row: CorrectionRow) -> str:
        return row.place.code if row.place else ""


class EventSerializer(serializers.Serializer[Any]):
    """A death or another event whose follow-up was not closed when the review was signed."""

    kind = serializers.ChoiceField(choices=ProblemEvent.choices)
    indicator = serializers.CharField(
        source="indicator_code", help_text="Empty: reported, without an event record"
    )
    facility = serializers.CharField(source="facility.code")
    week = serializers.CharField(help_text="Whose report counts it; any week")
    occurred_on = serializers.DateField()
    notified_on = serializers.DateField(allow_null=True, help_text="When Dinkes was told")
    needs_audit = serializers.BooleanField()
    audited_on = serializers.DateField(allow_null=True)
    status = serializers.ChoiceField(choices=ProblemStatus.choices, help_text="Of its follow-up")


class RevisionSerializer(serializers.ModelSerializer[ReviewRevision]):
    sha256 = serializers.CharField(source="snapshot_id", help_text="Of the frozen figures")

    class Meta:
        model = ReviewRevision
        fields = ["number", "document_number", "signed_at", "sha256"]


class ReviewSerializer(serializers.ModelSerializer[WeeklyReview]):
    facility = serializers.CharField(source="facility.code")
    facility_name = serializers.SerializerMethodField(help_text="As it was called in that week")
    kind = serializers.ChoiceField(source="facility.kind", choices=FacilityKind.choices)
    district = serializers.CharField(source="facility.district.area_id")
    week = WeekLabelField()
    revisions = RevisionSerializer(many=True, help_text="The frozen ones, oldest first")

    class Meta:
        model = WeeklyReview
        fields = [
            "facility",
            "facility_name",
            "kind",
            "district",
            "week",
            "status",
            "revision",
            "submitted_at",
            "decided_at",
            "revisions",
        ]

    @extend_schema_field(serializers.CharField())
    def get_facility_name(self, review: WeeklyReview) -> str:
        then: str | None = getattr(review, "name_then", None)
        return then or review.facility.name


class ReviewLinesSerializer(ReviewSerializer):
    """With the lines of one frozen revision; none as long as nothing signed stands."""

    facility_name = serializers.SerializerMethodField(
        help_text="As it was signed, if there are lines"
    )
    lines_revision = serializers.SerializerMethodField(help_text="They were frozen in this one")
    lines = serializers.SerializerMethodField()
    corrections = serializers.SerializerMethodField(
        help_text="Of earlier weeks, signed since the review before this one"
    )

    events = serializers.SerializerMethodField(
        help_text="Deaths and events not closed then, in order of date; null: not known"
    )

    class Meta(ReviewSerializer.Meta):
        fields = [
            *ReviewSerializer.Meta.fields, "events", "lines_revision", "lines", "corrections",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField())
    def get_facility_name(self, review: WeeklyReview) -> str:
        frozen = self._frozen(review)
        return super().get_facility_name(review) if frozen is None else _sheet(frozen).facility.name

    @extend_schema_field(serializers.IntegerField(allow_null=True))
    def get_lines_revision(self, review: WeeklyReview) -> int | None:
        frozen = self._frozen(review)
        return None if frozen is None else frozen.number

    @extend_schema_field(LineSerializer(many=True))
    def get_lines(self, review: WeeklyReview) -> list[dict[str, Any]]:
        frozen = self._frozen(review)
        rows = [] if frozen is None else frozen_lines(frozen)
        return list(LineSerializer(rows, many=True).data)

    @extend_schema_field(CorrectionSerializer(many=True))
    def get_corrections(self, review: WeeklyReview) -> list[dict[str, Any]]:
        frozen = self._frozen(review)
        rows = () if frozen is None else _sheet(frozen).corrections
        return list(CorrectionSerializer(rows, many=True).data)

    @extend_schema_field(EventSerializer(many=True, allow_null=True))
    def get_events(self, review: WeeklyReview) -> list[dict[str, Any]] | None:
        frozen = self._frozen(review)
        rows = None if frozen is None else _sheet(frozen).events
        return None if rows is None else list(EventSerializer(rows, many=True).data)

    def _frozen(self, review: WeeklyReview) -> ReviewRevision | None:
        """The revision asked for (the view has checked it), else the one that stands."""
        number = self.context.get("revision")
        if number is None and review.status in STANDING:
            number = review.revision
        return next((x for x in review.revisions.all() if x.number == number), None)


class ReviewRowSerializer(ReviewLinesSerializer):
    """A row of the list; what is not in a plain ReviewSerializer comes only with ``lines=true``."""


def _sheet(revision: ReviewRevision) -> ReviewSheet:
    """The signed sheet, read once for the lines and the corrections of an answer."""
    if "sheet_read" not in revision.__dict__:
        revision.__dict__["sheet_read"] = revision_sheet(revision)
    sheet: ReviewSheet = revision.__dict__["sheet_read"]
    return sheet


def frozen_lines(revision: ReviewRevision) -> list[dict[str, Any]]:
    """The lines of a signed sheet, flat: the very figures of the page and the PDF."""
    return [
        {
            "indicator": line.indicator.code,
            "cluster": block.code,
            "is_due": line.is_due,
            "reported": line.reported,
            "expected": line.expected,
            "replaced": line.replaced,
            "is_priority": line.is_priority,
            "running": line.figures.running,
            "signal": line.figures.signal,
            "judged": line.figures.judged,
            **{column.code: column.column.value(line) for column in columns_of(Table.API)},
        }
        for block in _sheet(revision).clusters
        for line in block.lines
    ]
