"""Form 01-ĐGHL: the dossiers of each official, a page or more each; sums, means, total and grade are formulas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.render.excel.nine.parts import ANSWERS, band, form_head, heads, period_line, put_shares, words
from tthc_cli.render.excel.parts import grade_colours, signature
from tthc_cli.render.excel.sheet import at, formula_number
from tthc_cli.render.view.nine.model import DOSSIER_CRITERIA, SUMMED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.view.nine.model import DossierLine, OfficialPaper

_ORDINAL, _DOSSIER, _FIRST = 1, 2, 3
_LAST = _FIRST + len(DOSSIER_CRITERIA) - 1
_TOTAL, _GRADE, _ANSWER = _LAST + 1, _LAST + 2, _LAST + 3
_END = _ANSWER + 2
_ADDED = [_FIRST + DOSSIER_CRITERIA.index(c) for c in SUMMED]
_WIDTHS = (6, 30, *(8.5 for _ in DOSSIER_CRITERIA), 15, 25, 10, 10, 10)
_MOST = 2


def write_officials(book: Book, sheet: Sheet) -> None:
    """The forms one below the other."""
    assert book.card.nine is not None
    sheet.widths(*_WIDTHS)
    row, papers = 1, book.card.nine.officials
    head = None
    for paper in papers:
        form = _Form(book, sheet, paper)
        last = form.write(row)
        head = form.head_row if len(papers) == 1 else None
        if paper is not papers[-1]:
            sheet.break_after(last)
        row = last + 1
    if book.card.nine.officials_note:
        sheet.put(row, 1, book.card.nine.officials_note, "italic")
        row += 1
    sheet.paper(last_column=_END, last_row=row - 1, head_row=head)
    book.close(sheet)


class _Form:
    def __init__(self, book: Book, sheet: Sheet, paper: OfficialPaper) -> None:
        self.book, self.sheet, self.paper = book, sheet, paper

        self.head_row = 0

    def write(self, row: int) -> int:
        """Returns the last row."""
        book, sheet, paper = self.book, self.sheet, self.paper
        lines = (
            words(book, "head.official", name=paper.name), words(book, "head.parent", name=paper.parent),
            period_line(book), words(book, "head.dossiers", count=len(paper.lines)),
        )  # fmt: skip
        row = form_head(book, sheet, row, "form01", lines if paper.parent else (lines[0], *lines[2:]), _END)
        self.head_row = row
        first = self._head(row)
        for number, line in enumerate(paper.lines, 1):
            self._line(first + number - 1, number, line)
        last = first + len(paper.lines) - 1
        self._foot(last + 1, first, last)
        sheet.put(last + 5, 1, words(book, "form01.note"), "italic")
        return signature(book, sheet, last + 7, _DOSSIER, _GRADE) + 1

    def _head(self, row: int) -> int:
        book, sheet = self.book, self.sheet
        criteria = [words(book, "column.criterion_n", number=c.removeprefix("c")) for c in DOSSIER_CRITERIA]
        titles = [
            *heads(book, "ordinal", "dossier"), *criteria,
            *heads(book, "official_total", "official_grade", *ANSWERS),
        ]  # fmt: skip
        sheet.row(row, titles, "head")
        sheet.head_height(row, titles, _WIDTHS)
        return row + 1

    def _line(self, row: int, number: int, line: DossierLine) -> None:
        sheet = self.sheet
        sheet.put(row, _ORDINAL, number, "whole")
        sheet.put(row, _DOSSIER, line.dossier, "text")
        for place, mark in enumerate(line.marks):
            sheet.put(row, _FIRST + place, mark, "whole")
        added = _cells(_ADDED, row)
        total = f'IF(COUNT({added})=0,"",SUM({added}))'
        sheet.put(row, _TOTAL, "" if line.total is None else line.total, "whole", total)
        cell = at(_TOTAL, row)
        least = formula_number(self.book.card.graded_from.value or 0)
        grade = f'IF({_MOST}*COUNT({added})>={least},{band(cell)},"")' if self.paper.graded else None
        sheet.put(row, _GRADE, line.grade, "center", grade if line.grade or grade else None)
        for place in range(3):
            sheet.put(row, _ANSWER + place, 1 if line.answer == place else None, "whole")
        sheet.height(row, [(line.grade, _WIDTHS[_GRADE - 1])])

    def _foot(self, row: int, first: int, last: int) -> None:
        """Sums, means, satisfaction."""
        book, sheet, paper = self.book, self.sheet, self.paper
        for offset, key in enumerate(("sum", "marked", "mean", "share")):
            sheet.row(row + offset, [""] * _END, "total_text")
            sheet.put(row + offset, _DOSSIER, words(book, f"form01.{key}"), "total_text")
        for place, _ in enumerate(DOSSIER_CRITERIA):
            column = _FIRST + place
            marks = [line.marks[place] for line in paper.lines]
            known = [mark for mark in marks if mark is not None]
            span = f"{at(column, first)}:{at(column, last)}"
            sheet.put(row, column, sum(known), "total_whole", f"SUM({span})")
            sheet.put(row + 1, column, len(known), "total_whole", f"COUNT({span})")
            mean = f'IF({at(column, row + 1)}=0,"–",ROUND({at(column, row)}/{at(column, row + 1)},1))'
            value = paper.means[place]
            live = mean if paper.from_lines[place] else None
            sheet.put(row + 2, column, value if value.value is not None else "–", "total_mark", live)
        self._result(row + 2)
        for place in range(3):
            column = _ANSWER + place
            span = f"{at(column, first)}:{at(column, last)}"
            sheet.put(row, column, paper.satisfaction.counts[place], "total_whole", f"SUM({span})")
        put_shares(sheet, row + 3, _ANSWER, paper.satisfaction, row, "total_mark")

    def _result(self, row: int) -> None:
        sheet, paper = self.sheet, self.paper
        means, cell = _cells(_ADDED, row), at(_TOTAL, row)
        total = f'IF(COUNT({means})=0,"–",ROUND(SUM({means}),1))'
        known = paper.total.value is not None
        sheet.put(row, _TOTAL, paper.total if known else "–", "total_mark", total if known else None)
        sheet.put(row, _GRADE, paper.grade, "total_center", band(cell) if paper.graded else None)
        sheet.height(row, [(paper.grade, _WIDTHS[_GRADE - 1] * 0.9)])
        grade_colours(self.book, sheet, at(_GRADE, row))


def _cells(columns: Iterable[int], row: int) -> str:
    return ",".join(at(column, row) for column in columns)
