"""A sheet written straight as XML: cells with the values of their formulas, and all that stands around them.

Ten times faster than a library's objects, a cell each, and fit for thousands of sheets in one workbook.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter, quote_sheetname

from tthc_cli.office.workbook import serial_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tthc_cli.office.workbook import CachedValue

CellValue = Decimal | Fraction | int | float | str | datetime | None
LETTERS = ("", *(get_column_letter(column) for column in range(1, 257)))
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = f'<worksheet xmlns="{_MAIN}" xmlns:r="{_RELATIONS}">'
_MARGINS = '<pageMargins left="0.5" right="0.5" top="0.7" bottom="0.7" header="0.5" footer="0.5"/>'


@dataclass(frozen=True, slots=True)
class Table:
    """A range marked as a table. `name`: of the workbook's; `heads`: texts of its first row, no two the same."""

    name: str
    place: str
    heads: tuple[str, ...]
    filtered: bool
    """Whether its headings have buttons to filter by."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart as XML, with its top left cell (from 1), its size in EMU, and its text for whoever cannot see it."""

    xml: str
    row: int
    column: int
    size: tuple[int, int]
    told: str


@dataclass(slots=True, eq=False)
class SheetXml:
    """One sheet; rows and columns are numbered from 1."""

    title: str
    number: int
    """Its place in the workbook, from 1."""
    widths: tuple[float, ...] = ()
    heights: dict[int, float] = field(default_factory=dict)
    frozen: tuple[int, int] | None = None
    """Row and column of the first cell that moves."""
    tab_colour: str = ""
    landscape: bool = True
    pages_wide: int = 1
    footer: str = ""
    print_area: str = ""
    print_rows: str = ""
    print_columns: str = ""
    merged: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    """Conditional formats as XML, without their priority ("?")."""
    links: list[str] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    _cells: dict[int, dict[int, str]] = field(default_factory=dict)

    @property
    def quoted(self) -> str:
        return quote_sheetname(self.title)

    def put(self, row: int, column: int, style: int, value: CellValue, formula: str | None = None) -> None:
        """Write a cell; with `formula`, that, and the value as what it yields. A text never becomes a formula."""
        place = f"{LETTERS[column]}{row}"
        if formula is not None:
            xml = _formula(place, style, formula, value)
        elif isinstance(value, str):
            xml = f'<c r="{place}" s="{style}" t="inlineStr">{_inline(value)}</c>' if value else _blank(place, style)
        elif value is None:
            xml = _blank(place, style)
        elif isinstance(value, datetime):
            xml = f'<c r="{place}" s="{style}"><v>{serial_day(value)!r}</v></c>'
        else:
            xml = f'<c r="{place}" s="{style}"><v>{_number(value)}</v></c>'
        self._cells.setdefault(row, {})[column] = xml

    def link(self, row: int, column: int, sheet: str, cell: str = "A1") -> None:
        """Make a cell jump to a cell of another sheet."""
        location = escape(f"{quote_sheetname(sheet)}!{cell}").replace('"', "&quot;")
        self.links.append(f'<hyperlink ref="{LETTERS[column]}{row}" location="{location}"/>')

    def merge(self, row: int, column: int, last_row: int, last_column: int) -> None:
        self.merged.append(f"{LETTERS[column]}{row}:{LETTERS[last_column]}{last_row}")

    def pieces(self, more: Iterable[str] = (), last_cell: str = "") -> Iterator[bytes]:
        """The XML, piece by piece. `more`: rows that follow, the last cell of which is `last_cell`."""
        yield self._top(last_cell or self._last_cell()).encode()
        rows: list[str] = []
        for row in sorted(self._cells):
            cells = self._cells[row]
            height = f' ht="{self.heights[row]}" customHeight="1"' if row in self.heights else ""
            rows.append(f'<row r="{row}"{height}>{"".join([cells[column] for column in sorted(cells)])}</row>')
        yield "".join(rows).encode()
        for one in more:
            yield one.encode()
        yield self._tail().encode()

    def clear(self) -> None:
        """Forget what was written, so that a workbook of thousands of sheets takes the memory of one."""
        self._cells.clear()
        self.heights.clear()
        for parts in (self.merged, self.rules, self.links, self.charts):
            parts.clear()

    def _last_cell(self) -> str:
        columns = max((max(cells) for cells in self._cells.values()), default=1)
        return f"{LETTERS[columns]}{max(self._cells, default=1)}"

    def _top(self, last_cell: str) -> str:
        colour = f'<tabColor rgb="FF{self.tab_colour}"/>' if self.tab_colour else ""
        widths = "".join(
            f'<col min="{column}" max="{column}" width="{width}" customWidth="1"/>'
            for column, width in enumerate(self.widths, 1)
        )
        return (
            f'{_HEAD}<sheetPr>{colour}<pageSetUpPr fitToPage="1"/></sheetPr><dimension ref="A1:{last_cell}"/>'
            f'<sheetViews><sheetView showGridLines="0" workbookViewId="0">{self._pane()}</sheetView></sheetViews>'
            f'<sheetFormatPr baseColWidth="8" defaultRowHeight="15"/>{f"<cols>{widths}</cols>" if widths else ""}'
            "<sheetData>"
        )

    def _pane(self) -> str:
        if self.frozen is None:
            return ""
        row, column = self.frozen
        split = f'xSplit="{column - 1}" ' if column > 1 else ""
        pane = "bottomRight" if column > 1 else "bottomLeft"
        return (
            f'<pane {split}ySplit="{row - 1}" topLeftCell="{LETTERS[column]}{row}" activePane="{pane}" state="frozen"/>'
            f'<selection pane="{pane}" activeCell="A1" sqref="A1"/>'
        )

    def _tail(self) -> str:
        """What follows the rows, in the order that the format asks for."""
        orientation = "landscape" if self.landscape else "portrait"
        parts = [
            "</sheetData>",
            _listed("mergeCells", [f'<mergeCell ref="{ref}"/>' for ref in self.merged]),
            *(rule.replace('priority="?"', f'priority="{number}"') for number, rule in enumerate(self.rules, 1)),
            f"<hyperlinks>{''.join(self.links)}</hyperlinks>" if self.links else "",
            f'<printOptions horizontalCentered="1"/>{_MARGINS}',
            f'<pageSetup paperSize="9" orientation="{orientation}" fitToWidth="{self.pages_wide}" fitToHeight="0"/>',
            f"<headerFooter><oddFooter>{escape(self.footer)}</oddFooter></headerFooter>" if self.footer else "",
            self._breaks(),
            '<drawing r:id="rIdDrawing"/>' if self.charts else "",
            _listed("tableParts", [f'<tablePart r:id="rIdTable{n}"/>' for n in range(1, len(self.tables) + 1)]),
            "</worksheet>",
        ]
        return "".join(parts)

    def _breaks(self) -> str:
        breaks = "".join(f'<brk id="{row}" min="0" max="16383" man="1"/>' for row in self.breaks)
        count = len(self.breaks)
        return f'<rowBreaks count="{count}" manualBreakCount="{count}">{breaks}</rowBreaks>' if count else ""


