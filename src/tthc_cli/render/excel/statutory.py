"""The workbook of a statutory form: one sheet, A4 across; columns that are sums of columns, and rows that are sums of
rows, are live formulas."""

from __future__ import annotations

import math
from collections import Counter
from copy import copy
from datetime import datetime
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.utils import get_column_letter

from tthc_cli.messages import say
from tthc_cli.office import styles
from tthc_cli.office.workbook import Package, lines_of
from tthc_cli.render.form import cells_of, head_lines
from tthc_cli.render.text import clean
from tthc_cli.render.view.heading_tree import depth_of, head_cells

if TYPE_CHECKING:
    from collections.abc import Sequence

    from openpyxl.worksheet.worksheet import Worksheet

    from tthc_cli.messages import Lang
    from tthc_cli.office.workbook import CachedValue
    from tthc_cli.results.form import Form

_WIDTHS = {"ordinal": 6.0, "label": 36.0, "word": 15.0, "moment": 14.5, "text": 9.5}
_FIGURES, _WIDEST, _NARROWEST = 102.0, 13.0, 7.8
"""Widths of all figures together, and of one: wider sheets would be printed below 8 points."""
_PAGE = 112.0
"""Widths of all figures that one sheet of paper takes."""
_STYLES = {"total": "total_", "group": "group_", "line": ""}


def form_book(form: Form, lang: Lang) -> bytes:
    """The bytes of the workbook."""
    book = Workbook()
    arrays = styles.register(book, lang)
    book.remove(book.worksheets[0])
    book.properties.creator = "tthc"
    book.properties.created = datetime.fromisoformat(form.as_of)
    package = Package(book, form.as_of)
    for at, one in enumerate((form, *form.parts)):
        sheet = book.create_sheet(form.code.replace("/", "-") + (f" ({at + 1})" if at else ""))
        made = _Sheet(one, lang, sheet, arrays)
        made.write()
        package.write(sheet, made.values)
    return package.to_bytes()


class _Sheet:
    """The sheet being written."""

    def __init__(self, form: Form, lang: Lang, sheet: Worksheet, arrays: dict[str, Any]) -> None:
        self.form, self.lang, self.sheet, self.arrays = form, lang, sheet, arrays
        self.widths = _widths(form)
        self.values: dict[str, CachedValue] = {}
        self.width = len(form.columns)
        self.pages, self.first_page = _pages([self.widths[c.kind] for c in form.columns])
        self.letters = {c.number: get_column_letter(at) for at, c in enumerate(form.columns, 1)}

    def put(self, row: int, column: int, value: Any, style: str) -> None:
        cell: Any = self.sheet.cell(row, column, clean(value) if isinstance(value, str) else value)
        cell._style = self.arrays[style]

    def write(self) -> None:
        form, lang = self.form, self.lang
        for at, column in enumerate(form.columns, 1):
            self.sheet.column_dimensions[get_column_letter(at)].width = self.widths[column.kind]
        code, *others = head_lines(form, lang)
        self._across(1, code, "fact")
        self._across(2, form.title(lang).upper(), "title")
        for row, line in enumerate(others, 3):
            self._across(row, line, "fact")
        top = 4 + len(others)
        first = self._head(top)
        last = self._rows(first)
        row = last + 2
        for line in form.closing_lines(lang):
            self._across(row, line, "plain")
            row += 1
        self.put(row + 1, max(2, self.first_page - 3), say("forms.sign", lang), "sign_line")
        self._paper(top, first, row + 5)

    def _across(self, row: int, text: str, style: str) -> None:
        """A line over the whole width of the first sheet of paper, on as many lines as it takes; not in the columns
        that further sheets repeat."""
        first = 1 if self.pages == 1 else 3
        self.put(row, first, text, style)
        cell: Any = self.sheet.cell(row, first)
        cell._style = copy(cell._style)  # that of the others is one object
        cell.alignment = Alignment(horizontal=cell.alignment.horizontal, vertical="center", wrap_text=True)
        self.sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=self.first_page)
        width = sum(self.widths[c.kind] for c in self.form.columns[first - 1 : self.first_page]) * (
            0.6 if style == "title" else 1
        )
        self.sheet.row_dimensions[row].height = (20 if style == "title" else 16) * lines_of(text, width)

    def _head(self, top: int) -> int:
        """The headings and the numbers of the columns; returns the first row of figures."""
        heads = [c.heads(self.lang) for c in self.form.columns]
        depth = depth_of(heads)
        for row in range(depth):
            for column in range(1, self.width + 1):
                self.put(top + row, column, None, "head")
        for cell in head_cells(heads):
            row, column = top + cell.row, cell.column + 1
            self.put(row, column, cell.text, "head")
            if cell.rows > 1 or cell.columns > 1:
                self.sheet.merge_cells(
                    start_row=row, start_column=column, end_row=row + cell.rows - 1,
                    end_column=column + cell.columns - 1,
                )  # fmt: skip
        for row in range(depth):
            self.sheet.row_dimensions[top + row].height = 66 if row == depth - 1 else 34
        for at, numbered in enumerate(self.form.columns, 1):
            self.put(top + depth, at, f"({numbered.number})", "center")
        return top + depth + 1

    def _rows(self, first: int) -> int:
        """The rows; returns the last."""
        parts = _parts([row.depth for row in self.form.rows], first)
        for number, row in enumerate(self.form.rows, first):
            style, lines = _STYLES[row.depth], 1
            for at, (column, value) in enumerate(cells_of(self.form, row, self.lang), 1):
                if column.kind == "ordinal":
                    self.put(number, at, value, "total_center" if row.depth == "total" else f"{style}text")
                elif isinstance(value, str) or column.kind != "figure":
                    self.put(number, at, value, f"{style}text")
                else:
                    self._figure(number, at, value, column.columns, parts.get(number, ()), style)
                if isinstance(value, str):
                    lines = max(lines, lines_of(value, self.widths[column.kind]))
            self.sheet.row_dimensions[number].height = 17 * lines
        return first + len(self.form.rows) - 1

    def _figure(
        self, row: int, at: int, value: int | None, columns: tuple[int, ...], rows: Sequence[str], style: str
    ) -> None:
        letter = get_column_letter(at)
        formula = ""
        if columns:
            formula = "+".join(f"{self.letters[n]}{row}" for n in columns)
        elif rows:
            formula = "SUM(" + ",".join(part.replace("#", letter) for part in rows) + ")"
        typed = value is None and not formula
        self.put(row, at, f"={formula}" if formula else value, "input" if typed else f"{style}count")
        if formula:
            self.values[f"{letter}{row}"] = value or 0

    def _paper(self, top: int, first: int, last: int) -> None:
        sheet: Any = self.sheet
        sheet.page_setup.paperSize, sheet.page_setup.orientation = 9, "landscape"
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = self.pages, 0
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.8, 0.4
        if self.pages > 1:
            sheet.print_title_cols = "A:B"
        sheet.print_title_rows = f"{top}:{first - 1}"
        sheet.print_area = f"A1:{get_column_letter(self.width)}{last}"
        sheet.oddFooter.left.text = self.form.code.replace("&", "&&")
        sheet.oddFooter.left.size = sheet.oddFooter.right.size = 12
        sheet.oddFooter.right.text = "&P/&N"
        sheet.freeze_panes = f"C{first}"
        sheet.sheet_view.showGridLines = False


