"""Weekly reviews, problems, documents and deliveries.

One migration for everything up to November 2026; see docs/adr/0009-one-migration-per-app.md.
"""

from __future__ import annotations

from django.conf import settings
from django.db import migrations

from reports.migrations.initial_2026_11 import (
    attachments,
    decisions,
    deliveries,
    documents,
    escalations,
    problems,
    review,
    sheets,
)


class Migration(migrations.Migration):
    initial = True
    replaces = [
        ("reports", "0001_initial"),
        ("reports", "0002_revision_tally"),
        ("reports", "0003_problems_decisions_delivery"),
        ("reports", "0004_escalation_moment"),
        ("reports", "0005_uploaded_forms"),
        ("reports", "0006_problem_verified_by_another"),
        ("reports", "0007_delivery_dropped"),
        ("reports", "0008_delivery_urgent"),
    ]
    dependencies = [
        ("facilities", "0001_initial_2026_11"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        *documents.operations,
        *review.operations,
        *problems.operations,
        *escalations.operations,
        *attachments.operations,
        *decisions.operations,
        *deliveries.operations,
        *sheets.operations,
    ]
