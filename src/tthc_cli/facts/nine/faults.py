"""Supplement requests that were the applicant's own fault (Thông tư 01/2018/TT-VPCP, Điều 13 khoản 3), as the process
log says; a log that does not say excuses nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.codes import SUPPLEMENT
from tthc_cli.facts.marks.model import Hashes
from tthc_cli.facts.moment import moment_of
from tthc_cli.storage.parquet import completed, read_parquet

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.storage.warehouse import Warehouse

FLAG = "LoiNguoiNop"


@dataclass(frozen=True)
class OwnFaults:
    """How many requests to each dossier were the applicant's own fault; both have shape (m,)."""

    dossiers: Hashes
    """Sorted `key_hash`."""
    requests: npt.NDArray[np.int64]

    def of(self, hashes: Hashes) -> npt.NDArray[np.int64]:
        """The number for each of some dossiers. Shape of hashes."""
        if not len(self.dossiers):
            return np.zeros(len(hashes), np.int64)
        at = np.minimum(np.searchsorted(self.dossiers, hashes), len(self.dossiers) - 1)
        return np.where(self.dossiers[at] == hashes, self.requests[at], 0)


NO_FAULTS = OwnFaults(np.zeros(0, np.uint64), np.zeros(0, np.int64))


def own_faults(warehouse: Warehouse, cutoff: int) -> OwnFaults:
    """Of the requests up to the cutoff."""
    if not any(FLAG in source.columns.get("process_log", ()) for source in warehouse.sources):
        return NO_FAULTS
    flagged = np.concatenate([np.zeros(0, np.uint64), *_flagged(warehouse, cutoff)])
    return OwnFaults(*np.unique(flagged, return_counts=True))


def _flagged(warehouse: Warehouse, cutoff: int) -> Iterator[Hashes]:
    """The dossier of each request that is marked as the applicant's fault, a file at a time."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = schema.arrow_schema("process_log")
    wanted = pa.schema([whole.field(name) for name in (schema.KEY_HASH, "ThoiDiemXuLy", "TrangThai", FLAG)])
    for partition in warehouse.partitions("process_log"):
        steps: pa.Table = completed(read_parquet(warehouse.path(partition), wanted.names), wanted)
        seen = pc.less_equal(steps["ThoiDiemXuLy"], pa.scalar(moment_of(cutoff), pa.timestamp("s")))
        asked = pc.and_(pc.equal(steps["TrangThai"].cast("int64"), SUPPLEMENT), pc.equal(steps[FLAG].cast("int64"), 1))
        yield steps.filter(pc.fill_null(pc.and_(seen, asked), False))[schema.KEY_HASH].to_numpy()
