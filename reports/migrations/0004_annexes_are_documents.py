"""Annexes of a weekly report are documents of their own kinds."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("reports", "0003_upload_draft"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reportdocument",
            name="kind",
            field=models.CharField(
                choices=[
                    ("puskesmas_weekly", "Weekly report of a Puskesmas"),
                    ("pustu_weekly", "Weekly report of a Pustu"),
                    ("district_weekly", "Weekly recap of the district"),
                    ("puskesmas_annex_a", "Annex A: all indicators"),
                    ("puskesmas_annex_b", "Annex B: by place"),
                    ("puskesmas_annex_c", "Annex C: lists"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="reportdocumentevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("puskesmas_weekly", "Weekly report of a Puskesmas"),
                    ("pustu_weekly", "Weekly report of a Pustu"),
                    ("district_weekly", "Weekly recap of the district"),
                    ("puskesmas_annex_a", "Annex A: all indicators"),
                    ("puskesmas_annex_b", "Annex B: by place"),
                    ("puskesmas_annex_c", "Annex C: lists"),
                ],
                max_length=20,
                verbose_name="kind",
            ),
        ),
    ]
