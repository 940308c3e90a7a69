"""The first sheet: what the workbook is about, its notes, and a link to every other sheet."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render.excel.parts import titles

if TYPE_CHECKING:
    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet

_WIDTHS = (36, 92)
_LETTERS = 135
"""Letters of a line that runs over both columns."""
_NOTES = ("input", "blank", "tabs", "cites")
_PRINTED = 60
"""Lines of the contents that are in the print area."""


def write_cover(book: Book, sheet: Sheet) -> None:
    """Mục lục: facts and notes, once for the whole workbook; then the sheets in their order."""
    card, lang = book.card, book.lang
    sheet.widths(*_WIDTHS)
    titles(book, sheet, card.short_title)
    row = 4
    for label, value in card.facts:
        sheet.put(row, 1, label, "fact_label")
        sheet.put(row, 2, value, "plain")
        sheet.height(row, [(value, _WIDTHS[1])])
        row += 1
    row += 1
    sheet.put(row, 1, say("workbook.section.notes", lang), "subtitle")
    own = (say(f"workbook.note.{key}", lang) for key in _NOTES)
    for note in (card.standing, *own, *card.notes):
        for text in textwrap.wrap(note, _LETTERS, break_on_hyphens=False):
            row += 1
            sheet.put(row, 1, text, "fact")
    row += 2
    sheet.put(row, 1, say("workbook.section.contents", lang), "subtitle")
    row += 1
    heads = [say(f"workbook.column.{key}", lang) for key in ("sheet", "about")]
    sheet.row(row, heads, "head")
    for line, (title, told) in enumerate(book.contents, row + 1):
        sheet.put(line, 1, title, "link")
        sheet.link(line, 1, title)
        sheet.put(line, 2, told, "text")
        sheet.height(line, [(title, _WIDTHS[0]), (told, _WIDTHS[1])])
    sheet.table("tthc_table_contents", row, heads, row + len(book.contents), filtered=False)
    sheet.paper(last_column=2, last_row=row + min(len(book.contents), _PRINTED), head_row=row)
    book.close(sheet)