def _widths(form: Form) -> dict[str, float]:
    """Of each kind of column. Texts to write by hand get what the others leave."""
    count = Counter(c.kind for c in form.figures)
    words = sum(_WIDTHS[kind] * n for kind, n in count.items() if kind != "figure")
    longest = max((len(f"{v:,}") for row in form.rows for v in row.figures if isinstance(v, int)), default=0)
    narrowest = max(_NARROWEST, 0.95 * longest + 2.7)
    figure = min(max((_FIGURES - words) / max(count["figure"], 1), narrowest), max(_WIDEST, narrowest))
    left = _FIGURES - words - figure * count["figure"]
    text = _WIDTHS["text"] + max(left, 0) / max(count["text"], 1)
    return {**_WIDTHS, "figure": figure, "text": text}


def _pages(widths: Sequence[float]) -> tuple[int, int]:
    """How many sheets of paper lie side by side, and how many columns are on the first: the first two columns are on
    each."""
    names = sum(widths[:2])
    pages = max(math.ceil((sum(widths) - names) / _PAGE), 1)
    room = (sum(widths) + names * (pages - 1)) / pages
    within = [at for at in range(1, len(widths) + 1) if sum(widths[:at]) <= room + 1]
    return pages, max(within)


def _parts(depths: Sequence[str], first: int) -> dict[int, list[str]]:
    """Row -> the cells that it adds up ("#" is the letter of the column): a group its lines, the total its groups, or
    its lines where there are no groups."""
    groups: list[tuple[int, int]] = []
    for row, depth in enumerate(depths, first):
        if depth == "group":
            groups.append((row, row))
        elif groups and depth == "line":
            groups[-1] = (groups[-1][0], row)
    out = {start: [f"#{start + 1}:#{end}"] for start, end in groups if end > start}
    last = first + len(depths) - 1
    for row, depth in enumerate(depths, first):
        if depth == "total" and last > row:
            out[row] = [f"#{start}" for start, _ in groups] or [f"#{row + 1}:#{last}"]
    return out
