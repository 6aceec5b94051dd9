"""A small demo district: who is in it, what it shows, that it is all or nothing."""

from __future__ import annotations

import csv
import datetime as dt
import re
import stat

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat

from clusters.models import Achievement, Indicator
from clusters.rollups import rollup_differences
from clusters.weeks import Week
from facilities.errors import ActionRefused
from facilities.models import District, User
from ilp.demo.generate import make_demo
from lifecycle.models import TargetPopulation
from reports.deliveries.mail import mailer
from reports.models import (
    Attachment,
    Delivery,
    FollowUp,
    Problem,
    ReportDocument,
    ReviewStep,
    WeeklyReview,
)
from reports.problems.attachments import read_attachment
from reports.problems.priorities import suggest_priority
from reports.states import PROBLEM_TRANSITIONS
from tests.factories.world import build_world

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 5, 0, tzinfo=dt.UTC)
LAST = Week(2026, 46)


@pytest.fixture
def district():
    """The small world without its cast: the demo brings its own."""
    world = build_world()
    User.objects.update(username=Concat("username", Value("-uji")))
    for code in ("TBDUGA", "HIVRISK"):
        TargetPopulation.objects.create(
            village_id=world.pustu.village_id, group_code=code, year=2026
        )
    return world.district


@pytest.fixture
def make(district, tmp_path):
    def run(*, seed=1, weeks=5):
        return make_demo(
            district=district,
            weeks=weeks,
            seed=seed,
            now=NOW,
            accounts_file=tmp_path / "demo-accounts.csv",
        )

    return run


