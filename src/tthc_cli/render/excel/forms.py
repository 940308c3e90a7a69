"""The sheets of form II.06 (Thông tư 01/2020/TT-VPCP): by unit, by level and field, by unit and field.

Columns (3) to (13) are the form's own; its sums are formulas.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.render.excel.lists import MOST_ROWS, left_out, long_list
from tthc_cli.render.excel.parts import heads_of, signature
from tthc_cli.render.excel.sheet import at
from tthc_cli.render.view.form import FORM_PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.lists import Row
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.view.form import FieldLine, UnitFields

_GROUPS = (("received", 4), ("done", 4), ("open", 3))
"""Merged headings, and how many columns each is over."""
_HEAD_ROW = 8
_FIELD_WIDTH, _COUNT_WIDTH = 44, 12


def _head(book: Book, sheet: Sheet, title: str, agency: str, note: str, labels: Sequence[str]) -> int:
    """The form's heading and the headings of its columns; returns the row of the column numbers. `labels`: heads of
    the columns before the counts; the first two are columns (1) and (2) of the form."""
    card, lang = book.card, book.lang
    dates = dict(card.facts)[say("render.head.window", lang)]
    sheet.put(1, 1, say("render.form.number", lang), "fact")
    sheet.put(2, 1, f"{say('render.form.agency', lang)}: {agency}", "agency")
    sheet.put(3, 1, say(f"render.form.{title}", lang).upper(), "title")
    sheet.put(4, 1, f"{say('render.head.period', lang)}: {card.period} ({dates})", "subtitle")
    sheet.put(5, 1, say("render.form.unit", lang), "fact")
    sheet.put(6, 1, say(f"render.form.{note}", lang), "fact")
    top, first = _HEAD_ROW, len(labels) + 1
    sheet.row(top, labels, "head")
    sheet.row(top + 1, [""] * len(labels), "head")
    column = first
    for key, width in _GROUPS:
        sheet.row(top, [say(f"render.form.{key}", lang)] + [""] * (width - 1), "head", column)
        sheet.merge(top, column, top, column + width - 1)
        column += width
    sheet.row(top + 1, [say(f"render.form.{part}_column", lang) for part in FORM_PARTS], "head", first)
    for column in range(1, first):
        sheet.merge(top, column, top + 1, column)
    before = ["(1)", "(2)", *[""] * (len(labels) - 2)]
    sheet.row(top + 2, [*before, *(f"({n})" for n in range(3, 14))], "center")
    sheet.row_height(top, 20)
    sheet.row_height(top + 1, 64)
    sheet.freeze(first, top + 3)
    return top + 2


def _field_head(book: Book, sheet: Sheet, title: str, agency: str, note: str) -> int:
    sheet.widths(6, _FIELD_WIDTH, *(_COUNT_WIDTH for _ in FORM_PARTS))
    labels = [say("render.column.ordinal", book.lang), say("render.form.field", book.lang)]
    return _head(book, sheet, title, agency, note, labels)


def _field_lines(sheet: Sheet, row: int, lines: Sequence[FieldLine]) -> int:
    """One line a field below `row`; returns the last one."""
    for number, line in enumerate(lines, 1):
        row += 1
        sheet.put(row, 1, number, "count")
        sheet.put(row, 2, line.field, "text")
        _counts(sheet, row, 3, line.counts, "count")
        sheet.height(row, [(line.field, _FIELD_WIDTH)])
    return row


def _total_line(book: Book, sheet: Sheet, row: int, counts: Sequence[int], parts: Sequence[str]) -> None:
    """The sum of everything. `parts`: by column, what its formula adds up."""
    sheet.put(row, 1, "", "total_text")
    sheet.put(row, 2, say("render.form.total", book.lang), "total_text")
    for column, (count, part) in enumerate(zip(counts, parts, strict=True), 3):
        sheet.put(row, column, count, "total_count", f"SUM({part})")


def _counts(sheet: Sheet, row: int, first: int, counts: Sequence[int], sums: str) -> None:
    """The counts of one line; the form's sums are formulas, in style `sums`."""
    inflow, done, still_open = (at(first + place, row) for place in (1, 5, 9))
    ends = (at(first + 3, row), at(first + 7, row), at(first + 10, row))
    formulas = {
        0: f"SUM({inflow}:{ends[0]})",
        4: f"SUM({done}:{ends[1]})",
        8: f"SUM({still_open}:{ends[2]})",
    }
    for place, count in enumerate(counts):
        sheet.put(row, first + place, count, sums if place in formulas else "count", formulas.get(place))


