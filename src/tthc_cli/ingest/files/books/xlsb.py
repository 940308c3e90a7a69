"""XLSB workbooks: their sheets and what each holds, counted without the reader."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tthc_cli.ingest.files.books.book import MAX_SHEETS, Account, Package
from tthc_cli.ingest.files.books.xlsx import relations
from tthc_cli.ingest.files.refused import UnreadableError

_WORKBOOK = "xl/workbook.bin"
MAX_SHEET = 2 << 30
_ROW, _BLANK, _LAST_CELL, _RICH = 0, 1, 11, 62
_DOUBTFUL = {3, 11}
"""Cells of errors, alone or by a formula."""
_BUNDLE, _MERGED, _PROPERTIES = 156, 176, 153
"""Record types of MS-XLSB 2.3.2: a sheet of the workbook, a merged cell, the properties of the workbook."""


class Xlsb:
    """One workbook. `source` is what the reader is given."""

    def __init__(self, source: Path | bytes) -> None:
        self.source = source
        self._package = Package(source)
        told = relations(self._package, _WORKBOOK)
        self._parts: list[str] = []
        self.from_1904 = False
        for code, data in records(self._package.read(_WORKBOOK)):
            if code == _BUNDLE:
                kind, path = told.get(_text(data[8:]), ("", ""))
                if self._package.find(path) is None:
                    raise UnreadableError("ingest.left_damaged", path or _WORKBOOK)
                self._parts.append(path if kind == "worksheet" else "")
            elif code == _PROPERTIES:
                self.from_1904 = bool(data[:1] and data[0] & 1)
        if len(self._parts) > MAX_SHEETS:
            raise UnreadableError("ingest.left_too_many_sheets", f"{len(self._parts):,}")
        self.count = len(self._parts)
        for kind, path in told.values():
            if kind in ("styles", "sharedStrings"):
                self._package.read(path, MAX_SHEET)

    def account(self, number: int, cells: int) -> Account:
        """What a sheet holds."""
        account = Account()
        if not self._parts[number]:
            return account
        row = 0
        for code, data in records(self._package.read(self._parts[number], MAX_SHEET)):
            if code == _ROW:
                row = int.from_bytes(data[:4], "little") + 1
            elif _BLANK < code <= _LAST_CELL or code == _RICH:
                account.value(row, int.from_bytes(data[:4], "little"), doubtful=code in _DOUBTFUL)
            elif code == _MERGED and len(data) >= 16:
                top, bottom, left, right = (int.from_bytes(data[i : i + 4], "little") for i in (0, 4, 8, 12))
                account.merged(left, right, top + 1, bottom + 1)
        return account


def records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, content) of the records of a part; types and sizes are numbers of seven-bit groups.

    Raises UnreadableError when the last one breaks off.
    """
    at, end = 0, len(data)
    try:
        while at < end:
            code = data[at]
            at += 1
            if code >= 128:
                code = code & 127 | (data[at] & 127) << 7
                at += 1
            size = shift = 0
            while True:
                byte = data[at]
                at += 1
                size |= (byte & 127) << shift
                shift += 7
                if byte < 128 or shift == 28:
                    break
            if at + size > end:
                break
            yield code, data[at : at + size]
            at += size
        else:
            return
    except IndexError:
        pass
    raise UnreadableError("ingest.left_damaged", f"XLSB {at:,} / {end:,}")


def _text(data: bytes) -> str:
    size = int.from_bytes(data[:4], "little")
    return data[4 : 4 + 2 * size].decode("utf-16-le", "replace")
