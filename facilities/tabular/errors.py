"""What is wrong with a file: every error at once, each with its row and column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from facilities.errors import ActionRefused


@dataclass(frozen=True, order=True)
class CellError:
    """``row`` as the file's own numbering shows it (the header is row 1); 0: the whole file."""

    row: int
    column: str
    message: str

    def __str__(self) -> str:
        if not self.row:
            return self.message
        if not self.column:
            return _("Row {row}: {message}").format(row=self.row, message=self.message)
        return _("Row {row}, column {column}: {message}").format(
            row=self.row, column=self.column, message=self.message
        )


class FileRefused(ActionRefused):
    """Nothing of the file was saved; ``errors`` in the order of the file."""

    def __init__(self, errors: Sequence[CellError]) -> None:
        self.errors = sorted(errors)
        super().__init__("\n".join(map(str, self.errors)))


def refuse(message: str) -> FileRefused:
    """The whole file is no good."""
    return FileRefused([CellError(0, "", message)])
