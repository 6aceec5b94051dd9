"""Every address of the site against every role, on facilities of every kind of distance.

A new address fails ``test_every_address_is_in_the_table`` until it is entered here.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from reports.models import Escalation, ProblemSuggestion, ReportDocument
from reports.review.actions.steps import submit_review
from tests.factories.world import REASONS, World, last_week
from tests.integration.access.cast import EVERYBODY, FILLS_IN, NO_PAGES, REVIEWED, SEES

pytestmark = pytest.mark.django_db

SENDS = {**FILLS_IN, "puskesmas": {"puskesmas_head"}}
# A Pustu has no sum of its own; its Puskesmas replaces its own only.
REPLACES_SUMS = {
    "puskesmas": {"puskesmas_head"},
    "pustu": set[str](),
    "other_pustu": set[str](),
    "sibling": {"sibling_head"},
    "foreign": {"outsider"},
}
DECIDES = {
    "puskesmas": {"dinkes"},
    "pustu": {"puskesmas_head"},
    "other_pustu": {"puskesmas_head"},
    "sibling": {"dinkes"},
    "foreign": set[str](),
}
REPORTS_PROBLEMS = {
    "puskesmas": {"puskesmas_head", "cluster_officer", "dinkes"},
    "pustu": {"pustu_head", "puskesmas_head", "cluster_officer", "dinkes"},
    "other_pustu": {"puskesmas_head", "cluster_officer", "dinkes"},
    "sibling": {"sibling_head", "dinkes"},
    "foreign": {"outsider"},
}
WITHDRAWS = {
    "puskesmas": {"puskesmas_head", "dinkes"},
    "pustu": {"puskesmas_head", "dinkes"},
    "other_pustu": {"puskesmas_head", "dinkes"},
    "sibling": {"sibling_head", "dinkes"},
    "foreign": {"outsider"},
}
CHANGES_NETWORK = {
    "puskesmas": {"admin", "dinkes"},
    "pustu": {"admin", "dinkes"},
    "other_pustu": {"admin", "dinkes"},
    "sibling": {"admin", "dinkes"},
    "foreign": {"admin"},
}
ASKS_FOR_REPORTS = {
    "puskesmas": {"admin", "dinkes", "puskesmas_head"},
    "pustu": {"admin", "dinkes", "puskesmas_head", "pustu_head"},
    "other_pustu": {"admin", "dinkes", "puskesmas_head"},
    "sibling": {"admin", "dinkes", "sibling_head"},
    "foreign": {"admin", "outsider"},
}
SETS_LETTERHEADS = {
    "dinkes": {"admin", "dinkes"},
    "puskesmas": {"admin", "dinkes", "puskesmas_head"},
    "sibling": {"admin", "dinkes", "sibling_head"},
    "foreign": {"admin", "outsider"},
}
SETS_TARGETS = {
    "dinkes": {"admin", "dinkes"},
    "puskesmas": {"admin", "dinkes"},
    "sibling": {"admin", "dinkes"},
    "foreign": {"admin"},
}


@dataclass(frozen=True)
class Row:
    """One address. ``places``: the facilities it is tried on; ``may``: who may, by place,
    among those who see it (None: everyone who sees it)."""

    method: str = "get"
    places: tuple[str, ...] = ()
    may: dict[str, set[str]] | None = None
    path: Callable[[World, Any, dict[str, Any]], dict[str, Any]] = field(
        default=lambda world, place, made: {}
    )
    data: Callable[[World, Any, dict[str, Any]], dict[str, Any]] = field(
        default=lambda world, place, made: {}
    )
    is_public: bool = False
    # Pages about no facility in particular: who gets in.
    roles: set[str] | None = None


def _review(_world: World, place: Any, _made: dict[str, Any]) -> dict[str, Any]:
    return {"week": str(last_week()), "code": place.code}


def _count(world: World, place: Any, made: dict[str, Any]) -> dict[str, Any]:
    return {**_review(world, place, made), "indicator": "KIA01"}


def _revision(world: World, place: Any, made: dict[str, Any]) -> dict[str, Any]:
    return {**_review(world, place, made), "number": 1}


def _person(world: World, place: Any, made: dict[str, Any]) -> dict[str, Any]:
    return {**_review(world, place, made), "pk": 1}


def _problem(_world: World, place: Any, made: dict[str, Any]) -> dict[str, Any]:
    return {"pk": made[f"problem-{place.code}"].pk}


def _health_event(_world: World, place: Any, made: dict[str, Any]) -> dict[str, Any]:
    return {"public_id": made[f"event-{place.code}"].public_id}


def _follow_up(_world: World, place: Any, made: dict[str, Any]) -> dict[str, Any]:
    return {"pk": made[f"problem-{place.code}"].follow_ups.get().pk}


def _attachment(_world: World, place: Any, made: dict[str, Any]) -> dict[str, Any]:
    row = made[f"problem-{place.code}"].attachments.get()
    return {"pk": row.problem_id, "public_id": row.public_id}


def _document(_world: World, place: Any, made: dict[str, Any]) -> dict[str, Any]:
    return {"public_id": made[f"document-{place.code}"].public_id}


def _annex(world: World, place: Any, made: dict[str, Any]) -> dict[str, Any]:
    return {**_document(world, place, made), "letter": "A"}


def _facility(_world: World, place: Any, _made: dict[str, Any]) -> dict[str, Any]:
    return {"code": place.code}


def _target(_world: World, place: Any, _made: dict[str, Any]) -> dict[str, Any]:
    return {"code": place.code, "indicator": "KIA03"}


def _event(_world: World, place: Any, _made: dict[str, Any]) -> dict[str, Any]:
    return {"code": place.code, "event": "close"}


def _place_code(_world: World, place: Any, _made: dict[str, Any]) -> dict[str, Any]:
    return {"facility": place.code, "week": str(last_week()), "code": place.code}


def _escalation(_world: World, place: Any, _made: dict[str, Any]) -> dict[str, Any]:
    """The question to the level above the place's problem."""
    return {"pk": Escalation.objects.get(problem__facility=place).pk}