def equal_rule(span: str, text: str, style: int) -> str:
    """A conditional format of the cells that hold a text; `style`: number of the differential style."""
    quoted = escape(text.replace('"', '""'))
    rule = f'<cfRule type="cellIs" dxfId="{style}" priority="?" operator="equal"><formula>"{quoted}"</formula></cfRule>'
    return f'<conditionalFormatting sqref="{span}">{rule}</conditionalFormatting>'


def scale_rule(span: str, stops: Iterable[tuple[float, str]]) -> str:
    """A colour scale over numbers: (value, colour) of each stop."""
    listed = list(stops)
    values = "".join(f'<cfvo type="num" val="{value!r}"/>' for value, _ in listed)
    colours = "".join(f'<color rgb="FF{colour}"/>' for _, colour in listed)
    rule = f'<cfRule type="colorScale" priority="?"><colorScale>{values}{colours}</colorScale></cfRule>'
    return f'<conditionalFormatting sqref="{span}">{rule}</conditionalFormatting>'


def _listed(name: str, parts: list[str]) -> str:
    return f'<{name} count="{len(parts)}">{"".join(parts)}</{name}>' if parts else ""


def _blank(place: str, style: int) -> str:
    return f'<c r="{place}" s="{style}"/>'


@lru_cache(maxsize=65536)
def _inline(text: str) -> str:
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f"<is><t{space}>{escape(text)}</t></is>"


def _formula(place: str, style: int, formula: str, value: CellValue) -> str:
    written = escape(formula)
    if value is None or isinstance(value, str):
        return f'<c r="{place}" s="{style}" t="str"><f>{written}</f><v>{escape(value or "")}</v></c>'
    assert not isinstance(value, datetime)
    return f'<c r="{place}" s="{style}"><f>{written}</f><v>{_number(value)}</v></c>'


def _number(value: CachedValue) -> str:
    if type(value) is int:
        return str(value)
    if type(value) is float:
        return repr(value)
    known = value or 0
    whole = int(known)
    return str(whole) if known == whole else repr(float(known))
