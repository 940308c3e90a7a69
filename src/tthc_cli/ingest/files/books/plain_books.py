"""Workbooks that no library reads: Excel 2003 XML, and cells written as bare records. Used by `workbook_child`."""

from __future__ import annotations

import struct
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tthc_cli.ingest.files.books.book import (
    MAX_CELLS,
    MAX_COLUMN,
    MAX_ROW,
    MAX_SHEETS,
    Account,
    attribute,
    elements,
    local,
)  # fmt: skip
from tthc_cli.ingest.files.refused import UnreadableError

MAX_BYTES = 1 << 30


class Grid:
    """A sheet as it is read: columns of texts, that grow downwards."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.hidden = False
        self.account = Account()
        self._columns: list[list[str | None]] = []
        self.height = 0

    def put(self, row: int, column: int, text: str | None) -> None:
        """A cell; row and column from 0. Raises UnreadableError when the sheet grows out of bounds."""
        if row >= MAX_ROW or column >= MAX_COLUMN or (row + 1) * max(column + 1, len(self._columns)) > MAX_CELLS:
            raise UnreadableError("ingest.left_too_many_cells", f"{row + 1:,} × {column + 1:,}")
        while len(self._columns) <= column:
            self._columns.append([])
        cells = self._columns[column]
        cells.extend([None] * (row + 1 - len(cells)))
        cells[row] = text
        self.height = max(self.height, row + 1)

    def rows(self) -> Any:
        """The cells as an Arrow batch; None when there are none."""
        import pyarrow as pa

        if not self.height:
            return None
        filled = [pa.array([*c, *[None] * (self.height - len(c))], pa.string()) for c in self._columns]
        return pa.RecordBatch.from_arrays(filled, [str(i) for i in range(len(filled))])


def sheets_of_xml(path: Path) -> tuple[list[Grid], bool]:
    """The sheets of a workbook in Excel 2003 XML (SpreadsheetML), and whether its days are counted from 1904."""
    if path.stat().st_size > MAX_BYTES:
        raise UnreadableError("ingest.left_too_large", f"{path.stat().st_size >> 20} MB")
    sheets: list[Grid] = []
    from_1904 = False
    current = Grid("")
    row = 0
    with path.open("rb") as stream:
        for element in elements(stream, "Row", "Visible", "Date1904", "Worksheet"):
            tag = local(element.tag)
            if tag == "Row":
                row = _row(current, element, _index(element, "Index") or row + 1)
            elif tag == "Visible":
                current.hidden = (element.text or "").strip() in ("SheetHidden", "SheetVeryHidden")
            elif tag == "Date1904":
                from_1904 = (element.text or "1").strip() not in ("0", "False", "false")
            else:
                current.name = attribute(element, "Name") or ""
                sheets.append(current)
                current, row = Grid(""), 0
            if len(sheets) > MAX_SHEETS:
                raise UnreadableError("ingest.left_too_many_sheets", f"> {MAX_SHEETS:,}")
    return sheets, from_1904


def _row(sheet: Grid, row: Any, number: int) -> int:
    """Take in the row with a number; the answer is the number of the last row that it stands for."""
    column = 0
    for cell in row.iterchildren("{*}Cell"):
        column = (_index(cell, "Index") or column + 1) - 1
        data = cell.find("{*}Data")
        text = None if data is None else _value(attribute(data, "Type") or "String", "".join(data.itertext()))
        if text is not None:
            sheet.put(number - 1, column, text)
        elif attribute(cell, "Formula") and (data is None or attribute(data, "Type") != "Error"):
            sheet.account.uncalculated(number, column)
        wide, tall = _index(cell, "MergeAcross"), _index(cell, "MergeDown")
        sheet.account.merged(column, column + wide, number, number + tall)
        column += 1 + wide
    return number + _index(row, "Span")


def _index(element: Any, name: str) -> int:
    text = attribute(element, name) or ""
    return min(int(text[:9]), MAX_ROW) if text.isascii() and text.isdecimal() else 0


def _value(kind: str, text: str) -> str | None:
    if kind == "DateTime":
        try:
            moment = datetime.fromisoformat(text.strip())
        except ValueError:
            return text or None
        return str((moment + timedelta(microseconds=500_000)).replace(microsecond=0))
    if kind == "Boolean":
        return {"1": "true", "0": "false"}.get(text.strip(), text)
    return None if kind == "Error" else text or None


_BOFS = (0x09, 0x209, 0x409, 0x809)
_WORKSHEET, _BIFF8 = 0x10, 0x600
_END = 0x0A
_INTEGER2, _NUMBER2, _LABEL2 = 2, 3, 4
_NUMBER, _LABEL, _RK = 0x203, 0x204, 0x27E
_OTHER_CELLS = {5, 6, 7, 0x205, 0x206, 0x406, 0xD6, 0xBD, 0xFD, 0x2F}
"""Records with cells that are not read here: formulas, shared strings, a password."""


def sheet_of_records(path: Path) -> Grid:
    """The one sheet of a file that holds the records of an XLS sheet and no container, as small scripts write them.

    Raises UnreadableError when it breaks off, or holds more than numbers and texts.
    """
    data = path.read_bytes()
    sheet = Grid("")
    at = 0
    while at + 4 <= len(data):
        code, size = struct.unpack_from("<HH", data, at)
        body = data[at + 4 : at + 4 + size]
        if len(body) < size:
            break
        if at == 0 and (code not in _BOFS or size < 4 or body[2:4] != b"\x10\0" or body[:2] == b"\0\6"):
            raise UnreadableError("ingest.left_bare_xls")
        if code == _END:
            return sheet
        if code in _OTHER_CELLS:
            raise UnreadableError("ingest.left_bare_xls")
        _cell(sheet, code, body)
        at += 4 + size
    raise UnreadableError("ingest.left_cut_off")


def _cell(sheet: Grid, code: int, body: bytes) -> None:
    try:
        if code == _INTEGER2:
            text = str(struct.unpack_from("<H", body, 7)[0])
        elif code in (_NUMBER2, _NUMBER):
            text = _number(struct.unpack_from("<d", body, 7 if code == _NUMBER2 else 6)[0])
        elif code == _LABEL2:
            text = _text(body[8 : 8 + body[7]])
        elif code == _LABEL:
            text = _text(body[8 : 8 + struct.unpack_from("<H", body, 6)[0]])
        elif code == _RK:
            text = _number(_rk(struct.unpack_from("<i", body, 6)[0]))
        else:
            return
        row, column = struct.unpack_from("<HH", body)
    except (struct.error, IndexError):
        raise UnreadableError("ingest.left_damaged", f"BIFF {code:#x}") from None
    sheet.put(row, column, text or None)


def _rk(packed: int) -> float:
    whole = packed >> 2 if packed & 2 else struct.unpack("<d", struct.pack("<q", (packed & ~3) << 32))[0]
    return float(whole / 100 if packed & 1 else whole)


def _number(value: float) -> str:
    return repr(value).removesuffix(".0")


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1258", "replace")
