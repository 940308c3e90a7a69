"""A workbook's package, written sheet by sheet: values beside the formulas, fixed times, the same bytes every time.

openpyxl writes a formula without its value, so that a reader which does not calculate (a preview, a script, a phone)
sees nothing. The stored values are put in here, cell by cell; Excel and LibreOffice recalculate from the formulas.
A sheet that is written is emptied, so that a workbook of thousands of sheets takes the memory of one.
"""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.packaging.relationship import get_rels_path
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.functions import tostring

from tthc_cli.office.package import Archive

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

CachedValue = Decimal | Fraction | int | float | str | None
PlainValue = str | int | float | datetime | None
"""A value of a long list: texts are clean (no control characters), moments have no time zone; midnight is a day."""

_FORMULA = re.compile(r'<c r="([A-Z]+\d+)"([^>]*)><f>(.*?)</f><v\s*(?:/>|></v>)</c>', re.DOTALL)
_DIMENSION = re.compile(r'<dimension ref="[^"]*"')
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PIECE = 1 << 20
_DAY_ZERO = datetime(1899, 12, 30)
"""What Excel counts days from."""
HIGHEST_ROW = 409
"""Excel has no higher row, in points."""
_ROW_END, _DATA_END = b"</row>", b"</sheetData>"


class _Numbers(list[None]):
    """Counts the parts of a kind, whose number is their name, and keeps none of them."""

    def append(self, _: object) -> None:
        super().append(None)


class Package(ExcelWriter):
    """The package of a workbook being written. `moment`: ISO time written as the time of last change.

    Sheets are numbered in the order of the workbook, whichever is written first.
    """

    def __init__(self, book: Workbook, moment: str) -> None:
        self._target = io.BytesIO()
        self._zip = Archive(self._target)
        super().__init__(book, self._zip)
        self._charts, self._drawings = _Numbers(), _Numbers()
        self._written: set[str] = set()
        book.properties.modified = datetime.fromisoformat(moment)

    def write(
        self,
        sheet: Worksheet,
        values: Mapping[str, CachedValue],
        rows: Iterable[str] = (),
        dimension: str | None = None,
    ) -> None:
        """Write a sheet and empty it. `values`: cell -> value of its formula (every formula must have one); `rows`:
        rows as XML that follow those of the sheet, which then has a new `dimension`."""
        ws: Any = sheet
        ws._id = self.workbook.index(sheet) + 1
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        loose = io.BytesIO()
        writer: Any = WorksheetWriter(ws, out=loose)
        writer.write()
        ws._rels = writer._rels
        ws._cells = {}
        ws.row_dimensions.clear()
        name = ws.path.removeprefix("/")
        self._zip.write_pieces(name, _with_values(name, loose.getbuffer(), values, rows, dimension))
        self.manifest.append(ws)
        if ws._drawing:
            self._write_drawing(ws._drawing)  # type: ignore[attr-defined]
            for relation in ws._rels:
                if "drawing" in relation.Type:
                    relation.Target = ws._drawing.path
            for chart in ws._charts:
                self._zip.writestr(chart.path.removeprefix("/"), tostring(chart._write()))
                self.manifest.append(chart)
        if ws._rels:
            relations: str = get_rels_path(ws.path)  # type: ignore[no-untyped-call]
            self._zip.writestr(relations.removeprefix("/"), tostring(ws._rels.to_tree()))
        ws._charts, ws._drawing, ws._rels, ws._hyperlinks = [], None, [], []
        ws.conditional_formatting = type(ws.conditional_formatting)()
        self._written.add(ws.title)

    def to_bytes(self) -> bytes:
        """Write what is left, and close the package."""
        self.save()
        return self._target.getvalue()

    def _write_worksheets(self) -> None:
        for sheet in self.workbook.worksheets:
            if sheet.title not in self._written:
                self.write(sheet, {})

    def _write_charts(self) -> None:
        """Each was written with its sheet."""


