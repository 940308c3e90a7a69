"""Dates that are plain numbers in a workbook that counts its days from 1904, as from 1900 like everywhere else."""

from __future__ import annotations

import re

import pyarrow as pa

from tthc_cli.ingest.files.raw import GridSheet
from tthc_cli.ingest.layout.locate import Located
from tthc_cli.ingest.vectors import text_column

APART = 1462
"""Days from 30/12/1899, from which a number counts elsewhere, to 1/1/1904."""
_SERIAL = re.compile(r"[0-9]{5}(\.[0-9]+)?")


def counted_from_1900(sheet: GridSheet, located: Located) -> GridSheet:
    """The sheet with the numbers in its columns of dates moved; what the reader knows for dates, it gave as such."""
    if not sheet.from_1904:
        return sheet
    table = located.match.table
    dates = {at for at, name in located.match.columns.items() if table.column(name).type in ("timestamp", "date")}
    columns = [_moved(column) if at in dates else column for at, column in enumerate(sheet.columns)]
    return sheet.part(columns, sheet.rows)


def _moved(column: pa.Array) -> pa.Array:
    encoded = column.dictionary_encode()
    texts = [_text(text) if _SERIAL.fullmatch(text) else text for text in encoded.dictionary.to_pylist()]
    return text_column(texts).take(encoded.indices)


def _text(serial: str) -> str:
    days, point, rest = serial.partition(".")
    return f"{int(days) + APART}{point}{rest}"
