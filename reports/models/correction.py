"""What a later revision changed: carried into the next week's review as «koreksi»."""

from __future__ import annotations

from django.db import models

from reports.models.review import ReviewRevision


class Correction(models.Model):
    """One indicator whose figures differ from the revision before. Written when the later
    revision is signed, never changed."""

    revision = models.ForeignKey(ReviewRevision, models.CASCADE, related_name="corrections")
    indicator_code = models.CharField(max_length=8)
    before_count = models.BigIntegerField(null=True)  # None: no data, not zero
    after_count = models.BigIntegerField(null=True)
    before_denominator = models.BigIntegerField(null=True)
    after_denominator = models.BigIntegerField(null=True)
    before_cumulative = models.BigIntegerField(null=True)
    after_cumulative = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["indicator_code"]
        constraints = [
            models.UniqueConstraint(
                name="correction_once_per_row", fields=["revision", "indicator_code"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.indicator_code}"
