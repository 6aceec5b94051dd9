"""Seconds for one PDF, warm, against bare WeasyPrint on the same HTML and stylesheet.

Measured is everything between a sheet and its bytes: reading out the sheet, templates, charts,
QR code, layout. Bare is ``HTML(...).write_pdf()`` alone, with WeasyPrint's own defaults for the
process-wide parts. Both make a tagged PDF. Sheets are sample data; no database is needed.
"""

from __future__ import annotations

import gc
import statistics
import sys
import time
from collections.abc import Callable

from bench.common import report, setup

setup()

from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402

from reports.printing import pdf  # noqa: E402
from reports.printing.pdf import assets, engine  # noqa: E402
from reports.printing.pdf.frame import Printing  # noqa: E402
from reports.printing.pdf.html import report_html  # noqa: E402
from reports.printing.pdf.render import FITS, first_fit  # noqa: E402
from reports.shapes import DistrictSheet, ReviewSheet  # noqa: E402
from tests.factories import sheets  # noqa: E402

ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 7
SHA256, URL = "ab" * 32, "https://pantau.example.org/verify/" + "ab" * 32 + "/"


def seconds(*works: Callable[[], object]) -> list[float]:
    """Median seconds of CPU of each, measured in turns so that a busy machine treats all alike."""
    for work in works:
        work()
    times: list[list[float]] = [[] for _ in works]
    for _ in range(ROUNDS):
        for work, taken in zip(works, times, strict=True):
            gc.collect()
            start = time.process_time()
            work()
            taken.append(time.process_time() - start)
    return [statistics.median(taken) for taken in times]


def compare(name: str, kind: str, sheet: ReviewSheet | DistrictSheet) -> None:
    printing = Printing(kind, 1, False, SHA256, URL)
    is_pustu = isinstance(sheet, ReviewSheet) and sheet.facility.kind == "pustu"
    fit = FITS[first_fit(sheet)] if isinstance(sheet, ReviewSheet) and is_pustu else None
    html = report_html(sheet, printing, fit)
    style = assets.STYLESHEET.read_text(encoding="utf-8")

    def ours() -> pdf.RenderedPdf:
        return pdf.render(
            sheet, kind=kind, revision=1, is_draft=False, snapshot_sha256=SHA256, verify_url=URL
        )

    def bare() -> bytes | None:
        # The stylesheet names its fonts in our own scheme, so the fetcher is ours.
        fonts = FontConfiguration()
        css = CSS(string=style, font_config=fonts, url_fetcher=engine.fetcher())
        document = HTML(string=html, url_fetcher=engine.fetcher())
        return document.write_pdf(stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1")

    made = ours()
    measured, baseline = seconds(ours, bare)
    label = f"{name} ({made.pages} pages, {len(made.content) // 1024} KB)"
    report(label, measured * 1000, baseline * 1000, "bare WeasyPrint")


if __name__ == "__main__":
    pdf.warm_up()
    print(f"{engine.engine_versions()}; CPU time, median of {ROUNDS}")
    compare("Puskesmas, 8 Pustu, 85 indicators", "puskesmas_weekly", sheets.review_sheet())
    compare("Pustu, 55 indicators", "pustu_weekly", sheets.pustu_sheet())
    compare("District, 7 Puskesmas", "district_weekly", sheets.district_sheet())
