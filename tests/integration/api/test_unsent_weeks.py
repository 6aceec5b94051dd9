"""What the province sees of a week that was not sent (Faults of the machine, case X10, F10 of
faults.md): nothing, at no door, unless the district opens it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from rest_framework.test import APIClient

from clusters.actions import record_achievement
from clusters.models import Indicator
from facilities.models import Facility
from ilp.api import urls
from reports.models import ReportDocument, WeeklyReview
from reports.printing.documents import build_document
from reports.review.actions.steps import open_weekly_review, reopen_review, submit_review
from tests.factories.world import REASONS, UNDECIDED, World, last_week

WEEK = last_week()
FIGURE = 7_654_321  # in nothing else
BACKEND = "django.contrib.auth.backends.ModelBackend"
UUID = "00000000-0000-0000-0000-000000000007"


def count(world: World, place: Facility, by: str, number: int = FIGURE, back: int = 0) -> None:
    record_achievement(
        facility=place, week=WEEK - back,
        indicator=Indicator.objects.in_week(WEEK).get(code="KIA01"), numerator=number,
        denominator=None, by=world[by], source="page", expected_version=0,
    )  # fmt: skip


def send(world: World, place: Facility, by: str) -> WeeklyReview:
    opened = open_weekly_review(facility=place, week=WEEK)
    return submit_review(
        review=opened, by=world[by], expected_version=opened.version, undecided_reason=UNDECIDED,
    **REASONS)  # fmt: skip


def doors() -> Iterator[str]:
    """Every address of the API, with every facility it can be about."""
    arguments = {
        "district-detail": [["19.06"]],
        "facility-detail": [["P1"], ["P1-PT01"]],
        "review-detail": [[str(WEEK), code] for code in ("P1", "P1-PT01")],
        "review-count": [[str(WEEK), code, "KIA01"] for code in ("P1", "P1-PT01")],
        "report-detail": [[row.public_id] for row in ReportDocument.objects.all()],
        "report-pdf": [[row.public_id] for row in ReportDocument.objects.all()],
    }
    for entry in urls.urlpatterns:
        assert isinstance(entry, URLPattern)
        for one in arguments.get(str(entry.name), [[]]):
            yield reverse(f"api:{entry.name}", args=one)
        if entry.name == "review-list":
            yield reverse("api:review-list") + "?lines=true"


def told(api: APIClient, figure: int = FIGURE) -> list[str]:
    """The addresses whose answer holds the figure."""
    found = []
    for address in doors():
        answer = api.get(address)
        content = b"".join(answer) if answer.streaming else answer.content
        assert answer.status_code < 500, address
        if str(figure).encode() in content:
            found.append(address)
    return found


def test_x10_no_door_tells_an_unsent_figure(world: World, as_role) -> None:
    count(world, world.pustu, "pustu_head")
    open_weekly_review(facility=world.pustu, week=WEEK)
    open_weekly_review(facility=world.puskesmas, week=WEEK)
    assert told(as_role("province")) == []
    # The figure is there, and every door that can tell it does so inside of the district.
    inside = told(as_role("dinkes"))
    assert {reverse("api:achievement-list"), reverse("api:achievement-totals")} < set(inside)
    assert reverse("api:review-count", args=[str(WEEK), "P1-PT01", "KIA01"]) in inside


def test_x10_unless_the_district_opens_it(world: World, as_role, client: Client) -> None:
    count(world, world.pustu, "pustu_head")
    open_weekly_review(facility=world.pustu, week=WEEK)
    client.force_login(world["dinkes"], BACKEND)
    page = client.get(reverse("reports:settings-deadlines"))
    form = page.context["form"]
    values = {name: form[name].value() for name in form.fields}
    answer = client.post(
        reverse("reports:settings-deadlines"),
        {name: str(value) for name, value in values.items() if name != "shows_unsent_weeks"}
        | {"shows_unsent_weeks": "on"},
    )
    assert answer.status_code == 302, answer.content.decode()[:2000]
    assert set(told(as_role("province"))) == set(told(as_role("dinkes")))


def test_what_was_sent_is_there_and_its_sums_only_where_all_have(world: World, as_role) -> None:
    count(world, world.pustu, "pustu_head")
    send(world, world.pustu, "pustu_head")
    api = as_role("province")
    query = {"indicator": "KIA01"}
    rows = api.get(reverse("api:achievement-list"), query).json()["results"]
    assert [row["facility"] for row in rows] == ["P1-PT01"]

    def summed() -> set[str]:
        query = {"indicator": "KIA01"}
        rows = api.get(reverse("api:achievement-totals"), query).json()["results"]
        return {row["facility"] for row in rows}

    assert summed() == {"P1-PT01"}
    send(world, world.puskesmas, "puskesmas_head")
    assert summed() == {"P1-PT01", "P1"}
    send(world, world.sibling, "sibling_head")
    assert summed() == {"P1-PT01", "P1", "DINKES-19.06"}


def test_running_total_does_not_tell_an_unsent_week(world: World, as_role) -> None:
    count(world, world.pustu, "pustu_head", number=3)
    send(world, world.pustu, "pustu_head")
    url = reverse("api:achievement-totals")
    assert as_role("province").get(url).json()["results"][0]["running_numerator"] == 3
    count(world, world.pustu, "pustu_head", back=1)
    [row] = as_role("province").get(url).json()["results"]
    assert (row["numerator"], row["running_numerator"], row["running_denominator"]) == (
        3, None, None,
    )  # fmt: skip


def test_correction_is_not_told_before_it_is_sent_again(world: World, as_role) -> None:
    count(world, world.pustu, "pustu_head", number=3)
    review = send(world, world.pustu, "pustu_head")
    reopen_review(
        review=review, by=world["puskesmas_head"], expected_version=review.version, reason="salah"
    )
    world.pustu.achievements.update(numerator=FIGURE)
    api = as_role("province")
    assert told(api) == []
    at = reverse("api:review-detail", args=[str(WEEK), "P1-PT01"])
    assert api.get(at).json()["lines"] == []
    assert api.get(at, {"revision": "1"}).json()["lines"]  # as it was signed


def test_paper_with_names_stays_in_the_district(world: World, as_role) -> None:
    send(world, world.puskesmas, "puskesmas_head")
    document = ReportDocument.objects.get(facility=world.puskesmas)
    assert build_document(document.pk)
    api, inside = as_role("province"), as_role("dinkes")
    pdf = reverse("api:report-pdf", args=[document.public_id])
    row = reverse("api:report-detail", args=[document.public_id])
    assert (api.get(pdf).status_code, inside.get(pdf).status_code) == (403, 200)
    assert api.get(row).json()["pdf"] is None
    assert inside.get(row).json()["pdf"].endswith(pdf)


def _pages(patterns: list[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            if str(one.pattern) not in {"admin/", "api/"}:
                yield from _pages(one.url_patterns, prefix + str(one.pattern))
            continue
        path = prefix + str(one.pattern)
        for kind, value in {
            "<str:week>": str(WEEK), "<str:code>": "P1-PT01", "<int:pk>": "1", "<int:number>": "1",
            "<uuid:public_id>": UUID,
        }.items():  # fmt: skip
            path = path.replace(kind, value)
        yield path


def test_no_page_is_open_to_the_province(world: World, client: Client) -> None:
    """Share messages, pictures, previews and whatever comes: a page shows names, and figures that
    were not sent. A new page is tried without a line written here."""
    count(world, world.pustu, "pustu_head")
    client.force_login(world["province"], BACKEND)
    tried = 0
    for path in _pages(get_resolver().url_patterns):
        answer = client.get(path)
        content = b"" if answer.streaming else answer.content
        assert str(FIGURE).encode() not in content, path
        assert b"7.654.321" not in content, path
        tried += answer.status_code == 403
    assert tried > 60


@pytest.mark.parametrize("role", ["admin", "puskesmas_head"])
def test_others_see_their_own_weeks_before_they_are_sent(world: World, as_role, role: str) -> None:
    count(world, world.pustu, "pustu_head")
    assert reverse("api:achievement-list") in told(as_role(role))
