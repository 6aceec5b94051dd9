"""What a Puskesmas or a Dinkes sets for its printed papers."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0006_closing_day"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterheadSetting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(blank=True, max_length=5, verbose_name="postal code"),
                ),
                (
                    "seat",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        verbose_name="seat (place named beside the date)",
                    ),
                ),
                (
                    "head_title",
                    models.CharField(blank=True, max_length=150, verbose_name="office of the head"),
                ),
                (
                    "classification",
                    models.CharField(
                        choices=[
                            ("Biasa", "Ordinary"),
                            ("Penting", "Important"),
                            ("Segera", "Urgent"),
                            ("Sangat segera", "Very urgent"),
                            ("Rahasia", "Confidential"),
                        ],
                        default="Biasa",
                        max_length=20,
                        verbose_name="classification (sifat)",
                    ),
                ),
                (
                    "copies",
                    models.TextField(
                        blank=True,
                        default="Kepala Dinas Kesehatan\nCamat\nArsip",
                        verbose_name="copies to (tembusan)",
                    ),
                ),
                (
                    "facility",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="letterhead_setting",
                        to="facilities.facility",
                        verbose_name="facility",
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="facilities.logo",
                        verbose_name="logo",
                    ),
                ),
            ],
            options={
                "verbose_name": "letterhead",
                "verbose_name_plural": "letterheads",
            },
        ),
        migrations.CreateModel(
            name="LetterheadSettingEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "postal_code",
                    models.CharField(blank=True, max_length=5, verbose_name="postal code"),
                ),
                (
                    "seat",
                    models.CharField(
                        blank=True,
                        max_length=100,
                        verbose_name="seat (place named beside the date)",
                    ),
                ),
                (
                    "head_title",
                    models.CharField(blank=True, max_length=150, verbose_name="office of the head"),
                ),
                (
                    "classification",
                    models.CharField(
                        choices=[
                            ("Biasa", "Ordinary"),
                            ("Penting", "Important"),
                            ("Segera", "Urgent"),
                            ("Sangat segera", "Very urgent"),
                            ("Rahasia", "Confidential"),
                        ],
                        default="Biasa",
                        max_length=20,
                        verbose_name="classification (sifat)",
                    ),
                ),
                (
                    "copies",
                    models.TextField(
                        blank=True,
                        default="Kepala Dinas Kesehatan\nCamat\nArsip",
                        verbose_name="copies to (tembusan)",
                    ),
                ),
                (
                    "facility",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="facilities.facility",
                        verbose_name="facility",
                    ),
                ),
                (
                    "logo",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="facilities.logo",
                        verbose_name="logo",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="facilities.letterheadsetting",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letterheadsetting",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "facilities_letterheadsettingevent" ("classification", "copies", "facility_id", "head_title", "id", "logo_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postal_code", "seat") VALUES (NEW."classification", NEW."copies", NEW."facility_id", NEW."head_title", NEW."id", NEW."logo_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."postal_code", NEW."seat"); RETURN NULL;',
                    hash="1ddce42c9876c2d122b6f4405076bfa812db9417",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_16da7",
                    table="facilities_letterheadsetting",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="letterheadsetting",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "facilities_letterheadsettingevent" ("classification", "copies", "facility_id", "head_title", "id", "logo_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "postal_code", "seat") VALUES (NEW."classification", NEW."copies", NEW."facility_id", NEW."head_title", NEW."id", NEW."logo_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."postal_code", NEW."seat"); RETURN NULL;',
                    hash="86e0d294b7c2bd1f48a08cb9ff5c90dd7868d349",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_71755",
                    table="facilities_letterheadsetting",
                    when="AFTER",
                ),
            ),
        ),
    ]
