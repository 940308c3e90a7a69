"""Native charts, and the sheet that holds those about all units."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from openpyxl.chart import BarChart, LineChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, ParagraphProperties
from openpyxl.xml.functions import tostring

from tthc_cli.messages import say
from tthc_cli.office.styles import GRADE_FILLS
from tthc_cli.render.excel.parts import TABLE_ROW, heading, heads_of
from tthc_cli.render.excel.sheet import at, fixed_at
from tthc_cli.render.view.over_time import axis_of

if TYPE_CHECKING:
    from typing import Any

    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet

CHART_ROWS = 14
"""Rows of normal height that a chart covers."""
_BAR, _RAIL = "2F6EA5", "DDE4EC"
_SIZE = (17.0, 6.6)
UNIT_CHART_ROWS, UNIT_CHART_SIZE = 9, (17.0, 4.6)
"""The same of the chart on a unit's sheet."""
_TITLE = CharacterProperties(sz=1200, b=True)
_GRID = GraphicalProperties(ln=LineProperties(solidFill="D9D9D9"))
_ANY = "'SHEET'!"
"""Stands for the sheet until it is known, so that a chart is made once for thousands of sheets of one shape."""


def _dress(chart: Any, title: str) -> None:
    chart.title = title
    chart.title.tx.rich.p[0].pPr = ParagraphProperties(defRPr=_TITLE)
    chart.y_axis.majorGridlines.spPr = _GRID
    chart.width, chart.height = _SIZE
    for axis in (chart.x_axis, chart.y_axis):
        axis.delete = False
    chart.legend.position = "b"


def _cells(column: int, row: int, last_column: int, last_row: int) -> Reference:
    return Reference(range_string=f"{_ANY}{fixed_at(column, row)}:{fixed_at(last_column, last_row)}")


def _xml(chart: Any) -> str:
    """The chart, with marks where the sheet's name belongs."""
    text: str = tostring(chart._write()).decode("utf-8")
    return text


def put_chart(sheet: Sheet, xml: str, row: int, column: int, told: str, size: tuple[float, float] = _SIZE) -> None:
    """Put a chart about cells of the sheet on it."""
    sheet.chart(row, column, xml.replace(_ANY, f"{escape(sheet.quoted)}!"), size, told)


@lru_cache(maxsize=64)
def bars_against_maximum(title: str, top: int, last: int, label: int, points: int, full: int, most: float) -> str:
    """Horizontal bars: points over the maximum, group by group; the table's heading is in row `top`, `most` is the
    largest maximum."""
    chart: Any = BarChart()
    chart.type, chart.overlap, chart.gapWidth = "bar", 100, 60
    chart.add_data(_cells(full, top, full, last), titles_from_data=True)
    chart.add_data(_cells(points, top, points, last), titles_from_data=True)
    chart.set_categories(_cells(label, top + 1, label, last))
    _dress(chart, title)
    chart.legend.position, chart.x_axis.tickLblSkip = "r", 1
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = 0, most
    for series, colour in zip(chart.series, (_RAIL, _BAR), strict=True):
        series.graphicalProperties.solidFill = colour
    return _xml(chart)


def write_charts(book: Book, sheet: Sheet, ranking: Sheet) -> None:
    """Biểu đồ: grades by level, counted by formulas over the ranking, and the province's trend."""
    card, lang = book.card, book.lang
    heading(book, sheet, say("render.section.charts", lang))
    sheet.widths(26, *(13 for _ in range(11)))
    row, first, last = TABLE_ROW, TABLE_ROW + 1, TABLE_ROW + len(card.units)
    heads = [*heads_of(book, "level"), *(g.label for g in card.grades)]
    sheet.row(row, heads, "head")
    levels = f"{ranking.quoted}!$D${first}:$D${last}"
    grades = f"{ranking.quoted}!$H${first}:$H${last}"
    for line, level in enumerate(card.levels, row + 1):
        sheet.put(line, 1, level.label, "text")
        for column, (_, count) in enumerate(level.grade_counts, 2):
            formula = f"COUNTIFS({levels},$A{line},{grades},{at(column, row)})"
            sheet.put(line, column, count, "count", formula)
    end = row + len(card.levels)
    title = say("render.page.grades_chart", lang)
    chart: Any = BarChart()
    chart.type, chart.grouping, chart.overlap, chart.gapWidth = "bar", "percentStacked", 100, 60
    chart.add_data(_cells(2, row, 1 + len(card.grades), end), titles_from_data=True)
    chart.set_categories(_cells(1, row + 1, 1, end))
    _dress(chart, title)
    chart.x_axis.scaling.orientation = "maxMin"
    chart.y_axis.number_format = "0%"
    for series, colour in zip(chart.series, GRADE_FILLS, strict=False):
        series.graphicalProperties.solidFill = colour
    sheet.table("tthc_table_grades", row, heads, end)
    put_chart(sheet, _xml(chart), end + 2, 1, title)
    end += 2 + CHART_ROWS
    if card.root is not None and len(card.root.trend) > 1:
        sheet.break_after(end)
        end = _trend(book, sheet, end + 1)
    sheet.paper(last_column=10, last_row=end, head_row=None)
    book.close(sheet)


def _trend(book: Book, sheet: Sheet, row: int) -> int:
    """The province's points on 100, period by period, on an axis that shows what moved."""
    assert book.card.root is not None
    trend = book.card.root.trend
    heads = heads_of(book, "period", "percent")
    sheet.row(row, heads, "head")
    for line, (period, amount) in enumerate(trend, row + 1):
        sheet.put(line, 1, period, "text")
        sheet.put(line, 2, amount, "points")
    last = row + len(trend)
    sheet.table("tthc_table_trend", row, heads, last)
    title = say("render.page.trend_chart", book.lang)
    chart: Any = LineChart()
    chart.add_data(_cells(2, row, 2, last), titles_from_data=True)
    chart.set_categories(_cells(1, row + 1, 1, last))
    _dress(chart, title)
    low, high = axis_of(trend)
    chart.y_axis.scaling.min, chart.y_axis.scaling.max = low, high
    chart.y_axis.majorUnit, chart.y_axis.number_format = max((high - low) // 5, 1), "0"
    chart.legend = None
    series = chart.series[0]
    series.graphicalProperties.line.solidFill = _BAR
    series.marker.symbol = "circle"
    series.dLbls = DataLabelList(
        showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False, dLblPos="t"
    )
    put_chart(sheet, _xml(chart), row, 4, title)
    return max(last, row + CHART_ROWS)
