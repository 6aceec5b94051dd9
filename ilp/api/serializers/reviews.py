from __future__ import annotations

from dataclasses import asdict
from typing import Any, get_args

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clusters.targets import Check, Colour, Status, Trend
from facilities.models.facility import FacilityKind
from ilp.api.serializers.achievements import WeekLabelField
from reports.models import ReviewRevision, WeeklyReview
from reports.models.review import ReviewStatus
from reports.queries.review_sheet import revision_sheet
from reports.queries.shapes import CorrectionRow, ReviewSheet

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


class FiguresSerializer(serializers.Serializer[Any]):
    """The computed columns of one line, as on the page and in the PDF."""

    population = _People(help_text="S, or the denominator counted so far")
    target_to_date = _People(help_text="People")
    target_percent = _Percent(allow_null=False)
    week_count = _People(help_text="null: no report, never zero")
    week_denominator = _People()
    cumulative = _People()
    cumulative_denominator = _People()
    coverage = _Percent(help_text="Percent of the population")
    gap = _People(help_text="cumulative - target_to_date")
    percent_of_target = _Percent()
    need_per_week = _Percent(help_text="People a week to reach the target")
    recent = _People()
    previous = _People()
    recent_percent = _Percent()
    previous_percent = _Percent()
    trend = serializers.ChoiceField(choices=_choices(Trend), allow_null=True)
    is_on_target = serializers.BooleanField(allow_null=True)
    status = serializers.ChoiceField(choices=_choices(Status), allow_null=True)
    colour = serializers.ChoiceField(choices=_choices(Colour))
    checks = serializers.ListField(child=serializers.ChoiceField(choices=_choices(Check)))


class ReplacedSumSerializer(serializers.Serializer[Any]):
    """The figure a Puskesmas used in place of the week's sum; the line's figures use it."""

    used = serializers.IntegerField()
    used_denominator = _People()
    sum = _People(help_text="What its own count and the reports below added up to at signing")
    sum_denominator = _People()
    sum_then = _People(help_text="The same when it was replaced")
    sum_denominator_then = _People()
    reason = serializers.CharField()


class LineSerializer(FiguresSerializer):
    indicator = serializers.CharField()
    cluster = serializers.CharField()
    is_due = serializers.BooleanField()
    reported = serializers.IntegerField(help_text="Units below with a figure this week")
    expected = serializers.IntegerField(help_text="Units below that must report it")
    replaced = ReplacedSumSerializer(allow_null=True, help_text="null: the sum itself is used")


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


class RevisionSerializer(serializers.ModelSerializer[ReviewRevision]):
    sha256 = serializers.CharField(source="snapshot_id", help_text="Of the frozen figures")

    class Meta:
        model = ReviewRevision
        fields = ["number", "document_number", "signed_at", "sha256"]


class ReviewSerializer(serializers.ModelSerializer[WeeklyReview]):
    facility = serializers.CharField(source="facility.code")
    facility_name = serializers.CharField(source="facility.name")
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


class ReviewLinesSerializer(ReviewSerializer):
    """With the lines of one frozen revision; none as long as nothing signed stands."""

    lines_revision = serializers.SerializerMethodField(help_text="They were frozen in this one")
    lines = serializers.SerializerMethodField()
    corrections = serializers.SerializerMethodField(
        help_text="Of earlier weeks, signed since the review before this one"
    )

    class Meta(ReviewSerializer.Meta):
        fields = [*ReviewSerializer.Meta.fields, "lines_revision", "lines", "corrections"]

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

    def _frozen(self, review: WeeklyReview) -> ReviewRevision | None:
        """The revision asked for (the view has checked it), else the one that stands."""
        number = self.context.get("revision")
        if number is None and review.status in STANDING:
            number = review.revision
        return next((x for x in review.revisions.all() if x.number == number), None)


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
            **asdict(line.figures),
        }
        for block in _sheet(revision).clusters
        for line in block.lines
    ]
