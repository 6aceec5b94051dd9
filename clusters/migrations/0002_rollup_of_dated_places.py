"""Sums by dated parents and definitions, the weeks reported, and weeks of two months."""

from pathlib import Path

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


_HERE = Path(__file__).parent
_BEFORE, _NOW = _HERE / "initial_2026_11", _HERE / "rollup_2026_12"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


ROLLUP = migrations.RunSQL(
    _read(_NOW / "rollup.sql"),
    [
        _read(_NOW / "rollup_drop.sql"),
        _read(_BEFORE / "rollup_drop.sql"),
        _read(_BEFORE / "rollup.sql"),
    ],
)


class Migration(migrations.Migration):
    dependencies = [
        ("clusters", "0001_initial_2026_11"),
        ("facilities", "0004_place_every_facility"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="achievement",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="achievement",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="achievement",
            name="first_month_denominator",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="denominator up to the end of the month"
            ),
        ),
        migrations.AddField(
            model_name="achievement",
            name="first_month_numerator",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="count up to the end of the month"
            ),
        ),
        migrations.AddField(
            model_name="achievementevent",
            name="first_month_denominator",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="denominator up to the end of the month"
            ),
        ),
        migrations.AddField(
            model_name="achievementevent",
            name="first_month_numerator",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="count up to the end of the month"
            ),
        ),
        migrations.AddField(
            model_name="achievementtotal",
            name="moved_denominator",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="achievementtotal",
            name="moved_numerator",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="achievementtotal",
            name="own_weeks",
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name="achievementtotal",
            name="weeks_reported",
            field=models.BigIntegerField(default=0),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="achievement",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "clusters_achievementevent" ("denominator", "entered_at", "entered_by_id", "facility_id", "first_month_denominator", "first_month_numerator", "id", "indicator_code", "note", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "version", "week", "year") VALUES (OLD."denominator", OLD."entered_at", OLD."entered_by_id", OLD."facility_id", OLD."first_month_denominator", OLD."first_month_numerator", OLD."id", OLD."indicator_code", OLD."note", OLD."numerator", _pgh_attach_context(), NOW(), \'update\', OLD."id", OLD."source", OLD."version", OLD."week", OLD."year"); RETURN NULL;',
                    hash="bde3d171af4f3afeadf3cfe9a526b64906c7060e",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_187ac",
                    table="clusters_achievement",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="achievement",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "clusters_achievementevent" ("denominator", "entered_at", "entered_by_id", "facility_id", "first_month_denominator", "first_month_numerator", "id", "indicator_code", "note", "numerator", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "version", "week", "year") VALUES (OLD."denominator", OLD."entered_at", OLD."entered_by_id", OLD."facility_id", OLD."first_month_denominator", OLD."first_month_numerator", OLD."id", OLD."indicator_code", OLD."note", OLD."numerator", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."source", OLD."version", OLD."week", OLD."year"); RETURN NULL;',
                    hash="2765374895b74e16913d9486aa135b199553bd14",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6f62e",
                    table="clusters_achievement",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="achievement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("first_month_numerator", None),
                        models.Q(
                            ("first_month_numerator__lte", models.F("numerator")),
                            ("numerator__isnull", False),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        ("first_month_denominator", None),
                        models.Q(
                            ("denominator__isnull", False),
                            ("first_month_denominator__lte", models.F("denominator")),
                        ),
                        _connector="OR",
                    ),
                ),
                name="achievement_first_month_is_a_part",
            ),
        ),
        ROLLUP,
    ]
