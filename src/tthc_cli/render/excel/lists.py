"""The sheets that list: what was not assessed, dossiers behind lost points, handling times, the method."""

from __future__ import annotations

from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING

from tthc_cli.messages import say
from tthc_cli.office.workbook import row_heights
from tthc_cli.render import formats
from tthc_cli.render.excel.parts import TABLE_ROW, grade_colours, heading, heads_of, titles
from tthc_cli.render.excel.sheet import LETTER, fixed_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.office.workbook import PlainValue
    from tthc_cli.render.excel.book import Book
    from tthc_cli.render.excel.sheet import Sheet
    from tthc_cli.render.view.lines import LostLine, StepLine, TimeLine

    _Line = LostLine | TimeLine | StepLine
    Row = tuple[PlainValue, ...]

HASH_SHOWN = 12
"""Signs of a file's SHA-256 that are shown; JSON has them all."""
PRINTED_ROWS = 40
"""Rows of a long list that are in its print area, at most: its first page."""
_PAGE_WIDTH, _PAGE_HEIGHT, _LINE = 770, 495, 15.0
"""Points: the printed part of A4 across, the height of a line."""
MOST_ROWS = 50_000
"""Rows of a long list; more are counted in a note, which says where all of them are."""


def put_table(
    sheet: Sheet,
    row: int,
    name: str,
    widths: Sequence[float],
    heads: Sequence[str],
    rows: Sequence[Sequence[object]],
) -> int:
    """A boxed table, marked as one, of the name `tthc_table_<name>`; returns the row after it."""
    sheet.row(row, heads, "head")
    sheet.head_height(row, heads, widths)
    sheet.table(f"tthc_table_{name}", row, heads, row + len(rows), filtered=False)
    for values in rows:
        row += 1
        for column, value in enumerate(values, 1):
            sheet.put(row, column, value, "text" if isinstance(value, str) else "count")
        sheet.height(row, [(v, widths[i]) for i, v in enumerate(values) if isinstance(v, str)])
    return row + 1


def write_missing(book: Book, sheet: Sheet) -> None:
    """Chất lượng số liệu: how far the data can be trusted; what could not be assessed, for whom, and why; units that
    matched nothing; the files."""
    card, lang = book.card, book.lang
    widths = (9, 40, 15, 42, 34, 58)
    sheet.widths(*widths)
    heading(book, sheet, say("render.section.quality", lang))
    sheet.put(TABLE_ROW, 1, f"{say('render.trust.label', lang)}: {card.trust}", "fact_label")
    row = TABLE_ROW + 1
    for reason in card.trust_reasons:
        sheet.put(row, 1, reason, "fact")
        row += 1
    row += 1
    sheet.put(row, 1, say("render.section.missing", lang), "subtitle")
    row += 1
    if card.missing:
        heads = heads_of(book, "code", "component", "units", "why", "needs", "unit")
        rows = [
            [m.head.id, m.head.title, m.units_text, m.why, m.head.needs_text, m.names or m.units_text]
            for m in card.missing
        ]
        row = put_table(sheet, row, "missing", widths, heads, rows) + 1
    else:
        sheet.put(row, 1, say("render.text.nothing_missing", lang), "fact")
        row += 2
    if card.unmatched:
        sheet.put(row, 1, say("render.section.unmatched", lang), "subtitle")
        sheet.put(row + 1, 1, say("render.text.unmatched_intro", lang), "fact")
        heads = heads_of(book, "ordinal", "name", "dossiers", "nearest")
        lines: list[list[object]] = [[str(i), u.name, u.dossiers, u.nearest] for i, u in enumerate(card.unmatched, 1)]
        row = put_table(sheet, row + 2, "unmatched", widths, heads, lines) + 1
    sheet.put(row, 1, say("render.section.sources", lang), "subtitle")
    counts = ("rows_read", "accepted", "superseded", "rejected")
    names = heads_of(book, *counts)
    files: list[list[object]] = [
        [str(i), s.file, s.exported, s.tables,
         "; ".join(f"{name}: {getattr(s, key)}" for name, key in zip(names, counts, strict=True))]
        for i, s in enumerate(card.sources, 1)
    ]  # fmt: skip
    heads = heads_of(book, "ordinal", "file", "exported", "tables", "rows")
    row = put_table(sheet, row + 1, "files", widths, heads, files)
    sheet.paper(last_column=len(widths), last_row=row, head_row=None)
    book.close(sheet)


