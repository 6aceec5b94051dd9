"""Writes the dump of today's schema that the next squash is tested with; see README.md here.

Run by ``scripts/dump-schema`` on servers of its own. Everything comes from the product's own
commands; tables they leave empty get a row each, so that every table has one to be read.
"""

from __future__ import annotations

import datetime as dt
import gzip
import os
import subprocess
import sys
from pathlib import Path

import django
from django.core.management import call_command

from ilp import env
from tests.integration.upgrade.programs import program

HERE = Path(__file__).parent
DISTRICT = "19.06"
PUSKESMAS, PUSTU = "1012406", "1012406-PT01"
WEEKS = 3


def fill() -> None:
    """A district of one Puskesmas with three weeks of demo, and a row for every other table."""
    year = dt.datetime.now(tz=dt.UTC).year  # noqa: TID251 - run by hand, on the real day
    call_command("load_catalogues")
    call_command(
        "load_district", DISTRICT, "--no-facilities", "--no-service-areas", "--years", str(year)
    )
    call_command("load_facilities", str(HERE / "facilities.csv"))
    call_command("make_demo", DISTRICT, "--weeks", str(WEEKS), "-v0")
    _fill_the_rest(year)


def _fill_the_rest(year: int) -> None:
    from django.contrib.auth.models import Group
    from knox.models import AuthToken

    from clusters.models import Achievement, PlausibilityConfirmation, SumOverride, Target
    from facilities.models import District, Facility, LocalHoliday, Logo, User
    from ilp.models import Heartbeat, SetupStep
    from reports.models import (
        Correction,
        MeetingDecision,
        ProblemSuggestion,
        ReviewRevision,
        SheetUpload,
    )

    district = District.objects.get(area_id=DISTRICT)
    puskesmas = Facility.objects.get(code=PUSKESMAS)
    by = User.objects.filter(postings__role="dinkes").earliest("pk")
    last = ReviewRevision.objects.filter(review__facility=puskesmas).latest("review__week")
    review, week = last.review, last.review.week

    call_command(
        "build_reports", "--district", DISTRICT, "--week", str(week), "--facility", PUSTU, "--wait"
    )
    logo = Logo.objects.create(sha256="0" * 64, content=b"no image", media_type="image/png")
    District.objects.filter(pk=district.pk).update(logo=logo)
    LocalHoliday.objects.create(district=district, day=week.start, name="Hari jadi kabupaten")
    Target.objects.create(facility=puskesmas, indicator_code="SPM01", year=year, annual_target=95)
    count = Achievement.objects.filter(
        facility__code=PUSTU, week=week, numerator__isnull=False
    ).earliest("indicator_code")
    PlausibilityConfirmation.objects.create(
        achievement=count, rule_code="usual", numerator=count.numerator, by=by
    )
    count.note = "diperiksa lagi"
    count.save()
    override = {
        "facility": puskesmas, "week": week, "year": week.year, "numerator": 7,
        "sum_numerator": 6, "reason": "Satu anak tercatat dua kali", "by": by,
    }  # fmt: skip
    SumOverride.objects.create(indicator_code=count.indicator_code, **override)
    SumOverride.objects.create(indicator_code="SPM01", **override).delete()
    MeetingDecision.objects.create(review=review, number=1, text="Kunjungan rumah Selasa", by=by)
    ProblemSuggestion.objects.create(facility=puskesmas, indicator_code="SPM02", week=week)
    Correction.objects.create(revision=last, indicator_code="SPM02", before_count=3, after_count=4)
    SheetUpload.objects.create(facility=puskesmas, week=week, by=by)
    Heartbeat.objects.beat("worker")
    for step in (f"district {DISTRICT}", "load_catalogues", "load_district", "make_demo"):
        SetupStep.objects.create(name=step)
    by.groups.add(Group.objects.create(name="Dinkes"))
    # Nobody signs in with what is published here.
    User.objects.update(password="!")
    AuthToken.objects.all().delete()
    call_command("lock_target_population", DISTRICT, str(year), "--by", by.username)


def write(target: Path) -> None:
    """Schema and rows as SQL text. Sizes of pages and statistics stay behind."""
    command = [program("pg_dump"), "--no-owner", "--no-privileges", env.database_url()]
    text = subprocess.run(command, check=True, capture_output=True).stdout
    target.write_bytes(gzip.compress(text, mtime=0))


def main(target: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ilp.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    fill()
    write(Path(target))
    sys.stdout.write(f"{target}: {Path(target).stat().st_size} bytes\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
