from __future__ import annotations

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from facilities.querysets import reads_from_outside
from ilp.api.serializers.achievements import WeekLabelField
from reports.models import ReportDocument
from reports.models.document import DocumentState


class ReportSerializer(serializers.ModelSerializer[ReportDocument]):
    id = serializers.UUIDField(source="public_id")
    facility = serializers.CharField(source="facility.code")
    district = serializers.CharField(source="facility.district.area_id")
    week = WeekLabelField()
    figures_sha256 = serializers.CharField(
        source="snapshot_id", help_text="Of the frozen figures; printed in the PDF"
    )
    pdf = serializers.SerializerMethodField(
        help_text="Address of the file; null: not ready, or not for you"
    )

    class Meta:
        model = ReportDocument
        fields = [
            "id",
            "kind",
            "facility",
            "district",
            "week",
            "revision",
            "is_draft",
            "document_number",
            "state",
            "pages",
            "size",
            "file_sha256",
            "figures_sha256",
            "template_version",
            "engine",
            "created_at",
            "finished_at",
            "pdf",
        ]

    @extend_schema_field(serializers.URLField(allow_null=True))
    def get_pdf(self, document: ReportDocument) -> str | None:
        request = self.context["request"]
        if document.state != DocumentState.READY or reads_from_outside(request.user):
            return None
        return reverse("api:report-pdf", kwargs={"public_id": document.public_id}, request=request)
