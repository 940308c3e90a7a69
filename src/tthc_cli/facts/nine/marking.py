"""What marks of dossiers are made from besides the dossiers themselves: slips, petitions about conduct, and what the
rulebook says where the law leaves a choice. There is none where only Decision 766 is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.hash_set import HashSet
from tthc_cli.facts.moment import moment_of
from tthc_cli.facts.once import once

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.storage.warehouse import Warehouse

Hashes = npt.NDArray[np.uint64]
MARKS = (0, 1, 2)
OF_DOSSIERS = ("c1", "c2", "c3", "c4", "c7")
"""Criteria that are marked dossier by dossier."""
_CONDUCT = 2
"""PhanLoai of a petition about conduct."""


@dataclass(frozen=True)
class Marking:
    """The same for every chunk of dossiers; it can be sent to another process."""

    slips: Mapping[tuple[str, int], Hashes]
    """(criterion, mark) -> sorted `key_hash` of the dossiers whose last slip gives that mark."""
    conduct: Hashes
    """Sorted `key_hash` of the dossiers with a petition about conduct."""
    rules: Mapping[str, Decimal | str]
    """Parameters of the rulebook."""

    @property
    def told(self) -> tuple[object, ...]:
        """All that it says."""
        return (self.slips, self.conduct, self.rules)

    @once
    def slip_sets(self) -> dict[tuple[str, int], HashSet]:
        return {key: HashSet(hashes) for key, hashes in self.slips.items()}

    @once
    def conduct_set(self) -> HashSet:
        return HashSet(self.conduct)


def load_marking(warehouse: Warehouse, cutoff: int, rules: Mapping[str, Decimal | str]) -> Marking:
    """What slips and petitions up to the cutoff tell of dossiers."""
    return Marking(_slip_marks(warehouse, cutoff), _conduct(warehouse, cutoff), rules)


def _until(cutoff: int) -> pa.Scalar:
    import pyarrow as pa

    return pa.scalar(moment_of(cutoff), pa.timestamp("s"))


def _slip_marks(warehouse: Warehouse, cutoff: int) -> dict[tuple[str, int], Hashes]:
    """The marks of the last slip of each dossier that has one; a blank answer is no mark. A slip without a day counts;
    of several the one dated last, without a day first."""
    import pyarrow.compute as pc

    columns = {criterion: f"TieuChi{criterion[1:]}" for criterion in OF_DOSSIERS}
    table = warehouse.read("slips", ["NgayDanhGia", "MaPhieu", schema.KEY_HASH, *columns.values()])
    dated = pc.fill_null(pc.less_equal(table["NgayDanhGia"], _until(cutoff)), True)
    table = table.filter(dated).sort_by([("NgayDanhGia", "ascending"), ("MaPhieu", "ascending")])
    hashes: Hashes = table[schema.KEY_HASH].to_numpy()
    undated = table["NgayDanhGia"].is_null().to_numpy()
    latest_first = np.argsort(~undated, kind="stable")[::-1]
    hashes = hashes[latest_first]
    found: dict[tuple[str, int], Hashes] = {}
    for criterion, name in columns.items():
        marks = pc.fill_null(table[name].cast("int64"), -1).to_numpy()[latest_first]
        told = (marks >= 0) & (hashes != 0)
        dossiers, first = np.unique(hashes[told], return_index=True)
        given = marks[told][first]
        found |= {(criterion, m): dossiers[given == m] for m in MARKS if (given == m).any()}
    return found


def _conduct(warehouse: Warehouse, cutoff: int) -> Hashes:
    """Sorted hashes of the dossiers that a petition about conduct, up to the cutoff, is about; one that was refused is
    none."""
    import pyarrow.compute as pc

    table = warehouse.read("petitions", ["NgayGui", "NgayChuyen", "NgayTuChoi", "PhanLoai", schema.KEY_HASH])
    begun = pc.coalesce(table["NgayChuyen"], table["NgayGui"])
    about = pc.fill_null(pc.equal(table["PhanLoai"].cast("int64"), _CONDUCT), False)
    refused = pc.fill_null(pc.less_equal(table["NgayTuChoi"], _until(cutoff)), False)
    wanted = pc.and_(pc.and_(pc.fill_null(pc.less_equal(begun, _until(cutoff)), False), about), pc.invert(refused))
    hashes: Hashes = table.filter(wanted)[schema.KEY_HASH].to_numpy()
    return np.setdiff1d(hashes, np.zeros(1, np.uint64))
