"""Lists: filters, errors by field, order, pages, a fixed number of queries."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from clusters.models import Achievement, Indicator
from clusters.weeks import Week
from facilities.models import Facility
from reports.models import ReportDocument, Snapshot, WeeklyReview
from tests.factories.world import World, make_facility

WEEK = Week(2026, 24)
LISTS = ["district-list", "facility-list", "indicator-list", "achievement-list",
         "achievement-totals", "review-list", "report-list"]  # fmt: skip


def rows(api: APIClient, name: str, **query: Any) -> list[dict[str, Any]]:
    answer = api.get(reverse(f"api:{name}"), query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def codes(api: APIClient, **query: Any) -> list[str]:
    return [row["code"] for row in rows(api, "facility-list", **query)]


def count(facility: Facility, week: Week, numerator: int | None, code: str = "KIA01") -> None:
    Achievement.objects.create(
        facility=facility, week=week, year=week.year, indicator_code=code, numerator=numerator,
        source="page", note="ditulis oleh seseorang",
    )  # fmt: skip


def test_facility_filters(world: World, api: APIClient) -> None:
    assert codes(api, kind="pustu") == ["P1-PT01", "P1-PT02"]
    assert codes(api, parent="P1") == ["P1-PT01", "P1-PT02", "P1-PY002"]
    assert codes(api, within="P1-PT01") == ["P1-PT01", "P1-PY001"]
    assert codes(api, q="puskesmas") == ["P1", "P2"]
    assert codes(api, kind="puskesmas", ordering="-code") == ["P2", "P1"]


def test_facility_row(world: World, api: APIClient) -> None:
    row = api.get(reverse("api:facility-detail", args=["P1-PT01"])).json()
    assert (row["parent"], row["district"], row["kind"]) == ("P1", "19.06", "pustu")
    assert row["village"] == {"code": "19.06.01.2001", "name": "Desa 1"}
    assert row["status"]["operating"] == "open"


def test_district_row(world: World, api: APIClient) -> None:
    [row] = rows(api, "district-list")
    assert (row["code"], row["facility"], row["zone_name"]) == ("19.06", "DINKES-19.06", "WIB")
    assert row["province"]["code"] == "19"
    assert api.get(reverse("api:district-detail", args=["19.06"])).json() == row
    assert api.get(reverse("api:district-detail", args=["33.03"])).status_code == 404


def test_indicators_of_a_day(world: World, api: APIClient) -> None:
    assert len(rows(api, "indicator-list", page_size=1000)) == Indicator.objects.count()
    assert rows(api, "indicator-list", on="1990-01-01") == []
    assert len(rows(api, "indicator-list", is_spm="true")) < Indicator.objects.count()
    [row] = rows(api, "indicator-list", code=Indicator.objects.all()[0].code)
    assert row["calc_type"]


def test_achievements_raw_and_totals(world: World, as_role) -> None:
    api = as_role("dinkes")
    count(world.posyandu, WEEK - 1, 3)
    count(world.pustu, WEEK, 4)
    count(world.other_pustu, WEEK, 0)
    count(world.puskesmas, WEEK, None)

    raw = rows(api, "achievement-list", week=WEEK)
    assert [(r["facility"], r["week"], r["numerator"]) for r in raw] == [
        ("P1", "2026-W24", None), ("P1-PT01", "2026-W24", 4), ("P1-PT02", "2026-W24", 0),
    ]  # fmt: skip
    assert "seseorang" not in str(raw)
    assert len(rows(api, "achievement-list", week_from=WEEK - 1, within="P1-PT01")) == 2
    assert len(rows(api, "achievement-list", week_to=WEEK - 1, indicator="KIA01")) == 1

    [total] = rows(api, "achievement-totals", week=WEEK, level="puskesmas")
    assert (total["numerator"], total["running_numerator"], total["reports"]) == (4, 7, 2)
    assert len(rows(api, "achievement-totals", week=WEEK, facility="P1")) == 1


BAD: list[tuple[str, dict[str, Any], str]] = [
    ("facility-list", {"kind": "rumah sakit"}, "kind"),
    ("facility-list", {"ordering": "district__address"}, "ordering"),
    ("facility-list", {"kidn": "pustu"}, "kidn"),
    ("facility-list", {"page_size": "1001"}, "page_size"),
    ("facility-list", {"page_size": "-1"}, "page_size"),
    ("facility-list", {"q": "\x00"}, "q"),
    ("facility-list", {"q": ["a", "b"]}, "q"),
    ("facility-list", {"format": "xml"}, "format"),
    ("facility-list", {"page": "2"}, "page"),
    ("facility-list", {"cursor": "x"}, "cursor"),
    # Not there, or another district's: the two are not told apart.
    ("facility-list", {"within": "F1"}, "within"),
    ("facility-list", {"parent": "P9"}, "parent"),
    ("facility-list", {"district": "33.03"}, "district"),
    ("achievement-list", {"facility": "F1"}, "facility"),
    ("achievement-list", {"within": "P9"}, "within"),
    ("achievement-list", {"district": "99.99"}, "district"),
    ("achievement-totals", {"indicator": "TIDAKADA"}, "indicator"),
    ("indicator-list", {"cluster": "K9"}, "cluster"),
    ("review-list", {"within": "F1"}, "within"),
    ("report-list", {"district": "33.03"}, "district"),
    ("timeliness", {"district": "33.03"}, "district"),
    ("timeliness", {"kind": "posyandu"}, "kind"),
    ("indicator-list", {"on": "kemarin"}, "on"),
    ("achievement-list", {"week": "2026-W60"}, "week"),
    ("achievement-list", {"week_from": "2026-06-14"}, "week_from"),
    ("achievement-totals", {"level": "desa"}, "level"),
    ("review-list", {"status": "filed"}, "status"),
    ("review-list", {"lines": "maybe"}, "lines"),
    ("report-list", {"is_draft": "perhaps"}, "is_draft"),
    ("report-list", {"state": "lost"}, "state"),
]


def test_bad_value_is_refused_by_field(api: APIClient) -> None:
    for name, query, field in BAD:
        answer = api.get(reverse(f"api:{name}"), query)
        assert answer.status_code == 400, (name, query, answer.content)
        assert list(answer.json()["errors"]) == [field]


def fill(world: World, number: int) -> None:
    """One more facility with a count, a review and a document."""
    unit = make_facility(world.district, "pustu", f"Q{number}", world.puskesmas)
    count(unit, WEEK, number)
    WeeklyReview.objects.create(facility=unit, week=WEEK)
    snapshot, _new = Snapshot.objects.get_or_create(sha256="b" * 64, defaults={"content": "{}"})
    ReportDocument.objects.create(
        kind="pustu_weekly", facility=unit, week=WEEK, snapshot=snapshot, template_version="1"
    )


def queries(api: APIClient, name: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        answer = api.get(reverse(f"api:{name}"))
    assert answer.json()["results"]
    return len(captured)


def test_query_count_does_not_grow(world: World, as_role) -> None:
    api = as_role("dinkes")
    fill(world, 1)
    queries(api, LISTS[0])  # from now on it is known when the token was last used
    few = {name: queries(api, name) for name in LISTS}
    for number in range(2, 8):
        fill(world, number)
    assert {name: queries(api, name) for name in LISTS} == few
    assert max(few.values()) <= 6, few