def read_accounts(tmp_path):
    with (tmp_path / "demo-accounts.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_accounts_file_opens_the_accounts(make, tmp_path, rf):
    make()
    path = tmp_path / "demo-accounts.csv"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    rows = read_accounts(tmp_path)
    assert list(rows[0]) == ["role", "username", "password", "facility_code", "token"]
    by_role: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_role.setdefault(row["role"], []).append(row)
    assert {role: len(found) for role, found in by_role.items()} == {
        "admin": 1, "puskesmas_head": 2, "pustu_head": 2, "dinkes": 1, "province": 1,
    }  # fmt: skip
    head = next(row for row in rows if row["username"] == "kapus-p1")
    user = authenticate(rf.get("/"), username="kapus-p1", password=head["password"])
    assert user is not None
    assert head["facility_code"] == "P1"
    assert by_role["province"][0]["token"].startswith("ilp_")
    assert not any(row["token"] for row in rows if row["role"] != "province")
    admin = User.objects.get(username="admin")
    assert admin.is_superuser
    assert admin.is_staff


def test_everything_is_marked_as_demo(make, district):
    make()
    assert District.objects.get(pk=district.pk).is_demo
    assert set(Achievement.objects.values_list("source", flat=True)) == {"demo"}
    assert not Problem.objects.filter(is_demo=False).exists()
    assert not User.objects.filter(is_demo=True).exclude(full_name__contains="(demo)").exists()
    made_up = TargetPopulation.objects.filter(group_code="TBDUGA", year=2026)
    assert set(made_up.values_list("basis", flat=True)) == {"demo"}


def test_counts_fit_their_indicators_and_the_totals_are_true(make):
    make()
    assert list(rollup_differences()) == []
    needs = {one.code for one in Indicator.objects.all() if one.needs_denominator}
    rows = Achievement.objects.all()
    assert not rows.filter(indicator_code__in=needs, denominator=None).exists()
    assert not rows.exclude(indicator_code__in=needs).exclude(denominator=None).exists()
    assert not rows.filter(numerator__gt=F("denominator")).exists()
    assert max(rows.values_list("week", flat=True)) == LAST


def test_a_week_never_filed_has_no_counts(make):
    make(weeks=24)
    missing = WeeklyReview.objects.filter(facility__kind="pustu", status="open", week__lt=LAST)
    assert missing.exists()
    for review in missing:
        assert not Achievement.objects.filter(facility=review.facility, week=review.week).exists()


def test_last_week_is_left_to_play(make):
    make()
    last = WeeklyReview.objects.filter(week=LAST)
    assert set(last.filter(facility__kind="puskesmas").values_list("status", flat=True)) == {"open"}
    pustu = last.filter(facility__parent__code="P1")
    assert sorted(pustu.values_list("status", flat=True))[-1] in {"approved", "submitted"}
    assert pustu.filter(status="open").count() == 1


def test_nothing_happens_in_the_future_and_every_step_has_its_person(make):
    make()
    for moments in (
        WeeklyReview.objects.values_list("submitted_at", flat=True),
        WeeklyReview.objects.values_list("decided_at", flat=True),
        ReviewStep.objects.values_list("at", flat=True),
        Achievement.objects.values_list("entered_at", flat=True),
        Problem.objects.values_list("reported_at", flat=True),
    ):
        assert max(moment for moment in moments if moment) < NOW
    assert not ReviewStep.objects.filter(by=None).exists()
    for review in WeeklyReview.objects.exclude(submitted_by=None):
        assert review.submitted_by is not None
        assert review.submitted_by.postings.filter(facility=review.facility).exists()


def test_problems_cover_the_whole_way_and_some_are_overdue(make):
    make()
    assert set(Problem.objects.values_list("status", flat=True)) >= {
        "reported", "accepted", "planned", "in_progress", "escalated", "done", "verified",
        "rejected", "reopened",
    }  # fmt: skip
    late = FollowUp.objects.filter(due_on__lt=NOW.date(), done_on=None)
    assert 2 <= late.count() < FollowUp.objects.count()
    verified = Problem.objects.filter(status="verified").first()
    assert verified is not None
    done, checked = (verified.steps.get(action=action) for action in ("done", "verify"))
    assert done.by != checked.by
    assert (verified.done_by, verified.verified_by) == (done.by, checked.by)


def test_problems_of_the_demo_follow_the_rules(make):
    make(weeks=3)
    for problem in Problem.objects.prefetch_related("steps", "attachments"):
        scores = (problem.urgency, problem.seriousness, problem.growth)
        assert suggest_priority("", *scores) == problem.priority
        before = ""
        for step in problem.steps.all():
            assert step.from_status == before
            if step.action != "report":
                starts, target = PROBLEM_TRANSITIONS[step.action]
                assert before in starts
                assert step.to_status == (target or before)
            before = step.to_status
        assert before == problem.status
    outside = FollowUp.objects.exclude(owner_kind="health")
    assert outside.exclude(letter_number="").exclude(answer="").exists()
    files = Attachment.objects.all()
    assert files
    assert all(len(read_attachment(file.sha256)) == file.size for file in files)


def test_same_seed_same_history(make):
    def history(seed):
        fields = ("facility", "indicator_code", "week", "numerator", "denominator")
        with transaction.atomic():
            make(seed=seed, weeks=3)
            found = sorted(map(str, Achievement.objects.values_list(*fields)))
            transaction.set_rollback(True)
        return found

    first = history(5)
    assert first == history(5)
    assert first != history(6)


def test_demo_never_mixes_with_figures(make):
    make(weeks=3)
    with pytest.raises(ActionRefused):
        make(weeks=3)


def test_accounts_that_cannot_be_written_undo_everything(district, tmp_path):
    (tmp_path / "besetzt").write_text("")
    with pytest.raises(OSError, match="besetzt"):
        make_demo(
            district=district, weeks=3, seed=1, now=NOW,
            accounts_file=tmp_path / "besetzt" / "demo-accounts.csv",
        )  # fmt: skip
    assert not Achievement.objects.exists()
    assert not User.objects.filter(is_demo=True).exists()


def test_second_district_keeps_the_accounts_of_the_first(make, tmp_path, district):
    make(weeks=3)
    other = District.objects.exclude(pk=district.pk).get()
    make_demo(
        district=other, weeks=3, seed=1, now=NOW, accounts_file=tmp_path / "demo-accounts.csv"
    )
    names = {row["username"] for row in read_accounts(tmp_path)}
    assert {"admin", "dinkes", "dinkes-33.03", "provinsi-33.03", "kapus-p1", "kapus-f1"} <= names


def test_command_names_the_cure(district, tmp_path):
    with pytest.raises(CommandError, match=re.escape("load_district 64.74")):
        call_command("make_demo", "64.74", verbosity=0)


def test_inboxes_are_not_empty_and_no_address_exists(make) -> None:
    make(weeks=5)
    rows = Delivery.objects.select_related("recipient", "facility__district")
    assert {"reminder", "digest"} <= {row.kind for row in rows if row.channel == "inbox"}
    mails = [row for row in rows if row.channel == "mail"]
    assert mails
    assert all(row.address.endswith("@demo.invalid") for row in mails)
    assert {mailer(row) for row in mails} == {"demo"}
    assert ReportDocument.objects.filter(is_draft=False).exists()
