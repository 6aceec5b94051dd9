"""A small world with a standing cast, for tests of who may do what.

Two districts. The first has two Puskesmas; the first of them two Pustu and a Posyandu of its
own, the first Pustu a Posyandu. Every role has one person; ``outsider`` is the head of a
Puskesmas in the other district.
"""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import dataclass, field
from functools import cache

import pyotp
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import transaction

from clusters.judgement.due import due
from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.models import (
    Area,
    District,
    Facility,
    FacilityStatus,
    Posting,
    SecondFactor,
    ServiceArea,
    User,
)
from facilities.models.signin import FactorKind
from ilp.signin.vault import seal
from lifecycle.models import LifecycleGroup, TargetPopulation
from tests import clock
from tests.factories.snapshot import Snapshot

SINCE = dt.date(2020, 1, 1)
APP_KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PASSWORD = "kata-sandi-uji-panjang"
# Why the red rows of a test's review are sent without a decision on each.
UNDECIDED = "Uji: baris merah tidak dibahas di sini"
# What else a test's review leaves open, answered: ``submit_review(…, **REASONS)``.
REASONS = {
    "no_meeting_reason": "Uji: tanpa rapat",
    "empty_reason": "Uji: belum ada data",
    "doubts_reason": "Uji: angka sudah dicocokkan",
    "problems_reason": "Uji: masalah dibahas di rapat lain",
    "gap_reason": "Uji: sinyal putus minggu itu",
    "events_reason": "Uji: catatan kejadian menyusul",
}


@dataclass
class World:
    district: District
    dinkes: Facility
    puskesmas: Facility
    pustu: Facility
    other_pustu: Facility
    posyandu: Facility
    direct_posyandu: Facility
    sibling: Facility  # the district's other Puskesmas
    foreign: Facility  # a Puskesmas of another district
    people: dict[str, User] = field(default_factory=dict)

    def __getitem__(self, role: str) -> User:
        """The person in a role, read fresh, as each request does."""
        return User.objects.get(pk=self.people[role].pk)


def make_facility(
    district: District,
    kind: str,
    code: str,
    parent: Facility | None = None,
    village: Area | None = None,
    *,
    operating: str = "open",
) -> Facility:
    names = {"dinkes": "Dinas Kesehatan", "puskesmas": "Puskesmas", "pustu": "Pustu"}
    facility = Facility.objects.create(
        district=district,
        kind=kind,
        code=code,
        name=f"{names.get(kind, 'Posyandu')} {code}",
        parent=parent,
        village=village,
    )
    FacilityStatus.objects.create(facility=facility, operating=operating, start_on=SINCE)
    if village is not None:
        ServiceArea.objects.create(facility=facility, village=village, start_on=SINCE)
    facility.refresh_from_db()
    return facility


@cache
def _hashed_password() -> str:
    """Argon2 is slow on purpose; everybody in the cast has the same password."""
    return make_password(PASSWORD)


def make_user(username: str, role: str | None = None, facility: Facility | None = None) -> User:
    user = User.objects.create(
        username=username, password=_hashed_password(), full_name=f"Orang {username}"
    )
    if role is not None:
        Posting.objects.create(user=user, role=role, facility=facility, start_on=SINCE)
    if role in {"admin", "dinkes"}:
        give_second_step(user)
    return user


def give_second_step(user: User) -> None:
    """Without one, no page opens to an administrator or to Dinkes."""
    SecondFactor.objects.create(
        user=user, kind=FactorKind.TOTP, name="Authenticator", secret=seal(APP_KEY)
    )
    user.second_factor_at = clock.now()
    user.save(update_fields=["second_factor_at"])


def app_code(ahead: int = 0) -> str:
    """What the cast's app shows now, or so many half minutes later."""
    return pyotp.TOTP(APP_KEY).at(int(clock.now().timestamp()) + ahead * 30)


def make_district(code: str) -> tuple[District, Facility, list[Area]]:
    """A district with its Dinkes and three villages of 1,000 people."""
    Area.objects.get_or_create(code=code[:2], defaults={"name": "Provinsi Uji", "kind": "province"})
    area = Area.objects.create(
        code=code, name=f"Kabupaten Uji {code}", kind="regency", parent_id=code[:2]
    )
    sub = Area.objects.create(
        code=f"{code}.01", name="Kecamatan Uji", kind="subdistrict", parent=area
    )
    villages = [
        Area.objects.create(
            code=f"{code}.01.200{n}", name=f"Desa {n}", kind="village", parent=sub, population=1000
        )
        for n in (1, 2, 3)
    ]
    district = District.objects.create(area=area, timezone=str(clock.zone()))
    dinkes = make_facility(district, "dinkes", f"DINKES-{code}")
    return district, dinkes, villages


