"""The pass over the dossiers: verdicts of one chunk become counts by unit × procedure; counts merge.

A chunk is a Parquet row group. Counts of a chunk depend on the chunk and the context alone, so chunks may be counted
in any order, on any core or machine; what is held in memory grows with units × procedures, never with dossiers.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.counting import packed_counts
from tthc_cli.counting.chunks import chunk_columns, load_chunk, may_matter, read_chunk, units_of
from tthc_cli.counting.duration_counts import Lengths, in_tenths
from tthc_cli.counting.kept_counts import CountCache, Kept
from tthc_cli.counting.measures import Measures
from tthc_cli.counting.own_fields import count_own_fields, fieldless_rows
from tthc_cli.counting.tally import (
    ChunkCounts,
    Counts,
    Tally,
    UnitProcedureCounts,
    merge_counts,
)
from tthc_cli.facts.columns import sums
from tthc_cli.facts.context import Context
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.strangers import bears
from tthc_cli.storage.location import Location

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.storage.warehouse import Partition, Warehouse

__all__ = [
    "Engine", "StoredCounts", "UnitProcedureCounts", "chunk_columns", "chunks_of", "count_chunk", "count_dossiers",
    "count_stored", "count_strangers", "judge_chunk", "merge_counts", "on_threads", "read_chunk",
]  # fmt: skip

T = TypeVar("T")

BLOCK = 65_536
"""Rows judged at a time: their columns fit in a core's own cache."""


_BEGUN_A_WORKER = 3
"""Chunks handed out at a time, so that counts do not pile up where they are added more slowly than made."""


