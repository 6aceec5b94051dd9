"""Tables of lines: heads and cells as ``reports.figures.columns`` declares them."""

from __future__ import annotations

from typing import Any, cast

from django import template
from django.template import Context, Engine
from django.template.base import Template
from django.template.defaultfilters import linebreaksbr
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from reports.figures.columns import columns_of
from reports.figures.tables import Table, TableColumn, TableView
from reports.figures.tags import number, percent
from reports.shapes import Line

register = template.Library()


def _write(column: TableColumn, line: Line) -> str:
    value = column.column.value(line)
    return percent(value) if column.column.unit == "percent" else number(value)


def _write_row(column: TableColumn, row: Any) -> str:
    return _write(column, row.line)


def _page(table: Table, folder: str, write: Any) -> TableView:
    return TableView(columns_of(table), folder, write, right="num", has_roles=True)


PAGES = {
    "lines": _page(Table.LINES, "components/cells", _write),
    "review": _page(Table.REVIEW, "reports/review/cells", _write_row),
    "own_entry": _page(Table.OWN_ENTRY, "reports/review/cells", _write_row),
}


@register.simple_tag
def page_table(name: str) -> TableView:
    return PAGES[name]


@register.simple_tag
def heading(column: TableColumn, week: int | str = "") -> SafeString:
    """What stands above a column of a page; ``week`` is the number some name."""
    text = linebreaksbr(str(column.heading).replace("{week}", str(week)))
    return (
        format_html('<span class="vh">{}</span>', text) if column.place.is_heading_hidden else text
    )


@register.simple_tag(takes_context=True)
def cells(context: Context, table: TableView, row: Any) -> SafeString:
    """All cells of a row. Templates of single cells find it as ``row``. Written by hand: an
    ``include`` for each of 85 × 9 cells would be a tenth of the page's time."""
    parts: list[str] = []
    for cell in table.cells:
        parts.append(cell.start)
        if cell.template:
            parts.append(_template(context, cell.template).render(context).strip())
        else:
            parts.append(conditional_escape(table.write(cell.column, row)))
        parts.append(cell.end)
    return mark_safe("".join(parts))  # noqa: S308 - of templates and escaped texts


@register.simple_tag(takes_context=True)
def live_cells(context: Context, table: TableView) -> SafeString:
    """The pieces of a row's cells that a saved number changes, each with its own id."""
    return mark_safe(  # noqa: S308 - of templates
        "".join(
            _template(context, f"{cell.template}#{cell.column.place.live}").render(context)
            for cell in table.cells
            if cell.column.place.live
        )
    )


def _template(context: Context, name: str) -> Template:
    """Found once for each drawn page, as ``include`` does."""
    kept = cast("dict[str, dict[str, Template]]", context.render_context.dicts[0])
    found = kept.setdefault("cells", {})
    if name not in found:
        found[name] = Engine.get_default().get_template(name)
    return found[name]
