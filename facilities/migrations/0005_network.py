"""Names of the time before, events of the network, and codes compared without regard to case."""

import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("facilities", "0004_place_every_facility"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="FormerName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("end_on", models.DateField(verbose_name="until (exclusive)")),
            ],
            options={
                "verbose_name": "former name",
                "verbose_name_plural": "former names",
                "ordering": ["facility", "end_on"],
            },
        ),
        migrations.CreateModel(
            name="FormerNameEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=100, verbose_name="name")),
                ("end_on", models.DateField(verbose_name="until (exclusive)")),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NetworkEvent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("close", "closed"),
                            ("reopen", "opened again"),
                            ("move", "moved"),
                            ("merge", "merged"),
                            ("rename", "renamed"),
                            ("village", "village handed over"),
                        ],
                        max_length=8,
                        verbose_name="event",
                    ),
                ),
                ("on", models.DateField(verbose_name="from")),
                (
                    "name",
                    models.CharField(blank=True, max_length=100, verbose_name="name until then"),
                ),
                (
                    "decree",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="number of the decree"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "verbose_name": "network event",
                "verbose_name_plural": "network events",
                "ordering": ["-on", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="NetworkEventEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("close", "closed"),
                            ("reopen", "opened again"),
                            ("move", "moved"),
                            ("merge", "merged"),
                            ("rename", "renamed"),
                            ("village", "village handed over"),
                        ],
                        max_length=8,
                        verbose_name="event",
                    ),
                ),
                ("on", models.DateField(verbose_name="from")),
                (
                    "name",
                    models.CharField(blank=True, max_length=100, verbose_name="name until then"),
                ),
                (
                    "decree",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="number of the decree"
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="facility",
            index=models.Index(
                django.db.models.functions.text.Upper("code"), name="facility_by_code_key"
            ),
        ),
        migrations.AddField(
            model_name="formername",
            name="facility",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="former_names",
                to="facilities.facility",
                verbose_name="facility",
            ),
        ),
        migrations.AddField(
            model_name="formernameevent",
            name="facility",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="facilities.facility",
                verbose_name="facility",
            ),
        ),
        migrations.AddField(
            model_name="formernameevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="formernameevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="facilities.formername",
            ),
        ),
        migrations.AddField(
            model_name="networkevent",
            name="by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="networkevent",
            name="facility",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="network_events",
                to="facilities.facility",
                verbose_name="facility",
            ),
        ),
        migrations.AddField(
            model_name="networkevent",
            name="other",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="facilities.facility",
                verbose_name="other facility",
            ),
        ),
        migrations.AddField(
            model_name="networkevent",
            name="village",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="facilities.area",
                verbose_name="village",
            ),
        ),
        migrations.AddField(
            model_name="networkeventevent",
            name="by",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="networkeventevent",
            name="facility",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="facilities.facility",
                verbose_name="facility",
            ),
        ),
        migrations.AddField(
            model_name="networkeventevent",
            name="other",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="facilities.facility",
                verbose_name="other facility",
            ),
        ),
        migrations.AddField(
            model_name="networkeventevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="networkeventevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="facilities.networkevent",
            ),
        ),
        migrations.AddField(
            model_name="networkeventevent",
            name="village",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="facilities.area",
                verbose_name="village",
            ),
        ),
        migrations.AddConstraint(
            model_name="formername",
            constraint=models.UniqueConstraint(
                fields=("facility", "end_on"), name="former_name_once_a_day"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="formername",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "facilities_formernameevent" ("end_on", "facility_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."end_on", NEW."facility_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="e5a516675bbf571d3442fd44b09b89a6bb4f774e",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f9dd0",
                    table="facilities_formername",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="formername",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "facilities_formernameevent" ("end_on", "facility_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."end_on", NEW."facility_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="32de5f063b8600b25609f7bc45ca505681bb764d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ae4cf",
                    table="facilities_formername",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="formername",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "facilities_formernameevent" ("end_on", "facility_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."end_on", OLD."facility_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;',
                    hash="37fd517d31cf40621f8e4f1dab5c77f6e5189f36",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1d024",
                    table="facilities_formername",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="networkevent",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "close"),
                    ("kind", "reopen"),
                    ("kind", "rename"),
                    ("other__isnull", False),
                    _connector="OR",
                ),
                name="network_event_names_the_other",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="networkevent",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "facilities_networkeventevent" ("at", "by_id", "decree", "facility_id", "id", "kind", "name", "on", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "village_id") VALUES (NEW."at", NEW."by_id", NEW."decree", NEW."facility_id", NEW."id", NEW."kind", NEW."name", NEW."on", NEW."other_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."village_id"); RETURN NULL;',
                    hash="4a42d1e7c7243bf06ac2f2d97dcdde4d6cd20944",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_733d8",
                    table="facilities_networkevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="networkevent",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "facilities_networkeventevent" ("at", "by_id", "decree", "facility_id", "id", "kind", "name", "on", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "village_id") VALUES (NEW."at", NEW."by_id", NEW."decree", NEW."facility_id", NEW."id", NEW."kind", NEW."name", NEW."on", NEW."other_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."village_id"); RETURN NULL;',
                    hash="6fc03c2aa58a89ba7d5cc84d32fffd83a784625a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d8642",
                    table="facilities_networkevent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="networkevent",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "facilities_networkeventevent" ("at", "by_id", "decree", "facility_id", "id", "kind", "name", "on", "other_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "village_id") VALUES (OLD."at", OLD."by_id", OLD."decree", OLD."facility_id", OLD."id", OLD."kind", OLD."name", OLD."on", OLD."other_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."village_id"); RETURN NULL;',
                    hash="5e9eaf5174be4e645884994e2ab58f502b12a27b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_59c01",
                    table="facilities_networkevent",
                    when="AFTER",
                ),
            ),
        ),
    ]
