"""A review to fill in, its form as a workbook, and ways to send one back."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from clusters.models import Achievement
from clusters.weeks import Week
from facilities.models import Facility
from reports.models import SheetUpload, WeeklyReview
from reports.review.actions.steps import open_weekly_review, save_count
from reports.sheets.xlsx.layout import ENTRIES, FIRST_ROW
from reports.sheets.xlsx.writing import review_form
from tests.factories.world import World, build_world, last_week

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def world(db: None) -> World:
    return build_world()


@pytest.fixture
def week() -> Week:
    return last_week()


@pytest.fixture
def review(world: World, week: Week) -> WeeklyReview:
    """The Pustu's review, opened."""
    return open_weekly_review(facility=world.pustu, week=week)


def as_bytes(book: Any) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@dataclass
class Desk:
    """One person at the pages of one review."""

    client: Client
    world: World
    review: WeeklyReview

    def url(self, name: str, **more: Any) -> str:
        kwargs = {"week": str(self.review.week), "code": self.review.facility.code, **more}
        return reverse(f"reports:{name}", kwargs=kwargs)

    def book(self) -> Any:
        """The form as openpyxl opens it."""
        return load_workbook(io.BytesIO(review_form(self.review)))

    def row(self, sheet: Any, code: str) -> int:
        for number in range(FIRST_ROW, sheet.max_row + 1):
            if sheet[f"A{number}"].value == code:
                return number
        raise LookupError(code)

    def upload(self, content: bytes, name: str = "isian.xlsx", kind: str = "") -> Any:
        file = io.BytesIO(content)
        file.name = name
        if kind:
            file.content_type = kind  # type: ignore[attr-defined]
        return self.client.post(self.url("sheet-upload"), {"file": file})

    def fill(self, **cells: Any) -> bytes:
        """The form with cells of «Isian» set: ``I_KIA01=5`` is column I of that indicator."""
        book = self.book()
        sheet = book[ENTRIES]
        for name, value in cells.items():
            letter, code = name.split("_")
            sheet[f"{letter}{self.row(sheet, code)}"] = value
        return as_bytes(book)

    def last(self) -> SheetUpload:
        return SheetUpload.objects.latest("pk")

    def errors(self) -> dict[str, str]:
        """Messages of the last upload by cell."""
        return {row["cell"]: row["message"] for row in self.last().content["errors"]}

    def save(self, **more: str) -> Any:
        """Save the last upload as it is shown now."""
        url = self.url("sheet-preview", public_id=self.last().public_id)
        page = self.client.get(url)
        data = {"seen": page.context["preview"].seen, **more}
        return self.client.post(url, data)

    def values(self) -> dict[str, tuple[int | None, int | None, str]]:
        rows = Achievement.objects.filter(facility=self.review.facility, week=self.review.week)
        return {row.indicator_code: (row.numerator, row.denominator, row.note) for row in rows}

    def enter(self, code: str, numerator: int | None, by: str = "puskesmas_head") -> None:
        """Somebody types a number on the page."""
        row = Achievement.objects.filter(
            facility=self.review.facility, week=self.review.week, indicator_code=code
        ).first()
        save_count(
            review=self.review, indicator_code=code, numerator=numerator, denominator=None,
            by=self.world[by], expected_version=row.version if row else 0,
        )  # fmt: skip


@pytest.fixture
def desk(world: World, review: WeeklyReview) -> Desk:
    """The head of the Pustu at work."""
    client = Client()
    client.force_login(world["pustu_head"], backend=BACKEND)
    review.facility = Facility.objects.select_related("district__area", "parent").get(
        pk=review.facility_id
    )
    return Desk(client, world, review)


@pytest.fixture
def puskesmas_desk(world: World, week: Week) -> Desk:
    """The head of the Puskesmas at work on its own review."""
    review = open_weekly_review(facility=world.puskesmas, week=week)
    client = Client()
    client.force_login(world["puskesmas_head"], backend=BACKEND)
    review.facility = Facility.objects.select_related("district__area", "parent").get(
        pk=review.facility_id
    )
    return Desk(client, world, review)


def repacked(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The same archive with its entries changed; ``None`` leaves one out."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            changed = change(entry.filename, old.read(entry))
            if changed is not None:
                new.writestr(entry.filename, changed)
    return file.getvalue()


def sheet_xml(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with the XML of «Isian» changed."""
    return repacked(
        content, lambda name, data: change(data) if name == "xl/worksheets/sheet2.xml" else data
    )
