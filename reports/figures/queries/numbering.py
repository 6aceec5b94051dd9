"""Document numbers by the district's pattern."""

from __future__ import annotations

from clusters.weeks import Week
from facilities.document_numbers import fill
from facilities.models import District, Facility


def document_number(district: District, facility: Facility, week: Week, revision: int) -> str:
    """«440/024/1012406/VI/2026»; a later revision adds «-R2»."""
    return fill(
        district.document_number_pattern,
        facility=facility.code,
        week=week.number,
        month=week.end.month,
        year=week.year,
        revision=revision,
    )
