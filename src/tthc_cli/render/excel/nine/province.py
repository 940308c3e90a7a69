"""Form 03-ĐGHL: every unit of the province, a section a level; ranks 1, 2, 2, 4 within it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.render.excel.nine.parts import ANSWERS, form_head, graded, heads, period_line, words
from tthc_cli.render.excel.parts import grade_colours, signature
from tthc_cli.render.excel.sheet import at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.nine.units import PaperCells
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.view.nine.model import ProvinceLevel, ProvinceLine

_ORDINAL, _NAME, _SLIPS, _FIRST = 1, 2, 3, 4
_MOST = 2
"""The highest mark of a criterion."""


def write_province(book: Book, sheet: Sheet, papers: Mapping[str, PaperCells]) -> None:
    """The whole form on one sheet, A4 across."""
    _Province(book, sheet, papers).write()


class _Province:
    def __init__(self, book: Book, sheet: Sheet, papers: Mapping[str, PaperCells]) -> None:
        assert book.card.nine is not None
        self.book, self.sheet, self.papers, self.view = book, sheet, papers, book.card.nine
        self.last_point = _FIRST + len(self.view.criteria) - 1
        self.total, self.grade, self.rank, self.share = (self.last_point + n for n in range(1, 5))
        self.last = self.share + 2

    def write(self) -> None:
        book, sheet = self.book, self.sheet
        sheet.widths(6, 38, 9, *(6.5 for _ in self.view.criteria), 9, 15, 8, 10, 10, 10)
        row = form_head(book, sheet, 1, "form03", (period_line(book),), self.last)
        row = first = self._head(row)
        number = 0
        for level in self.view.province:
            sheet.row(row, [""] * self.last, "group_text")
            sheet.put(row, _NAME, level.label, "group_text")
            number = self._level(row + 1, level, number)
            row += 1 + len(level.lines)
        grade_colours(book, sheet, f"{at(self.grade, first)}:{at(self.grade, row)}")
        for text in (words(book, "form03.note"), words(book, "text.bands", bands="; ".join(self.view.bands))):
            sheet.put(row, _ORDINAL, text, "italic")
            row += 1
        sheet.freeze(_SLIPS, first)
        end = signature(book, sheet, row + 1, _NAME, self.grade)
        sheet.paper(last_column=self.last, last_row=end, head_row=first - 1, head_first=first - 2)
        book.close(sheet)

    def _head(self, row: int) -> int:
        """Two rows of headings; returns the first row below."""
        book, sheet = self.book, self.sheet
        single = {_ORDINAL: "ordinal", _NAME: "agency", _SLIPS: "slips"}
        single |= {self.total: "total", self.grade: "grade", self.rank: "rank"}
        for line in (row, row + 1):
            sheet.row(line, [""] * self.last, "head")
        for column, key in single.items():
            sheet.put(row, column, heads(book, key)[0], "head")
            sheet.merge(row, column, row + 1, column)
        sheet.put(row, _FIRST, words(book, "form03.criteria"), "head")
        sheet.merge(row, _FIRST, row, self.last_point)
        sheet.row(row + 1, self.view.criteria, "head", _FIRST)
        sheet.put(row, self.share, words(book, "form03.satisfaction"), "head")
        sheet.merge(row, self.share, row, self.last)
        sheet.row(row + 1, heads(book, *ANSWERS), "head", self.share)
        sheet.row_height(row, 30)
        sheet.row_height(row + 1, 34)
        return row + 2

    def _level(self, first: int, level: ProvinceLevel, number: int) -> int:
        last = first + len(level.lines) - 1
        for row, line in enumerate(level.lines, first):
            number += 1
            self.sheet.put(row, _ORDINAL, number, "whole")
            self._line(row, line, first, last)
        return number

    def _line(self, row: int, line: ProvinceLine, first: int, last: int) -> None:
        sheet, cells = self.sheet, self.papers.get(line.unit_id)
        sheet.put(row, _NAME, line.name, "text")
        sheet.put(row, _SLIPS, line.slips, "whole")
        ids = list(cells.points) if cells else []
        for place, points in enumerate(line.points):
            shown = points if points.value is not None else "–"
            sheet.put(row, _FIRST + place, shown, "mark", cells.points[ids[place]] if cells else None)
        span, total = f"{at(_FIRST, row)}:{at(self.last_point, row)}", at(self.total, row)
        known = line.total.value is not None
        summed = f'IF(COUNT({span})=0,"–",ROUND(SUM({span}),1))'
        live = known or all(points.value is None for points in line.points)
        sheet.put(row, self.total, line.total if known else "–", "mark", summed if live else None)
        reached = f"{_MOST}*COUNT({span})"
        grade = graded(self.book, total, reached, line.grade) if line.graded else None
        sheet.put(row, self.grade, line.grade, "center", grade)
        ranked = line.rank.value is not None
        sheet.put(row, self.rank, line.rank if ranked else "–", "whole", self._ranked(row, first, last, ranked))
        for place in range(3):
            share = line.satisfaction.shares[place] if line.satisfaction else None
            shown_share = share if share is not None and share.value is not None else "–"
            formula = cells.shares[place] if cells and cells.shares else None
            sheet.put(row, self.share + place, shown_share, "mark", formula)
        sheet.height(row, [(line.name, 38), (line.grade, 15)])

    def _ranked(self, row: int, first: int, last: int, ranked: bool) -> str | None:
        """One more than the graded units of the level with a higher total; of a unit that is not ranked nothing."""
        if not ranked:
            return None
        totals = f"{_column(self.total)}${first}:{_column(self.total)}${last}"
        grades = f"{_column(self.grade)}${first}:{_column(self.grade)}${last}"
        none = self.book.card.ungraded_label
        return f'COUNTIFS({totals},">"&{at(self.total, row)},{grades},"<>{none}")+1'


def _column(column: int) -> str:
    return f"${at(column, 1).rstrip('1')}"
