"""What the readers of workbooks share: limits, the account of a sheet, XML without entities. For `workbook_child`."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from tthc_cli.ingest.files.find import zip_damage
from tthc_cli.ingest.files.refused import UnreadableError

MAX_SHEETS = 1_000
MAX_DESCRIPTION = 32 << 20
"""Bytes of a part that only describes the workbook."""
MAX_RATIO, FREE = 200, 64 << 20
"""A part may unpack to this many times its packed size, once it is over so many bytes."""
MAX_CELLS = 50_000_000
"""Cells of the rectangle that a sheet spans, where the reader does not bound them itself."""
MAX_ROW, MAX_COLUMN = 1 << 20, 1 << 14
MAX_MERGES = 200_000
SHOWN_ROWS = 5

AT_ONCE = 1 << 20
BROKEN: tuple[type[Exception], ...] = zip_damage()
"""What unpacking a damaged archive may raise."""


@dataclass(slots=True)
class Account:
    """What a sheet holds, told without the reader."""

    rows: int | None = None
    """Number of the last row with a cell that is not blank; None when the cells alone were counted."""
    cells: int = 0
    """Cells with a value."""
    doubtful: int = 0
    """Cells that may count as blank or not: empty texts, errors."""
    merges: list[tuple[int, int, int]] = field(default_factory=list)
    """(column from 0, first row, last row from 1) of cells merged down."""
    left: int | None = None
    """First column with a value, from 0, when known."""
    formulas: dict[int, tuple[int, list[int]]] = field(default_factory=dict)
    """Column from 0 -> how many formulas were never calculated, and the first rows with one."""

    def value(self, row: int, column: int, doubtful: bool = False) -> None:
        """Take down a cell with a value; row from 1, column from 0."""
        self.cells += not doubtful
        self.doubtful += doubtful
        self.rows = max(self.rows or 0, row)
        self.left = column if self.left is None else min(self.left, column)

    def uncalculated(self, row: int, column: int) -> None:
        """Take down a formula without a value."""
        count, rows = self.formulas.get(column, (0, []))
        self.formulas[column] = count + 1, rows if len(rows) >= SHOWN_ROWS else [*rows, row]

    def merged(self, left: int, right: int, top: int, bottom: int) -> None:
        """Take down an area of merged cells; rows from 1. Only what goes down one column is kept."""
        if left == right and top < bottom and len(self.merges) < MAX_MERGES:
            self.merges.append((left, top, bottom))

    def check(self, name: str, rows: int, cells: int) -> None:
        """Raises UnreadableError when the reader gave other rows or cells than the sheet holds."""
        agree = self.cells <= cells <= self.cells + self.doubtful
        if not agree or (not self.doubtful and self.rows is not None and rows != self.rows):
            held = f"{self.rows or 0:,} / {self.cells + self.doubtful:,}"
            raise UnreadableError("ingest.left_miscounted", f"{name}: {rows:,} / {cells:,} ≠ {held}")


def xml_root(data: bytes) -> Any:
    """The root of a small XML document; entities stay what they are. Raises UnreadableError."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableError("ingest.left_damaged", str(error)[:200]) from None


def elements(stream: IO[bytes], *tags: str) -> Iterator[Any]:
    """The elements of some names of a large XML document as they end, each forgotten after use.

    Raises UnreadableError."""
    from lxml import etree

    odd: tuple[type[Exception], ...] = (etree.LxmlError, *BROKEN)

    options: dict[str, Any] = {"resolve_entities": False, "no_network": True, "huge_tree": False}
    try:
        for _, element in etree.iterparse(
            stream, events=("end",), tag=[f"{{*}}{tag}" for tag in tags], remove_comments=True, **options
        ):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except odd as error:
        raise UnreadableError("ingest.left_damaged", str(error)[:200]) from None


def local(tag: Any) -> str:
    """The name of an element or attribute without its namespace."""
    return str(tag).rpartition("}")[2]


def attribute(element: Any, name: str) -> str | None:
    """An attribute in any namespace, or none."""
    plain = element.get(name)
    return plain if plain is not None else next((v for k, v in element.items() if local(k) == name), None)


class Package:
    """The parts of a workbook that is a ZIP archive, by names with "/" however they are written."""

    def __init__(self, source: Path | bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(source if isinstance(source, Path) else io.BytesIO(source))
        except BROKEN as error:
            raise UnreadableError("ingest.left_damaged", str(error)[:200]) from None
        self._members = {m.orig_filename.replace("\\", "/").lstrip("/"): m for m in self._archive.infolist()}
        self._folded = {name.lower(): name for name in self._members}
        self.plain = not any("\\" in m.orig_filename for m in self._archive.infolist())
        """Whether every name is written as it should be."""

    def close(self) -> None:
        self._archive.close()

    def find(self, name: str) -> str | None:
        """The name of a part as it is spelt, for its case may differ."""
        return name if name in self._members else self._folded.get(name.lower())

    def size(self, name: str) -> int:
        """Bytes of a part, unpacked. Raises UnreadableError when it grows out of bounds."""
        member = self._members[name]
        if member.file_size > max(FREE, member.compress_size * MAX_RATIO):
            raise UnreadableError("ingest.left_zip_bomb")
        return member.file_size

    def pieces(self, name: str) -> Iterator[bytes]:
        """A part, a piece at a time; its checksum is known to be right at the end. Raises UnreadableError."""
        if self._members[name].flag_bits & 1:
            raise UnreadableError("ingest.left_locked")
        left = self.size(name)
        try:
            with self._archive.open(self._members[name]) as stream:
                while data := stream.read(AT_ONCE):
                    left -= len(data)
                    yield data
        except BROKEN as error:
            raise UnreadableError("ingest.left_damaged", str(error)[:200]) from None
        if left:
            raise UnreadableError("ingest.left_damaged", name)

    def read(self, name: str, most: int = MAX_DESCRIPTION) -> bytes:
        """A whole part. Raises UnreadableError when it is missing, damaged or has more than `most` bytes."""
        spelt = self.find(name)
        if spelt is None:
            raise UnreadableError("ingest.left_damaged", name)
        if self.size(spelt) > most:
            raise UnreadableError("ingest.left_too_large", f"{name}: {self.size(spelt) >> 20} MB")
        return b"".join(self.pieces(spelt))

    def stream(self, name: str) -> IO[bytes]:
        """A part as a file. Raises UnreadableError for one that is missing or grows out of bounds."""
        spelt = self.find(name)
        if spelt is None:
            raise UnreadableError("ingest.left_damaged", name)
        self.size(spelt)
        return self._archive.open(self._members[spelt])
