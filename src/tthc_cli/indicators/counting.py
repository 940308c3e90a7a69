"""The pass over the dossiers: verdicts of one chunk become counts by unit × procedure; counts merge.

A chunk is a Parquet row group. Counts of a chunk depend on the chunk and the context alone, so chunks may be counted
in any order, on any core; what is held in memory grows with units × procedures, never with dossiers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.indicators import lanes
from tthc_cli.indicators.facts import Context, DossierFacts
from tthc_cli.indicators.progress import TIME_SUMS, handling_times, time_sums
from tthc_cli.indicators.reading import chunk_columns, load_chunk, may_matter, read_chunk
from tthc_cli.indicators.registry import DOSSIER_INDICATORS, layout, width

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.warehouse import Partition, Warehouse

__all__ = [
    "ChunkCounts", "Tally", "UnitProcedureCounts", "chunk_columns", "chunks_of", "count_chunk", "count_dossiers",
    "judge_chunk", "merge_counts", "read_chunk",
]  # fmt: skip

Counts = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]

BLOCK = 65_536
"""Rows judged at a time: their columns fit in a core's own cache."""


@dataclass(frozen=True)
class UnitProcedureCounts:
    """Counts by reason of every dossier indicator, for each (unit as written, procedure).

    units: names or codes as the exports have them ("" = the dossier names none), sorted, whether or not the period
    counts any of their dossiers; unit, procedure: shape (groups,), sorted and distinct pairs of which something is
    counted; counts: shape (groups, registry.width()), 0 for reason "outside".
    """

    units: tuple[str, ...]
    unit: Indices
    procedure: Indices
    counts: Counts

    @classmethod
    def empty(cls, units: Iterable[str] = ()) -> UnitProcedureCounts:
        none = np.zeros(0, np.int64)
        return cls(tuple(sorted(set(units))), none, none, np.zeros((0, width()), np.int64))


