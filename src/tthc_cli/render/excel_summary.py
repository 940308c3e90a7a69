"""The sheets about all units: ranking, matrix of points, what was not assessed, and how it was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
from openpyxl.styles import PatternFill

from tthc_cli.messages import say
from tthc_cli.render.excel_book import at, fixed_at
from tthc_cli.render.excel_styles import GRADE_FILLS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tthc_cli.messages import Lang
    from tthc_cli.render.excel_book import Book, Sheet
    from tthc_cli.render.excel_units import UnitCells

_TABLE_ROW = 9


def _lang(book: Book) -> Lang:
    return "vi" if book.card.lang == "vi" else "en"


def _heads(book: Book, *keys: str) -> list[str]:
    return [say(f"render.column.{key}", _lang(book)) for key in keys]


def grade_colours(book: Book, sheet: Sheet, cells: str) -> None:
    """Colour cells that hold a grade's label."""
    for grade in book.card.grades:
        fill = PatternFill(bgColor=GRADE_FILLS[min(grade.tone, len(GRADE_FILLS) - 1)])
        label = grade.label.replace('"', '""')
        rule = CellIsRule(operator="equal", formula=[f'"{label}"'], fill=fill)  # type: ignore[no-untyped-call]
        sheet.ws.conditional_formatting.add(cells, rule)


def heading(book: Book, sheet: Sheet, title: str) -> None:
    """Agency, title, and the facts every sheet must say: period, rulebook, as-of, sources."""
    card, lang = book.card, _lang(book)
    facts = dict(card.facts)
    sheet.put(1, 1, card.province, "agency")
    sheet.put(2, 1, card.title.upper(), "title")
    sheet.put(3, 1, f"{title} – {card.period}", "subtitle")
    for row, key in ((4, "rulebook"), (5, "window"), (6, "as_of"), (7, "sources")):
        label = say(f"render.head.{key}", lang)
        sheet.put(row, 1, f"{label}: {facts[label]}", "fact")


def write_ranking(book: Book, sheet: Sheet, cells: Mapping[str, UnitCells]) -> None:
    """Tổng hợp: units by level and rank, with groups, total, grade and change since the period before."""
    card, lang = book.card, _lang(book)
    heading(book, sheet, say("render.section.ranking", lang))
    changed = any(u.change for u in card.units)
    keys = ["rank", "code", "unit", "level", "total", "assessed_max", "percent", "grade", "provisional"]
    heads = _heads(book, *keys)
    heads += [group.full_title for group in card.groups]
    if changed:
        heads += [say("render.column.change", lang), say("render.column.rank_change", lang)]
    sheet.row(_TABLE_ROW, heads, "head")
    sheet.ws.row_dimensions[_TABLE_ROW].height = 64
    widths = (7, 14, 44, 15, 10, 11, 10, 13, 12, *(13 for _ in card.groups), *((11, 11) if changed else ()))
    sheet.widths(*widths)
    first, last = _TABLE_ROW + 1, _TABLE_ROW + len(card.units)
    levels, totals = f"$D${first}:$D${last}", f"$E${first}:$E${last}"
    provisional = say("render.text.provisional", lang)
    for row, unit in enumerate(card.units, first):
        refs = cells.get(unit.id)
        rank = f'IF(ISNUMBER(E{row}),COUNTIFS({levels},D{row},{totals},">"&E{row})+1,"")'
        sheet.put(row, 1, unit.rank, "count", rank)
        sheet.put(row, 2, unit.id, "link" if refs else "text")
        if refs:
            sheet.link(row, 2, refs.sheet)
        sheet.put(row, 3, unit.name, "text")
        sheet.put(row, 4, unit.level_label, "text")
        sheet.put(row, 5, unit.total, "points", refs.total if refs else None)
        sheet.put(row, 6, unit.assessed_max, "count", refs.assessed_max if refs else None)
        sheet.put(row, 7, unit.percent, "points", refs.percent if refs else None)
        sheet.put(row, 8, unit.grade_label, "center", refs.grade if refs else None)
        sheet.put(row, 9, provisional if unit.provisional else "", "center", f'IF(F{row}<100,"{provisional}","")')
        for column, group in enumerate(unit.groups, 10):
            sheet.put(row, column, group.points, "points", refs.groups[group.head.id] if refs else None)
        if unit.change:
            sheet.put(row, 10 + len(card.groups), unit.change.points, "change")
            sheet.put(row, 11 + len(card.groups), unit.change.rank_text, "center")
        sheet.height(row, [(unit.name, 44)])
    sheet.ws.freeze_panes = at(4, first)
    sheet.ws.auto_filter.ref = f"A{_TABLE_ROW}:{at(len(heads), last)}"
    grade_colours(book, sheet, f"H{first}:H{last}")
    book.name("tthc_ranking", sheet, f"$A${_TABLE_ROW}:{fixed_at(len(heads), last)}")
    sheet.paper(last_column=len(heads), last_row=last, head_row=_TABLE_ROW)


