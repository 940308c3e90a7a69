"""From Arrow columns to numpy arrays without copying what need not be copied; and edits that touch few rows.

A mask chosen at random costs numpy ten times what a straight pass costs, so blanks and rare cases are handled by
their row numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.once import once
from tthc_cli.verdicts import Mask

if TYPE_CHECKING:
    import pyarrow as pa

Rows = npt.NDArray[np.intp]
Times = npt.NDArray[np.int64]
Numbers = npt.NDArray[Any]
NAT = np.iinfo(np.int64).min
_PARTS_OF_A_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


def whole(column: pa.ChunkedArray | pa.Array) -> pa.Array:
    """One array of a column."""
    import pyarrow as pa

    if isinstance(column, pa.Array):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


class Column:
    """One column of a chunk as numpy arrays of shape (n,), or of the shape of `rows`."""

    def __init__(self, array: pa.Array) -> None:
        self.array = array
        self._rows = len(array)
        self._nulls = int(array.null_count)

    def part(self, start: int, stop: int) -> Column:
        """Some rows of the column."""
        return Column(self.array.slice(start, stop - start))

    @once
    def null(self) -> Mask | None:
        """Which values are null; None when none is."""
        if not self._nulls:
            return None
        if self.blank:
            return np.ones(self._rows, np.bool_)
        valid = np.frombuffer(self.array.buffers()[0], np.uint8)
        first = self.array.offset
        bits = np.unpackbits(valid[first // 8 :], count=first % 8 + self._rows, bitorder="little")[first % 8 :]
        mask: Mask = bits.view(np.bool_)
        return ~mask

    @once
    def known_rows(self) -> Rows:
        """Numbers of the rows that are not null."""
        if self.blank:
            return np.zeros(0, np.intp)
        return np.arange(self._rows) if self.null is None else np.flatnonzero(~self.null)

    @property
    def blank(self) -> bool:
        """Whether all values are null."""
        return self._nulls == self._rows

    @property
    def known(self) -> Mask:
        """Which values are not null."""
        return np.ones(self._rows, np.bool_) if self.null is None else ~self.null

    @once
    def stored(self) -> Numbers:
        """The stored numbers, also of times and categories, with anything where null; they share memory with the
        column."""
        import pyarrow as pa

        kind = self.array.type
        if pa.types.is_dictionary(kind):
            kind = kind.index_type
        sort = "f" if pa.types.is_floating(kind) else "u" if pa.types.is_unsigned_integer(kind) else "i"
        dtype = np.dtype(f"{sort}{kind.bit_width // 8}")
        return np.frombuffer(self.array.buffers()[1], dtype, self._rows, self.array.offset * dtype.itemsize)

    def numbers(self, blank: int) -> Numbers:
        """The stored numbers, `blank` where null; in their own width, if there are any."""
        if self.blank:
            return np.full(self._rows, blank, np.int32)
        return self.stored if self.null is None else replaced(self.stored, self.null, blank)

    def among(self, *codes: int) -> Mask:
        """Which values are known and one of a few."""
        if self.blank:
            return np.zeros(self._rows, np.bool_)
        return self._where_known(among(self.stored, *codes))

    def over(self, limit: int) -> Mask:
        """Which values are known and over a limit."""
        if self.blank:
            return np.zeros(self._rows, np.bool_)
        return self._where_known(self.stored > limit)

    def _where_known(self, mask: Mask) -> Mask:
        if self.null is not None:
            mask &= ~self.null
        return mask

    @property
    def seconds(self) -> Times:
        """Times as seconds since 1970, NAT where null; an array of its own."""
        if 2 * self._nulls > self._rows:
            out = np.full(self._rows, NAT, np.int64)
            rows = self.known_rows
            out[rows] = self.seconds_at(rows)
            return out
        values: Times = self.stored // _PARTS_OF_A_SECOND[self.array.type.unit]
        if self.null is not None:
            values[np.flatnonzero(self.null)] = NAT
        return values

    def seconds_at(self, rows: Rows) -> Times:
        """Times of some rows as seconds since 1970, NAT where null."""
        if self.blank:
            return np.full(len(rows), NAT, np.int64)
        values: Times = self.stored[rows]
        values //= _PARTS_OF_A_SECOND[self.array.type.unit]
        if self.null is not None:
            values[np.flatnonzero(self.null[rows])] = NAT
        return values


def among(codes: Numbers, *wanted: int) -> Mask:
    """Whether each code is one of a few. Shape of codes."""
    out: Mask = codes == wanted[0]
    for code in wanted[1:]:
        out |= codes == code
    return out


def replaced(values: Numbers, mask: Mask, value: int) -> Numbers:
    """The values, with `value` where the mask holds; the same array when it holds nowhere. Shape (n,)."""
    count = np.count_nonzero(mask)
    if not count:
        return values
    if 4 * count > len(values):
        # Bit by bit, because a choice by mask is ten times slower: `keep` has all bits where the value stays.
        keep = mask.astype(values.dtype)
        keep -= keep.dtype.type(1)
        out: Numbers = values ^ keep.dtype.type(value)
        out &= keep
        out ^= keep.dtype.type(value)
        return out
    out = values.copy()
    out[np.flatnonzero(mask)] = value
    return out


def sums(values: Numbers, starts: Rows) -> Numbers:
    """Sum of every run of values, from one start to the next. The first start is 0. Shape of starts."""
    if 24 * len(starts) < len(values):
        return np.asarray(np.add.reduceat(values, starts))
    # Every run costs reduceat as much as 24 values; differences of a running sum are exact, also where it wraps round.
    total: Numbers = np.cumsum(values)[np.append(starts[1:], len(values)) - 1]
    total[1:] -= total[:-1].copy()
    return total


def lengthen(values: Numbers, rows: int, filled: int = 0) -> None:
    """Make an array of at least some number of rows of itself, and a quarter longer than it was: in place, because a
    copy would need the memory of both. Views of it are invalid then."""
    before = len(values)
    if rows > before:
        values.resize((max(rows, before * 5 // 4), *values.shape[1:]), refcheck=False)
        if filled:
            values[before:] = filled


def numbered(table: npt.NDArray[np.int32], at: Rows, used: int) -> tuple[npt.NDArray[np.int32], int]:
    """The numbers that a table holds at some places, new ones made where it holds -1; and how many are used then."""
    found = table[at]
    new = np.flatnonzero(found < 0)
    if len(new):
        table[at[new]] = new
        first = new[table[at[new]] == new]
        table[at[first]] = np.arange(used, used + len(first))
        used += len(first)
        found = table[at]
    return found, used


def by_index(values: Numbers, index: npt.NDArray[np.integer[Any]]) -> Numbers:
    """`values[index]`; the indices are known to be in range. Shape of index."""
    if len(values) == 1:
        return np.broadcast_to(values, index.shape)
    return values.take(index, mode="clip")
