"""The sheets about all units: ranking and matrix of points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.office.sheet import scale_rule
from tthc_cli.office.workbook import lines_of
from tthc_cli.render.excel.parts import TABLE_ROW, grade_colours, heading, heads_of, signature
from tthc_cli.render.excel.sheet import at, fixed_at, formula_number

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.excel.units import UnitCells


_TALL_HEIGHT, _TALL_LETTERS = 250, 38
"""Points of height of the upright headings of the matrix, and the letters that go into it."""


def write_ranking(book: Book, sheet: Sheet, cells: Mapping[str, UnitCells]) -> None:
    """Tổng hợp: units by level and rank, with groups, total, grade and change since the period before."""
    card, lang = book.card, book.lang
    heading(book, sheet, say("render.section.ranking", lang))
    if card.standing:
        sheet.put(TABLE_ROW - 1, 1, card.standing, "italic")
    changed = any(u.change for u in card.units)
    keys = ["rank", "code", "unit", "level", "total", "assessed_max", "percent", "grade", "provisional"]
    heads = heads_of(book, *keys)
    heads += [group.full_title for group in card.groups]
    if changed:
        heads += [say("render.column.change", lang), say("render.column.rank_change", lang)]
    sheet.row(TABLE_ROW, heads, "head")
    widths = (6, 11.5, 34, 15, 8.5, 9.5, 8.5, 13, 9, *(12.2 for _ in card.groups), *((11, 11) if changed else ()))
    sheet.widths(*widths)
    sheet.head_height(TABLE_ROW, heads, widths)
    first, last = TABLE_ROW + 1, TABLE_ROW + len(card.units)
    levels, totals = f"$D${first}:$D${last}", f"$E${first}:$E${last}"
    grades, ungraded = f"$H${first}:$H${last}", card.ungraded_label
    provisional = say("render.text.provisional", lang)
    full = formula_number(card.full_marks)
    for row, unit in enumerate(card.units, first):
        refs = cells.get(unit.id)
        graded = f'AND(ISNUMBER(E{row}),H{row}<>"{ungraded}")'
        rank = f'IF({graded},COUNTIFS({levels},D{row},{totals},">"&E{row},{grades},"<>{ungraded}")+1,"")'
        sheet.put(row, 1, unit.rank, "count", rank if unit.totalled else None)
        sheet.put(row, 2, unit.id, "link" if refs else "text")
        sheet.put(row, 3, unit.name, "link" if refs else "text")
        if refs:
            sheet.link(row, 2, refs.sheet)
            sheet.link(row, 3, refs.sheet)
        sheet.put(row, 4, unit.level_label, "text")
        live = refs if unit.totalled else None
        sheet.put(row, 5, unit.total, "points", live.total if live else None)
        sheet.put(row, 6, unit.assessed_max, "count", refs.assessed_max if refs else None)
        sheet.put(row, 7, unit.percent, "points", live.percent if live else None)
        sheet.put(row, 8, unit.grade_label, "center", live.grade if live else None)
        mark = f'IF(F{row}<{full},"{provisional}","")' if unit.totalled else None
        sheet.put(row, 9, provisional if unit.provisional and unit.totalled else "", "center", mark)
        for column, group in enumerate(unit.groups, 10):
            sheet.put(row, column, group.points, "points", refs.groups[group.head.id] if refs else None)
        if unit.change:
            sheet.put(row, 10 + len(card.groups), unit.change.points, "change")
            sheet.put(row, 11 + len(card.groups), unit.change.rank_text, "center")
        sheet.height(row, [(unit.name, 34), (unit.level_label, 15), (unit.grade_label, 13)])
    sheet.freeze(4, first)
    sheet.table("tthc_table_ranking", TABLE_ROW, heads, last)
    grade_colours(book, sheet, f"H{first}:H{last}")
    book.name("tthc_ranking", sheet, f"$A${TABLE_ROW}:{fixed_at(len(heads), last)}")
    end = signature(book, sheet, last + 2, 3, len(heads) - 2)
    sheet.paper(last_column=len(heads), last_row=end, head_row=TABLE_ROW)
    book.close(sheet)


def write_matrix(book: Book, sheet: Sheet, cells: Mapping[str, UnitCells]) -> None:
    """Ma trận: points, units × components, each column coloured from 0 to its maximum."""
    card, lang = book.card, book.lang
    heading(book, sheet, say("render.section.matrix", lang))
    heads = [h for h in card.components if not h.analysis]
    marks = {key: say(f"render.mark.{key}", lang) for key in ("not_assessed", "no_score")}
    sheet.put(8, 1, say("render.mark.legend", lang), "italic")
    titles = [*heads_of(book, "code", "unit"), *(f"{head.id}. {head.title} ({head.max})" for head in heads)]
    sheet.row(TABLE_ROW, titles[:2], "head")
    sheet.row(TABLE_ROW, titles[2:], "head_tall", 3)
    sheet.row_height(TABLE_ROW, _TALL_HEIGHT)
    sheet.widths(12, 30, *(max(7.2, 2.9 * lines_of(title, _TALL_LETTERS)) for title in titles[2:]))
    first, last = TABLE_ROW + 1, TABLE_ROW + len(card.units)
    for row, unit in enumerate(card.units, first):
        refs = cells.get(unit.id)
        by_id = {cell.head.id: cell for cell in unit.cells}
        sheet.put(row, 1, unit.id, "text")
        sheet.put(row, 2, unit.name, "link" if refs else "text")
        if refs:
            sheet.link(row, 2, refs.sheet)
        for column, head in enumerate(heads, 3):
            cell = by_id.get(head.id)
            if cell is None:
                sheet.put(row, column, "", "text")
            elif cell.points.value is None:
                sheet.put(
                    row, column, marks[cell.status], "center", _mark(refs, head.id, marks, book) if refs else None
                )
            else:
                sheet.put(row, column, cell.points, "points", refs.points[head.id] if refs else None)
        sheet.height(row, [(unit.name, 30)])
    for column, head in enumerate(heads, 3):
        span = f"{at(column, first)}:{at(column, last)}"
        top = float(head.max.value or 0)
        sheet.xml.rules.append(scale_rule(span, [(0.0, "F5B5B0"), (top / 2, "FFF0B3"), (top, "A9D8B8")]))
    sheet.freeze(3, first)
    sheet.table("tthc_table_matrix", TABLE_ROW, titles, last)
    book.name("tthc_matrix", sheet, f"$A${TABLE_ROW}:{fixed_at(len(heads) + 2, last)}")
    sheet.paper(last_column=len(heads) + 2, last_row=last, head_row=TABLE_ROW)
    book.close(sheet)


def _mark(refs: UnitCells, component: str, marks: Mapping[str, str], book: Book) -> str:
    """The formula of a cell without points: points once there are some, else why there are none."""
    points, status = refs.points[component], refs.statuses[component]
    no_score = say("render.status.no_score", book.lang)
    return f'IF(ISNUMBER({points}),{points},IF({status}="{no_score}","{marks["no_score"]}","{marks["not_assessed"]}"))'