def _suggestion(_world: World, place: Any, _made: dict[str, Any]) -> dict[str, Any]:
    return {"pk": ProblemSuggestion.objects.get(facility=place).pk}


def _version(_world: World, _place: Any, _made: dict[str, Any]) -> dict[str, Any]:
    return {"version": 1, "expected_version": 1}


def _account(world: World, _place: Any, _made: dict[str, Any]) -> dict[str, Any]:
    return {"pk": world.people["pustu_head"].pk}


PEOPLE = EVERYBODY - NO_PAGES
HELPERS = {"admin", "dinkes"}
NO_UPLOAD = {"week": "2026-W24", "code": "P1", "public_id": uuid.UUID(int=0)}
ANNEXED = ("puskesmas", "sibling", "foreign")  # a Pustu's report has no annex
ALL_PLACES = (*REVIEWED, "dinkes", "posyandu", "direct_posyandu")
TABLE: dict[str, Row] = {
    "home": Row(roles=PEOPLE),
    "login": Row(is_public=True),
    "service-worker": Row(is_public=True),
    "healthz": Row(is_public=True),
    "readyz": Row(is_public=True),
    "account": Row(roles=PEOPLE),
    # Only between the password and the second step: test_second_step.
    "second-step": Row(roles=set()),
    "password-forgot": Row(is_public=True),
    "password-choose": Row(is_public=True, path=lambda *_: {"token": "x" * 43}),
    "factors": Row(roles=PEOPLE),
    "factor-app": Row(roles=PEOPLE),
    "factor-passkey": Row(roles=set()),  # not without HTTPS: test_passkey
    "factor-codes": Row(roles={"admin", "dinkes"}),  # who has a second step
    "factor-remove": Row(roles=set(), path=lambda *_: {"pk": 0}),  # only one's own
    "tokens": Row(roles=PEOPLE),
    "token-revoke": Row("post", roles=PEOPLE),
    "people": Row(roles=HELPERS),
    "person": Row(roles=HELPERS, path=_account),
    "person-link": Row("post", roles=HELPERS, path=_account),
    "person-factor-reset": Row(roles=HELPERS, path=_account),
    "person-token-revoke": Row("post", roles=HELPERS, path=_account),
    "admin-login": Row(roles=set()),  # leads to ours
    "admin-password": Row(roles=PEOPLE),
    "language": Row("post", is_public=True, data=lambda *_: {"language": "en", "next": "/"}),
    "logout": Row("post", roles=EVERYBODY),
    "reports:district": Row(roles={"admin", "dinkes"}),
    "reports:facility-list": Row(roles=PEOPLE),
    "reports:facility-detail": Row(places=ALL_PLACES, path=_facility),
    "reports:indicator": Row(roles=PEOPLE, path=lambda *_: {"code": "KIA01"}),
    "reports:review-list": Row(roles=PEOPLE),
    "reports:review-detail": Row(places=REVIEWED, path=_review),
    "reports:review-count": Row("post", REVIEWED, FILLS_IN, _count, _version),
    "reports:review-confirm": Row("post", REVIEWED, FILLS_IN, _count, _version),
    "reports:review-nihil": Row("get", REVIEWED, FILLS_IN, _review),
    "reports:review-sum": Row("get", REVIEWED, REPLACES_SUMS, _count),
    "reports:review-meeting": Row("post", REVIEWED, FILLS_IN, _review, _version),
    "reports:review-check": Row("get", REVIEWED, SENDS, _review),
    "reports:review-decisions": Row("post", REVIEWED, FILLS_IN, _review, _version),
    "reports:asked-list": Row(roles=PEOPLE),
    "reports:escalation-answer": Row("post", REVIEWED, DECIDES, _escalation),
    "reports:suggestion-accept": Row("post", REVIEWED, REPORTS_PROBLEMS, _suggestion),
    "reports:suggestion-dismiss": Row("post", REVIEWED, REPORTS_PROBLEMS, _suggestion),
    "reports:review-submit": Row("post", REVIEWED, SENDS, _review, _version),
    "reports:review-approve": Row("post", REVIEWED, DECIDES, _review, _version),
    "reports:review-return": Row("post", REVIEWED, DECIDES, _review, _version),
    "reports:review-reopen": Row("post", REVIEWED, DECIDES, _review, _version),
    "reports:review-revision": Row("get", ("pustu",), None, _revision),
    "reports:review-share": Row(places=REVIEWED, path=_review),
    "reports:review-picture": Row(places=REVIEWED, path=_review),
    "reports:district-share": Row(roles={"admin", "dinkes"}),
    "reports:district-picture": Row(roles={"admin", "dinkes"}),
    "reports:review-changes": Row("get", ("pustu",), None, _revision),
    "reports:minutes-person-add": Row("post", REVIEWED, FILLS_IN, _review),
    "reports:minutes-person-remove": Row("post", REVIEWED, FILLS_IN, _person),
    "reports:minutes-decision-add": Row("post", REVIEWED, FILLS_IN, _review),
    "reports:minutes-decision-change": Row("post", REVIEWED, FILLS_IN, _revision),
    "reports:problem-list": Row(roles=PEOPLE),
    "reports:problem-raise": Row("post", REVIEWED, REPORTS_PROBLEMS, data=_place_code),
    "reports:problem-detail": Row("get", REVIEWED, None, _problem),
    "reports:problem-edit": Row("get", REVIEWED, REPORTS_PROBLEMS, _problem),
    "reports:problem-step": Row("post", REVIEWED, REPORTS_PROBLEMS, _problem, _version),
    "reports:attachment-add": Row("post", REVIEWED, REPORTS_PROBLEMS, _problem, _version),
    "reports:attachment-download": Row("get", REVIEWED, None, _attachment),
    "reports:attachment-preview": Row("get", REVIEWED, None, _attachment),
    "reports:follow-up-finish": Row("post", REVIEWED, REPORTS_PROBLEMS, _follow_up, _version),
    "reports:letter-record": Row("post", REVIEWED, REPORTS_PROBLEMS, _follow_up, _version),
    "reports:letter-print": Row("get", REVIEWED, REPORTS_PROBLEMS, _follow_up),
    "reports:answer-record": Row("post", REVIEWED, REPORTS_PROBLEMS, _follow_up, _version),
    "reports:problem-decide": Row("post", REVIEWED, REPORTS_PROBLEMS, _problem, _version),
    "reports:follow-up-plan": Row("post", REVIEWED, REPORTS_PROBLEMS, _problem, _version),
    "reports:event-list": Row(roles=PEOPLE),
    "reports:event-record": Row("get", REVIEWED, FILLS_IN, data=_place_code),
    "reports:event-detail": Row("get", REVIEWED, None, _health_event),
    "reports:event-edit": Row("get", REVIEWED, FILLS_IN, _health_event),
    "reports:event-audit": Row("post", REVIEWED, REPORTS_PROBLEMS, _health_event, _version),
    "reports:event-withdraw": Row("post", REVIEWED, WITHDRAWS, _health_event, _version),
    "reports:document-list": Row(roles=PEOPLE),
    "reports:document-request": Row("post", REVIEWED, ASKS_FOR_REPORTS, data=_place_code),
    "reports:document-status": Row("get", REVIEWED, None, _document),
    "reports:document-download": Row("get", (), None, _document),  # test_documents
    "reports:document-retry": Row("post", REVIEWED, ASKS_FOR_REPORTS, _document),
    "reports:document-detail": Row("get", REVIEWED, None, _document),
    "reports:document-annex": Row("get", ANNEXED, None, _annex),
    "reports:document-zip": Row("get", REVIEWED, None, data=_place_code),
    "reports:inbox-list": Row(roles=PEOPLE),
    "reports:inbox-read": Row("post", roles=PEOPLE),
    # Only the person it was sent to: test_inbox.
    "reports:inbox-open": Row(path=lambda *_: {"public_id": uuid.UUID(int=1)}),
    "reports:sheet-download": Row("get", REVIEWED, FILLS_IN, _review),
    "reports:sheet-upload": Row("post", REVIEWED, FILLS_IN, _review),
    # Whose upload it is: tests/integration/reports/sheets/test_upload.py
    "reports:sheet-preview": Row("get", (), None, lambda *_: {**NO_UPLOAD}),
    # One place each: every «in» draws a PDF, and the rule is only who sees the facility.
    "reports:review-paper": Row("get", ("pustu",), None, _review),
    "reports:posyandu-paper": Row("get", ("posyandu",), None, _facility),
    "reports:settings-deadlines": Row(roles={"admin", "dinkes"}),
    "reports:settings-day-add": Row("post", roles={"admin", "dinkes"}),
    "reports:settings-day-remove": Row(
        "post", roles={"admin", "dinkes"}, path=lambda *_: {"pk": 1}
    ),
    "reports:settings-priorities": Row(
        roles={role for own in SETS_LETTERHEADS.values() for role in own}
    ),
    "reports:settings-priority": Row("get", tuple(SETS_LETTERHEADS), SETS_LETTERHEADS, _facility),
    "reports:settings-shares": Row(roles={"admin", "dinkes"}),
    "reports:settings-share": Row(
        roles={"admin", "dinkes"}, path=lambda *_: {"profile": "LINEAR_M"}
    ),
    "reports:settings-targets": Row(roles={"admin", "dinkes"}),
    "reports:settings-target": Row("get", tuple(SETS_TARGETS), SETS_TARGETS, _target),
    "reports:network": Row(roles={"admin", "dinkes"}),
    "reports:network-facility": Row("get", REVIEWED, CHANGES_NETWORK, _facility),
    "reports:network-event": Row("get", REVIEWED, CHANGES_NETWORK, _event),
    "reports:letterhead-list": Row(
        roles={role for own in SETS_LETTERHEADS.values() for role in own}
    ),
    "reports:letterhead": Row("get", tuple(SETS_LETTERHEADS), SETS_LETTERHEADS, _facility),
    "reports:verify-start": Row(is_public=True),
    "reports:verify": Row(is_public=True, path=lambda *_: {"sha256": "0" * 64}),
}
# Addresses that take a second method.
SECOND: dict[str, Row] = {
    "account": Row("post", roles=PEOPLE),
    "second-step": Row("post", roles=set()),
    "password-forgot": Row("post", is_public=True),
    "password-choose": Row("post", is_public=True, path=lambda *_: {"token": "x" * 43}),
    "factor-app": Row("post", roles=PEOPLE),
    "factor-passkey": Row("post", roles=set()),
    "factor-codes": Row("post", roles={"admin", "dinkes"}),
    "factor-remove": Row("post", roles=set(), path=lambda *_: {"pk": 0}),
    "person-factor-reset": Row("post", roles=HELPERS, path=_account),
    "reports:review-detail": Row("post", REVIEWED, FILLS_IN, _review),
    "reports:review-nihil": Row("post", REVIEWED, FILLS_IN, _review),
    "reports:review-sum": Row("post", REVIEWED, REPLACES_SUMS, _count, _version),
    "reports:review-decisions": Row("get", REVIEWED, FILLS_IN, _review),
    "reports:review-share": Row("post", REVIEWED, None, _review),
    "reports:district-share": Row("post", roles={"admin", "dinkes"}),
    "reports:problem-raise": Row("get", REVIEWED, REPORTS_PROBLEMS, data=_place_code),
    "reports:problem-edit": Row("post", REVIEWED, REPORTS_PROBLEMS, _problem, _version),
    "reports:event-record": Row("post", REVIEWED, FILLS_IN, data=_place_code),
    "reports:event-edit": Row("post", REVIEWED, FILLS_IN, _health_event, _version),
    "reports:document-annex": Row("post", ANNEXED, ASKS_FOR_REPORTS, _annex),
    "reports:sheet-upload": Row("get", REVIEWED, FILLS_IN, _review),
    "reports:sheet-preview": Row("post", (), None, lambda *_: {**NO_UPLOAD}),
    "reports:settings-deadlines": Row("post", roles={"admin", "dinkes"}),
    "reports:settings-priority": Row("post", tuple(SETS_LETTERHEADS), SETS_LETTERHEADS, _facility),
    "reports:settings-share": Row(
        "post", roles={"admin", "dinkes"}, path=lambda *_: {"profile": "LINEAR_M"}
    ),
    "reports:settings-target": Row("post", tuple(SETS_TARGETS), SETS_TARGETS, _target),
    "reports:network-event": Row("post", REVIEWED, CHANGES_NETWORK, _event),
    "reports:letterhead": Row("post", tuple(SETS_LETTERHEADS), SETS_LETTERHEADS, _facility),
    "reports:verify-start": Row("post", is_public=True),
}
DJANGOS_OWN = {"login", "logout", "language"}
ROWS = [*TABLE.items(), *SECOND.items()]


