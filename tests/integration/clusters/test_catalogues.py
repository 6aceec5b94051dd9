from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.core.management import call_command

from clusters.catalogue import DATA
from clusters.models import Cluster, Indicator, Service
from lifecycle.models import LifecycleGroup

pytestmark = pytest.mark.django_db


@pytest.fixture
def changed_file(tmp_path):
    """indicators.csv with another target for SPM08."""
    text = (DATA / "indicators.csv").read_text(encoding="utf-8")
    [line] = [line for line in text.splitlines() if line.startswith("SPM08,")]
    assert line.count("%,100,higher") == 1
    path = tmp_path / "indicators.csv"
    changed = line.replace("%,100,higher", "%,46,higher")
    path.write_text(text.replace(line, changed), encoding="utf-8")
    return path


def test_everything_is_loaded_once(capsys):
    call_command("load_catalogues")
    call_command("load_catalogues")
    assert (Cluster.objects.count(), Service.objects.count()) == (5, 38)
    assert (Indicator.objects.count(), LifecycleGroup.objects.count()) == (274, 37)
    assert Indicator.objects.filter(is_collected=True).count() == 105
    assert "Indikator: 0 dibuat, 0 diubah, 274 tetap" in capsys.readouterr().out


def test_denominators_profiles_and_alerts_are_data():
    call_command("load_catalogues", verbosity=0)
    one = {row.code: row for row in Indicator.objects.all()}
    assert one["KIA13"].denominator_factor == Decimal("0.2")
    assert one["IMM02"].denominator_groups == ["BADUTA1"]
    assert (one["MAN04"].calc_type, one["MAN04"].annual_target) == ("planned", 12)
    assert one["PTM03"].denominator_kind == "yearly"
    assert sum(row.priority == 1 for row in one.values()) == 24
    assert one["CKG01"].denominator_groups == ["DEWASA", "LANSIA"]
    assert {"KIA14", "KIA15", "KIA34"} <= {code for code, row in one.items() if row.is_alert}
    assert {code for code, row in one.items() if row.profile == "FEB_AUG"} == {
        "GIZ04", "GIZ15", "GIZ16", "GIZ20",
    }  # fmt: skip
    assert all(row.profile and row.noun_id and row.noun_en for row in one.values())
    assert sum(row.is_spm for row in one.values()) == 12
    groups = set(LifecycleGroup.objects.values_list("code", flat=True))
    used = {code for row in one.values() for code in row.denominator_groups + row.group_codes}
    assert used <= groups


def test_correction_without_a_date_is_made_in_place(changed_file):
    call_command("load_catalogues", verbosity=0)
    call_command("load_catalogues", indicators=changed_file, verbosity=0)
    assert Indicator.objects.get(code="SPM08").annual_target == 46


def test_new_definition_with_a_date_becomes_a_version(changed_file):
    call_command("load_catalogues", verbosity=0)
    for _again in range(2):
        call_command(
            "load_catalogues", indicators=changed_file, valid_from=dt.date(2026, 1, 1), verbosity=0
        )
    old, new = Indicator.objects.filter(code="SPM08").order_by("valid_from")
    assert (old.annual_target, old.valid_until) == (100, dt.date(2026, 1, 1))
    assert (new.annual_target, new.valid_from, new.valid_until) == (46, dt.date(2026, 1, 1), None)
    assert Indicator.objects.valid_on(dt.date(2025, 12, 31)).get(code="SPM08") == old
    assert Indicator.objects.count() == 275
