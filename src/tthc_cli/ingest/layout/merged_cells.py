"""Cells merged down several rows: their value holds for every row that they reach over, not for the first alone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tthc_cli.ingest.files.raw import GridSheet, Merge
from tthc_cli.ingest.layout.locate import Located
from tthc_cli.ingest.vectors import arrow, vector

_OFFSETS = 20
_NAMING = ("unit", "procedure", "dossier")


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