def _with_values(
    name: str, xml: memoryview, values: Mapping[str, CachedValue], rows: Iterable[str], dimension: str | None
) -> Iterator[bytes]:
    """The XML of a sheet, piece by piece, with the value of every formula and with more rows."""

    def put(match: re.Match[str]) -> str:
        place, attributes, formula = match.groups()
        value = values[place]
        if value is None or isinstance(value, str):
            return f'<c r="{place}"{attributes} t="str"><f>{formula}</f><v>{escape(value or "")}</v></c>'
        shown = int(value) if Fraction(value).denominator == 1 else repr(float(value))
        return f'<c r="{place}"{attributes}><f>{formula}</f><v>{shown}</v></c>'

    formulas = 0
    for piece in _rows_whole(xml):
        text, count = _FORMULA.subn(put, piece.decode("utf-8"))
        formulas += count
        if dimension is not None:
            text, found = _DIMENSION.subn(f'<dimension ref="{dimension}"', text, count=1)
            dimension = None if found else dimension
        head, end, tail = text.partition(_DATA_END.decode())
        yield head.encode("utf-8")
        if end:
            yield from (row.encode("utf-8") for row in rows)
            yield f"{end}{tail}".encode()
    if formulas != len(values):
        raise AssertionError(f"{name}: {formulas} formulas, {len(values)} values")


def _rows_whole(xml: memoryview) -> Iterator[bytes]:
    """The XML in pieces that end where a row ends."""
    begin = 0
    while begin < len(xml):
        piece = bytes(xml[begin : begin + _PIECE])
        if begin + len(piece) < len(xml) and (end := piece.rfind(_ROW_END)) >= 0:
            piece = piece[: end + len(_ROW_END)]
        yield piece
        begin += len(piece)


@dataclass(frozen=True, slots=True)
class RowStyles:
    """Numbers of the styles of a long list's cells."""

    text: int
    count: int
    decimal: int
    day: int
    moment: int


def row_xml(
    first: int, rows: Iterable[Sequence[PlainValue]], styles: RowStyles, heights: Mapping[int, float]
) -> Iterator[str]:
    """Rows of values as sheet XML, from row `first` on; twenty times faster than a cell object each.

    Texts are cells of text, never formulas. `heights`: points by row number, of the rows that need more than one line.
    """

    def cell(place: str, value: PlainValue) -> str:
        if value is None:
            return f'<c r="{place}" s="{styles.text}"/>'
        if isinstance(value, str):
            return f'<c r="{place}" s="{styles.text}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        if isinstance(value, datetime):
            shown = serial_day(value)
            style = styles.day if isinstance(shown, int) else styles.moment
            return f'<c r="{place}" s="{style}"><v>{shown!r}</v></c>'
        return f'<c r="{place}" s="{styles.count if isinstance(value, int) else styles.decimal}"><v>{value!r}</v></c>'

    for number, row in enumerate(rows, first):
        height = f' ht="{heights[number]}" customHeight="1"' if number in heights else ""
        cells = "".join(cell(f"{letter}{number}", value) for letter, value in zip(_LETTERS, row, strict=False))
        yield f'<row r="{number}"{height}>{cells}</row>'


def serial_day(moment: datetime) -> int | float:
    """A moment as Excel counts it; a whole number at midnight."""
    days = (moment - _DAY_ZERO) / timedelta(days=1)
    return int(days) if days.is_integer() else days


def row_heights(first: int, rows: Iterable[Sequence[PlainValue]], widths: Sequence[float]) -> dict[int, float]:
    """Points of height by row number, of the rows with a text that needs more than one line in columns of these
    widths."""
    letters = [width * 1.15 - 1 for width in widths]
    return {
        number: min(13.5 * lines + 3, HIGHEST_ROW)
        for number, row in enumerate(rows, first)
        if (lines := _most_lines(row, letters)) > 1
    }


def _most_lines(row: Sequence[PlainValue], letters: Sequence[float]) -> int:
    long = (
        lines_of(value, room)
        for value, room in zip(row, letters, strict=True)
        if isinstance(value, str) and len(value) > room
    )
    return max(long, default=1)


@lru_cache(maxsize=65536)
def lines_of(text: str, letters: float) -> int:
    """How many lines a text takes where so many letters go into one; words are not split unless they are longer."""
    return len(textwrap.wrap(text, max(1, int(letters)), break_on_hyphens=False)) or 1


def pack(book: Workbook, cached: Mapping[str, Mapping[str, CachedValue]], moment: str) -> bytes:
    """The bytes of a whole workbook. `cached`: sheet title -> cell -> value of its formula; `moment`: as of Package."""
    package = Package(book, moment)
    for sheet in book.worksheets:
        package.write(sheet, cached.get(sheet.title, {}))
    return package.to_bytes()