def _run_starts(*columns: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
    """First row of every run of rows that are alike in all columns; a run ends where a block ends."""
    starts = np.zeros(len(columns[0]), np.bool_)
    starts[::BLOCK] = True
    for column in columns:
        starts[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(starts)


def _pieces(starts: npt.NDArray[np.intp], rows: int) -> npt.NDArray[np.intp]:
    """First rows of runs cut so that none is longer than a lane can count."""
    pieces = -(-np.diff(starts, append=rows) // lanes.LONGEST_RUN)
    if pieces.max() == 1:
        return starts
    first = np.cumsum(pieces) - pieces
    within = np.arange(pieces.sum()) - np.repeat(first, pieces)
    return np.asarray(np.repeat(starts, pieces) + lanes.LONGEST_RUN * within)


@dataclass(frozen=True)
class ChunkCounts:
    """Counts of one chunk, by piece of a run of one unit and procedure; a pair may come several times.

    units: how the chunk names units; unit, procedure: shape (pieces,), unit being a place in units; verdicts: shape
    (pieces, lanes), as `lanes.plan` lays them out; times: shape (pieces, 3), what 2.2 sums.
    """

    units: tuple[str, ...]
    unit: npt.NDArray[np.int32]
    procedure: npt.NDArray[np.int32]
    verdicts: npt.NDArray[np.uint8]
    times: npt.NDArray[np.int64]


def _sums(facts: DossierFacts, starts: npt.NDArray[np.intp]) -> tuple[npt.NDArray[np.uint8], Counts]:
    """Of each run of rows: verdicts in lanes; dossiers, working and calendar seconds behind 2.2."""
    verdicts = [indicator.judge(facts) for indicator in DOSSIER_INDICATORS]
    times = [np.add.reduceat(t, starts) for t in handling_times(facts)]
    return lanes.sum_runs(verdicts, starts), np.stack(times, axis=1)


def judge_chunk(chunk: pa.Table, context: Context) -> ChunkCounts:
    """Counts of one chunk of dossiers, by piece."""
    facts = DossierFacts(chunk, context)
    unit, names = facts.names(schema.UNIT_KEY)
    texts = tuple(name or "" for name in names)
    starts = _run_starts(unit, facts.procedure)
    if 4 * len(starts) > facts.n:
        keys = unit.astype(np.int64) * (len(context.catalogue) + 1) + facts.procedure
        if (keys[1:] < keys[:-1]).any():
            return judge_chunk(chunk.take(np.argsort(keys, kind="stable")), context)
    pieces = _pieces(starts, facts.n)
    facts.prepare()
    found = []
    for start in range(0, facts.n, BLOCK):
        stop = min(start + BLOCK, facts.n)
        first, last = np.searchsorted(pieces, (start, stop))
        found.append(_sums(facts.block(start, stop), pieces[first:last] - start))
    procedure = facts.procedure[pieces]
    times = np.concatenate([t for _, t in found])
    return ChunkCounts(
        units=texts,
        unit=unit[pieces],
        procedure=procedure,
        verdicts=np.concatenate([v for v, _ in found]),
        times=time_sums(times, context.catalogue.duration_unit[procedure]),
    )


def count_chunk(chunk: pa.Table, context: Context) -> UnitProcedureCounts:
    """Counts of one chunk of dossiers."""
    tally = Tally()
    if chunk.num_rows:
        tally.add_chunk(judge_chunk(chunk, context))
    return tally.total()


class Tally:
    """A running sum of counts; the same whatever the order and the splitting of what is added."""

    def __init__(self) -> None:
        self._unit: dict[str, int] = {}
        self._row = np.full((0, 0), -1, np.int32)
        self._rows = 0
        self._verdicts = np.zeros((0, lanes.plan().width), np.int32)
        self._times = np.zeros((0, len(TIME_SUMS)), np.int64)

    def add_units(self, names: Iterable[str]) -> npt.NDArray[np.int32]:
        """Take note of names of units. Returns the place of each."""
        return np.array([self._unit.setdefault(name, len(self._unit)) for name in names], np.int32)

    def add_chunk(self, part: ChunkCounts) -> None:
        """Add the counts of a chunk."""
        used = np.unique(part.unit)
        place = np.zeros(len(part.units), np.int32)
        place[used] = self.add_units(part.units[i] for i in used)
        rows = self._rows_of(place[part.unit], part.procedure)
        last = np.empty(self._rows, np.intp)
        last[rows] = np.arange(len(rows))
        again = np.flatnonzero(last[rows] != np.arange(len(rows)))
        verdicts, times = part.verdicts, part.times
        if len(again):
            np.add.at(self._verdicts, rows[again], verdicts[again])
            np.add.at(self._times, rows[again], times[again])
            rows = np.delete(rows, again)
            verdicts, times = np.delete(verdicts, again, axis=0), np.delete(times, again, axis=0)
        self._verdicts[rows] += verdicts
        self._times[rows] += times

    def add(self, part: UnitProcedureCounts) -> None:
        """Add counts that were summed before."""
        rows = self._rows_of(self.add_units(part.units)[part.unit], part.procedure)
        plan = lanes.plan()
        self._verdicts[np.ix_(rows, plan.lanes)] += part.counts[:, plan.columns].astype(np.int32)
        self._times[rows] += part.counts[:, layout()["2.2"]]

    def _rows_of(self, unit: npt.NDArray[np.int32], procedure: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        """The row of each pair, made where it is new."""
        if not len(unit):
            return np.zeros(0, np.int32)
        self._make_room(int(procedure.max()) + 1, len(unit))
        rows = self._row[unit, procedure]
        new = np.flatnonzero(rows < 0)
        if len(new):
            self._row[unit[new], procedure[new]] = new
            first = new[self._row[unit[new], procedure[new]] == new]
            self._row[unit[first], procedure[first]] = np.arange(self._rows, self._rows + len(first))
            self._rows += len(first)
            rows = self._row[unit, procedure]
        return np.asarray(rows)

    def _make_room(self, procedures: int, groups: int) -> None:
        units, known = self._row.shape
        if len(self._unit) > units or procedures > known:
            wider = np.full((max(2 * units, len(self._unit)), max(known, procedures)), -1, np.int32)
            wider[:units, :known] = self._row
            self._row = wider
        if self._rows + groups > len(self._times):
            more = max(len(self._times) // 2, groups)
            self._verdicts = np.concatenate([self._verdicts, np.zeros((more, lanes.plan().width), np.int32)])
            self._times = np.concatenate([self._times, np.zeros((more, len(TIME_SUMS)), np.int64)])

    def total(self) -> UnitProcedureCounts:
        """What was added so far."""
        names = sorted(self._unit)
        places = np.array([self._unit[name] for name in names], np.int64)
        if not self._rows:
            return UnitProcedureCounts.empty(names)
        unit, procedure = np.nonzero(self._row[np.minimum(places, len(self._row) - 1)] >= 0)
        rows = self._row[places[unit], procedure]
        plan = lanes.plan()
        counts = np.zeros((len(rows), width()), np.int64)
        counts[:, plan.columns] = self._verdicts[rows][:, plan.lanes]
        counts[:, layout()["2.2"]] = self._times[rows]
        some = counts.any(axis=1)
        return UnitProcedureCounts(tuple(names), unit[some], procedure[some], counts[some])


def merge_counts(parts: Iterable[UnitProcedureCounts]) -> UnitProcedureCounts:
    """The sum of counts; the same whatever the order and the splitting."""
    tally = Tally()
    for part in parts:
        tally.add(part)
    return tally.total()


def chunks_of(warehouse: Warehouse, context: Context) -> list[tuple[Partition, int]]:
    """The chunks that the period can touch."""
    return [
        (partition, group)
        for partition, group in warehouse.row_groups("dossiers", [])
        if may_matter(partition.month, context)
    ]


def count_stored(path: Path, group: int, context: Context) -> tuple[tuple[str, ...], ChunkCounts | None]:
    """Names of units in one row group of a stored file, and its counts; None when the period counts nothing of it."""
    chunk = load_chunk(path, group, context)
    return chunk.units, judge_chunk(chunk.rows, context) if chunk.rows.num_rows else None


def count_dossiers(
    warehouse: Warehouse,
    context: Context,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
) -> UnitProcedureCounts:
    """Counts of all stored dossiers, on `workers` threads. `progress(done, all)` is told after each chunk."""
    chunks = chunks_of(warehouse, context)
    tally = Tally()
    with ThreadPoolExecutor(workers) as pool:
        paths = [warehouse.path(partition) for partition, _ in chunks]
        groups = [group for _, group in chunks]
        found = pool.map(partial(count_stored, context=context), paths, groups)
        for done, (units, part) in enumerate(found, start=1):
            tally.add_units(units)
            if part is not None:
                tally.add_chunk(part)
            if progress is not None:
                progress(done, len(chunks))
    return tally.total()
