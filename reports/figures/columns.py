"""The columns of the weekly review, each declared once: what it is called, what it means, in which
tables it stands and how. Page, PDF, forms, API and the comparison of revisions walk this tuple.

A new column is an entry here and, where nothing computes it yet, a figure of the line.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext_lazy as _

from reports.figures.tables import Column, In, Table, TableColumn
from reports.shapes import Line


def _figure(name: str) -> Callable[[Line], Any]:
    return attrgetter(f"figures.{name}")


def _need(line: Line) -> Any:
    figures = line.figures
    return figures.need_per_week if figures.judged is None else figures.need_per_month


COLUMNS = (
    Column(
        code="code",
        heading=_("Code"),
        help=_("Code of the indicator"),
        unit="text",
        value=attrgetter("indicator.code"),
        tables={Table.FORM: In(width="8")},
    ),
    Column(
        code="cluster",
        heading=_("Cluster"),
        help=_("Cluster of the indicator"),
        unit="text",
        tables={Table.FORM: In(width="11")},
    ),
    Column(
        code="name",
        heading=_("Indicator"),
        help=_("Name of the indicator, as the catalogue has it"),
        unit="text",
        value=attrgetter("indicator.name_id"),
        tables={
            Table.REVIEW: In(has_template=True, is_row_head=True),
            Table.LINES: In(has_template=True, is_row_head=True),
            Table.REPORT: In(has_template=True),
            Table.PAPER: In(has_template=True),
            Table.FORM: In(width="38"),
        },
    ),
    Column(
        code="asked",
        heading=_("Asked for this week"),
        help=_("Whether this week's report must carry the indicator"),
        unit="text",
        value=attrgetter("is_due"),
        tables={Table.FORM: In(width="9")},
    ),
    Column(
        code="population",
        heading=_("Target population"),
        help=_("Target population, or the denominator counted so far"),
        unit="people",
        value=_figure("population"),
        tables={
            Table.REPORT: In(width="num"),
            Table.PAPER: In(width="num"),
            Table.FORM: In(width="10"),
            Table.CHANGES: In(),
            Table.API: In(),
        },
    ),
    Column(
        code="target_to_date",
        heading=_("Target to date"),
        help=_("Target to the end of this week; where fewer is better, the most allowed"),
        unit="people",
        value=_figure("target_to_date"),
        tables={
            Table.LINES: In(hides="hide-m"),
            Table.REPORT: In(width="num"),
            Table.PAPER: In(width="num"),
            Table.FORM: In(width="10"),
            Table.API: In(),
        },
    ),
    Column(
        code="target_percent",
        heading=_("Target to date (%)"),
        help=_("Share of the year's target that is due by the end of this week"),
        unit="percent",
        value=_figure("target_percent"),
        tables={Table.API: In()},
    ),
    Column(
        code="week_count",
        heading=_("This week"),
        help=_("Count of this week; none is no report, never zero"),
        unit="people",
        value=_figure("week_count"),
        tables={
            Table.REVIEW: In(
                align="left",
                width="entry",
                has_template=True,
                live="sum",
            ),
            Table.OWN_ENTRY: In(
                heading=_("This week,\nPuskesmas itself"),
                align="left",
                width="entry",
                has_template=True,
                live="sum",
            ),
            Table.REPORT: In(width="week", has_template=True),
            Table.CHANGES: In(heading=_("Achieved this week"), order=-1),
            Table.API: In(),
        },
    ),
    Column(
        code="week_denominator",
        heading=_("Out of (this week)"),
        help=_("Denominator of this week's count, where reports carry one"),
        unit="people",
        value=_figure("week_denominator"),
        tables={Table.CHANGES: In(order=-1), Table.API: In()},
    ),
    Column(
        code="cumulative",
        heading=_("Cumulative"),
        help=_("Count since the first week of the year; the latest value of a snapshot"),
        unit="people",
        value=_figure("cumulative"),
        tables={
            Table.REVIEW: In(
                heading=_("Achieved of target to date"),
                align="left",
                width="cum",
                has_template=True,
                live="cum",
            ),
            Table.LINES: In(heading=_("Achieved"), css="r", has_template=True),
            Table.REPORT: In(width="num"),
            Table.PAPER: In(width="num"),
            Table.FORM: In(heading=_("Cumulative when downloaded"), width="10"),
            Table.CHANGES: In(order=-1),
            Table.API: In(),
        },
    ),
    Column(
        code="cumulative_denominator",
        heading=_("Out of (cumulative)"),
        help=_("Denominator of the cumulative count, where reports carry one"),
        unit="people",
        value=_figure("cumulative_denominator"),
        tables={Table.CHANGES: In(order=-1), Table.API: In()},
    ),
    Column(
        code="coverage",
        heading=_("Coverage"),
        help=_("Cumulative count as a share of the target population"),
        unit="percent",
        value=_figure("coverage"),
        tables={
            Table.LINES: In(align="left", css="wide", has_template=True),
            Table.REPORT: In(heading=_("Coverage (%)"), width="num"),
            Table.CHANGES: In(),
            Table.API: In(),
        },
    ),
    Column(
        code="coverage_last_year",
        heading=_("Coverage last year"),
        help=_("Coverage in the same week of last year; none where it is not known"),
        unit="percent",
        value=attrgetter("coverage_last_year"),
        tables={
            # Page and paper have no room for it: names wrapped, and a report grew by a page.
            Table.FORM: In(heading=_("Coverage last year (%)"), width="10", order=1),
            Table.API: In(),
        },
    ),
    Column(
        code="gap",
        heading=_("Gap"),
        help=_("Cumulative count minus target to date"),
        unit="difference",
        value=_figure("gap"),
        tables={
            Table.REVIEW: In(
                heading=_("Signal this week"),
                align="left",
                width="gap",
                has_template=True,
                live="gap",
            ),
            Table.LINES: In(align="left", has_template=True),
            Table.REPORT: In(width="num"),
            Table.CHANGES: In(),
            Table.API: In(),
        },
    ),
    Column(
        code="percent_of_target",
        heading=_("% of target"),
        help=_("Cumulative count as a share of the target to date"),
        unit="percent",
        value=_figure("percent_of_target"),
        tables={Table.REPORT: In(width="num"), Table.API: In()},
    ),
    Column(
        code="need_per_month",
        heading=_("Needed a month"),
        help=_("What every remaining month must bring to reach the year's target"),
        unit="per_month",
        value=_figure("need_per_month"),
        tables={Table.API: In()},
    ),
    Column(
        code="need_per_week",
        heading=_("Needed a week"),
        help=_("What every remaining week had to bring; of sheets signed before 2027 alone"),
        unit="per_month",
        value=_figure("need_per_week"),
        tables={Table.API: In()},
    ),
    Column(
        code="need",
        heading=_("Needed a period"),
        help=_("What every remaining month must bring; in sheets of before, every week"),
        unit="per_month",
        value=_need,
        tables={Table.REPORT: In(width="need")},
    ),
    Column(
        code="spark",
        heading=_("8 weeks"),
        help=_("Counts of the last eight weeks"),
        unit="text",
        tables={
            Table.REVIEW: In(
                hides="hide-m hide-t hide-p", width="spark", has_template=True, live="spark"
            ),
            Table.LINES: In(hides="hide-m", has_template=True),
        },
    ),
    Column(
        code="recent",
        heading=_("Later half of the trend"),
        help=_("Count in the later of the two periods that the trend compares"),
        unit="people",
        value=_figure("recent"),
        tables={Table.API: In()},
    ),
    Column(
        code="previous",
        heading=_("Earlier half of the trend"),
        help=_("Count in the earlier of the two periods that the trend compares"),
        unit="people",
        value=_figure("previous"),
        tables={Table.API: In()},
    ),
    Column(
        code="recent_percent",
        heading=_("Later half of the trend (%)"),
        help=_("The later count as a share of the target population"),
        unit="percent",
        value=_figure("recent_percent"),
        tables={Table.API: In()},
    ),
    Column(
        code="previous_percent",
        heading=_("Earlier half of the trend (%)"),
        help=_("The earlier count as a share of the target population"),
        unit="percent",
        value=_figure("previous_percent"),
        tables={Table.API: In()},
    ),
    Column(
        code="trend",
        heading=_("Trend"),
        help=_("Whether the figure rises, stays or falls"),
        unit="text",
        value=_figure("trend"),
        tables={
            Table.REPORT: In(width="trend", has_template=True),
            Table.SHORT_REPORT: In(is_shown=False),
            Table.API: In(),
        },
    ),
    Column(
        code="is_on_target",
        heading=_("On target"),
        help=_("Whether the target to date is reached; empty where nothing can be judged"),
        unit="text",
        value=_figure("is_on_target"),
        tables={Table.API: In()},
    ),
    Column(
        code="status",
        heading=_("Status"),
        help=_("PWS status: target and trend together"),
        unit="text",
        value=_figure("status"),
        tables={
            Table.REVIEW: In(width="status", has_template=True, live="st"),
            Table.LINES: In(css="r", has_template=True),
            Table.REPORT: In(width="status", has_template=True),
            Table.CHANGES: In(),
            Table.API: In(),
        },
    ),
    Column(
        code="colour",
        heading=_("Colour of the PKP class"),
        help=_("PKP class of the achievement against the target to date"),
        unit="text",
        value=_figure("colour"),
        tables={Table.API: In()},
    ),
    Column(
        code="checks",
        heading=_("Checks"),
        help=_("What a reader must know before trusting the line"),
        unit="text",
        value=_figure("checks"),
        tables={Table.API: In()},
    ),
    Column(
        code="below",
        heading=_("From units below"),
        help=_("Sum of the reports of the units below"),
        unit="people",
        value=attrgetter("below_count"),
        tables={
            Table.PAPER_WITH_SUMS: In(heading=_("From Pustu"), width="num"),
            Table.FORM: In(width="10"),
        },
    ),
    Column(
        code="numerator",
        heading=_("Count this week"),
        help=_("The facility's own count of this week"),
        unit="people",
        value=attrgetter("own_count"),
        tables={
            Table.PAPER: In(heading=_("This week"), width="box", css="box", is_input=True),
            Table.FORM: In(width="11", is_input=True),
        },
    ),
    Column(
        code="denominator",
        heading=_("Denominator"),
        help=_("Denominator of the facility's own count, where one is asked for"),
        unit="people",
        value=attrgetter("own_denominator"),
        tables={
            Table.PAPER: In(width="box", css="box", is_input=True),
            Table.FORM: In(width="11", is_input=True),
        },
    ),
    Column(
        code="note",
        heading=_("Note"),
        help=_("The author's note on the figure"),
        unit="text",
        value=attrgetter("note"),
        tables={
            Table.REVIEW: In(
                hides="hide-p", width="note", has_template=True, is_heading_hidden=True
            ),
            Table.PAPER: In(width="note", css="box", has_template=True, is_input=True),
            Table.FORM: In(width="32", is_input=True),
            Table.CHANGES: In(),
        },
    ),
    Column(
        code="meaning",
        heading=_("What is counted"),
        help=_("Numerator and denominator of the indicator in words"),
        unit="text",
        tables={Table.FORM: In(width="46")},
    ),
    Column(
        code="version",
        heading=_("Version"),
        help=_("Version of the row the form was made from; hidden"),
        unit="text",
        value=attrgetter("own_version"),
        tables={Table.FORM: In(width="7")},
    ),
)


@cache
def columns_of(table: Table) -> tuple[TableColumn, ...]:
    """The columns of one table from left to right."""
    shown = [TableColumn(row, place) for row in COLUMNS if (place := row.shown_in(table))]
    return tuple(sorted(shown, key=lambda column: column.place.order))
