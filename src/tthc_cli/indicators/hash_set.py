"""A set of 64-bit hashes that is asked about millions at a time."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

_MOST_BITS = 22


class HashSet:
    """hashes: sorted and distinct, evenly spread over 64 bits.

    A table of the leading bits tells of nearly every hash that it is not in the set; the rest is looked up.
    """

    def __init__(self, hashes: Hashes) -> None:
        self._hashes = hashes
        bits = min(max(len(hashes).bit_length() + 4, 8), _MOST_BITS)
        self._shift = np.uint64(64 - bits)
        self._leading = np.zeros(1 << bits, np.bool_)
        self._leading[self._places(hashes)] = True

    def __len__(self) -> int:
        return len(self._hashes)

    def _places(self, hashes: Hashes) -> npt.NDArray[np.intp]:
        return (hashes >> self._shift).view(np.intp)

    def rows(self, hashes: Hashes) -> npt.NDArray[np.intp]:
        """Numbers of the rows whose hash is in the set, ascending. hashes: shape (n,)."""
        if not len(self._hashes):
            return np.zeros(0, np.intp)
        rows = np.flatnonzero(self._leading.take(self._places(hashes), mode="clip"))
        some = hashes[rows]
        at = np.minimum(np.searchsorted(self._hashes, some), len(self._hashes) - 1)
        return np.asarray(rows[self._hashes[at] == some])