def write_method(book: Book, sheet: Sheet) -> None:
    """Phương pháp: facts, grade bands best first (named, the grade formulas read them), rules, citations, sources."""
    card, lang = book.card, book.lang
    widths = (19, 38, 9, 32, 35, 35, 31)
    sheet.widths(*widths)
    titles(book, sheet, say("render.section.method", lang))
    row = 5
    for label, value in card.facts:
        sheet.put(row, 1, label, "fact_label")
        sheet.put(row, 2, value, "fact")
        row += 1
    row += 1
    sheet.put(row, 1, say("render.section.grades", lang), "subtitle")
    heads = heads_of(book, "from", "grade")
    end = put_table(sheet, row + 1, "bands", widths, heads, [[g.lower, g.label] for g in card.grades])
    first, last = row + 2, end - 1
    book.name("tthc_grade_lower", sheet, f"$A${first}:$A${last}")
    book.name("tthc_grade_label", sheet, f"$B${first}:$B${last}")
    grade_colours(book, sheet, f"B{first}:B{last}")
    row = end + 1
    sheet.put(row, 1, say("render.section.components", lang), "subtitle")
    heads = heads_of(book, "code", "component", "max", "rule", "numerator_is", "denominator_is", "cite")
    rows = [[c.id, c.title, c.max, c.rule, c.numerator, c.denominator, c.cite] for c in card.components]
    row = put_table(sheet, row + 1, "rules", widths, heads, rows) + 1
    sheet.put(row, 1, say("render.section.sources", lang), "subtitle")
    heads = heads_of(book, "tables", "file", "rows_read", "accepted", "superseded", "rejected", "hash")
    lines = [
        [s.tables, s.file, s.rows_read, s.accepted, s.superseded, s.rejected, s.sha256[:HASH_SHOWN]]
        for s in card.sources
    ]
    row = put_table(sheet, row + 1, "sources", widths, heads, lines)
    sheet.paper(last_column=len(widths), last_row=row, head_row=None)
    book.close(sheet)


def write_lost(book: Book, sheet: Sheet, lost: Sequence[LostLine]) -> None:
    """Hồ sơ mất điểm: the dossiers behind lost points, one row a dossier and component, filterable."""
    widths = (10, 20, 6.5, 18, 19, 24, 14.5, 14.5, 14.5, 16, 24)
    keys = ("code", "unit", "component_code", "component", "dossier", "procedure")
    times = ("received", "due", "finished", "reason", "place")
    long_list(
        book,
        sheet,
        "lost",
        widths,
        heads_of(book, *keys, *times),
        _rows(lost[:MOST_ROWS]),
        left_out(book, "text.lost_left_out", len(lost)),
    )


def write_times(book: Book, sheet: Sheet) -> None:
    """Thời gian giải quyết (2.2): mean, median and 90th percentile by unit and procedure, for analysis only."""
    keys = ("code", "unit", "procedure_code", "procedure", "time_unit", "finished_count", "mean", "median")
    heads = heads_of(book, *keys, "percentile_90", "statutory")
    long_list(book, sheet, "times", (12, 34, 12, 48, 14, 10, 10, 10, 14, 14), heads, _rows(book.card.times))


def write_steps(book: Book, sheet: Sheet) -> None:
    """Bước xử lý quá hạn: steps of the process log by unit and division, and how many were late."""
    heads = heads_of(book, "code", "unit", "division", "steps", "late_steps")
    long_list(book, sheet, "steps", (14, 44, 44, 14, 14), heads, _rows(book.card.steps))


def left_out(book: Book, key: str, count: int) -> str:
    """What is said of a list that is too long to be listed whole; "" of a shorter one."""
    if count <= MOST_ROWS:
        return ""
    shown, everything = (formats.plain(rows, book.lang) for rows in (MOST_ROWS, count))
    return say(f"render.{key}", book.lang, shown=shown, all=everything)


def _rows_on_a_page(rows: Sequence[Row], widths: Sequence[float]) -> int:
    """How many rows fit on the first page below the headings, when the columns are made to fit its width."""
    first = rows[:PRINTED_ROWS]
    heights = row_heights(0, first, widths)
    room = _PAGE_HEIGHT * max(1.0, sum(widths) * LETTER / _PAGE_WIDTH) - (TABLE_ROW + 2) * _LINE
    for shown in range(len(first)):
        room -= heights.get(shown, _LINE)
        if room < 0:
            return max(shown, 1)
    return len(first)


def _rows(lines: Sequence[_Line]) -> list[Row]:
    values = attrgetter(*(field.name for field in fields(lines[0])))
    return [values(line) for line in lines]


def long_list(
    book: Book,
    sheet: Sheet,
    key: str,
    widths: Sequence[float],
    heads: Sequence[str],
    rows: Sequence[Row],
    remark: str = "",
) -> None:
    """Write a filterable list of any length, a column a field, named `tthc_<key>`. Only its first rows are in the
    print area, and a line above the heading says so."""
    sheet.widths(*widths)
    heading(book, sheet, say(f"render.section.{key}", book.lang))
    on_paper = _rows_on_a_page(rows, widths)
    if len(rows) > on_paper:
        printed = say("render.text.printed", book.lang, shown=on_paper, all=formats.plain(len(rows), book.lang))
        remark = f"{remark} {printed}".strip()
    sheet.put(TABLE_ROW - 1, 1, remark, "italic")
    sheet.row(TABLE_ROW, heads, "head")
    sheet.head_height(TABLE_ROW, heads, widths)
    last = TABLE_ROW + len(rows)
    sheet.freeze(3, TABLE_ROW + 1)
    sheet.table(f"tthc_table_{key}", TABLE_ROW, heads, last)
    book.name(f"tthc_{key}", sheet, f"$A${TABLE_ROW}:{fixed_at(len(heads), last)}")
    sheet.paper(last_column=len(heads), last_row=TABLE_ROW + on_paper, head_row=TABLE_ROW, others=("small",))
    book.close(sheet, TABLE_ROW + 1, rows, widths)
