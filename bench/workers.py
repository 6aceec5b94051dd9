"""Reports a minute with one and with two workers, against bare WeasyPrint, one after the other.

Real Celery workers of their own on the installation's Valkey (a database of its own) and
PostgreSQL build documents of the demo again: the mix of a week, one Puskesmas to five Pustu.
From the first message to the last ready file. Bare is ``HTML(...).write_pdf()`` of the same HTML
in this process. Run it where no other worker is at work, and only on demo data: each round adds
a line to the ledger of every document it builds.

PANTAU_DATA=var .venv/bin/python -m ilp.launch with-servers --data var -- \
    .venv/bin/python -m bench.workers
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from bench.common import setup

setup()

import redis  # noqa: E402
from celery import current_app  # noqa: E402
from django.conf import settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from weasyprint import CSS, HTML  # noqa: E402
from weasyprint.text.fonts import FontConfiguration  # noqa: E402

from clusters.weeks import Week  # noqa: E402
from facilities.models import District  # noqa: E402
from ilp import env  # noqa: E402
from reports.models import ReportDocument  # noqa: E402
from reports.models.document import DocumentKind, DocumentState  # noqa: E402
from reports.printing import pdf  # noqa: E402
from reports.printing.documents.build import verify_url  # noqa: E402
from reports.printing.documents.claims import queue_again  # noqa: E402
from reports.printing.documents.nudges import QUEUE, send  # noqa: E402
from reports.printing.pdf import assets, engine  # noqa: E402
from reports.printing.pdf.frame import Printing  # noqa: E402
from reports.printing.pdf.html import report_html  # noqa: E402
from reports.printing.pdf.render import FITS, first_fit  # noqa: E402
from reports.review.documents import request_week_documents  # noqa: E402
from reports.shapes import DistrictSheet, ReviewSheet  # noqa: E402
from reports.shapes.stored import decode_district, decode_review  # noqa: E402

DOCUMENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 24
VALKEY_DATABASE = 7
WORKER = (
    *(sys.executable, "-m", "celery", "-A", "ilp", "worker", "--queues", QUEUE),
    *("--concurrency", "1", "--without-gossip", "--without-mingle", "--loglevel", "ERROR"),
)
PATIENCE = 600.0  # seconds for a round


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the workers end with this program
    documents = _documents()
    url = f"{settings.CELERY_BROKER_URL}?virtual_host={VALKEY_DATABASE}"
    current_app.conf.update(broker_url=url)
    bare = len(documents) / _bare(documents) * 60
    print(f"{len(documents)} documents, {sum(row.kind != 'pustu_weekly' for row in documents)} of")
    print(f"them of a Puskesmas or the district; bare WeasyPrint {bare:6.1f} documents a minute")
    for workers in (1, 2):
        rate = len(documents) / _built_by(workers, documents, url) * 60
        name = f"{workers} worker{'s' * (workers > 1)}"
        print(f"{name:<12} {rate:6.1f} documents a minute   ratio {rate / bare:5.2f}")


def _documents() -> list[ReportDocument]:
    """Documents of the last finished week that has any review, evenly over the district."""
    district = District.objects.filter(is_demo=True).first()
    if district is None:
        raise SystemExit("This installation has no demo district: load the demo first.")
    week = Week.of(timezone.localdate(timezone=district.zone)) - 2
    documents = request_week_documents(district, week)
    if len(documents) < DOCUMENTS:
        raise SystemExit(f"The week has only {len(documents)} documents.")
    step = len(documents) / DOCUMENTS
    return [documents[int(place * step)] for place in range(DOCUMENTS)]


def _built_by(workers: int, documents: list[ReportDocument], url: str) -> float:
    """Seconds from the first message to the last ready document."""
    for row in documents:
        queue_again(row.pk, *DocumentState.values)
    client = redis.Redis.from_url(env.broker_client_url(settings.CELERY_BROKER_URL),
                                  db=VALKEY_DATABASE)  # fmt: skip
    client.flushdb()
    try:
        with _running(workers, url):
            start = time.perf_counter()
            send(row.pk for row in documents)
            _wait([row.pk for row in documents])
            return time.perf_counter() - start
    finally:
        client.flushdb()
        client.close()


@contextmanager
def _running(workers: int, url: str) -> Iterator[None]:
    """Worker processes, warm: the clock starts when all of them answer."""
    environment = {**os.environ, "REDIS_URL": url}
    processes = [
        subprocess.Popen(
            (*WORKER, "--hostname", f"bench{number}@%h"),
            env=environment,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        for number in range(workers)
    ]
    try:
        deadline = time.monotonic() + PATIENCE
        while len(current_app.control.ping(timeout=1.0) or []) < workers:
            if time.monotonic() > deadline:
                raise SystemExit("The workers did not start.")
        yield
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGTERM)
        for process in processes:
            process.wait()


def _wait(ids: list[int]) -> None:
    deadline = time.monotonic() + PATIENCE
    rows = ReportDocument.objects.filter(pk__in=ids)
    while rows.exclude(state=DocumentState.READY).exists():
        if rows.filter(state=DocumentState.FAILED).exists() or time.monotonic() > deadline:
            raise SystemExit("Not all documents were built.")
        time.sleep(0.05)


def _bare(documents: list[ReportDocument]) -> float:
    """Seconds of ``write_pdf()`` alone for all of them, one after the other, once warm."""
    pages = [_html(row) for row in documents]
    style = assets.STYLESHEET.read_text(encoding="utf-8")
    pdf.warm_up()
    start = time.perf_counter()
    for html in pages:
        fonts = FontConfiguration()
        css = CSS(string=style, font_config=fonts, url_fetcher=engine.fetcher())
        HTML(string=html, url_fetcher=engine.fetcher()).write_pdf(
            stylesheets=[css], font_config=fonts, pdf_variant="pdf/ua-1"
        )
    return time.perf_counter() - start


def _html(document: ReportDocument) -> str:
    content = document.snapshot.content
    sheet: ReviewSheet | DistrictSheet
    if document.kind == DocumentKind.DISTRICT_WEEKLY:
        sheet = decode_district(content)
    else:
        sheet = decode_review(content)
    printing = Printing(
        document.kind, document.revision, document.is_draft, document.snapshot_id,
        verify_url(document.snapshot_id),
    )  # fmt: skip
    is_pustu = document.kind == DocumentKind.PUSTU_WEEKLY
    fit = FITS[first_fit(sheet)] if is_pustu and isinstance(sheet, ReviewSheet) else None
    return report_html(sheet, printing, fit)


if __name__ == "__main__":
    main()
