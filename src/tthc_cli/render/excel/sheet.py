"""One sheet of a workbook: cells by style name, formulas with their stored values, page set-up for A4 paper."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tthc_cli.office.sheet import LETTERS, Chart, Table
from tthc_cli.office.workbook import HIGHEST_ROW, lines_of
from tthc_cli.render.view.heads import Amount, Number
from tthc_cli.results.rounding import places_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from tthc_cli.office.sheet import SheetXml
    from tthc_cli.render.excel.book import Book

_COUNTS = {"count": "points", "input": "input_points", "group_count": "group_points", "total_count": "total_points"}
"""Style of whole numbers -> style of the rare one with a fraction."""
LETTER = 5.25
"""Points of a letter of a column's width."""
_PAGE_WIDTH, _PAGE_HEIGHT, _UPRIGHT_WIDTH, LINE = 770, 495, 523, 15.0
"""Points: the printed part of A4 across, and its width upright; the height of a line."""
_LEAST_SIZE = 8.05
"""Points of the smallest text on paper."""
_LONGEST_HEAD = 255
"""Letters of a heading that Excel takes for a column of a table."""


class Sheet:
    """One sheet of a Book; rows and columns are numbered from 1."""

    def __init__(self, book: Book, xml: SheetXml) -> None:
        self.book, self.xml = book, xml
        self.title, self.quoted = xml.title, xml.quoted
        self._numbers = book.styles.numbers
        self._used: set[str] = set()

    def put(self, row: int, column: int, value: object, style: str, formula: str | None = None) -> None:
        """Write a value; with `formula` (without "="), write that and keep the value as what it yields.

        A text never becomes a formula, whatever it begins with.
        """
        plain: Any = value.value if isinstance(value, Amount) else value
        kind = type(plain)
        if kind is Decimal or kind is Fraction:
            if style in _COUNTS and plain != int(plain):
                style = _COUNTS[style]
            if kind is Decimal and style.endswith("points") and places_of(plain) == 1:
                style = f"{style.removesuffix('points')}tenths"
        self._used.add(style)
        self.xml.put(row, column, self._numbers[style], plain, formula)

    def row(self, row: int, values: Sequence[object], style: str, first_column: int = 1) -> None:
        for offset, value in enumerate(values):
            self.put(row, first_column + offset, value, style)

    def link(self, row: int, column: int, sheet: str) -> None:
        """Make a cell jump to the top of another sheet."""
        self.xml.link(row, column, sheet)

    def merge(self, row: int, column: int, last_row: int, last_column: int) -> None:
        self.xml.merge(row, column, last_row, last_column)

    def widths(self, *widths: float) -> None:
        self.xml.widths = widths

    def row_height(self, row: int, points: float) -> None:
        self.xml.heights[row] = points

    def height(self, row: int, texts: Sequence[tuple[str, float]], line: float = 15.0) -> None:
        """Make a row as high as its longest wrapped text needs: (text, column width) pairs."""
        lines = max((lines_of(text, width * 1.05 - 1) for text, width in texts), default=1)
        if lines > 1:
            self.xml.heights[row] = min(line * lines + 2, HIGHEST_ROW)

    def head_height(self, row: int, heads: Sequence[str], widths: Sequence[float]) -> None:
        """Make a row of bold headings as high as the longest needs."""
        self.height(row, [(head, width * 0.85) for head, width in zip(heads, widths, strict=False)])

    def freeze(self, column: int, row: int) -> None:
        """Keep what is above and to the left of a cell in sight."""
        self.xml.frozen = (row, column)

    def table(
        self, name: str, row: int, heads: Sequence[str], last_row: int, *, column: int = 1, filtered: bool = True
    ) -> None:
        """Mark the headings in `row` and the rows below them as a table, where they can be one: every heading has a
        text of its own, and there is a row."""
        known = {head.casefold() for head in heads}
        if last_row > row and all(heads) and len(known) == len(heads) and max(map(len, heads)) <= _LONGEST_HEAD:
            place = f"{at(column, row)}:{at(column + len(heads) - 1, last_row)}"
            self.xml.tables.append(Table(self.book.table_name(name), place, tuple(heads), filtered))

    def chart(self, row: int, column: int, xml: str, size: tuple[float, float], told: str) -> None:
        """A chart of so many centimetres, its top left corner in a cell."""
        wide, high = (int(length * 360_000) for length in size)
        self.xml.charts.append(Chart(xml, row, column, (wide, high), told))

    def break_after(self, row: int) -> None:
        """Begin a new sheet of paper below the row."""
        self.xml.breaks.append(row)

    def keep_whole(self, starts: Sequence[int], end: int, head_row: int) -> None:
        """Begin sheets of paper where parts begin, so that none is torn; `starts`: first rows of the parts after the
        first, `head_row`: the headings on every sheet of paper; the columns go on one."""
        page = _PAGE_HEIGHT * max(1.0, sum(self.xml.widths) * LETTER / _PAGE_WIDTH)
        room = page
        for first, after in itertools.pairwise((1, *starts, end + 1)):
            needed = sum(self.xml.heights.get(row, LINE) for row in range(first, after))
            if needed > room and first > 1:
                self.break_after(first - 1)
                room = page - self.xml.heights.get(head_row, LINE)
            room -= needed

    def paper(
        self,
        *,
        last_column: int,
        last_row: int,
        head_row: int | None,
        head_first: int | None = None,
        landscape: bool = True,
        others: Collection[str] = (),
    ) -> None:
        """A4, as wide as the paper or, where text would be too small, as a few sheets side by side; heading rows (and
        frozen columns) repeated, page numbers, print area. `others`: styles of cells that are put on it later."""
        xml = self.xml
        xml.landscape = landscape
        xml.print_area = f"A1:{at(last_column, last_row)}"
        smallest = min(self.book.styles.sizes[style] for style in (*self._used, *others))
        kept = xml.frozen[1] - 1 if xml.frozen else 0
        across = _PAGE_WIDTH if landscape else _UPRIGHT_WIDTH
        xml.pages_wide = _pages(xml.widths[:last_column], kept, across * smallest / _LEAST_SIZE)
        if xml.pages_wide > 1 and kept:
            xml.print_columns = f"A:{LETTERS[kept]}"
        if head_row is not None:
            xml.print_rows = f"{head_first or head_row}:{head_row}"
        xml.footer = f"&L&9 {self.book.card.footer.replace('&', '&&')}&R&9 &P/&N"


def _pages(widths: Sequence[float], kept: int, room: float) -> int:
    """How many sheets of paper lie side by side, where one takes so many points; the first columns are on each."""
    whole, names = (sum(part) * LETTER for part in (widths, widths[:kept]))
    return next((n for n in range(1, 5) if (whole + names * (n - 1)) / n <= room), 5)


def formula_number(value: Number) -> str:
    """A number as formulas write it.

    >>> formula_number(Decimal("99.50"))
    '99.5'
    """
    exact = Fraction(value)
    return str(exact.numerator) if exact.denominator == 1 else repr(float(exact))


def at(column: int, row: int) -> str:
    """A cell's address, "C7"."""
    return f"{LETTERS[column]}{row}"


def fixed_at(column: int, row: int) -> str:
    """A cell's address that stays when copied, "$C$7"."""
    return f"${LETTERS[column]}${row}"
