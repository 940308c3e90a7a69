"""The pass over the dossiers: verdicts of one chunk become counts by unit × procedure; counts merge.

A chunk is a Parquet row group. Counts of a chunk depend on the chunk and the context alone, so chunks may be counted
in any order, on any core; what is held in memory grows with units × procedures, never with dossiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.indicators.facts import READ_COLUMNS, Context, DossierFacts
from tthc_cli.indicators.progress import TIME_SUMS, handling_times
from tthc_cli.indicators.registry import DOSSIER_INDICATORS, layout, width

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.warehouse import Partition, Warehouse

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class UnitProcedureCounts:
    """Counts by reason of every dossier indicator, for each (unit as written, procedure).

    units: names or codes as the exports have them ("" = the dossier names none); unit, procedure: shape (groups,),
    sorted and distinct pairs; counts: shape (groups, registry.width()).
    """

    units: tuple[str, ...]
    unit: npt.NDArray[np.int64]
    procedure: npt.NDArray[np.int64]
    counts: Counts

    @classmethod
    def empty(cls) -> UnitProcedureCounts:
        none = np.zeros(0, np.int64)
        return cls((), none, none, np.zeros((0, width()), np.int64))


def _sum_groups(keys: npt.NDArray[np.int64], counts: Counts) -> tuple[npt.NDArray[np.int64], Counts]:
    """Sum rows of equal key. Returns the distinct keys, sorted, and the summed rows."""
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
    return keys[starts], np.add.reduceat(counts[order], starts, axis=0)


def count_chunk(chunk: pa.Table, context: Context) -> UnitProcedureCounts:
    """Counts of one chunk of dossiers."""
    facts = DossierFacts(chunk, context)
    if not facts.n:
        return UnitProcedureCounts.empty()
    unit_index, names = facts.names(schema.UNIT_KEY)
    procedures = len(context.catalogue) + 1
    pairs = unit_index.astype(np.int64) * procedures + facts.procedure
    distinct, group = np.unique(pairs, return_inverse=True)
    counts = np.zeros((len(distinct), width()), np.int64)
    for indicator in DOSSIER_INDICATORS:
        reasons = len(indicator.reasons)
        cells = np.bincount(group * reasons + indicator.judge(facts), minlength=len(distinct) * reasons)
        counts[:, layout()[indicator.id]] = cells.reshape(len(distinct), reasons)
    times = np.zeros((len(distinct), len(TIME_SUMS)), np.int64)
    np.add.at(times, group, handling_times(facts))
    counts[:, layout()["2.2"]] = times
    return merge_counts(
        [UnitProcedureCounts(tuple(n or "" for n in names), distinct // procedures, distinct % procedures, counts)]
    )


def merge_counts(parts: Iterable[UnitProcedureCounts]) -> UnitProcedureCounts:
    """The sum of counts; the same whatever the order and the splitting."""
    chunks = [p for p in parts if len(p.unit)]
    if not chunks:
        return UnitProcedureCounts.empty()
    used = sorted({c.units[int(i)] for c in chunks for i in np.unique(c.unit)})
    place = {name: i for i, name in enumerate(used)}
    procedures = max(int(c.procedure.max()) for c in chunks) + 1
    keys = []
    for c in chunks:
        to_global = np.array([place.get(name, 0) for name in c.units], np.int64)
        keys.append(to_global[c.unit] * procedures + c.procedure)
    merged, counts = _sum_groups(np.concatenate(keys), np.concatenate([c.counts for c in chunks]))
    return UnitProcedureCounts(tuple(used), merged // procedures, merged % procedures, counts)


def chunk_columns(context: Context) -> list[str]:
    """Columns of the dossier table that counting reads."""
    return [*READ_COLUMNS, *(["MaHoSo"] if context.log is not None else [])]


def may_matter(received_months: str, context: Context) -> bool:
    """Whether a partition can hold dossiers of the period: those received after its end cannot."""
    if received_months in ("none", "all"):
        return True
    first = int(np.datetime64(received_months + "-01", "s").astype(np.int64))
    return first < context.end


def read_chunk(path: Path, group: int, columns: list[str]) -> pa.Table:
    """One row group."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        return file.read_row_group(group, columns=columns)


def chunks_of(warehouse: Warehouse, context: Context) -> list[tuple[Partition, int]]:
    """The chunks that the period can touch."""
    return [
        (partition, group)
        for partition, group in warehouse.row_groups("dossiers", [])
        if may_matter(partition.month, context)
    ]


def count_dossiers(
    warehouse: Warehouse,
    context: Context,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> UnitProcedureCounts:
    """Counts of all stored dossiers, on `workers` threads. `progress(done, all)` is told after each chunk."""
    chunks = chunks_of(warehouse, context)
    columns = chunk_columns(context)

    def one(job: tuple[Partition, int]) -> UnitProcedureCounts:
        partition, group = job
        return count_chunk(read_chunk(warehouse.path(partition), group, columns), context)

    total = UnitProcedureCounts.empty()
    done = 0
    with ThreadPoolExecutor(workers) as pool:
        for batch in _batched(pool.map(one, chunks), 16):
            total = merge_counts([total, *batch])
            done += len(batch)
            if progress is not None:
                progress(done, len(chunks))
    return total


def _batched(items: Iterator[UnitProcedureCounts], size: int) -> Iterator[list[UnitProcedureCounts]]:
    while batch := list(islice(items, size)):
        yield batch
