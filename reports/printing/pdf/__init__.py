"""PDFs of the weekly evaluation. ``render`` is the way in; nothing else draws one."""

from __future__ import annotations

from reports.printing.pdf.emblem import emblems_of
from reports.printing.pdf.engine import warm_up
from reports.printing.pdf.errors import PdfError
from reports.printing.pdf.render import RenderedPdf, render
from reports.printing.pdf.version import template_version

__all__ = ["PdfError", "RenderedPdf", "emblems_of", "render", "template_version", "warm_up"]