def write_matrix(book: Book, sheet: Sheet, cells: Mapping[str, UnitCells]) -> None:
    """Ma trận: points, units × components, each column coloured from 0 to its maximum."""
    card, lang = book.card, _lang(book)
    heading(book, sheet, say("render.section.matrix", lang))
    heads = [h for h in card.components if not h.analysis]
    marks = {key: say(f"render.mark.{key}", lang) for key in ("not_assessed", "no_score")}
    sheet.put(8, 1, say("render.mark.legend", lang), "italic")
    sheet.row(_TABLE_ROW, _heads(book, "code", "unit"), "head")
    sheet.row(_TABLE_ROW + 1, ["", say("render.column.max", lang)], "group_text")
    for column, head in enumerate(heads, 3):
        sheet.put(_TABLE_ROW, column, f"{head.id}\n{head.title}", "head")
        sheet.put(_TABLE_ROW + 1, column, head.max, "group_count")
    sheet.ws.row_dimensions[_TABLE_ROW].height = 110
    sheet.widths(13, 40, *(10.5 for _ in heads))
    first, last = _TABLE_ROW + 2, _TABLE_ROW + 1 + len(card.units)
    for row, unit in enumerate(card.units, first):
        refs = cells.get(unit.id)
        by_id = {cell.head.id: cell for cell in unit.cells}
        sheet.put(row, 1, unit.id, "text")
        sheet.put(row, 2, unit.name, "text")
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
        sheet.height(row, [(unit.name, 40)])
    for column, head in enumerate(heads, 3):
        span = f"{at(column, first)}:{at(column, last)}"
        top = float(head.max.value or 0)
        scale = ColorScaleRule(  # type: ignore[no-untyped-call]
            start_type="num", start_value=0, start_color="F5B5B0", mid_type="num", mid_value=top / 2,
            mid_color="FFF0B3", end_type="num", end_value=top, end_color="A9D8B8",
        )  # fmt: skip
        sheet.ws.conditional_formatting.add(span, scale)
    sheet.ws.freeze_panes = at(3, first)
    sheet.ws.auto_filter.ref = f"A{_TABLE_ROW + 1}:{at(len(heads) + 2, last)}"
    book.name("tthc_matrix", sheet, f"$A${_TABLE_ROW}:{fixed_at(len(heads) + 2, last)}")
    sheet.paper(last_column=len(heads) + 2, last_row=last, head_row=_TABLE_ROW)


def _mark(refs: UnitCells, component: str, marks: Mapping[str, str], book: Book) -> str:
    """The formula of a cell without points: points once there are some, else why there are none."""
    points, status = refs.points[component], refs.statuses[component]
    no_score = say("render.status.no_score", _lang(book))
    return f'IF(ISNUMBER({points}),{points},IF({status}="{no_score}","{marks["no_score"]}","{marks["not_assessed"]}"))'


