"""Arrow columns of fixed width as numpy arrays and back, by their buffers (pyarrow's own way loads pandas)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_TYPES: dict[pa.DataType, type[np.generic]] = {
    pa.int8(): np.int8, pa.int32(): np.int32, pa.int64(): np.int64, pa.uint64(): np.uint64,
}  # fmt: skip
_KINDS = {np.dtype(numbers): kind for kind, numbers in _TYPES.items()}


def one_piece(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    """A column as one array; one that is in one piece already is not copied."""
    if not isinstance(column, pa.ChunkedArray):
        return column
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def vector(column: pa.Array | pa.ChunkedArray, blank: int | None = None) -> npt.NDArray[Any]:
    """The values of a column of numbers or truth values, shape (n,); what it gives may not be written to.

    `blank`: what stands for null. Raises ValueError for nulls without it.
    """
    array = one_piece(column)
    n, start = len(array), array.offset
    if array.null_count and blank is None:
        raise ValueError("a column with nulls has no numpy form")
    data = array.buffers()[1] if n else None
    if pa.types.is_boolean(array.type):
        values = _truths(data, start, n)
    else:
        values = np.frombuffer(data or b"", _TYPES[array.type])[start : start + n]
    return (
        np.where(_truths(array.buffers()[0], start, n), values, values.dtype.type(blank))
        if array.null_count
        else values
    )


def _truths(data: pa.Buffer | None, start: int, n: int) -> npt.NDArray[Any]:
    bits = np.frombuffer(data or b"", np.uint8)[start // 8 : (start + n + 7) // 8]
    return np.unpackbits(bits, bitorder="little")[start % 8 : start % 8 + n].view(bool)


def arrow(
    values: npt.NDArray[Any], kind: pa.DataType | None = None, blank: npt.NDArray[np.bool_] | None = None
) -> pa.Array:
    """A column of numbers or truth values, null where `blank`; the values must not be changed afterwards."""
    validity = None if blank is None or not blank.any() else _bits(~blank)
    if values.dtype == np.bool_:
        return pa.Array.from_buffers(pa.bool_(), len(values), [validity, _bits(values)])
    kind = kind or _KINDS[values.dtype]
    data = np.ascontiguousarray(values, _TYPES[kind])
    return pa.Array.from_buffers(kind, len(values), [validity, pa.py_buffer(data)])


def _bits(mask: npt.NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(mask, bitorder="little"))


def text_column(values: Sequence[str | None]) -> pa.Array:
    """A column of texts."""
    data = [b"" if v is None else v.encode("utf-8", "replace") for v in values]
    offsets = np.zeros(len(data) + 1, np.int32)
    np.cumsum([len(d) for d in data], out=offsets[1:])
    blank = np.array([v is None for v in values], bool)
    validity = _bits(~blank) if blank.any() else None
    return pa.Array.from_buffers(
        pa.string(), len(data), [validity, pa.py_buffer(offsets), pa.py_buffer(b"".join(data))]
    )
