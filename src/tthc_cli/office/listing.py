"""A workbook of plain lists for a person to filter and print: headings that stay and are repeated on every page,
columns as wide as their texts, real dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from tthc_cli.office import styles
from tthc_cli.office.workbook import Package, PlainValue, lines_of, row_heights, row_xml

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

    from tthc_cli.messages import Lang

_NARROWEST, _WIDEST = 8, 48
_LETTERS_OF_A_MOMENT = 16


@dataclass(frozen=True, slots=True)
class ListSheet:
    """One list: a title for its tab, headings, rows of clean values."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[PlainValue]]
    widest: int = _WIDEST
    """Letters that a column is wide at most."""


def list_book(sheets: Sequence[ListSheet], moment: str, lang: Lang, *, creator: str = "tthc") -> bytes:
    """The bytes of a workbook of lists. `moment`: ISO time written as the time of making and of last change; `creator`:
    who made it, by which reports are told from data."""
    book = Workbook()
    arrays = styles.register(book, lang)
    book.remove(book.worksheets[0])
    book.properties.creator = creator
    book.properties.created = datetime.fromisoformat(moment)
    package = Package(book, moment)
    made = [(one, book.create_sheet(one.title)) for one in sheets]
    for one, sheet in made:
        widths = [_width(column, one) for column in range(len(one.heads))]
        _dress(sheet, one, widths, arrays)
        rows = row_xml(2, one.rows, styles.row_styles(sheet, arrays), row_heights(2, one.rows, widths))
        package.write(sheet, {}, rows, f"A1:{_last(one)}")
    return package.to_bytes()


def _last(one: ListSheet) -> str:
    return f"{get_column_letter(len(one.heads))}{1 + len(one.rows)}"


def _width(column: int, one: ListSheet) -> float:
    letters = max((_letters(row[column]) for row in one.rows), default=0)
    return float(min(max(letters + 2, len(one.heads[column]) * 0.6 + 2, _NARROWEST), one.widest))


def _letters(value: PlainValue) -> int:
    if isinstance(value, datetime):
        return _LETTERS_OF_A_MOMENT
    return 0 if value is None else len(str(value))


def _dress(sheet: Worksheet, one: ListSheet, widths: Sequence[float], arrays: dict[str, Any]) -> None:
    for column, (head, width) in enumerate(zip(one.heads, widths, strict=True), 1):
        cell: Any = sheet.cell(1, column, head)
        cell._style = arrays["head"]
        sheet.column_dimensions[get_column_letter(column)].width = width
    lines = max(lines_of(head, width * 0.85) for head, width in zip(one.heads, widths, strict=True))
    sheet.row_dimensions[1].height = 16 * lines + 4
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = f"A1:{_last(one)}"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    assert sheet.sheet_properties.pageSetUpPr is not None
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7
    sheet.print_title_rows = "1:1"
    footer: Any = sheet.oddFooter
    footer.left.text, footer.right.text = one.title.replace("&", "&&"), "&P/&N"
    sheet.sheet_view.showGridLines = False
