"""Building one document, from its frozen figures to a ready file."""

from __future__ import annotations

import contextlib
import logging
from functools import partial

from django.conf import settings
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.urls import reverse
from django.utils.translation import gettext as _

from reports.models.document import ReportDocument
from reports.printing.documents.claims import (
    ClaimLostError,
    advance,
    claim,
    finish,
    give_back,
    let_go,
    renew,
    wait_for_disk,
)
from reports.printing.documents.reasons import is_of_the_disk, reason_of
from reports.printing.press import PRESS
from reports.printing.queries.paper import document_sheet
from reports.printing.storage import store_file

_log = logging.getLogger(__name__)


def build_document(document_id: int) -> bool:
    """Build a document if it is due; whether this call made it ready.

    Safe to call any number of times, from any number of processes. An error costs one attempt
    and is kept on the row; a disk that is full or a database that went away costs none.
    """
    document = claim(document_id)
    if document is None:
        return False
    try:
        return _is_built(document)
    except (OperationalError, InterfaceError) as error:
        # The row still says «building», and the lock went with the connection: it is due again.
        _log.warning("database_away: document %s: %s", document.pk, error)
        connection.close()
        return False
    finally:
        with contextlib.suppress(OperationalError, InterfaceError):
            let_go(document)


def _is_built(document: ReportDocument) -> bool:
    try:
        _build(document)
    except ClaimLostError:
        _log.warning("claim_lost: document %s fence %s", document.pk, document.fence)
        return False
    except IntegrityError:
        # The same figures already stand under today's template: that row is the document.
        reason = _("Replaced by a newer layout of the same figures.")
        give_back(document, reason, is_final=True)
        return False
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:  # noqa: BLE001 - whatever went wrong, it is one attempt
        _log.exception("build_failed: document %s attempt %s", document.pk, document.attempts)
        if is_of_the_disk(error):
            wait_for_disk(document, reason_of(error))
        else:
            give_back(document, reason_of(error))
        return False
    return True


def _build(document: ReportDocument) -> None:
    from reports.printing import pdf

    sheet = document_sheet(document)
    advance(document, 1)
    rendered = PRESS.draw(
        pdf.render,
        sheet,
        kind=document.kind,
        revision=document.revision,
        is_draft=document.is_draft,
        snapshot_sha256=document.snapshot_id,
        verify_url=verify_url(document.snapshot_id),
        # Here, where the database is: the drawing process needs none.
        emblems=pdf.emblems_of(sheet.letterhead),
        while_waiting=partial(_go_on, document),
    )
    advance(document, 2)
    file_sha256 = store_file(rendered.content)
    advance(document, 3)
    finish(
        document,
        file_sha256=file_sha256,
        size=len(rendered.content),
        pages=rendered.pages,
        engine=rendered.engine[:200],
        # What it was really built with, should the program have changed since it was asked for.
        template_version=pdf.template_version(),
    )


def _go_on(document: ReportDocument) -> None:
    """Keep the lease while the pages are drawn; a database that is away is no reason to stop."""
    try:
        renew(document)
    except (OperationalError, InterfaceError):
        connection.close()


def verify_url(snapshot_sha256: str) -> str:
    """The public page that says whether a printed report is genuine; goes into its QR code."""
    return settings.PUBLIC_URL + reverse("reports:verify", args=[snapshot_sha256])
