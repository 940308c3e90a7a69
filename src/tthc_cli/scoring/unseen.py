"""Dossiers that a score does not see, or sees less of: none before a day, none received, of procedures not listed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.counting.chunks import blanks_of, earliest_of, may_matter, read_columns
from tthc_cli.facts.codes import HANDLED, RETURNED
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.dossiers import DossierFacts

if TYPE_CHECKING:
    from tthc_cli.facts.context import Context
    from tthc_cli.storage.location import Location
    from tthc_cli.storage.warehouse import Warehouse

_FINISH = ["NgayTiepNhan", "TrangThaiHoSo", "NgayKetThucXuLy", "NgayTra"]
_PROCEDURE = ["NgayTiepNhan", "TrangThaiHoSo", "MaTTHC", "TenTTHC"]


def first_received(warehouse: Warehouse) -> int | None:
    """The first receipt of any dossier, in seconds since 1970; None when none is told."""
    chunks = ((warehouse.path(partition), group) for partition, group in warehouse.row_groups("dossiers", []))
    return min((at for chunk in chunks if (at := earliest_of(*chunk, "NgayTiepNhan")) is not None), default=None)


def finished_unreceived(warehouse: Warehouse, context: Context) -> int:
    """Dossiers without a receipt date that were finished in the period, or finished nobody knows when."""
    found = 0
    for chunk in _chunks(warehouse, context):
        if not blanks_of(*chunk, "NgayTiepNhan"):
            continue
        facts = DossierFacts(read_columns(*chunk, _FINISH, context), context)
        done = np.where(facts.known("NgayKetThucXuLy"), facts.time("NgayKetThucXuLy"), facts.time("NgayTra"))
        inside = (done >= context.start) & (done <= context.cutoff)
        ended = np.isin(facts.status, (HANDLED, RETURNED))
        found += int((~facts.known("NgayTiepNhan") & (inside | (ended & (done == NAT)))).sum())
    return found


def unlisted_procedures(warehouse: Warehouse, context: Context) -> Counter[str]:
    """Dossiers received in the period whose procedure the catalogue does not list: by code, else by name."""
    found: Counter[str] = Counter()
    for chunk in _chunks(warehouse, context):
        facts = DossierFacts(read_columns(*chunk, _PROCEDURE, context), context)
        rows = np.flatnonzero(facts.received & (facts.procedure == context.catalogue.unlisted))
        if not len(rows):
            continue
        (code, codes), (name, names) = facts.names("MaTTHC"), facts.names("TenTTHC")
        pairs, counts = np.unique(code[rows].astype(np.int64) * len(names) + name[rows], return_counts=True)
        for pair, count in zip(pairs.tolist(), counts.tolist(), strict=True):
            found[codes[pair // len(names)] or names[pair % len(names)] or ""] += count
    return found


def _chunks(warehouse: Warehouse, context: Context) -> Iterator[tuple[Location, int]]:
    """The chunks that may hold dossiers received in the period, or at no known time."""
    first = str(np.datetime64(context.start, "s").astype("datetime64[M]"))
    for partition, group in warehouse.row_groups("dossiers", []):
        if may_matter(partition.month, context) and not (partition.month[:1].isdigit() and partition.month < first):
            yield warehouse.path(partition), group
