"""A workbook being written: cells by style name, formulas with their stored values, page set-up for A4 paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.workbook.defined_name import DefinedName

from tthc_cli.office import styles
from tthc_cli.office.workbook import HIGHEST_ROW, CachedValue, Package, PlainValue, lines_of, row_heights, row_xml
from tthc_cli.render.view.heads import Amount, Number
from tthc_cli.render.view.model import CardView
from tthc_cli.results.rounding import places_of

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from tthc_cli.messages import Lang

_NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")
_LONGEST_TITLE = 31
_COUNTS = {"count": "points", "input": "input_points", "group_count": "group_points", "total_count": "total_points"}
"""Style of whole numbers -> style of the rare one with a fraction."""


class Book:
    """Collects the sheets of one workbook."""

    def __init__(self, card: CardView) -> None:
        self.card = card
        self.lang: Lang = "vi" if card.lang == "vi" else "en"
        self.workbook = Workbook()
        self.styles = styles.register(self.workbook, self.lang)
        self.workbook.remove(self.workbook.worksheets[0])
        self._titles: set[str] = set()
        self._package = Package(self.workbook, card.as_of)
        properties = self.workbook.properties
        properties.creator = f"tthc {card.version}"
        properties.title = card.title
        properties.subject = card.period
        properties.created = datetime.fromisoformat(card.as_of)
        properties.language = card.lang

    def title(self, wanted: str) -> str:
        """A sheet name that Excel takes, not given before."""
        stem = _NOT_IN_TITLES.sub("_", wanted).strip("'").strip() or "_"
        name, number = stem[:_LONGEST_TITLE], 2
        while name.lower() in self._titles:
            tail = f" ({number})"
            name, number = stem[: _LONGEST_TITLE - len(tail)] + tail, number + 1
        self._titles.add(name.lower())
        return name

    def sheet(self, title: str) -> Sheet:
        return Sheet(self, self.workbook.create_sheet(title))

    def name(self, name: str, sheet: Sheet, cells: str) -> None:
        """Give cells ("$A$1:$B$9") a name for formulas."""
        self.workbook.defined_names[name] = DefinedName(name, attr_text=f"{sheet.quoted}!{cells}")

    def close(
        self,
        sheet: Sheet,
        first: int = 0,
        rows: Sequence[Sequence[PlainValue]] = (),
        widths: Sequence[float] = (),
    ) -> None:
        """Write a sheet out, when all its cells are there; nothing can be put on it any more.

        `rows`: many rows of clean text and numbers that follow from row `first` on (at most 26 columns), each as high
        as its longest text needs in columns of these `widths`.
        """
        if not rows:
            self._package.write(sheet.ws, sheet.cached)
            return
        last = at(max(map(len, rows), default=1), first + len(rows) - 1)
        xml = row_xml(first, rows, styles.row_styles(sheet.ws, self.styles), row_heights(first, rows, widths))
        self._package.write(sheet.ws, sheet.cached, xml, f"A1:{last}")

    def to_bytes(self) -> bytes:
        """The workbook, once every sheet is closed."""
        return self._package.to_bytes()


class Sheet:
    """One sheet of a Book; rows and columns are numbered from 1."""

    def __init__(self, book: Book, worksheet: Worksheet) -> None:
        self.book = book
        self.ws = worksheet
        self.cached: dict[str, CachedValue] = {}
        """Cell -> what its formula yields."""
        self.quoted = quote_sheetname(worksheet.title)

    def put(self, row: int, column: int, value: object, style: str, formula: str | None = None) -> None:
        """Write a value; with `formula` (without "="), write that and keep the value as what it yields.

        A text never becomes a formula, whatever it begins with.
        """
        cell: Any = self.ws.cell(row, column)
        plain = value.value if isinstance(value, Amount) else value
        if isinstance(plain, (Decimal, Fraction)) and style in _COUNTS and Fraction(plain).denominator != 1:
            style = _COUNTS[style]
        if isinstance(plain, Decimal) and style.endswith("points") and places_of(plain) == 1:
            style = f"{style.removesuffix('points')}tenths"
        cell._style = self.book.styles[style]
        if formula is not None:
            cell.value = f"={formula}"
            self.cached[cell.coordinate] = plain  # type: ignore[assignment]
        elif isinstance(plain, (Decimal, Fraction)):
            exact = Fraction(plain)
            cell.value = exact.numerator if exact.denominator == 1 else float(exact)
        elif isinstance(plain, str):
            cell.value = plain
            cell.data_type = "s"
        elif plain is not None:
            cell.value = plain

    def row(self, row: int, values: Sequence[object], style: str, first_column: int = 1) -> None:
        for offset, value in enumerate(values):
            self.put(row, first_column + offset, value, style)

    def link(self, row: int, column: int, sheet: str) -> None:
        """Make a cell jump to the top of another sheet."""
        from openpyxl.worksheet.hyperlink import Hyperlink

        cell: Any = self.ws.cell(row, column)
        style = cell._style
        cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"{quote_sheetname(sheet)}!A1")
        cell._style = style

    def merge(self, row: int, column: int, last_row: int, last_column: int) -> None:
        self.ws.merge_cells(start_row=row, start_column=column, end_row=last_row, end_column=last_column)

    def widths(self, *widths: float) -> None:
        for column, width in enumerate(widths, 1):
            self.ws.column_dimensions[get_column_letter(column)].width = width

    def height(self, row: int, texts: Sequence[tuple[str, float]], line: float = 15.0) -> None:
        """Make a row as high as its longest wrapped text needs: (text, column width) pairs."""
        lines = max((lines_of(text, width * 1.05 - 1) for text, width in texts), default=1)
        if lines > 1:
            self.ws.row_dimensions[row].height = min(line * lines + 2, HIGHEST_ROW)

    def head_height(self, row: int, heads: Sequence[str], widths: Sequence[float]) -> None:
        """Make a row of bold headings as high as the longest needs."""
        self.height(row, [(head, width * 0.85) for head, width in zip(heads, widths, strict=False)])

    def paper(
        self,
        *,
        last_column: int,
        last_row: int,
        head_row: int | None,
        head_first: int | None = None,
        one_page: bool = False,
    ) -> None:
        """A4 landscape, as wide as the paper, heading rows repeated, page numbers, print area."""
        ws, card = self.ws, self.book.card
        ws.page_setup.paperSize = 9
        ws.page_setup.orientation = "landscape"
        ws.page_setup.fitToWidth = 1
        ws.page_setup.fitToHeight = 1 if one_page else 0
        assert ws.sheet_properties.pageSetUpPr is not None
        ws.sheet_properties.pageSetUpPr.fitToPage = True
        ws.page_margins.left = ws.page_margins.right = 0.5
        ws.page_margins.top = ws.page_margins.bottom = 0.7
        ws.print_options.horizontalCentered = True
        ws.print_area = f"A1:{get_column_letter(last_column)}{last_row}"
        if head_row is not None:
            ws.print_title_rows = f"{head_first or head_row}:{head_row}"
        footer: Any = ws.oddFooter
        footer.left.text = card.footer.replace("&", "&&")
        footer.right.text = "&P/&N"
        footer.left.size = footer.right.size = 9
        ws.sheet_view.showGridLines = False


def formula_number(value: Number) -> str:
    """A number as formulas write it.

    >>> formula_number(Decimal("99.50"))
    '99.5'
    """
    exact = Fraction(value)
    return str(exact.numerator) if exact.denominator == 1 else repr(float(exact))


def at(column: int, row: int) -> str:
    """A cell's address, "C7"."""
    return f"{get_column_letter(column)}{row}"


def fixed_at(column: int, row: int) -> str:
    """A cell's address that stays when copied, "$C$7"."""
    return f"${get_column_letter(column)}${row}"
