"""A kind of sheet as it is stored: canonical JSON that says its schema number.

The number stands in the bytes, because bytes are what is hashed and signed, and what goes through
a backup. What has no number is schema 1, so sheets stored before there were numbers keep bytes,
hash and document; a number is written from schema 2 on.
See docs/adr/0011-sheets-outlive-the-code.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Annotated, Any

import msgspec
from django.utils.translation import gettext as _

from reports.shapes.upgrades import Raw, Step

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

NUMBER = "schema"  # no sheet may have a field of this name
_encoder = msgspec.json.Encoder(order="deterministic", decimal_format="string")


class SignedByNewerVersion(ValueError):
    """A sheet that a later program stored: there is no step back to what this one knows."""

    def __init__(self, kind: str, number: int, known: int) -> None:
        super().__init__(
            _(
                "This paper was signed by a newer version of the application and cannot be shown "
                "here (schema %(number)d; this version reads up to %(known)d)."
            )
            % {"number": number, "known": known}
        )
        self.kind, self.number, self.known = kind, number, known


class _Numbered(msgspec.Struct):
    schema: Annotated[int, msgspec.Meta(ge=1)] = 1


_number = msgspec.json.Decoder(_Numbered)


@dataclass(frozen=True, slots=True)
class Schema[Sheet: DataclassInstance]:
    """One kind of sheet with the steps that lead to it. Fields a sheet lacks get their default,
    fields this program does not know are passed over: neither needs a number."""

    kind: str
    shape: type[Sheet]
    steps: tuple[Step, ...]
    _decoder: msgspec.json.Decoder[Sheet] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_decoder", msgspec.json.Decoder(self.shape))

    @property
    def number(self) -> int:
        return 1 + len(self.steps)

    def encode(self, sheet: Sheet) -> bytes:
        """The same sheet gives the same bytes."""
        if self.number == 1:
            return _encoder.encode(sheet)
        values = {part.name: getattr(sheet, part.name) for part in fields(sheet)}
        return _encoder.encode({NUMBER: self.number, **values})

    def decode(self, content: bytes | str) -> Sheet:
        """As it was signed, in today's types. Raises SignedByNewerVersion."""
        number = number_of(content)
        if number > self.number:
            raise SignedByNewerVersion(self.kind, number, self.number)
        if number == self.number:
            return self._decoder.decode(content)
        raw = self.upgraded(msgspec.json.decode(content))
        return self._decoder.decode(msgspec.json.encode(raw))

    def upgraded(self, raw: Raw) -> Raw:
        """Plain JSON of any number as that of today's."""
        for step in self.steps[raw.pop(NUMBER, 1) - 1 :]:
            raw = step(raw)
        return raw


def number_of(content: bytes | str) -> int:
    """The schema number of stored bytes. Inside a text its quotes would be escaped, so without
    the key nothing has to be parsed: a Puskesmas sheet is close to a megabyte."""
    key: Any = f'"{NUMBER}":'
    if (key if isinstance(content, str) else key.encode()) not in content:
        return 1
    return _number.decode(content).schema
