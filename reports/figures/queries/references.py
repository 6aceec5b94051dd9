"""Small shapes that several sheets share."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from clusters.models import Cluster
from clusters.weeks import Week
from facilities.models import District, Facility, LetterheadSetting
from facilities.models.facility import FacilityKind
from facilities.models.letterhead import USUAL_COPIES
from reports.shapes import ClusterBlock, FacilityRef, Letterhead, Line, Tally, WeekRef

DEFAULT_LEGAL_BASIS = (
    "Keputusan Menteri Kesehatan Nomor HK.01.07/MENKES/2015/2023 tentang Petunjuk Teknis "
    "Integrasi Pelayanan Kesehatan Primer dan Peraturan Menteri Kesehatan Nomor 19 Tahun 2024 "
    "tentang Penyelenggaraan Pusat Kesehatan Masyarakat"
)


def facility_ref(facility: Facility) -> FacilityRef:
    return FacilityRef(
        facility.pk, facility.code, facility.name, facility.short_name, facility.kind
    )


def week_ref(week: Week) -> WeekRef:
    return WeekRef(str(week), week.year, week.number, week.of_year, week.start, week.end)


def letterhead(district: District, unit: Facility | None) -> Letterhead:
    """Kop surat of a Puskesmas (``unit``) or, without one, of the Dinkes itself. One query."""
    setting = letterhead_setting(district, unit)
    return Letterhead(
        government=f"Pemerintah {district.area.name}",
        office="Dinas Kesehatan",
        unit=f"UPTD {unit.name}" if unit else "",
        address=(unit.address if unit else "") or district.address,
        phone=(unit.phone if unit else "") or district.phone,
        email=(unit.email if unit else "") or district.email,
        postal_code=setting.postal_code or district.postal_code,
        logo_sha256=district.logo_id or "",
        # A Puskesmas is called after the place it stands in, seldom after the district's seat.
        seat=(setting.seat or unit.short_name)
        if unit
        else district.seat or district.area.name.partition(" ")[2],
        legal_basis=district.legal_basis or DEFAULT_LEGAL_BASIS,
        unit_logo_sha256=setting.logo_id or "",
        classification=setting.classification,
        copies=setting.copy_lines,
    )


def letterhead_setting(district: District, unit: Facility | None) -> LetterheadSetting:
    """What the Puskesmas (``unit``) or the Dinkes has set; the usual values, not stored, where it
    has set nothing. One query."""
    rows = LetterheadSetting.objects.filter(facility__district=district.pk)
    own = rows.filter(facility=unit.pk) if unit else rows.filter(facility__kind=FacilityKind.DINKES)
    return own.first() or LetterheadSetting(copies=USUAL_COPIES if unit else "")


def by_cluster(lines: Sequence[Line], clusters_of: dict[str, str]) -> tuple[ClusterBlock, ...]:
    """Lines grouped in the order of the clusters; empty clusters left out."""
    blocks = []
    for cluster in Cluster.objects.all():
        own = tuple(x for x in lines if clusters_of.get(x.indicator.code) == cluster.code)
        if own:
            blocks.append(ClusterBlock(cluster.code, cluster.name_id, cluster.name_en, own))
    return tuple(blocks)


def tally(lines: Iterable[Line]) -> Tally:
    rows = list(lines)

    def count(name: str, value: object) -> int:
        return sum(getattr(row.figures, name) == value for row in rows)

    due = [row for row in rows if row.is_due]
    return Tally(
        indicators=len(rows),
        due=len(due),
        filled=sum(row.is_filled for row in due),
        green=count("colour", "green"),
        yellow=count("colour", "yellow"),
        red=count("colour", "red"),
        grey=count("colour", "grey"),
        baik=count("status", "baik"),
        kurang=count("status", "kurang"),
        cukup=count("status", "cukup"),
        jelek=count("status", "jelek"),
        unjudged=count("status", None),
        on_target=count("is_on_target", True),
        below_target=count("is_on_target", False),
    )
