"""A sheet or table without headings, behind one that has them: one export, parted where it grew too long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tthc_cli.ingest.cleaning.clean import enum_code, words
from tthc_cli.ingest.cleaning.date_words import odd_time
from tthc_cli.ingest.layout.locate import AMBIGUOUS, Located
from tthc_cli.schema import Column

_FILLED = 3
"""Cells that a row has at least; what has fewer above the rows is a title."""
_FIT = 0.9


def carried(head: Sequence[Sequence[str]], note: str, before: Located | None) -> Located | None:
    """The headings of the table before, for one in which none were found (`note` says why); else None.

    It must be as wide, every row must have its key, and its cells must be of the types of their columns.
    """
    if before is None or note in AMBIGUOUS:
        return None
    first = next((i for i, row in enumerate(head) if _filled(row) >= _FILLED), None)
    if first is None:
        return None
    rows = [row for row in head[first:] if _filled(row) >= _FILLED]
    if max(map(_width, rows)) != _width(before.headings):
        return None
    match = before.match
    key = [at for at, name in match.columns.items() if name in match.table.key]
    if not key or not all(row[at].strip() for at in key for row in rows if at < len(row)):
        return None
    telling = False
    for at, name in match.columns.items():
        column = match.table.column(name)
        cells = [row[at] for row in rows if at < len(row) and row[at].strip()]
        if column.type not in _TYPED or not cells:
            continue
        fitting = [_fits(column, cell) for cell in cells]
        if not fitting[0] or sum(fitting) < _FIT * len(cells):
            return None
        telling = telling or column.type in ("timestamp", "date")
    return replace(before, heading=-1, first=first) if telling else None


_TYPED = ("timestamp", "date", "enum", "count", "amount", "decimal")


def _fits(column: Column, text: str) -> bool:
    if column.type in ("timestamp", "date"):
        return odd_time(text) != "bad"
    if column.type == "enum":
        return enum_code(words(column), text) is not None
    return any(c.isdigit() for c in text)


def _filled(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _width(row: Sequence[str]) -> int:
    return max((i + 1 for i, cell in enumerate(row) if cell.strip()), default=0)
