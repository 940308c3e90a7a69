"""Petitions about dossiers in a stretch of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.columns import NAT, Column, whole

if TYPE_CHECKING:
    from tthc_cli.storage.warehouse import Warehouse

Hashes = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
CONDUCT = 2
"""PhanLoai of a petition about conduct."""
UNTRUE = 2
"""KetQuaXacMinh of a petition that is untrue or slander."""


@dataclass(frozen=True)
class Petitions:
    """Of the dossiers that some petition is about, in order of `keys`; every array has shape (k,)."""

    keys: Hashes
    count: Ints
    conduct: Ints
    """Those about conduct, but for those verified to be untrue or slander."""

    @classmethod
    def within(cls, warehouse: Warehouse, start: int, end: int) -> Petitions:
        """Those that reached the unit (else were sent) from `start` on and before `end`, in seconds; one that was
        refused is none."""
        times = ["NgayGui", "NgayChuyen", "NgayTuChoi", "NgayXuLyXong"]
        table = warehouse.read("petitions", [*times, "PhanLoai", "KetQuaXacMinh", schema.KEY_HASH])
        sent, passed, refused, handled = (Column(whole(table.column(name))).seconds for name in times)
        begun = np.where(passed != NAT, passed, sent)
        kind, verified = (
            table.column(name).cast("int64").fill_null(0).to_numpy() for name in ("PhanLoai", "KetQuaXacMinh")
        )
        conduct = (kind == CONDUCT) & ~((verified == UNTRUE) & ((handled == NAT) | (handled < end)))
        hashes: Hashes = table.column(schema.KEY_HASH).to_numpy()
        told = (begun >= start) & (begun < end) & ~((refused != NAT) & (refused < end)) & (hashes != 0)
        keys, group = np.unique(hashes[told], return_inverse=True)
        counts = (np.bincount(group, only, len(keys)) for only in (None, conduct[told]))
        return cls(keys, *(found.astype(np.int64) for found in counts))

    def of(self, hashes: Hashes) -> tuple[Ints, Ints]:
        """Of some dossiers: petitions, and those about conduct. Shape of hashes."""
        at = np.searchsorted(self.keys, hashes)
        at[~np.isin(hashes, self.keys)] = len(self.keys)
        return np.append(self.count, 0)[at], np.append(self.conduct, 0)[at]
