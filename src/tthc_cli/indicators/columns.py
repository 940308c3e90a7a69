"""From Arrow columns to numpy arrays without copying what need not be copied; and edits that touch few rows.

A mask chosen at random costs numpy ten times what a straight pass costs, so blanks and rare cases are handled by
their row numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli.indicators.verdicts import Mask

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


def blanks(array: pa.Array) -> Mask | None:
    """Which values are null; None when none is. Shape (n,)."""
    if not array.null_count:
        return None
    valid = np.frombuffer(array.buffers()[0], np.uint8)
    bits = np.unpackbits(valid, count=array.offset + len(array), bitorder="little")[array.offset :]
    mask: Mask = bits.view(np.bool_)
    return ~mask


def raw(array: pa.Array, dtype: npt.DTypeLike) -> Numbers:
    """The stored numbers, with anything where null; they share memory with the array. Shape (n,)."""
    data = array.buffers()[1]
    size = np.dtype(dtype).itemsize
    return np.frombuffer(data, dtype, len(array), array.offset * size)


def numbers(array: pa.Array, blank: int) -> Numbers:
    """The stored numbers in their own width, `blank` where null. Shape (n,)."""
    dtype = np.dtype(array.type.to_pandas_dtype())
    if array.null_count == len(array):
        return np.full(len(array), blank, dtype)
    null = blanks(array)
    values = raw(array, dtype)
    return values if null is None else replaced(values, null, blank)


def known(array: pa.Array) -> Mask:
    """Which values are not null. Shape (n,)."""
    null = blanks(array)
    return np.ones(len(array), np.bool_) if null is None else ~null


def seconds(array: pa.Array) -> Times:
    """Times as seconds since 1970, NAT where null. Shape (n,)."""
    n = len(array)
    if 2 * array.null_count > n:
        out = np.full(n, NAT, np.int64)
        if array.null_count < n:
            rows = np.flatnonzero(known(array))
            out[rows] = seconds_at(array, rows)
        return out
    null = blanks(array)
    parts = _PARTS_OF_A_SECOND[array.type.unit]
    values = raw(array, np.int64)
    if parts > 1:
        values = values // parts
    elif null is not None:
        values = values.copy()
    if null is not None:
        values[np.flatnonzero(null)] = NAT
    return values


def seconds_at(array: pa.Array, rows: Rows) -> Times:
    """Times of some rows as seconds since 1970, NAT where null. Shape of rows."""
    if array.null_count == len(array):
        return np.full(len(rows), NAT, np.int64)
    values: Times = raw(array, np.int64)[rows] // _PARTS_OF_A_SECOND[array.type.unit]
    null = blanks(array)
    if null is not None:
        values[null[rows]] = NAT
    return values


def replaced(values: Numbers, mask: Mask, value: int) -> Numbers:
    """The values, with `value` where the mask holds; the same array when it holds nowhere. Shape (n,)."""
    rows = np.flatnonzero(mask)
    if not len(rows):
        return values
    if 2 * len(rows) > len(values):
        out = np.full(len(values), value, values.dtype)
        rows = np.flatnonzero(~mask)
        out[rows] = values[rows]
        return out
    out = values.copy()
    out[rows] = value
    return out


def by_index(values: Numbers, index: npt.NDArray[np.integer[Any]]) -> Numbers:
    """`values[index]`; the indices are known to be in range. Shape of index."""
    if len(values) == 1:
        return np.broadcast_to(values, index.shape)
    return values.take(index, mode="clip")
