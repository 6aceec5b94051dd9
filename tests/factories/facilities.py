"""Facilities by factory-boy, for tests that need many or odd ones."""

from __future__ import annotations

import datetime as dt

import factory

from facilities.models import Area, District, Facility, FacilityStatus, User


class AreaFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Area
        django_get_or_create = ("code",)

    code = factory.Sequence(lambda n: f"91.{n % 90 + 10}")
    name = factory.LazyAttribute(lambda area: f"Kabupaten Uji {area.code}")
    kind = "regency"


class DistrictFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = District

    area = factory.SubFactory(AreaFactory)


class FacilityFactory(factory.django.DjangoModelFactory):
    """A Dinkes; the subclasses hang under their parent and stand in its district."""

    class Meta:
        model = Facility
        skip_postgeneration_save = True

    district = factory.SubFactory(DistrictFactory)
    kind = "dinkes"
    code = factory.Sequence(lambda n: f"U{n:05d}")
    name = factory.LazyAttribute(lambda one: f"{one.kind.capitalize()} {one.code}")

    @factory.post_generation
    def open_since(self, create, extracted, **kwargs):
        FacilityStatus.objects.create(
            facility=self, operating="open", start_on=extracted or dt.date(2020, 1, 1)
        )
        self.refresh_from_db()  # the path comes from the database


class _Below(FacilityFactory):
    district = factory.SelfAttribute("parent.district")


class PuskesmasFactory(_Below):
    kind = "puskesmas"
    parent = factory.SubFactory(FacilityFactory)


class PustuFactory(_Below):
    kind = "pustu"
    parent = factory.SubFactory(PuskesmasFactory)


class PosyanduFactory(_Below):
    kind = "posyandu"
    parent = factory.SubFactory(PustuFactory)


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"pengguna-{n}")
    full_name = factory.LazyAttribute(lambda user: f"Petugas {user.username}")
    password = "!"
