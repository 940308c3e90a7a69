"""A plain list of rows as CSV or XLSX, for a person to filter: the dossiers behind a figure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.errors import UsageError
from tthc_cli.render.text import clean, csv_cell
from tthc_cli.storage.location import Location, write_atomic

if TYPE_CHECKING:
    from tthc_cli.messages import Lang

Cell = str | int | float | datetime | None


def write_listing(
    path: Location, title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], moment: str, lang: Lang
) -> None:
    """Write rows below headings; the ending of `path` (.csv or .xlsx) chooses the form. Same rows, same bytes:
    `moment` (ISO) is written into a workbook as its time of change.

    Raises UsageError for another ending.
    """
    if path.suffix == ".csv":
        write_atomic(path, _csv_bytes(headings, rows))
    elif path.suffix == ".xlsx":
        write_atomic(path, _xlsx_bytes(title, headings, rows, moment, lang))
    else:
        raise UsageError("listing_form", path=str(path))


def _csv_bytes(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(headings)
    for row in rows:
        writer.writerow([_csv_value(c) for c in row])
    return b"\xef\xbb\xbf" + stream.getvalue().encode("utf-8")


def _csv_value(value: Cell) -> str | int | float | None:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    return csv_cell(clean(value)) if isinstance(value, str) else value


def _xlsx_bytes(title: str, headings: Sequence[str], rows: Iterable[Sequence[Cell]], moment: str, lang: Lang) -> bytes:
    from tthc_cli.office.listing import ListSheet, list_book

    plain = [[clean(c) if isinstance(c, str) else c for c in row] for row in rows]
    return list_book([ListSheet(clean(title)[:31], headings, plain)], moment, lang)
