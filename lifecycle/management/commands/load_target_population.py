from __future__ import annotations

from facilities.models import User
from facilities.tabular.command import ImportCommand
from facilities.tabular.reading import Table
from facilities.tabular.shipped import Tally
from lifecycle.imports import COLUMNS, SHEET, import_target_population


class Command(ImportCommand):
    help = "Load target population from a CSV or XLSX file: all rows or none; safe to repeat."
    sheet = SHEET
    columns = COLUMNS

    def load(self, table: Table, by: User | None) -> Tally:
        return import_target_population(table)
