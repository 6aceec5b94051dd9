"""Whatever can be written into is either judged by the one rule or named here with the reason why
it need not be. A new column, field of a form, or address to write to fails until it is one of them.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pghistory.models
import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.options import BaseModelAdmin
from django.db import models
from django.test import RequestFactory
from django.urls import get_resolver
from rest_framework import serializers

from facilities.models import User
from facilities.text import form_fields, model_fields
from ilp.api.serializers.text import LineField

OURS = ("facilities", "lifecycle", "clusters", "reports", "ilp")
SAFE_METHODS = {"get", "head", "options"}
JUDGED_COLUMNS = (
    model_fields.LineField, model_fields.ShortTextField, model_fields.LongTextField,
)  # fmt: skip
# Their own shape is asked for by Django.
SHAPED: tuple[type[forms.Field], ...] = (
    forms.EmailField, forms.RegexField, forms.SlugField, forms.UUIDField,
)  # fmt: skip
JUDGED: tuple[type[forms.Field], ...] = (form_fields.LineField, form_fields.CountField)

# Nobody writes into these: codes of the catalogue, sums, addresses and words of the machine.
BY_MACHINE = {
    "basis", "sha256", "file_sha256", "media_type", "password", "indicator_code", "cluster_code",
    "group_code", "rule_code", "other_code", "confidence", "status", "postal_code",
    "population_basis", "group_codes", "denominator_groups", "monthly_profile", "age_min_unit",
    "age_max_unit", "sex", "profile",
}  # fmt: skip
COLUMNS = {
    "clusters.Cluster.code", "clusters.Service.code", "clusters.Indicator.code",
    "clusters.SuggestedAction.code",
    "clusters.PlausibilityRule.code", "lifecycle.LifecycleGroup.code", "ilp.Heartbeat.name",
    "ilp.SetupStep.name", "ilp.Backup.path",
    "reports.Delivery.key", "reports.Delivery.address", "reports.Delivery.url",
    "reports.Delivery.error",
    # Hashes and what is encrypted; a name as it was typed, looked up once and removed.
    "facilities.SignInTries.key", "facilities.PasswordLink.digest",
    "facilities.PasswordLink.password_mark", "facilities.SecondFactor.secret",
    "facilities.RecoveryCode.digest", "facilities.AccountEvent.name",
    # Put together from titles, reasons and comments that were judged.
    "reports.Delivery.subject", "reports.Delivery.body", "reports.LedgerEntry.detail",
    "reports.ReportDocument.template_version", "reports.ReportDocument.document_number",
    "reports.ReportDocument.error", "reports.ReportDocument.engine",
    "reports.UploadDraft.scope",
    "reports.ReviewRevision.document_number", "reports.ReviewRevision.signed_role",
    "reports.Snapshot.kind", "reports.Snapshot.content",
    "reports.ProblemStep.action", "reports.ProblemStep.from_status",
    "reports.ReviewStep.action", "reports.ReviewStep.from_status",
}  # fmt: skip
FIELDS = {
    # A number that the form judges as it is written (CountField), set when it is made.
    "SettingsForm.closing_day",
    "PrioritiesForm.version",
    "SharesForm.version",
    "TargetForm.version",
    "ReopenForm.password",  # compared, never stored
    # Compared, never stored: passwords, codes, the answer of a passkey.
    "OwnPassword.old",
    "AppForm.old",
    "PasskeyForm.old",
    "AppForm.code",
    "SecondStepForm.code",
    "PasskeyForm.credential",
    "SecondStepForm.credential",
    "ForgotForm.name",  # looked up by a worker, then removed
    "ChooseForm.new",
    "ChooseForm.again",  # stored as a hash
    "OwnPasswordForm.old",
    "OwnPasswordForm.new",
    "OwnPasswordForm.again",  # stored as a hash
    "SettingsForm.version",
    "LetterheadForm.version",
    "EventForm.seen",  # hidden, compared
    "NumberForm.number",  # looked up, never stored
    "_WeekFormField",
}


def _modules() -> None:
    for name in OURS:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if ".migrations" not in found.name and not found.name.endswith("__main__"):
                if found.name.startswith(("ilp.launch", "ilp.wsgi", "ilp.celery")):
                    continue
                if found.name in {"facilities.tabular.parse", "reports.problems.pdf_objects"}:
                    continue  # programs of their own
                importlib.import_module(found.name)


def _all(kind: Any) -> Iterator[Any]:
    for one in kind.__subclasses__():
        yield one
        yield from _all(one)


def test_columns() -> None:
    forgotten, named = [], set()
    for model in apps.get_models():
        if model._meta.app_label not in OURS or issubclass(model, pghistory.models.Event):
            continue
        for field in model._meta.local_fields:
            if not isinstance(field, (models.CharField, models.TextField)) or field.choices:
                continue
            label = f"{model._meta.app_label}.{model.__name__}.{field.name}"
            if label in COLUMNS or field.name in BY_MACHINE:
                named.add(label)
            elif not isinstance(field, (*JUDGED_COLUMNS, models.EmailField)):
                forgotten.append(label)
    assert forgotten == []
    assert COLUMNS - named == set()


def _unjudged(owner: str, fields: dict[str, forms.Field]) -> list[str]:
    return [
        f"{owner}.{name}"
        for name, field in fields.items()
        if isinstance(field, (forms.CharField, forms.IntegerField))
        and not isinstance(field, forms.DecimalField)
        and not isinstance(field, (*JUDGED, *SHAPED))
        and not (isinstance(field, forms.IntegerField) and field.widget.is_hidden)
    ]


def test_forms_of_the_pages() -> None:
    _modules()
    kinds = {one for one in _all(forms.BaseForm) if one.__module__.startswith(OURS)}
    assert len(kinds) > 25
    found = [
        name
        for one in kinds
        if not issubclass(one, forms.ModelForm) or one.__module__.startswith("reports")
        for name in _unjudged(one.__name__, one.base_fields)
    ]
    assert set(found) - FIELDS == set()


def _admin_forms() -> Iterator[tuple[str, Any]]:
    request = RequestFactory().get("/")
    request.user = User(username="root", is_superuser=True, is_active=True, is_staff=True)
    for model, options in admin.site._registry.items():
        if model._meta.app_label not in OURS or not options.has_add_permission(request):
            continue
        assert isinstance(options, BaseModelAdmin)
        yield options.__class__.__name__, options.get_form(request)
        for inline in options.get_inline_instances(request):
            yield inline.__class__.__name__, inline.get_formset(request).form


def test_forms_of_the_admin() -> None:
    """A form field that Django chose is still judged by its column (``full_clean``)."""
    seen = 0
    for owner, form in _admin_forms():
        model = form._meta.model
        for name in _unjudged(owner, form.base_fields):
            column = {one.name: one for one in model._meta.fields}.get(name.split(".")[1])
            is_small = isinstance(column, models.IntegerField) and not isinstance(
                column, models.PositiveIntegerField
            )
            if column is None or is_small:
                continue  # passwords; years, orders, minima: small numbers of the master data
            label = f"{model._meta.app_label}.{model.__name__}.{column.name}"
            is_known = label in COLUMNS or column.name in BY_MACHINE
            assert is_known or isinstance(column, (*JUDGED_COLUMNS, models.EmailField)), label
        seen += 1
    assert seen > 10


def _views(patterns: Any) -> Iterator[Any]:
    for one in patterns:
        if hasattr(one, "url_patterns"):
            yield from _views(one.url_patterns)
        elif one.callback.__module__.startswith("ilp.api"):
            yield one.callback.cls


def test_addresses_of_the_api_that_write() -> None:
    writing = [
        one for one in _views(get_resolver().url_patterns)
        if any(hasattr(one, name) for name in set(one.http_method_names) - SAFE_METHODS)
    ]  # fmt: skip
    assert [one.__name__ for one in writing] == ["ReviewCount"]
    _modules()
    judged = [
        one for one in _all(serializers.BaseSerializer) if one.__name__.endswith("WriteSerializer")
    ]
    assert judged
    for one in judged:
        for name, field in one().fields.items():
            if isinstance(field, serializers.CharField):
                assert isinstance(field, LineField), f"{one.__name__}.{name}"
            assert not isinstance(field, serializers.IntegerField), f"{one.__name__}.{name}"


@pytest.mark.parametrize("name", ["parse_count", "_NIK"])
def test_there_is_no_second_rule(name: str) -> None:
    _modules()
    import sys

    owners = [module for module in sys.modules if module.split(".")[0] in OURS]
    assert [one for one in owners if hasattr(sys.modules[one], name)] == []