def _end(book: Book, sheet: Sheet, row: int, last_column: int) -> None:
    last = signature(book, sheet, row + 2, 2, last_column - 3)
    sheet.paper(last_column=last_column, last_row=last, head_row=_HEAD_ROW + 2, head_first=_HEAD_ROW)
    book.close(sheet)


def write_form(book: Book, sheet: Sheet) -> None:
    """II.06: a line a unit, everything below it included."""
    sheet.widths(6, 44, 16, *(_COUNT_WIDTH for _ in FORM_PARTS))
    row = _head(book, sheet, "title", _agency(book), "note", heads_of(book, "ordinal", "unit", "level"))
    for number, line in enumerate(book.card.form, 1):
        row += 1
        sheet.put(row, 1, number, "count")
        sheet.put(row, 2, line.name, "text")
        sheet.put(row, 3, line.level, "text")
        _counts(sheet, row, 4, line.counts, "group_count")
        sheet.height(row, [(line.name, 44)])
    _end(book, sheet, row, 14)


def write_form_by_field(book: Book, sheet: Sheet) -> None:
    """II.06 lĩnh vực: a section a level, a line a field; sections and the whole are sums of their lines."""
    card = book.card
    total = row = _field_head(book, sheet, "title_by_field", _agency(book), "field_note") + 1
    section_rows = []
    for section in card.form_sections:
        row += 1
        section_rows.append(row)
        sheet.put(row, 1, section.letter, "group_text")
        sheet.put(row, 2, section.label, "group_text")
        last = row + len(section.lines)
        for column, count in enumerate(section.counts, 3):
            sheet.put(row, column, count, "group_count", f"SUM({at(column, row + 1)}:{at(column, last)})")
        sheet.height(row, [(section.label, _FIELD_WIDTH)])
        row = _field_lines(sheet, row, section.lines)
    columns = range(3, 3 + len(FORM_PARTS))
    _total_line(book, sheet, total, card.form_total, [",".join(at(c, r) for r in section_rows) for c in columns])
    _end(book, sheet, row, 13)


def write_unit_form(book: Book, sheet: Sheet, unit: UnitFields) -> None:
    """II.06 of one unit, a line a field."""
    total = _field_head(book, sheet, "title", unit.name, "unit_field_note") + 1
    last = _field_lines(sheet, total, unit.lines)
    columns = range(3, 3 + len(FORM_PARTS))
    _total_line(book, sheet, total, unit.counts, [f"{at(c, total + 1)}:{at(c, last)}" for c in columns])
    _end(book, sheet, last, 13)


def write_form_by_unit_and_field(book: Book, sheet: Sheet) -> None:
    """II.06 đơn vị, lĩnh vực: a filterable list of every unit's fields."""
    lang = book.lang
    rows: list[Row] = [
        (unit.unit_id, unit.name, unit.level, line.field, *line.counts)
        for unit in book.card.unit_fields
        for line in unit.lines
    ]
    heads = [*heads_of(book, "code", "unit", "level"), say("render.form.field", lang)]
    heads += [say(f"render.form.{part}_alone", lang) for part in FORM_PARTS]
    note = f"{say('render.form.unit_field_note', lang)} {left_out(book, 'form.left_out', len(rows))}".strip()
    widths = (12, 30, 14, 30, *(8.7 for _ in FORM_PARTS))
    long_list(book, sheet, "form_units", widths, heads, rows[:MOST_ROWS], note)


def _agency(book: Book) -> str:
    return book.card.letterhead.agency or book.card.province
