from __future__ import annotations

from facilities.imports import COLUMNS, SHEET, import_facilities
from facilities.models import User
from facilities.tabular.command import ImportCommand
from facilities.tabular.reading import Table
from facilities.tabular.shipped import Tally


class Command(ImportCommand):
    help = "Load facilities from a CSV or XLSX file: all rows or none; safe to repeat."
    sheet = SHEET
    columns = COLUMNS

    def load(self, table: Table, by: User | None) -> Tally:
        return import_facilities(table)
