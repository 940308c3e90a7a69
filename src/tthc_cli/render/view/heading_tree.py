"""The headings of a form as cells of a table: a heading is over all columns that share it, and down to the next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class HeadCell:
    """Places count from 0."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def depth_of(heads: Sequence[tuple[str, ...]]) -> int:
    return max(map(len, heads))


def head_cells(heads: Sequence[tuple[str, ...]]) -> list[HeadCell]:
    """The cells, a row after another. heads: of each column, from the widest heading down to its own.

    >>> [(c.text, c.rows, c.columns) for c in head_cells([("TT",), ("A", "x"), ("A", "y")])]
    [('TT', 2, 1), ('A', 1, 2), ('x', 1, 1), ('y', 1, 1)]
    """
    depth = depth_of(heads)
    out = []
    for row in range(depth):
        column = 0
        while column < len(heads):
            own, width = heads[column], 1
            if row < len(own):
                is_last = row == len(own) - 1
                while not is_last and column + width < len(heads) and _shares(own, heads[column + width], row):
                    width += 1
                out.append(HeadCell(row, column, depth - row if is_last else 1, width, own[row]))
            column += width
    return out


def _shares(one: tuple[str, ...], other: tuple[str, ...], row: int) -> bool:
    return len(other) > row + 1 and one[: row + 1] == other[: row + 1]
