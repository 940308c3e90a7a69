"""Lists of procedures: rows in order, of which not all may be wanted, and what is counted over all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tthc_cli.results.listing import Cell, Column, Listing

if TYPE_CHECKING:
    from tthc_cli.statements.dossiers.asking import Asked

Row = Mapping[str, Cell]


def listed(
    name: str, asked: Asked, columns: Sequence[Column], rows: Sequence[Row], totals: Mapping[str, int | float],
    notes: Sequence[str] = (),
) -> Listing:  # fmt: skip
    """A list of rows that are in order."""
    shown = rows[: asked.most]
    cells = tuple(tuple(row.get(column.id) for column in columns) for row in shown)
    return Listing(
        name, asked.moment.at.isoformat(), tuple(columns), cells, totals=totals, more=len(rows) - len(shown),
        notes=tuple(notes),
    )  # fmt: skip


def share(part: int, whole: int) -> float | None:
    """Percent, to a tenth half-up; None of nothing."""
    return (2000 * part + whole) // (2 * whole) / 10 if whole else None