def give_population(villages: list[Area], year: int) -> None:
    """Every group that has a share of the population gets its estimate, rounded down."""
    rows = [
        TargetPopulation(
            village=village,
            group_code=group.code,
            year=year,
            estimated=int(1000 * (group.default_share or 0)),
        )
        for village in villages
        for group in LifecycleGroup.objects.exclude(default_share=None)
    ]
    TargetPopulation.objects.bulk_create(rows)


_worlds: dict[tuple[str, tuple[int, ...], bool], Snapshot[World]] = {}
# Some of each kind: sums, rates, states, plans, events, what the system counts.
FEW = [
    "SPM01", "SPM02", "SPM03", "KIA01", "KIA02", "KIA03", "KIA14", "KIA15", "KIA16", "GIZ01",
    "LAN02", "MAN01", "MAN02", "ILP01",
]  # fmt: skip


def build_world(years: tuple[int, ...] = (), *, few: bool = False) -> World:
    """The whole cast, with target populations of these years, else of those that tests speak of
    and of the running one and the one before. Needs a database without catalogues; made once,
    then copied in. ``few``: with ``FEW`` indicators alone, where a test is not about them: pages
    and papers are made several times as fast."""
    running = clock.this_week().year
    years = years or tuple(sorted({2025, 2026, running - 1, running}))
    with transaction.atomic():
        kind = (str(clock.zone()), years, few)  # the districts stand in the zone of the test
        if kind in _worlds:
            return _worlds[kind].restore()
        _worlds[kind] = Snapshot.of(lambda: _make_world(years, few=few))
        return copy.deepcopy(_worlds[kind].result)


def _make_world(years: tuple[int, ...], *, few: bool) -> World:
    call_command("load_catalogues", verbosity=0)
    if few:
        Indicator.objects.exclude(code__in=FEW).delete()
    district, dinkes, villages = make_district("19.06")
    puskesmas = make_facility(district, "puskesmas", "P1", dinkes)
    for village in villages[:2]:
        ServiceArea.objects.create(facility=puskesmas, village=village, start_on=SINCE)
    pustu = make_facility(district, "pustu", "P1-PT01", puskesmas, villages[0])
    other = make_facility(district, "pustu", "P1-PT02", puskesmas, villages[1])
    posyandu = make_facility(district, "posyandu", "P1-PY001", pustu, villages[0])
    direct = make_facility(district, "posyandu", "P1-PY002", puskesmas, villages[1])
    sibling = make_facility(district, "puskesmas", "P2", dinkes)
    ServiceArea.objects.create(facility=sibling, village=villages[2], start_on=SINCE)
    for year in years:
        give_population(villages, year)
    _other, foreign_dinkes, foreign_villages = make_district("33.03")
    foreign = make_facility(_other, "puskesmas", "F1", foreign_dinkes, foreign_villages[0])
    world = World(district, dinkes, puskesmas, pustu, other, posyandu, direct, sibling, foreign)
    world.people = {
        "admin": make_user("admin", "admin"),
        "dinkes": make_user("dinkes", "dinkes", dinkes),
        "puskesmas_head": make_user("kapus", "puskesmas_head", puskesmas),
        "cluster_officer": make_user("pj-klaster", "cluster_officer", puskesmas),
        "pustu_head": make_user("kapustu", "pustu_head", pustu),
        "kader": make_user("kader", "kader", posyandu),
        "province": make_user("provinsi", "province", dinkes),
        "sibling_head": make_user("kapus-lain", "puskesmas_head", sibling),
        "outsider": make_user("orang-luar", "puskesmas_head", foreign),
        "nobody": make_user("tanpa-tugas"),
    }
    world.people["admin"].is_superuser = world.people["admin"].is_staff = True
    world.people["admin"].save()
    return world


def last_week() -> Week:
    """The last finished week: its review may be written and signed."""
    return clock.this_week() - 1


def make_poor(place: Facility, *codes: str) -> None:
    """Let indicators need a decision at a place: in every closed month of the year it has
    reported that nobody was reached."""
    judged_on = last_week().end + dt.timedelta(days=3)
    months = due("LINEAR_M", judged_on).period.up_to()
    Achievement.objects.bulk_create(
        Achievement(
            facility=place,
            indicator_code=code,
            week=month.last_week,
            year=month.year,
            numerator=0,
            source="page",
        )
        for code in codes
        for month in months
    )
