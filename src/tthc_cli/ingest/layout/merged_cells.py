"""Cells merged down several rows: their value holds for every row that they reach over, not for the first alone."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

import numpy as np

from tthc_cli.ingest.files.raw import GridSheet, Merge
from tthc_cli.ingest.layout.locate import Located
from tthc_cli.ingest.vectors import arrow, vector

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(r'<(?:\w+:)?sheet\s[^>]*?r:id="([^"]*)"')
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_AT_ONCE = 1 << 20
_MOST = 200_000
_OFFSETS = 20
_NAMING = ("unit", "procedure", "dossier")


def merges_of(path: Path, kind: str, number: int) -> list[Merge]:
    """The cells of the sheet with a number (from 0) of an XLSX, XLSB or ODS workbook that are merged down; [] when it
    has none."""
    try:
        with zipfile.ZipFile(path) as archive:
            if kind == "ods":
                with archive.open("content.xml") as stream:
                    return _of_ods(stream, number)
            with archive.open(_member(archive, number, kind)) as stream:
                return _scan(stream) if kind == "xlsx" else _of_xlsb(stream)
    except (zipfile.BadZipFile, KeyError, IndexError, OSError, ValueError, EOFError, SyntaxError):
        return []


def _member(archive: zipfile.ZipFile, number: int, kind: str) -> str:
    if kind == "xlsb":
        bundles = [data for kind_, data in _records(io.BytesIO(archive.read("xl/workbook.bin"))) if kind_ == _BUNDLE]
        wanted = _utf16(bundles[number][8:])
        relations = archive.read("xl/_rels/workbook.bin.rels").decode("utf-8", "replace")
    else:
        wanted = _SHEET.findall(archive.read("xl/workbook.xml").decode("utf-8", "replace"))[number]
        relations = archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")
    for relation in _RELATION.findall(relations):
        told = dict(re.findall(r'(\w+)="([^"]*)"', relation))
        if told.get("Id") == wanted:
            target = str(told["Target"])
            return target.lstrip("/") if target.startswith("/") else "xl/" + target
    raise KeyError(wanted)


_BUNDLE, _MERGED = 156, 176
"""Record types of XLSB (MS-XLSB 2.3.2): a sheet of the workbook, a merged cell."""


def _records(stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """(type, content) of the records of a part of an XLSB workbook; types and sizes are numbers of seven-bit groups."""

    def number(most: int) -> int:
        value = 0
        for shift in range(0, 7 * most, 7):
            byte = stream.read(1)
            if not byte:
                raise EOFError
            value |= (byte[0] & 127) << shift
            if byte[0] < 128:
                break
        return value

    while True:
        try:
            kind = stream.read(1)
            if not kind:
                return
            code = kind[0] if kind[0] < 128 else (kind[0] & 127) | (stream.read(1)[0] & 127) << 7
            yield code, stream.read(number(4))
        except (EOFError, IndexError):
            return


def _utf16(data: bytes) -> str:
    size = int.from_bytes(data[:4], "little")
    return data[4 : 4 + 2 * size].decode("utf-16-le")


def _of_xlsb(stream: IO[bytes]) -> list[Merge]:
    found: list[Merge] = []
    for code, data in _records(stream):
        if code == _MERGED and len(data) >= 16 and len(found) < _MOST:
            top, bottom, left, right = (int.from_bytes(data[i : i + 4], "little") for i in (0, 4, 8, 12))
            if left == right and top != bottom:
                found.append((left, top + 1, bottom + 1))
    return found


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


def _of_ods(stream: IO[bytes], number: int) -> list[Merge]:
    from lxml import etree

    found: list[Merge] = []
    sheet, row, column = -1, 0, 0
    context = etree.iterparse(stream, events=("start", "end"), resolve_entities=False, no_network=True)
    for event, element in context:
        tag = str(element.tag).removeprefix(_TABLE)
        if event == "start":
            if tag == "table":
                sheet, row = sheet + 1, 0
            elif tag == "table-row":
                column = 0
            continue
        if tag in ("table-cell", "covered-table-cell"):
            across, tall = (int(element.get(_TABLE + name, "1")) for name in _SPANS)
            if sheet == number and tall > 1 and across == 1 and len(found) < _MOST:
                found.append((column, row + 1, row + tall))
            column += int(element.get(_TABLE + "number-columns-repeated", "1"))
        elif tag == "table-row":
            row += int(element.get(_TABLE + "number-rows-repeated", "1"))
            element.clear()
        elif tag == "table" and sheet == number:
            break
    return found


_SPANS = ("number-columns-spanned", "number-rows-spanned")


def _scan(stream: IO[bytes]) -> list[Merge]:
    found: list[Merge] = []
    held = b""
    while (data := stream.read(_AT_ONCE)) and len(found) < _MOST:
        block = held + data
        for left, top, right, bottom in _MERGE.findall(block):
            if left == right and top != bottom:
                found.append((_place(left), int(top), int(bottom)))
        held = block[max(block.rfind(b"<"), 0) :][-4096:]
    return found


def _place(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1


def filled_down(sheet: GridSheet, located: Located) -> GridSheet:
    """The sheet with the value of each merged cell in all rows that it reaches over, below the headings.

    The merged cells are looked up only when a column that names the dossier, unit or procedure, or that is required,
    has blanks.
    """
    if sheet.merges is None or not _gaps(sheet, located):
        return sheet
    below = int(sheet.rows[located.first]) if located.first < len(sheet.rows) else 0
    merges = [m for m in sheet.merges() if m[1] >= below > 0]
    if not merges:
        return sheet
    valid = [vector(c.is_valid()) for c in sheet.columns]
    best = max(range(_OFFSETS), key=lambda offset: (len(_fitting(sheet, valid, merges, offset)), -offset))
    take: dict[int, np.ndarray] = {}
    filled = np.sum(valid, axis=0) > 0
    for column, first, last in _fitting(sheet, valid, merges, best):
        rows = take.setdefault(column, np.arange(len(sheet.rows)))
        rows[first : last + 1][filled[first : last + 1]] = first
    columns = [c.take(arrow(take[i])) if i in take else c for i, c in enumerate(sheet.columns)]
    return sheet.part(columns, sheet.rows)


def _gaps(sheet: GridSheet, located: Located) -> bool:
    spec = located.match.table
    telling = {c.name for c in spec.columns if c.required or c.name in spec.key or c.normalise in _NAMING}
    return any(
        sheet.columns[at].slice(located.first).null_count
        for at, name in located.match.columns.items()
        if name in telling and at < len(sheet.columns)
    )


def _fitting(
    sheet: GridSheet, valid: Sequence[np.ndarray], merges: Sequence[Merge], offset: int
) -> list[tuple[int, int, int]]:
    """(column, first index, last index) of the merges that, `offset` columns further left, hold one value on top."""
    found = []
    for at, top, bottom in merges:
        column = at - offset
        first, last = np.searchsorted(sheet.rows, [top, bottom])
        last = min(int(last), len(sheet.rows) - 1)
        if (
            0 <= column < len(valid)
            and first <= last
            and valid[column][first]
            and not valid[column][first + 1 : last + 1].any()
        ):
            found.append((column, int(first), last))
    return found