def _by(condition: Callable[[Row], bool]) -> Any:
    rows = [(name, row) for name, row in ROWS if condition(row)]
    names = [f"{name}-{row.method}" for name, row in rows]
    return pytest.mark.parametrize(("name", "row"), rows, ids=names)


# Django's own admin is for superusers only (test_admin); the API has its own table.
ELSEWHERE = ("admin:", "api:", "api-")


def _names(patterns: list[Any], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            if not str(pattern.pattern).startswith("api/"):
                yield from _names(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern):
            yield f"{prefix}{pattern.name}"


def test_every_address_is_in_the_table() -> None:
    names = _names(get_resolver().url_patterns)
    found = {name for name in names if not name.startswith(ELSEWHERE)}
    assert found == set(TABLE)


def _call(client: Client, name: str, row: Row, world: World, place: Any, made: Any) -> HttpResponse:
    url = reverse(name, kwargs=row.path(world, place, made))
    call = getattr(client, row.method)
    response: HttpResponse = call(url, row.data(world, place, made))
    return response


def _outcome(response: HttpResponse) -> str:
    if response.status_code in {301, 302} and response["Location"].startswith(reverse("login")):
        return "login"
    return {403: "forbidden", 404: "hidden"}.get(response.status_code, "in")


def _expected(row: Row, role: str, place: str) -> str:
    if role in NO_PAGES:
        return "forbidden"
    if place not in SEES[role]:
        return "hidden"
    if row.may is None or role in row.may[place]:
        return "in"
    return "forbidden"


@_by(lambda row: bool(row.places))
def test_pages_of_a_facility(name: str, row: Row, world: World, made: dict[str, Any]) -> None:
    if name in {"reports:review-revision", "reports:review-changes"}:
        submit_review(
            review=made["review-P1-PT01"], by=world["pustu_head"], expected_version=1, **REASONS
        )
    wrong = []
    for role in SEES:
        for place in row.places:
            client = Client(raise_request_exception=True)
            client.force_login(world[role], backend="django.contrib.auth.backends.ModelBackend")
            expected = _expected(row, role, place)
            response = _call(client, name, row, world, getattr(world, place), made)
            got = _outcome(response)
            if got != expected:
                wrong.append(f"{role} on {place}: {got} ({response.status_code}), not {expected}")
            assert response.status_code < 500
    assert not wrong, "\n".join(wrong)


@_by(lambda row: row.roles is not None)
def test_pages_of_no_facility(name: str, row: Row, world: World) -> None:
    wrong = []
    for role in SEES:
        client = Client()
        client.force_login(world[role], backend="django.contrib.auth.backends.ModelBackend")
        response = _call(client, name, row, world, None, {})
        is_in = _outcome(response) == "in" or name == "logout"
        if is_in != (role in (row.roles or set())):
            wrong.append(f"{role}: {response.status_code}")
        assert response.status_code < 500
    assert not wrong, wrong


@_by(lambda row: not row.is_public)
def test_nothing_without_signing_in(
    name: str, row: Row, world: World, made: dict[str, Any]
) -> None:
    response = _call(Client(), name, row, world, world.pustu, made)
    assert _outcome(response) == "login"


@_by(lambda row: row.is_public)
def test_public_pages_ask_nobody(name: str, row: Row, world: World) -> None:
    response = _call(Client(), name, row, world, None, {})
    assert _outcome(response) != "login"


def test_no_other_method_is_answered(world: World, made: dict[str, Any]) -> None:
    client, wrong = Client(), []
    client.force_login(world["admin"], backend="django.contrib.auth.backends.ModelBackend")
    for name, row in TABLE.items():
        if name in DJANGOS_OWN:
            continue
        declared = {entry.method for at, entry in ROWS if at == name}
        place = world.posyandu if name == "reports:posyandu-paper" else world.pustu
        url = reverse(name, kwargs=row.path(world, place, made))
        for method in {"get", "post", "put", "patch", "delete"} - declared:
            status = getattr(client, method)(url).status_code
            if status != 405:
                wrong.append(f"{method} {name}: {status}")
    assert not wrong, wrong


def test_every_form_needs_its_token(world: World, made: dict[str, Any], caplog) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world["puskesmas_head"], "django.contrib.auth.backends.ModelBackend")
    posts = [(name, row) for name, row in ROWS if row.method == "post"]
    for name, row in posts:
        caplog.clear()
        response = _call(client, name, row, world, world.pustu, made)
        refused = [record for record in caplog.records if record.name == "django.security.csrf"]
        assert (response.status_code, len(refused)) == (403, 1), name


def test_refused_post_changes_nothing(world: World, made: dict[str, Any]) -> None:
    client = Client()
    client.force_login(world["dinkes"], backend="django.contrib.auth.backends.ModelBackend")
    review = made["review-P1"]
    client.post(reverse("reports:review-submit", kwargs=_review(world, world.puskesmas, {})), {})
    review.refresh_from_db()
    assert (review.status, review.version) == ("open", 1)
    assert ReportDocument.objects.count() == 5


def test_admin_is_for_superusers_only(world: World) -> None:
    for role in SEES:
        client = Client()
        client.force_login(world[role], backend="django.contrib.auth.backends.ModelBackend")
        response = client.get(reverse("admin:index"))
        assert (response.status_code == 200) == (role == "admin"), role
