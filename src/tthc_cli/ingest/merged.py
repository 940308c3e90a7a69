"""Cells merged down several rows: their value holds for every row that they reach over, not for the first alone."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np

from tthc_cli.ingest.locate import Located
from tthc_cli.ingest.raw import GridSheet, Merge
from tthc_cli.ingest.vectors import arrow, vector

_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_SHEET = re.compile(r'<(?:\w+:)?sheet\s[^>]*?r:id="([^"]*)"')
_RELATION = re.compile(r"<(?:\w+:)?Relationship\s[^>]*>")
_AT_ONCE = 1 << 20
_MOST = 200_000
_OFFSETS = 20
_NAMING = ("unit", "procedure", "dossier")


def merges_of(path: Path, number: int) -> list[Merge]:
    """The cells of the sheet with a number (from 0) of an XLSX workbook that are merged down; [] when it has none."""
    try:
        with zipfile.ZipFile(path) as archive, archive.open(_member(archive, number)) as stream:
            return _scan(stream)
    except (zipfile.BadZipFile, KeyError, IndexError, OSError, ValueError, EOFError):
        return []


def _member(archive: zipfile.ZipFile, number: int) -> str:
    book = archive.read("xl/workbook.xml").decode("utf-8", "replace")
    wanted = _SHEET.findall(book)[number]
    for relation in _RELATION.findall(archive.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")):
        told = dict(re.findall(r'(\w+)="([^"]*)"', relation))
        if told.get("Id") == wanted:
            target = str(told["Target"])
            return target.lstrip("/") if target.startswith("/") else "xl/" + target
    raise KeyError(wanted)


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
