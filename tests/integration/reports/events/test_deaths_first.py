"""J25: deaths stand in the first block of every list, in order of date, and never have a gap."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from clusters.models import Indicator
from clusters.weeks import Week
from facilities.errors import InvalidInput
from facilities.models import Facility, ServiceArea
from reports.events.queries.counted import differences, event_sums, recorded
from reports.events.queries.open_events import open_events
from reports.figures.queries.facility_lines import facility_lines
from reports.figures.wording import shortfall
from reports.models import HealthEvent, ProblemSuggestion
from reports.places.digest import digest_text
from reports.places.queries.district_sheet import district_sheet
from reports.printing.pdf.frame import Printing
from reports.printing.pdf.html import report_html
from reports.problems.queries.suggestions import open_suggestions
from reports.review.actions.row_decisions import decide_row
from reports.review.actions.steps import open_weekly_review
from reports.review.queries.sheet import live_sheet
from reports.share.text import share_text
from tests import clock
from tests.factories.world import SINCE, World, last_week
from tests.html import tidy
from tests.integration.reports.events.conftest import Record, count, village
from tests.unit.clusters.judgement.adapter import CASES

pytestmark = pytest.mark.django_db

PRINTING = Printing("puskesmas_weekly", 1, False, "a" * 64, "https://contoh.test/")
CASE = json.loads((CASES / "deaths-first.json").read_text("utf-8"))
CODE = {
    "maternal": ("KIA14", 30, "years"),
    "neonatal 0-6": ("KIA35", 3, "days"),
    "neonatal 7-28": ("KIA36", 10, "days"),
    "29 days-11 months": ("KIA37", 5, "months"),
}
VILLAGE = {"Desa Satu": 1, "Desa Dua": 2, "Desa Tiga": 3}
PLACE = {"Puskesmas": "puskesmas", "RSUD": "hospital", "rumah": "home"}


@pytest.fixture
def deaths(world: World, record: Record) -> dict[str, HealthEvent]:
    """The events of the case, entered in its order, which is not that of their dates."""
    ServiceArea.objects.create(facility=world.puskesmas, village=village(world, 3), start_on=SINCE)
    made = {}
    for row in CASE["events"]:
        code, age, unit = CODE[row["kind"]]
        day = dt.date.fromisoformat(row["died_on"])
        made[row["id"]] = record(
            "puskesmas", "puskesmas_head", week=Week.of(day), occurred_on=day, indicator_code=code,
            age=age, age_unit=unit, village=village(world, VILLAGE[row["lives_in"]]),
            place=PLACE[row["died_at"]],
        )  # fmt: skip
    return made


def expected(key: str) -> Any:
    return next(row for row in CASE["expect"] if key in row)


def in_order(deaths: dict[str, HealthEvent], text: str) -> list[str]:
    """The ids of the case in the order in which their names and dates stand in a text."""
    names = {row.code: row.name_id for row in Indicator.objects.filter(code__startswith="KIA")}
    with translation.override("id"):
        found = {
            key: min(
                place
                for place in (
                    text.find(f"{names[row.indicator_code]}, {date_format(row.occurred_on, form)}")
                    for form in ("j F Y", "j M Y")
                )
                if place >= 0
            )
            for key, row in deaths.items()
        }
    return sorted(found, key=lambda key: found[key])


def page(world: World, who: str, url: str) -> str:
    client = Client()
    client.force_login(world[who])
    answer = client.get(url)
    assert answer.status_code == 200
    return tidy(answer.content.decode()).replace("</b>", "").replace("<b>", "")


def test_first_block_of_every_list_in_order_of_date_j25(
    world: World, deaths: dict[str, HealthEvent]
) -> None:
    order = expected("first_block_in_this_order")["first_block_in_this_order"]
    for facility in (world.puskesmas, world.dinkes):
        rows = open_events(facility, clock.now())
        assert [row.record_id for row in rows] == [str(deaths[key].public_id) for key in order]
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    sheet, district = live_sheet(review), district_sheet(world.dinkes, last_week())
    assert sheet.events == district.events == open_events(world.puskesmas, clock.now())
    where = reverse("reports:facility-detail", args=[world.puskesmas.code])
    own = reverse(
        "reports:review-detail", kwargs={"week": str(last_week()), "code": world.puskesmas.code}
    )
    pages = {
        "home": page(world, "puskesmas_head", where),
        "review": page(world, "puskesmas_head", own),
        "district": page(world, "dinkes", reverse("reports:district")),
        "list": page(world, "dinkes", reverse("reports:event-list")),
    }
    for name, text in pages.items():
        assert in_order(deaths, text) == order, name
        first = text.find("Kematian dan kejadian")
        assert first > 0, name
        for later in ("Perlu perhatian", "Masalah terbuka", 'id="achievements"', 'id="carried"'):
            assert text.find(later) == -1 or first < text.find(later), (name, later)
    message = share_text(sheet, "https://contoh.test/", is_draft=True)
    assert message.index("Kematian dan kejadian") < message.index("Pustu")
    assert [key for key in order if str(deaths[key].occurred_on.day) in message][:1] == order[:1]
    with translation.override("id"):
        assert in_order({"e4": deaths["e4"], "e2": deaths["e2"]}, digest_text(
            world.dinkes, last_week(), clock.now()
        )) == ["e4", "e2"]  # fmt: skip


def test_papers_name_them_before_the_sentence_of_the_week_j25(
    world: World, deaths: dict[str, HealthEvent]
) -> None:
    order = expected("first_block_in_this_order")["first_block_in_this_order"]
    review = open_weekly_review(facility=world.puskesmas, week=last_week())
    for sheet in (live_sheet(review), district_sheet(world.dinkes, last_week())):
        text = tidy(report_html(sheet, PRINTING))
        assert in_order(deaths, text) == order
        assert text.index("Kematian dan kejadian belum selesai") < text.index('class="sentence"')


def test_sums_by_residence_and_by_place_j25(deaths: dict[str, HealthEvent]) -> None:
    right = expected("by_residence")
    sums = event_sums(list(HealthEvent.objects.select_related("village")))
    for code in ("KIA14", "KIA34", "KIA37", "KIA15"):
        assert sums.by_code[code] == right[code], code
    residence = {f"Desa {VILLAGE[name]}": n for name, n in right["by_residence"].items()}
    assert dict(sums.by_village) == residence
    places = {
        HealthEvent(place=PLACE[name]).get_place_display(): n
        for name, n in right["by_place_of_death"].items()
    }
    assert dict(sums.by_place) == places


def test_typed_total_beside_the_events_j25(world: World, record: Record) -> None:
    """Four typed, three recorded: the difference is one."""
    right = expected("typed_total_KIA15")
    week = last_week()
    for code, age, unit in (("KIA35", 3, "days"), ("KIA36", 9, "days"), ("KIA37", 4, "months")):
        record(indicator_code=code, age=age, age_unit=unit)
        count(world.pustu, code, 1)
    count(world.pustu, "KIA15", right["typed_total_KIA15"])
    lines = facility_lines([world.pustu], week)[world.pustu.pk]
    found = differences(lines, recorded(world.pustu, week))
    assert {code: row.missing for code, row in found.items()} == {
        "KIA15": right["difference_shown"]
    }
    text = page(
        world, "pustu_head",
        reverse("reports:review-detail", kwargs={"week": str(week), "code": world.pustu.code}),
    )  # fmt: skip
    assert "Dihitung 4, catatan kejadian 3." in text


@pytest.mark.parametrize("place", ["puskesmas", "pustu"])
def test_watching_a_death_is_refused_j25(world: World, place: str) -> None:
    assert expected("decision_watch_only")["decision_watch_only"] == "refused for a death"
    facility: Facility = getattr(world, place)
    count(facility, "KIA14", 1)
    review = open_weekly_review(facility=facility, week=last_week())
    with pytest.raises(InvalidInput, match="tidak cukup dipantau"):
        decide_row(
            review=review, indicator_code="KIA14", kind="monitor", by=world["puskesmas_head"],
            expected_version=0, reason="selisih kecil",
        )  # fmt: skip
    assert not review.row_decisions.exists()


def test_a_unit_without_events_says_nihil_without_colour_j25(world: World) -> None:
    right = expected("unit_without_events")
    assert open_events(world.pustu, clock.now()) == ()
    text = page(world, "pustu_head", reverse("reports:facility-detail", args=[world.pustu.code]))
    block = text[text.index('id="open-events"') :]
    block = block[: block.index("</section>")]
    assert right["unit_without_events"] in block
    assert 'class="tag ok"' not in block
    assert right["colour"] is None


def test_no_words_about_a_limit_for_a_death(world: World) -> None:
    """No «lebih 7 bayi dari batas», nor a suggestion of any words."""
    count(world.pustu, "KIA34", 7)
    lines = facility_lines([world.pustu], last_week())[world.pustu.pk]
    line = next(row for row in lines if row.indicator.code == "KIA34")
    with translation.override("id"):
        assert shortfall(line) == "7 kasus"
    ProblemSuggestion.objects.create(
        facility=world.pustu, indicator_code="KIA34", week=last_week(),
        figures={"gap": "7", "direction": "lower", "people_id": "bayi"},
    )  # fmt: skip
    assert open_suggestions(world.pustu) == []
