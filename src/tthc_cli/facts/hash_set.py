"""A set of 64-bit hashes that is asked about millions at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

_MOST_BITS = 22


class HashSet:
    """hashes: sorted and distinct, evenly spread over 64 bits.

    A table of the leading bits tells of nearly every hash that it is not in the set, one of the last bits of nearly
    every other; the rest is looked up.
    """

    def __init__(self, hashes: Hashes) -> None:
        self._hashes = hashes
        bits = min(max(len(hashes).bit_length() + 4, 8), _MOST_BITS)
        self._shift, self._mask = np.uint64(64 - bits), np.uint64((1 << bits) - 1)
        self._leading, self._last = np.zeros(1 << bits, np.bool_), np.zeros(1 << bits, np.bool_)
        self._leading[self._leading_bits(hashes)] = True
        self._last[self._last_bits(hashes)] = True

    def __len__(self) -> int:
        return len(self._hashes)

    def _leading_bits(self, hashes: Hashes) -> npt.NDArray[np.intp]:
        return (hashes >> self._shift).view(np.intp)

    def _last_bits(self, hashes: Hashes) -> npt.NDArray[np.intp]:
        return (hashes & self._mask).view(np.intp)

    def rows(self, hashes: Hashes) -> npt.NDArray[np.intp]:
        """Numbers of the rows whose hash is in the set, ascending. hashes: shape (n,)."""
        if not len(self._hashes):
            return np.zeros(0, np.intp)
        rows = np.flatnonzero(self._leading.take(self._leading_bits(hashes), mode="clip"))
        rows = rows[self._last[self._last_bits(hashes[rows])]]
        some = hashes[rows]
        at = np.minimum(np.searchsorted(self._hashes, some), len(self._hashes) - 1)
        return np.asarray(rows[self._hashes[at] == some])
