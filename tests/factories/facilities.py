"""Facilities by factory-boy, for tests that need many or odd ones."""

from __future__ import annotations

import datetime as dt

from factory.declarations import LazyAttribute, SelfAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

from facilities.models import Area, District, Facility, FacilityStatus, User


class AreaFactory(DjangoModelFactory[Area]):
    class Meta:
        model = Area
        django_get_or_create = ("code",)

    code = Sequence(lambda n: f"91.{n % 90 + 10}")
    name = LazyAttribute(lambda area: f"Kabupaten Uji {area.code}")
    kind = "regency"


class DistrictFactory(DjangoModelFactory[District]):
    class Meta:
        model = District

    area = SubFactory(AreaFactory)


class FacilityFactory(DjangoModelFactory[Facility]):
    """A Dinkes; the subclasses hang under their parent and stand in its district."""

    class Meta:
        model = Facility
        skip_postgeneration_save = True

    district = SubFactory(DistrictFactory)
    kind = "dinkes"
    code = Sequence(lambda n: f"U{n:05d}")
    name = LazyAttribute(lambda one: f"{one.kind.capitalize()} {one.code}")

    @post_generation
    def open_since(facility: Facility, create, extracted, **kwargs):  # noqa: N805
        FacilityStatus.objects.create(
            facility=facility, operating="open", start_on=extracted or dt.date(2020, 1, 1)
        )
        facility.refresh_from_db()  # the path comes from the database


class _Below(FacilityFactory):
    district = SelfAttribute("parent.district")  # type: ignore[assignment]


class PuskesmasFactory(_Below):
    kind = "puskesmas"
    parent = SubFactory(FacilityFactory)


class PustuFactory(_Below):
    kind = "pustu"
    parent = SubFactory(PuskesmasFactory)


class PosyanduFactory(_Below):
    kind = "posyandu"
    parent = SubFactory(PustuFactory)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User

    username = Sequence(lambda n: f"pengguna-{n}")
    full_name = LazyAttribute(lambda user: f"Petugas {user.username}")
    password = "!"
