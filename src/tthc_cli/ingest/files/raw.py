"""What every reader hands on: sheets of text, a block of rows at a time, with the true number of each row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tthc_cli import private

HEAD_ROWS = 80
"""Rows in which the headings are looked for."""
BLOCK_ROWS = 131_072


@dataclass(frozen=True, slots=True)
class Block:
    """Some consecutive rows: column position -> texts (null = blank), and each row's number from 1.

    A reader that does not know how many rows came before counts from 1 in each block, and says in `advance` how many
    rows the block takes up.
    """

    columns: dict[int, pa.Array]
    rows: npt.NDArray[np.int64]
    ragged: tuple[int, ...] = ()
    """Numbers of rows whose cells cannot be told apart (too many or too few)."""
    advance: int = 0
    guessed: tuple[int, ...] = ()
    """Numbers of rows in another encoding than the rest of the file."""


Merge = tuple[int, int, int]
"""(column from 0, first row, last row; rows from 1) of a cell merged down."""


class RawSheet(Protocol):
    """One sheet, or one text file."""

    @property
    def name(self) -> str: ...
    @property
    def hidden(self) -> bool: ...
    @property
    def head(self) -> list[list[str]]:
        """The first rows; row i has the number i + 1."""
        ...

    def blocks(self, first: int, wanted: Collection[int], width: int) -> Iterator[Callable[[], Block]]:
        """The rows from head index `first` on, as work that any thread can do."""
        ...


class GridSheet:
    """A sheet that is held in memory, as columns of texts.

    `merges` gives its cells merged down, when asked. `workbook`: a number among its texts is written with a point,
    however people write. `made`: when the workbook was made, as it says.
    `uncalculated`: column, how many formulas in it have no value, and the first rows with one.
    `from_1904`: a date that is a number counts the days from 1904.
    """

    uncalculated: Sequence[tuple[int, int, Sequence[int]]] = ()
    from_1904 = False

    def __init__(
        self, name: str, columns: list[pa.Array], hidden: bool = False, rows: list[int] | None = None,
        merges: Callable[[], list[Merge]] | None = None, workbook: bool = False, made: str = "",
    ) -> None:  # fmt: skip
        self.name = private.name(name)
        self.merges = merges
        self.workbook = workbook
        self.made = made
        self.told: list[tuple[str, int, str]] = []
        """(code of a warning, number of the row or 0, what it is about)."""
        self.ragged: frozenset[int] = frozenset()
        """Numbers of rows whose cells cannot be told apart."""
        self.hidden = hidden
        self.columns = columns
        height = len(columns[0]) if columns else 0
        self.rows = np.arange(1, height + 1, dtype=np.int64) if rows is None else np.array(rows, np.int64)

    def part(self, columns: list[pa.Array], rows: npt.NDArray[np.int64], name: str = "") -> GridSheet:
        """A sheet with other columns or fewer rows, alike in everything else."""
        sheet = GridSheet(name or self.name, columns, self.hidden, rows.tolist(), self.merges, self.workbook, self.made)
        sheet.uncalculated, sheet.from_1904 = self.uncalculated, self.from_1904
        within = {0, *rows.tolist()} if self.told and len(rows) and rows[0] == self.rows[0] else set(rows.tolist())
        sheet.told = [one for one in self.told if one[1] in within]
        sheet.ragged = self.ragged
        return sheet

    @property
    def head(self) -> list[list[str]]:
        texts = [[v or "" for v in column.slice(0, HEAD_ROWS).to_pylist()] for column in self.columns]
        return [list(row) for row in zip(*texts, strict=True)]

    def blocks(self, first: int, wanted: Collection[int], width: int) -> Iterator[Callable[[], Block]]:
        for start in range(first, len(self.rows), BLOCK_ROWS):

            def load(start: int = start) -> Block:
                rows = self.rows[start : start + BLOCK_ROWS]
                columns = {p: self.columns[p].slice(start, BLOCK_ROWS) for p in wanted if p < len(self.columns)}
                ragged = np.isin(rows, list(self.ragged)) if self.ragged else np.zeros(0, bool)
                if not ragged.any():
                    return Block(columns, rows)
                whole = pa.array(~ragged)
                return Block(
                    {p: c.filter(whole) for p, c in columns.items()}, rows[~ragged], tuple(rows[ragged].tolist())
                )

            yield load


def grid_of_rows(name: str, rows: list[list[str]], merges: Sequence[Merge] = ()) -> GridSheet:
    """A sheet from rows of texts, which may differ in length."""
    width = max((len(r) for r in rows), default=0)
    columns = [pa.array([(r[i] if i < len(r) else "") or None for r in rows], pa.string()) for i in range(width)]
    return GridSheet(name, columns, merges=(lambda: list(merges)) if merges else None)