def _run_starts(*columns: npt.NDArray[np.int32]) -> npt.NDArray[np.intp]:
    """First row of every run of rows that are alike in all columns; a run ends where a block ends."""
    starts = np.zeros(len(columns[0]), np.bool_)
    starts[::BLOCK] = True
    for column in columns:
        starts[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(starts)


def _pieces(starts: npt.NDArray[np.intp], rows: int) -> npt.NDArray[np.intp]:
    """First rows of runs cut so that none is longer than a lane can count."""
    pieces = -(-np.diff(starts, append=rows) // packed_counts.LONGEST_RUN)
    if pieces.max() == 1:
        return starts
    first = np.cumsum(pieces) - pieces
    within = np.arange(pieces.sum()) - np.repeat(first, pieces)
    return np.asarray(np.repeat(starts, pieces) + packed_counts.LONGEST_RUN * within)


def _sums(
    facts: DossierFacts, starts: npt.NDArray[np.intp], measures: Measures
) -> tuple[npt.NDArray[np.uint8], Counts, Lengths]:
    """Of each run of rows: verdicts in lanes; what 2.2 sums; how long dossiers took."""
    finished, working, elapsed = measures.times(facts)
    own = measures.own_times(facts, working, elapsed)
    times = [sums(t, starts) for t in (finished, working, own)]
    rows = np.flatnonzero(finished)
    run = np.repeat(np.arange(len(starts)), np.diff(starts, append=facts.n))[rows]
    lengths = Lengths.counted(run, in_tenths(facts, rows, own))
    return packed_counts.sum_runs(facts, starts, measures), np.stack(times, axis=1), lengths


def judge_chunk(chunk: pa.Table, context: Context, measures: Measures) -> ChunkCounts:
    """Counts of one chunk of dossiers, by piece."""
    facts = DossierFacts(chunk, context)
    unit, names = facts.names(schema.UNIT_KEY)
    texts = tuple(name or "" for name in names)
    starts = _run_starts(unit, facts.procedure)
    if 4 * len(starts) > facts.n:
        keys = unit.astype(np.int64) * (len(context.catalogue) + 1) + facts.procedure
        if (keys[1:] < keys[:-1]).any():
            return judge_chunk(chunk.take(np.argsort(keys, kind="stable")), context, measures)
    pieces = _pieces(starts, facts.n)
    facts.prepare()
    fieldless = fieldless_rows(facts)
    verdicts, times, lengths, forms, changes_at = [], [], [], [], []
    for start in range(0, facts.n, BLOCK):
        stop = min(start + BLOCK, facts.n)
        first, last = np.searchsorted(pieces, (start, stop))
        block = facts.block(start, stop)
        found = _sums(block, pieces[first:last] - start, measures)
        verdicts.append(found[0])
        times.append(found[1])
        lengths.append(found[2].moved(int(first)))
        inside = fieldless[slice(*np.searchsorted(fieldless, (start, stop)))]
        forms.append(measures.form.judge(block)[inside - start] if len(inside) else np.zeros(0, np.uint8))
        changes_at.append(block.changes_at)
    return ChunkCounts(
        units=texts,
        unit=unit[pieces],
        procedure=facts.procedure[pieces],
        verdicts=np.concatenate(verdicts),
        times=np.concatenate(times),
        lengths=Lengths.joined(lengths),
        own_fields=count_own_fields(facts, fieldless, np.concatenate(forms), len(measures.form.reasons)),
        changes_at=min(changes_at),
    )


def count_chunk(chunk: pa.Table, context: Context, measures: Measures) -> UnitProcedureCounts:
    """Counts of one chunk of dossiers."""
    tally = Tally(measures)
    if chunk.num_rows:
        tally.add_chunk(judge_chunk(chunk, context, measures))
    return tally.total()


def chunks_of(warehouse: Warehouse, context: Context) -> list[tuple[Partition, int]]:
    """The chunks that the period can touch."""
    return [
        (partition, group)
        for partition, group in warehouse.row_groups("dossiers", [])
        if may_matter(partition.month, context)
    ]


@dataclass(frozen=True)
class StoredCounts:
    """What counting one stored chunk found."""

    units: tuple[str, ...]
    """How its dossiers name their units; "" = not at all."""
    counts: ChunkCounts | None
    """None when the period counts none of them."""
    changes_at: int
    """The first cutoff at which the counts may differ."""
    log_months: frozenset[str]
    """Files of the process log that the counts depend on, by month."""


def count_stored(path: Location, group: int, context: Context, measures: Measures) -> StoredCounts:
    """Counts of one row group of a stored file."""
    chunk = load_chunk(path, group, context)
    counts = judge_chunk(chunk.rows, context, measures) if chunk.rows.num_rows else None
    changes_at = chunk.changes_at if counts is None else min(chunk.changes_at, counts.changes_at)
    return StoredCounts(chunk.units, counts, changes_at, chunk.log_months)


Job = tuple[Location, int]
Engine = Callable[[Sequence[Job], Context, Measures], Iterator[tuple[int, StoredCounts]]]
"""Counts every (file, row group), in any order; yields the place of each in the sequence with what was found. Counting
begins at once, before the first is asked for."""


def on_threads(workers: int) -> Engine:
    """Count on threads of this process."""

    def run(jobs: Sequence[Job], context: Context, measures: Measures) -> Iterator[tuple[int, StoredCounts]]:
        calls = (partial(count_stored, path, group, context, measures) for path, group in jobs)
        return enumerate(_ahead(calls, workers, _BEGUN_A_WORKER * workers))

    return run


def _ahead(calls: Iterator[Callable[[], T]], threads: int, most: int) -> Iterator[T]:
    """What calls return, in their order; they begin at once, up to `most` before what they return is asked for."""
    pool = ThreadPoolExecutor(threads)
    begun = (pool.submit(call) for call in calls)
    waiting = deque(islice(begun, most))

    def in_turn() -> Iterator[T]:
        with pool:
            while waiting:
                found = waiting.popleft().result()
                waiting.extend(islice(begun, 1))
                yield found

    return in_turn()


def count_dossiers(
    warehouse: Warehouse,
    context: Context,
    measures: Measures,
    workers: int = 2,
    progress: Callable[[int, int], None] | None = None,
    *,
    engine: Engine | None = None,
    cache: Path | None = None,
) -> UnitProcedureCounts:
    """Counts of all stored dossiers: on `workers` threads, or by another engine.

    `cache`: a folder that keeps the counts of every stored file, so that counting again costs only what changed; the
    result is the same. `progress(done, all)` is told after each chunk.
    """
    import pyarrow as pa

    kept = None if cache is None else CountCache(cache, warehouse, context, measures)
    known: list[Kept] = []
    chunks: list[tuple[Partition, int]] = []
    for partition, group in chunks_of(warehouse, context):
        found = None if kept is None or group else kept.get(partition)
        if found is not None:
            known.append(found)
        elif not group or (chunks and chunks[-1][0] == partition):
            chunks.append((partition, group))
    jobs = [(warehouse.path(partition), group) for partition, group in chunks]
    counted = (engine or on_threads(workers))(jobs, context, measures)
    total = Tally(measures)
    for counts in _ahead((found.counts for found in known), 1, _BEGUN_A_WORKER):
        total.add_units(counts.units)
        total.add_chunk(counts)
    left = Counter(partition for partition, _ in chunks)
    parts: dict[Partition, dict[int, StoredCounts]] = {}
    for done, (place, one) in enumerate(counted, start=1):
        _add(total, one)
        if kept is not None:
            partition = chunks[place][0]
            parts.setdefault(partition, {})[place] = one
            left[partition] -= 1
            if not left[partition]:
                kept.put(partition, *_of_file([one for _, one in sorted(parts.pop(partition).items())], measures))
        if progress is not None:
            progress(done, len(chunks))
    pa.default_memory_pool().release_unused()
    return total.total()


def count_strangers(
    warehouse: Warehouse, context: Context, measures: Measures, counted: UnitProcedureCounts, workers: int = 2
) -> UnitProcedureCounts:
    """The counts, those of the dossiers of unknown units (`context.strangers`) made again by the code of each."""
    chunks = [
        (warehouse.path(partition), group)
        for partition, group in chunks_of(warehouse, context)
        if not context.strangers.isdisjoint(units_of(warehouse.path(partition), group))
    ]
    total = Tally(measures)
    calls = (partial(_count_strangers, path, group, context, measures) for path, group in chunks)
    for part in _ahead(calls, workers, _BEGUN_A_WORKER * workers):
        total.add(part)
    return merge_counts([counted.without(context.strangers), total.total()], measures)


def _count_strangers(path: Location, group: int, context: Context, measures: Measures) -> UnitProcedureCounts:
    import pyarrow as pa

    rows = load_chunk(path, group, context).rows
    index, names = DossierFacts(rows, context).names(schema.UNIT_KEY)
    unknown = np.array([bears(context.strangers, name) for name in names])[index]
    return count_chunk(rows.filter(pa.array(unknown)), context, measures)


def _add(tally: Tally, one: StoredCounts) -> None:
    tally.add_units(one.units)
    if one.counts is not None:
        tally.add_chunk(one.counts)


def _of_file(chunks: Sequence[StoredCounts], measures: Measures) -> tuple[ChunkCounts, frozenset[str]]:
    """The counts of all chunks of one stored file, and the months of the process log that they depend on."""
    named = [ChunkCounts.nothing(one.units, one.changes_at, measures) for one in chunks]
    counts = ChunkCounts.joined([*named, *(one.counts for one in chunks if one.counts is not None)])
    return counts, frozenset().union(*(one.log_months for one in chunks))
