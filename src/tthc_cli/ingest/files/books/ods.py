"""ODS workbooks: what each sheet holds, counted without the reader."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.parsers import expat

from tthc_cli.ingest.files.books.book import (
    MAX_CELLS,
    MAX_COLUMN,
    MAX_ROW,
    MAX_SHEETS,
    Account,
    Package,
)  # fmt: skip
from tthc_cli.ingest.files.refused import UnreadableError

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
MAX_ELEMENTS = 60_000_000
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_PARAGRAPH = "urn:oasis:names:tc:opendocument:xmlns:text:1.0 p"
_ROW, _SHEET, _EPOCH = _TABLE + "table-row", _TABLE + "table", _TABLE + "null-date"
_CELLS = {_TABLE + "table-cell", _TABLE + "covered-table-cell"}
_VALUES = tuple(_OFFICE + name for name in ("value", "date-value", "time-value", "boolean-value", "string-value"))


class Ods:
    """One workbook. `source` is what the reader is given."""

    def __init__(self, source: Path | bytes) -> None:
        self.source = source
        package = Package(source)
        if package.find(_MANIFEST) and b"encryption-data" in package.read(_MANIFEST):
            raise UnreadableError("ingest.left_locked")
        walk = _Walk(package)
        self._accounts, self.from_1904 = walk.accounts, walk.from_1904
        self.count = len(self._accounts)

    def account(self, number: int, cells: int) -> Account:
        """What a sheet holds."""
        return self._accounts[number]


class _Walk:
    """One pass over the content of a workbook."""

    def __init__(self, package: Package) -> None:
        self.accounts: list[Account] = []
        self.from_1904 = False
        self._elements = 0
        self._row = self._column = self._repeat = 0
        self._cell: dict[str, str] | None = None
        self._text = self._paragraph = False
        self._found: list[tuple[int, int, bool]] = []
        """(first column, how many, whether doubtful) of the values of a row."""
        self._formulas: list[int] = []
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.EntityDeclHandler = _no_entities
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._characters
        parser.buffer_text = True
        try:
            for data in package.pieces(package.find(_CONTENT) or _CONTENT):
                parser.Parse(data)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise UnreadableError("ingest.left_damaged", f"{_CONTENT}: {error}") from None
        except KeyError:
            raise UnreadableError("ingest.left_damaged", _CONTENT) from None

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise UnreadableError("ingest.left_too_large", f"> {MAX_ELEMENTS:,}")
        if name == _SHEET:
            self.accounts.append(Account())
            self._row = 0
            if len(self.accounts) > MAX_SHEETS:
                raise UnreadableError("ingest.left_too_many_sheets", f"> {MAX_SHEETS:,}")
        elif name == _ROW:
            self._column = 0
            self._repeat = _number(attributes, "number-rows-repeated", MAX_ROW)
            self._found.clear()
            self._formulas.clear()
        elif name in _CELLS:
            self._cell, self._text, self._paragraph = attributes, False, False
        elif name == _PARAGRAPH:
            self._paragraph = True
        elif name == _EPOCH:
            self.from_1904 = attributes.get(_TABLE + "date-value", "").startswith("1904")

    def _characters(self, text: str) -> None:
        self._text = self._text or bool(text)

    def _end(self, name: str) -> None:
        if name in _CELLS and self._cell is not None:
            self._cell_ends(self._cell)
            self._cell = None
        elif name == _ROW and self.accounts:
            self._row_ends()

    def _cell_ends(self, cell: dict[str, str]) -> None:
        repeat = _number(cell, "number-columns-repeated", MAX_COLUMN)
        kind = cell.get(_OFFICE + "value-type")
        valued = any(name in cell for name in _VALUES)
        if _TABLE + "formula" in cell and kind is None and not valued and not self._paragraph:
            self._formulas.append(self._column)
        elif kind is not None or self._text:
            doubtful = kind is None or not (self._text or valued) or _TABLE + "formula" in cell
            self._found.append((self._column, repeat, doubtful))
        across, tall = (_number(cell, name, MAX_ROW) for name in ("number-columns-spanned", "number-rows-spanned"))
        if self.accounts:
            self.accounts[-1].merged(self._column, self._column + across - 1, self._row + 1, self._row + tall)
        self._column += repeat

    def _row_ends(self) -> None:
        account = self.accounts[-1]
        for column in self._formulas:
            account.uncalculated(self._row + 1, column)
        for column, repeat, doubtful in self._found:
            account.value(self._row + self._repeat, column, doubtful)
            more = repeat * self._repeat - 1
            account.cells += 0 if doubtful else more
            account.doubtful += more if doubtful else 0
        self._row += self._repeat
        if account.cells + account.doubtful > MAX_CELLS or self._row > MAX_ROW:
            raise UnreadableError("ingest.left_too_many_cells", f"{account.cells + account.doubtful:,}")


def _no_entities(*_: Any) -> None:
    raise UnreadableError("ingest.left_damaged", "<!ENTITY>")


def _number(attributes: dict[str, str], name: str, most: int) -> int:
    text = attributes.get(_TABLE + name, "1")
    return min(max(int(text[:9]), 1), most) if text.isascii() and text.isdecimal() else 1
