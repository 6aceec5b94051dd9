"""Units close, move, merge and change their name; counts, rows and papers stay true."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from clusters.actions import record_achievement
from clusters.models import Achievement, AchievementTotal, Indicator
from clusters.weeks import Week
from facilities.actions import events
from facilities.errors import InvalidInput
from facilities.models import Area, Facility, FacilityStatus, FormerName, NetworkEvent, Posting
from reports.deadlines.queries.timeliness import timeliness
from reports.models import Problem, WeeklyReview
from reports.problems.actions import raise_problem
from reports.review.queries.sheet import live_sheet
from tests import clock
from tests.factories.world import build_world, make_facility

pytestmark = pytest.mark.django_db
CASES = Path(__file__).parents[2] / "cases" / "network"
CODE = "KIA01"


def case(name):
    return json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.fixture
def world():
    return build_world()


def pustu(world, name, start=None, operating="open"):
    unit = make_facility(world.district, "pustu", f"P2-{name}", world.sibling, operating=operating)
    Facility.objects.filter(pk=unit.pk).update(name=f"Pustu {name}")
    if start is not None:
        unit.statuses.update(start_on=start)
    return Facility.objects.get(pk=unit.pk)


def count(facility, week, numerator, code=CODE):
    Achievement.objects.create(
        facility=facility, indicator_code=code, week=week, year=week.year, numerator=numerator,
        source="page",
    )  # fmt: skip


def record(world, facility, week):
    """As a page does."""
    record_achievement(
        facility=facility, week=week, indicator=Indicator.objects.in_week(week).get(code=CODE),
        numerator=1, denominator=None, by=world["admin"], source="page", expected_version=0,
    )  # fmt: skip


def sheet_of(world, week):
    return live_sheet(WeeklyReview(facility=world.sibling, week=week, status="open"))


def rows_of(sheet, code=CODE):
    """Row → cumulative, as the annex of the paper has them."""
    return {
        row.facility.short_name: line.figures.cumulative
        for row in sheet.annex
        for line in row.lines
        if line.indicator.code == code
    }


def whole(sheet, code=CODE):
    return next(line for line in sheet.lines if line.indicator.code == code)


def test_n2_closed_unit_keeps_a_row_and_rows_add_up(world):
    """Case N2, closing-with-a-past-date.json."""
    given = case("closing-with-a-past-date")
    before, after = given["before"], given["after"]
    units = {name: pustu(world, name) for name in before["units"]}
    last, first = Week.parse(before["week_last"]), Week.parse(before["week_first"])
    for name, number in before["counts_january_to_october"].items():
        count(units[name], last, number)
    clock.move_to(dt.datetime.fromisoformat("2026-11-20T12:00+07:00"))
    for name, number in before["counts_in_week_after"].items():
        count(units[name], first, number)
    events.close_facility(
        facility=units["F"], on=dt.date.fromisoformat(given["event"]["closed_from"]), by=None
    )
    for week, wanted in after.items():
        sheet = sheet_of(world, Week.parse(week))
        line = whole(sheet)
        assert f"{line.reported} dari {line.expected} Pustu" == wanted["line"]
        assert line.expected == len(sheet.filings) == wanted["expected"]
    sheet = sheet_of(world, first)
    wanted = {row["unit"]: row["cumulative"] for row in after["2026-W45"]["rows"]}
    assert rows_of(sheet) == wanted
    assert sum(rows_of(sheet).values()) == whole(sheet).figures.cumulative == 92
    for chart in sheet.charts:
        parts = [cell.cumulative for cell in chart.cells if cell.cumulative is not None]
        assert sum(parts) == (chart.whole.cumulative or 0)
    with pytest.raises(InvalidInput) as refusal:
        record(world, units["F"], first)
    assert "1 November 2026" in refusal.value.errors["numerator"]


@pytest.mark.parametrize("closing", case("closing-in-the-middle")["cases"])
def test_n1_period_of_the_last_open_day_still_expects_the_unit(world, closing):
    """Case N1, closing-in-the-middle.json."""
    unit = pustu(world, "X")
    events.close_facility(facility=unit, on=dt.date.fromisoformat(closing["closed_from"]), by=None)

    def expected(first, last):
        return Facility.objects.open_between(first, last).filter(pk=unit.pk).exists()

    last, without = (
        Week.parse(closing["last_expected_week"]),
        Week.parse(closing["first_week_without"]),
    )
    assert expected(last.start, last.end)
    assert not expected(without.start, without.end)
    year, month = map(int, closing["last_expected_month"].split("-"))
    after = dt.date(year + month // 12, month % 12 + 1, 1)
    assert expected(dt.date(year, month, 1), after - dt.timedelta(days=1))
    assert not expected(after, after + dt.timedelta(days=27))


def test_n4_completeness_counts_the_units_of_the_week(world):
    """Case N4, completeness-denominators.json."""
    given = case("completeness-denominators")
    units = {}
    for one in given["before"]["units"]:
        is_planned = "planned_from" in one
        units[one["code"]] = unit = pustu(
            world, one["code"], one.get("open_from"), "planned" if is_planned else "open"
        )
        if closed := one.get("closed_from"):
            unit.statuses.update(end_on=closed)
            FacilityStatus.objects.create(facility=unit, operating="closed", start_on=closed)
    for check in given["weeks"]:
        week = Week.parse(check["week"])
        for name in check["received_from"]:
            count(units[name], week, 1)
            WeeklyReview.objects.create(
                facility=units[name],
                week=week,
                status="submitted",
                submitted_at=clock.now(),
                submitted_by=world["dinkes"],
            )
        sheet = sheet_of(world, week)
        line = whole(sheet)
        assert f"{line.reported} dari {line.expected}" == check["line"]
        punctual = timeliness(world.district, list(units.values()), [week], clock.now()).by_week[0]
        assert (punctual.reported, punctual.expected) == (
            check["received_counted"], len(check["expected"]),
        )  # fmt: skip
        assert sum(rows_of(sheet).values()) == whole(sheet).figures.cumulative


def test_n5_merged_units_are_one_row_of_the_past(world):
    """Case N5, merging-two-pustu.json."""
    given = case("merging-two-pustu")
    units = {name: pustu(world, name) for name in given["before"]["units"]}
    june, july = Week(2026, 24), Week(2026, 28)
    for name, one in given["before"]["units"].items():
        count(units[name], june, one["cumulative"])
    posyandu = make_facility(world.district, "posyandu", "P2-Y", units["A"])
    person = Posting.objects.create(
        user=world["pustu_head"], role="pustu_head", facility=units["B"], start_on="2020-01-01"
    )
    on = dt.date.fromisoformat(given["event"]["date"])
    into = events.merge_facilities(
        facilities=[units["A"], units["B"]], code="P2-C", name="Pustu C", on=on, by=None
    )
    count(into, july, given["after"]["first_month_of_C"]["count"])
    count(units["D"], july, 13)
    sheet = sheet_of(world, july)
    wanted = {row["unit"]: row["cumulative"] for row in given["after"]["rows"]}
    assert rows_of(sheet) == wanted
    assert whole(sheet).figures.cumulative == given["after"]["sum"]
    assert whole(sheet).expected == given["after"]["expected_units"] == 2
    assert whole(sheet_of(world, june)).expected == 3
    posyandu.refresh_from_db()
    assert posyandu.parent == into
    assert into.postings.get().user_id == person.user_id
    for name in ("A", "B"):
        with pytest.raises(InvalidInput):
            record(world, units[name], july)


def test_n3_moved_posyandu_is_a_row_at_both(world):
    """Case N3, moving-a-posyandu.json, with a Pustu between two Puskesmas."""
    given = case("moving-a-posyandu")
    unit = pustu(world, "Y")
    weeks = [Week.of(dt.date(2026, month, 15)) for month in range(1, 12)]
    counts = given["before"]["counts_by_month_reported_by_posyandu"]
    for week, number in zip(weeks, counts, strict=False):
        count(unit, week, number)
    before = {week: whole(sheet_of(world, week)) for week in weeks[:6]}
    events.move_facility(facility=unit, parent=world.puskesmas, on=dt.date(2026, 7, 1), by=None)
    assert {week: whole(sheet_of(world, week)) for week in weeks[:6]} == before
    sheet = sheet_of(world, weeks[-1])
    assert rows_of(sheet) == {"Y (pindah 1 Jul)": 29}
    assert whole(sheet).figures.cumulative == given["after"]["sum_of_counts_with"]["A"]
    there = live_sheet(WeeklyReview(facility=world.puskesmas, week=weeks[-1], status="open"))
    assert rows_of(there)["Y (sejak 1 Jul)"] == whole(there).figures.cumulative == 29


def test_n7_names_of_the_time(world):
    """Case N7, renaming.json."""
    given = case("renaming")
    unit = pustu(world, "L")
    Facility.objects.filter(pk=unit.pk).update(name=given["before"]["name"])
    on = dt.date.fromisoformat(given["event"]["date"])
    events.rename_facility(facility=unit, name=given["event"]["name"], on=on, by=None)
    unit.refresh_from_db()
    old, new = Week.of(on) - 1, Week.of(on)
    for week, name in ((old, given["before"]["name"]), (new, given["event"]["name"])):
        assert FormerName.objects.on([unit.pk], week.end).get(unit.pk, unit.name) == name
        review = WeeklyReview(facility=Facility.objects.get(pk=unit.pk), week=week, status="open")
        assert live_sheet(review).facility.name == name
        assert name in {row.facility.name for row in sheet_of(world, week).annex}
        client = signed_in(world, "dinkes")
        page = client.get(reverse("reports:facility-detail", args=[unit.code]), {"week": str(week)})
        assert name in page.content.decode()
        found = client.get(reverse("reports:facility-list"), {"q": name}).content.decode()
        assert unit.code in found


def signed_in(world, role):
    client = Client()
    client.force_login(world[role], backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_event_is_previewed_then_saved_on_the_page(world):
    unit = world.other_pustu
    client = signed_in(world, "dinkes")
    url = reverse("reports:network-event", args=[unit.code, "close"])
    assert client.get(url).status_code == 200
    values = {"on": "2026-11-01", "decree": "440/12/2026", "seen": ""}
    shown = client.post(url, values)
    assert shown.status_code == 200
    assert "3 minggu terbuka, 0 yang sudah dikirim" in shown.content.decode()
    assert not NetworkEvent.objects.exists()
    seen = shown.context["form"].digest()
    # Another day than the one that was shown is shown first.
    again = client.post(url, {**values, "on": "2026-11-02", "seen": seen})
    assert (again.status_code, NetworkEvent.objects.count()) == (200, 0)
    assert client.post(url, {**values, "seen": seen}).status_code == 302
    event = NetworkEvent.objects.get()
    assert (event.kind, event.by, event.decree) == ("close", world["dinkes"], "440/12/2026")
    assert unit.statuses.get(operating="closed").start_on == dt.date(2026, 11, 1)
    assert unit.name in client.get(reverse("reports:network")).content.decode()
    assert client.get(reverse("reports:network-facility", args=[unit.code])).status_code == 200
    refused = client.post(url, values)
    assert refused.status_code == 422


@pytest.mark.parametrize(
    "event", ["close", "reopen", "move", "merge", "split", "rename", "village"]
)
def test_every_form_opens_and_says_what_is_missing(world, event):
    client = signed_in(world, "dinkes")
    url = reverse("reports:network-event", args=[world.pustu.code, event])
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 422


def test_unit_is_split_on_the_page(world):
    client = signed_in(world, "dinkes")
    url = reverse("reports:network-event", args=[world.puskesmas.code, "split"])
    village = world.other_pustu.village
    values = {
        "villages": [village.pk], "code": "P1-B", "name": "Puskesmas Baru", "on": "2026-11-15",
        "seen": "",
    }  # fmt: skip
    shown = client.post(url, values)
    assert f"Puskesmas Baru melayani: {village.name}." in shown.content.decode()
    assert not Facility.objects.filter(code="P1-B").exists()
    values["seen"] = shown.context["form"].digest()
    saved = client.post(url, values)
    assert saved.url == reverse("reports:network-facility", args=["P1-B"])
    world.other_pustu.refresh_from_db()
    assert world.other_pustu.parent.code == "P1-B"
    page = client.get(reverse("reports:network")).content.decode()
    assert "dipecah" in page
    refused = client.post(url, {**values, "villages": ["00.00.00.0000"], "code": "P1-C"})
    assert refused.status_code == 422


def test_merged_unit_takes_open_problems_along(world):
    problem = raise_problem(
        facility=world.pustu, week=Week.of(clock.today()), by=world["pustu_head"], title="Vaksin",
        owner_name="Bidan Uji", due_on=clock.today() + dt.timedelta(days=7),
    )  # fmt: skip
    client = signed_in(world, "dinkes")
    url = reverse("reports:network-event", args=[world.pustu.code, "merge"])
    values = {
        "units": [world.other_pustu.pk], "code": "P1-PT09", "name": "Pustu Baru",
        "on": "2026-11-15", "seen": "",
    }  # fmt: skip
    shown = client.post(url, values)
    values["seen"] = shown.context["form"].digest()
    assert client.post(url, values).status_code == 302
    assert Problem.objects.get(pk=problem.pk).facility.code == "P1-PT09"


def test_village_goes_from_one_to_the_other(world):
    area = world.pustu.service_areas.get()
    on = dt.date(2026, 10, 1)
    events.hand_over_village(
        facility=world.pustu, village=Area.objects.get(pk=area.village_id),
        other=world.other_pustu, on=on, by=None,
    )  # fmt: skip
    area.refresh_from_db()
    assert area.end_on == on
    assert world.other_pustu.service_areas.filter(village=area.village_id, start_on=on).exists()


def test_closed_unit_opens_again_with_its_villages(world):
    served = set(world.other_pustu.service_areas.values_list("village", flat=True))
    events.close_facility(facility=world.other_pustu, on=dt.date(2026, 5, 1), by=None)
    events.reopen_facility(facility=world.other_pustu, on=dt.date(2026, 8, 1), by=None)
    today = world.other_pustu.service_areas.current(clock.today())
    assert set(today.values_list("village", flat=True)) == served
    assert not Facility.objects.open_on(dt.date(2026, 6, 1)).filter(pk=world.other_pustu.pk)


@pytest.mark.parametrize(
    ("event", "values", "field"),
    [
        ("close_facility", {"on": dt.date(2019, 1, 1)}, "on"),  # before it was open
        ("close_facility", {"on": dt.date(2028, 1, 1)}, "on"),
        ("reopen_facility", {"on": dt.date(2026, 5, 1)}, "on"),  # it is open
        ("rename_facility", {"on": dt.date(2026, 12, 1), "name": "Baru"}, "on"),
        ("rename_facility", {"on": dt.date(2026, 5, 1), "name": "  "}, "name"),
        ("rename_facility", {"on": dt.date(2026, 5, 1), "name": "x" * 101}, "name"),
    ],
)
def test_what_cannot_be_is_refused_by_field(world, event, values, field):
    with pytest.raises(InvalidInput) as refusal:
        getattr(events, event)(facility=world.other_pustu, by=None, **values)
    assert list(refusal.value.errors) == [field]


def test_unit_with_open_ones_below_does_not_close(world):
    with pytest.raises(InvalidInput) as refusal:
        events.close_facility(facility=world.pustu, on=dt.date(2026, 11, 1), by=None)
    assert world.posyandu.name in refusal.value.errors["on"]
    assert AchievementTotal.objects.count() == 0


def test_api_names_a_review_as_the_unit_was_called_then(world):
    """Case N7, renaming.json, in the list of the API."""
    on = dt.date(2026, 9, 6)
    for week in (Week.of(on) - 1, Week.of(on)):
        WeeklyReview.objects.create(facility=world.pustu, week=week, status="open")
    old = world.pustu.name
    events.rename_facility(facility=world.pustu, name="Pustu Air Baru", on=on, by=None)
    api = APIClient()
    api.force_authenticate(world["dinkes"])
    rows = api.get(reverse("api:review-list")).json()["results"]
    assert {row["week"]: row["facility_name"] for row in rows} == {
        str(Week.of(on) - 1): old, str(Week.of(on)): "Pustu Air Baru",
    }  # fmt: skip
