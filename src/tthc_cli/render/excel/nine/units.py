"""Form 02-ĐGHL: one page a unit; marks and grade are formulas over the unit's own sheet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tthc_cli.render.excel.nine.parts import ANSWERS, form_head, graded, heads, period_line, put_shares, words
from tthc_cli.render.excel.parts import grade_colours, signature
from tthc_cli.render.excel.sheet import at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.excel.units import UnitCells
    from tthc_cli.render.view.nine.model import UnitPaper

NUMBER, TITLE, MAX, OWN, APPRAISED, NOTE = range(1, 7)
_WIDTHS = (8, 38, 10, 10, 11, 36)


@dataclass(frozen=True, slots=True)
class PaperCells:
    """Where a unit's form holds what form 03-ĐGHL refers to; addresses with the sheet's name."""

    points: dict[str, str]
    total: str
    grade: str
    slips: str
    shares: tuple[str, ...]
    """Of the question about the whole; () where nobody answered it."""


def write_units(book: Book, sheet: Sheet, cells: Mapping[str, UnitCells]) -> dict[str, PaperCells]:
    """The forms one below the other, each on a page of its own; returns where they hold what."""
    assert book.card.nine is not None
    sheet.widths(*_WIDTHS)
    row, found = 1, {}
    papers = book.card.nine.units
    for paper in papers:
        found[paper.unit_id], last = _Form(book, sheet, paper, cells.get(paper.unit_id)).write(row)
        if paper is not papers[-1]:
            sheet.break_after(last)
        row = last + 1
    sheet.paper(last_column=NOTE, last_row=row - 1, head_row=None, landscape=False)
    book.close(sheet)
    return found


class _Form:
    """The form of one unit."""

    def __init__(self, book: Book, sheet: Sheet, paper: UnitPaper, cells: UnitCells | None) -> None:
        self.book, self.sheet, self.paper, self.cells = book, sheet, paper, cells

    def write(self, row: int) -> tuple[PaperCells, int]:
        book, sheet, paper = self.book, self.sheet, self.paper
        agency = words(book, "head.agency", name=f"{paper.name} ({paper.unit_id})")
        lines = (agency, period_line(book), words(book, "head.slips", count=paper.slips))
        row = form_head(book, sheet, row, "form02", lines, NOTE)
        sheet.put(row, NUMBER, words(book, "form02.part_1"), "subtitle")
        first = self._marks(row + 1)
        last = first + len(paper.lines) - 1
        self._result(last + 1, first, last)
        end, shares = self._satisfaction(last + 4)
        end = signature(book, sheet, end + 2, TITLE, NOTE)
        here = f"{sheet.quoted}!"
        return (
            PaperCells(
                points={line.id: f"{here}{at(APPRAISED, r)}" for r, line in enumerate(paper.lines, first)},
                total=f"{here}{at(APPRAISED, last + 1)}",
                grade=f"{here}{at(APPRAISED, last + 2)}",
                slips=str(paper.slips),
                shares=tuple(f"{here}{cell}" for cell in shares),
            ),
            end + 1,
        )

    def _marks(self, row: int) -> int:
        """The lines of the criteria; returns the row of the first."""
        sheet, titles = self.sheet, heads(self.book, "criterion", "title", "max", "own", "appraised", "note")
        sheet.row(row, titles, "head")
        sheet.head_height(row, titles, _WIDTHS)
        for line in self.paper.lines:
            row += 1
            sheet.put(row, NUMBER, line.number, "center")
            sheet.put(row, TITLE, line.title, "text")
            sheet.put(row, MAX, line.max, "whole")
            sheet.put(row, OWN, line.own if line.own.value is not None else "–", "mark")
            shown = line.appraised if line.appraised.value is not None else "–"
            points = self.cells.points[line.id] if self.cells else None
            formula = f'IF(ISNUMBER({points}),ROUND({points},1),"–")' if points else None
            sheet.put(row, APPRAISED, shown, "mark", formula)
            sheet.put(row, NOTE, line.note, "small")
            sheet.height(row, [(line.title, _WIDTHS[TITLE - 1]), (line.note, _WIDTHS[NOTE - 1] * 1.1)])
        return row - len(self.paper.lines) + 1

    def _result(self, row: int, first: int, last: int) -> None:
        book, sheet, paper = self.book, self.sheet, self.paper
        for line in (row, row + 1):
            sheet.row(line, [""] * NOTE, "total_text")
        sheet.put(row, TITLE, words(book, "column.total_line"), "total_text")
        sheet.put(row, MAX, paper.max, "total_whole", f"SUM({at(MAX, first)}:{at(MAX, last)})")
        own, appraised = (f"{at(c, first)}:{at(c, last)}" for c in (OWN, APPRAISED))
        total = f'IF(COUNT({appraised})=0,"–",ROUND(SUM({appraised}),1))'
        mine = f'IF(COUNT({own})=0,"–",ROUND(SUM({own}),1))'
        sheet.put(row, OWN, paper.own if paper.own.value is not None else "–", "total_mark", mine)
        known = paper.total.value is not None
        live = total if known or not any(line.appraised.value is not None for line in paper.lines) else None
        sheet.put(row, APPRAISED, paper.total if known else "–", "total_mark", live)
        sheet.put(row, NOTE, paper.total_note, "total_text")
        sheet.height(row, [(paper.total_note, _WIDTHS[NOTE - 1] * 0.9)])
        sheet.put(row + 1, TITLE, words(book, "column.grade_line"), "total_text")
        reached = f'SUMIF({appraised},">=0",{at(MAX, first)}:{at(MAX, last)})'
        grade = graded(book, at(APPRAISED, row), reached, paper.grade) if paper.graded else None
        sheet.put(row + 1, APPRAISED, paper.grade, "total_center", grade)
        sheet.merge(row + 1, APPRAISED, row + 1, NOTE)
        grade_colours(book, sheet, at(APPRAISED, row + 1))

    def _satisfaction(self, row: int) -> tuple[int, tuple[str, ...]]:
        """Answers and their shares; returns the last row, and the cells of the shares of the whole."""
        book, sheet, paper = self.book, self.sheet, self.paper
        sheet.put(row, NUMBER, words(book, "form02.part_2"), "subtitle")
        if not paper.satisfaction:
            sheet.put(row + 1, NUMBER, words(book, "form02.no_answers"), "fact")
            return row + 1, ()
        row += 1
        titles = heads(book, "ordinal", "question", *ANSWERS)
        sheet.row(row, titles, "head")
        sheet.head_height(row, titles, _WIDTHS)
        shares: tuple[str, ...] = ()
        for number, told in enumerate(paper.satisfaction, 1):
            counted = f"{told.title}: {words(book, 'column.count_line').lower()}"
            sheet.put(row + 1, NUMBER, str(number), "center")
            sheet.put(row + 1, TITLE, counted, "text")
            sheet.row(row + 1, told.counts, "whole", MAX)
            sheet.put(row + 2, NUMBER, "", "center")
            sheet.put(row + 2, TITLE, words(book, "column.share_line"), "text")
            put_shares(sheet, row + 2, MAX, told, row + 1)
            sheet.height(row + 1, [(counted, _WIDTHS[TITLE - 1])])
            if told == paper.answers():
                shares = tuple(at(MAX + place, row + 2) for place in range(3))
            row += 2
        return row, shares
