"""The sheets that lie beside the forms: faults of the period before, both laws of each unit side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.render import formats
from tthc_cli.render.excel.nine.parts import heads, words
from tthc_cli.render.excel.parts import TABLE_ROW, heading
from tthc_cli.render.excel.sheet import at

if TYPE_CHECKING:
    from datetime import datetime

    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.view.nine.model import Standing

_FAULT_KEYS = ("code", "unit", "source", "check", "dossier", "told", "found", "due", "state")
_FAULT_WIDTHS = (11, 26, 18, 12, 22, 32, 12, 12, 27)
_BOTH_WIDTHS = (14, 40, 17, 10, 10, 14, 8, 10, 10, 14, 8, 10)
_DECISION, _NINE, _PLACES = 4, 8, 12


def write_faults(book: Book, sheet: Sheet) -> None:
    """Faults to answer for, a line each; where there is none, that is said."""
    assert book.card.nine is not None
    heading(book, sheet, words(book, "section.faults"))
    sheet.widths(*_FAULT_WIDTHS)
    lines = book.card.nine.faults
    sheet.put(TABLE_ROW - 1, 1, words(book, "text.faults_cite" if lines else "text.no_faults"), "italic")
    titles = heads(book, *_FAULT_KEYS)
    sheet.row(TABLE_ROW, titles, "head")
    sheet.head_height(TABLE_ROW, titles, _FAULT_WIDTHS)
    row = TABLE_ROW
    for row, line in enumerate(lines, TABLE_ROW + 1):
        values = (
            line.unit_id, line.unit, line.source, line.check, line.dossier, line.told, _day(book, line.found),
            _day(book, line.due), line.state,
        )  # fmt: skip
        sheet.row(row, values, "small")
        sheet.height(row, [(text, width * 1.1) for text, width in zip(values, _FAULT_WIDTHS, strict=True)])
    sheet.freeze(3, TABLE_ROW + 1)
    sheet.table("tthc_table_faults", TABLE_ROW, titles, row)
    sheet.paper(last_column=len(titles), last_row=row, head_row=TABLE_ROW)
    book.close(sheet)


def _day(book: Book, moment: datetime | None) -> str:
    return "" if moment is None else formats.day(moment.date().isoformat(), book.lang)


def write_both(book: Book, sheet: Sheet) -> None:
    """Score, percent, grade and rank of each unit by Decision 766 and by the nine criteria."""
    heading(book, sheet, words(book, "section.both"))
    sheet.widths(*_BOTH_WIDTHS)
    sheet.put(TABLE_ROW - 1, 1, words(book, "text.both_note"), "italic")
    top = TABLE_ROW
    for head in (top, top + 1):
        sheet.row(head, [""] * _PLACES, "head")
    for column, key in ((1, "code"), (2, "unit"), (3, "level"), (_PLACES, "places")):
        sheet.put(top, column, heads(book, key)[0], "head")
        sheet.merge(top, column, top + 1, column)
    for first, key in ((_DECISION, "decision"), (_NINE, "nine")):
        sheet.put(top, first, heads(book, key)[0], "head")
        sheet.merge(top, first, top, first + 3)
        sheet.row(top + 1, heads(book, "total", "percent", "grade", "rank"), "head", first)
    sheet.row_height(top + 1, 32)
    row = top + 1
    for row, line in enumerate(book.card.both, top + 2):
        sheet.row(row, (line.unit_id, line.name, line.level), "text")
        _standing(sheet, row, _DECISION, line.decision)
        _standing(sheet, row, _NINE, line.nine)
        ours, theirs = at(_DECISION + 3, row), at(_NINE + 3, row)
        places = f'IF(AND(ISNUMBER({ours}),ISNUMBER({theirs})),{ours}-{theirs},"–")'
        shown = line.places if line.places.value is not None else "–"
        sheet.put(row, _PLACES, shown, "whole_change", places)
        sheet.height(row, [(line.name, _BOTH_WIDTHS[1]), (line.decision.grade, 14), (line.nine.grade, 14)])
    sheet.freeze(_DECISION, top + 2)
    sheet.paper(last_column=_PLACES, last_row=row, head_row=top + 1, head_first=top)
    book.close(sheet)


def _standing(sheet: Sheet, row: int, first: int, standing: Standing) -> None:
    for offset, (amount, style) in enumerate(((standing.total, "points"), (standing.percent, "points"))):
        sheet.put(row, first + offset, amount if amount.value is not None else "–", style)
    sheet.put(row, first + 2, standing.grade, "center")
    sheet.put(row, first + 3, standing.rank if standing.rank.value is not None else "–", "whole")
