"""A plain list of rows as CSV or XLSX, for a person to filter: the dossiers behind a figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from tthc_cli.errors import UsageError
from tthc_cli.render.text import clean, csv_cell
from tthc_cli.storage import Location, write_atomic

Cell = str | int | float


def write_listing(
    path: Location, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], moment: str
) -> None:
    """Write rows below headings; the ending of `path` (.csv or .xlsx) chooses the form. Same rows, same bytes:
    `moment` (ISO) is written into a workbook as its time of change.

    Raises UsageError for another ending.
    """
    if path.suffix == ".csv":
        write_atomic(path, _csv_bytes(headings, rows))
    elif path.suffix == ".xlsx":
        write_atomic(path, _xlsx_bytes(title, headings, rows, moment))
    else:
        raise UsageError("listing_form", path=str(path))


def _csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([csv_cell(clean(c)) if isinstance(c, str) else c for c in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def _xlsx_bytes(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], moment: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    from tthc_cli.render.excel_package import pack

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = clean(title)[:31]
    sheet.append(list(headings))
    widths = [len(h) for h in headings]
    for row in rows:
        sheet.append([None] * len(row))
        at = sheet.max_row
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(at, column)
            if isinstance(value, str):
                cell.value = clean(value)
                cell.data_type = "s"
            else:
                cell.value = value
            widths[column - 1] = max(widths[column - 1], len(str(value)))
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = min(width + 2, 60)
        sheet.cell(1, column).font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    return pack(book, {}, moment)
