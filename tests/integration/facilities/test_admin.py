"""The plain admin: for superusers, complete, and without a way round the rules."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from facilities.models import Facility, FacilityStatus, User
from lifecycle.models import TargetPopulation
from reports.models import ReportDocument, WeeklyReview
from tests.factories.world import build_world, give_second_step

pytestmark = pytest.mark.django_db
OURS = {"facilities", "lifecycle", "clusters", "reports"}


@pytest.fixture
def world():
    return build_world()


@pytest.fixture
def superuser(world, client):
    user = User.objects.create(username="root-uji", full_name="Orang root", is_staff=True)
    User.objects.filter(pk=user.pk).update(is_superuser=True)
    give_second_step(User.objects.get(pk=user.pk))
    client.force_login(User.objects.get(pk=user.pk))
    return client


def registered():
    return [
        (model, options)
        for model, options in admin.site._registry.items()
        if model._meta.app_label in OURS
    ]


def test_every_list_and_form_opens_for_a_superuser(world, superuser):
    for model, options in registered():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert superuser.get(reverse(f"{base}_changelist"), {"q": "1"}).status_code == 200, base
        row = model._default_manager.first()
        if row is not None:
            page = superuser.get(reverse(f"{base}_change", args=[row.pk]))
            assert page.status_code == 200, base
        page = superuser.get(reverse(f"{base}_add"))
        can_add = options.has_add_permission(page.wsgi_request)
        assert page.status_code == (200 if can_add else 403), base


def test_staff_with_every_permission_but_not_superuser_sees_nothing(world, client):
    user = world["dinkes"]
    user.is_staff = True
    user.save()
    user.user_permissions.set(Permission.objects.all())
    client.force_login(user)
    for model, _options in registered():
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{base}_changelist")).status_code == 403, base


def test_parent_of_a_facility_is_fixed_once_created(world, superuser):
    url = reverse("admin:facilities_facility_change", args=[world.pustu.pk])
    form = superuser.get(url).context["adminform"].form
    assert {"parent", "district", "kind"} & set(form.fields) == set()


def test_new_facility_with_status_gets_its_path(world, superuser):
    page = {
        "district": world.district.pk, "kind": "pustu", "code": "P1-PT09", "name": "Pustu Baru",
        "parent": world.puskesmas.pk, "satusehat_id": "",
        "statuses-TOTAL_FORMS": 1, "statuses-INITIAL_FORMS": 0,
        "statuses-0-operating": "open", "statuses-0-ilp_stage": "none",
        "statuses-0-start_on": "2026-01-01",
        "service_areas-TOTAL_FORMS": 0, "service_areas-INITIAL_FORMS": 0,
        "postings-TOTAL_FORMS": 0, "postings-INITIAL_FORMS": 0,
    }  # fmt: skip
    response = superuser.post(reverse("admin:facilities_facility_add"), page)
    assert response.status_code == 302, response.context["errors"]
    made = Facility.objects.get(code="P1-PT09")
    assert made.path == f"{world.puskesmas.path}.{made.pk}"
    assert FacilityStatus.objects.get(facility=made).operating == "open"


def test_locked_figure_cannot_be_edited(world, superuser):
    TargetPopulation.objects.update(locked_at="2026-01-31T00:00Z", locked_by=world["dinkes"])
    row = TargetPopulation.objects.first()
    assert row is not None
    url = reverse("admin:lifecycle_targetpopulation_change", args=[row.pk])
    assert superuser.post(url, {"estimated": 1}).status_code == 403


def test_records_can_only_be_looked_at(rf, world):
    request = rf.get("/")
    request.user = User(is_superuser=True, is_active=True)
    for model in (WeeklyReview, ReportDocument):
        options = admin.site._registry[model]
        assert options.has_view_permission(request)
        assert not options.has_change_permission(request)
        assert not options.has_delete_permission(request)