def _table(
    sheet: Sheet, row: int, widths: Sequence[float], heads: Sequence[str], rows: Sequence[Sequence[object]]
) -> int:
    """A boxed table; returns the row after it."""
    sheet.row(row, heads, "head")
    sheet.ws.row_dimensions[row].height = 32
    for values in rows:
        row += 1
        for column, value in enumerate(values, 1):
            sheet.put(row, column, value, "text" if isinstance(value, str) else "count")
        sheet.height(row, [(v, widths[i]) for i, v in enumerate(values) if isinstance(v, str)])
    return row + 1


def write_missing(book: Book, sheet: Sheet) -> None:
    """Không đánh giá: what could not be assessed, for whom, and why; units that matched nothing."""
    card, lang = book.card, _lang(book)
    widths = (9, 42, 16, 42, 34, 60)
    sheet.widths(*widths)
    heading(book, sheet, say("render.section.missing", lang))
    row = _TABLE_ROW
    if card.missing:
        heads = _heads(book, "code", "component", "units", "why", "needs", "unit")
        rows = [
            [m.head.id, m.head.title, m.units_text, m.why, ", ".join(m.head.needs), m.names or m.units_text]
            for m in card.missing
        ]
        row = _table(sheet, row, widths, heads, rows) + 1
    else:
        sheet.put(row, 1, say("render.text.nothing_missing", lang), "fact")
        row += 2
    if card.unmatched:
        sheet.put(row, 1, say("render.section.unmatched", lang), "subtitle")
        sheet.put(row + 1, 1, say("render.text.unmatched_intro", lang), "fact")
        heads = ["", *_heads(book, "name", "dossiers", "nearest")]
        lines: list[list[object]] = [[str(i), u.name, u.dossiers, u.nearest] for i, u in enumerate(card.unmatched, 1)]
        row = _table(sheet, row + 2, widths, heads, lines) + 1
    sheet.paper(last_column=len(widths), last_row=row, head_row=None)


def write_method(book: Book, sheet: Sheet) -> None:
    """Phương pháp: facts, grade bands (named, the grade formulas read them), rules and citations, sources, notes."""
    card, lang = book.card, _lang(book)
    widths = (16, 44, 12, 40, 46, 46, 40)
    sheet.widths(*widths)
    sheet.put(1, 1, card.province, "agency")
    sheet.put(2, 1, card.title.upper(), "title")
    row = 4
    for label, value in card.facts:
        sheet.put(row, 1, label, "fact_label")
        sheet.put(row, 2, value, "fact")
        row += 1
    for note in card.notes:
        sheet.put(row, 2, note, "italic")
        row += 1
    row += 1
    sheet.put(row, 1, say("render.section.grades", lang), "subtitle")
    heads = _heads(book, "from", "grade")
    bands = sorted(card.grades, key=lambda g: g.lower.value or 0)
    end = _table(sheet, row + 1, widths, heads, [[g.lower, g.label] for g in bands])
    first, last = row + 2, end - 1
    book.name("tthc_grade_lower", sheet, f"$A${first}:$A${last}")
    book.name("tthc_grade_label", sheet, f"$B${first}:$B${last}")
    grade_colours(book, sheet, f"B{first}:B{last}")
    row = end + 1
    sheet.put(row, 1, say("render.section.components", lang), "subtitle")
    heads = _heads(book, "code", "component", "max", "rule", "numerator_is", "denominator_is", "cite")
    rows = [[c.id, c.title, c.max, c.rule, c.numerator, c.denominator, c.cite] for c in card.components]
    row = _table(sheet, row + 1, widths, heads, rows) + 1
    sheet.put(row, 1, say("render.section.sources", lang), "subtitle")
    heads = [*_heads(book, "tables", "file", "rows_read", "accepted", "superseded", "rejected"), "SHA-256"]
    lines = [[s.tables, s.file, s.rows_read, s.accepted, s.superseded, s.rejected, s.sha256] for s in card.sources]
    row = _table(sheet, row + 1, widths, heads, lines)
    sheet.paper(last_column=len(widths), last_row=row, head_row=None)
