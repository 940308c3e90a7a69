"""2.2: how long procedures take, each in its own unit, with mean, median and 90th percentile. Analysed, never scored.

Only dossiers received in the period matter, so only its months are read. Times are counted in tenths of the unit, so
that counts of many chunks add up; the mean is exact, median and percentile are exact to a tenth.
"""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.indicators.counting import chunk_columns, chunks_of, read_chunk
from tthc_cli.indicators.facts import DAY, TIME_COLUMNS, DossierFacts
from tthc_cli.indicators.progress import handling_times
from tthc_cli.scorecard import ProcedureTime
from tthc_cli.workdays import DAYS, HOURS, MONTHS, WORKING_DAYS

if TYPE_CHECKING:
    from tthc_cli.indicators.run import Run
    from tthc_cli.indicators.tree import ScoredTree
    from tthc_cli.warehouse import Partition

Ints = npt.NDArray[np.int64]
TENTHS = 10
_COLUMNS = frozenset(
    [*TIME_COLUMNS, "TrangThaiHoSo", "SoLanBoSung", "MaTTHC", "TenTTHC", "MaHoSo", schema.UNIT_KEY, schema.KEY_HASH]
)
DAYS_IN_A_MONTH = 30
"""Civil Code 2015, Art. 146.1."""


def unit_seconds(unit: int, day_seconds: int) -> int:
    """Seconds in one unit of duration: a working hour, a day, a working day (also where the unit is not known), a
    month of 30 days."""
    return {HOURS: 3600, DAYS: DAY, MONTHS: DAYS_IN_A_MONTH * DAY}.get(unit, day_seconds)


def handling_times_of(facts: DossierFacts) -> tuple[Ints, Ints]:
    """(rows, seconds): the finished dossiers that were received in the period, and how long each took in the clock of
    its procedure's unit: calendar time for days and months, working time for hours and working days."""
    counts, working, elapsed = handling_times(facts)
    rows = np.flatnonzero(counts)
    unit = facts.context.catalogue.duration_unit[facts.procedure[rows]]
    return rows, np.where(np.isin(unit, (DAYS, MONTHS)), elapsed[rows], working[rows])


def percentile(tenths: Ints, counts: Ints, share: float) -> float:
    """The smallest value that at least `share` of the dossiers do not exceed (nearest rank), in units.

    >>> percentile(np.array([10, 20, 90]), np.array([5, 4, 1]), 0.5)
    1.0
    """
    reached = np.cumsum(counts)
    place = int(np.searchsorted(reached, np.ceil(share * reached[-1])))
    return float(tenths[place]) / TENTHS


@dataclass(frozen=True)
class TimeCounts:
    """Dossiers and seconds by (unit × procedure, tenths). All arrays have shape (n,), keys sorted and distinct."""

    keys: Ints
    """(unit × procedures + procedure) × 2^32 + tenths."""
    dossiers: Ints
    seconds: Ints

    @classmethod
    def summed(cls, keys: Ints, dossiers: Ints, seconds: Ints) -> TimeCounts:
        """Equal keys added up."""
        if not len(keys):
            return NO_TIMES
        order = np.argsort(keys, kind="stable")
        keys = keys[order]
        starts = np.flatnonzero(np.concatenate(([True], keys[1:] != keys[:-1])))
        return cls(keys[starts], *(np.add.reduceat(values[order], starts) for values in (dossiers, seconds)))

    def plus(self, other: TimeCounts) -> TimeCounts:
        return TimeCounts.summed(
            np.concatenate([self.keys, other.keys]),
            np.concatenate([self.dossiers, other.dossiers]),
            np.concatenate([self.seconds, other.seconds]),
        )


NO_TIMES = TimeCounts(*(np.zeros(0, np.int64) for _ in range(3)))


def _added_up(parts: Iterable[TimeCounts]) -> TimeCounts:
    """The sum of many; like is added to like in size, so that no count is moved often."""
    held: list[TimeCounts] = []
    for part in parts:
        held.append(part)
        while len(held) > 1 and len(held[-2].keys) < 2 * len(held[-1].keys):
            last = held.pop()
            held[-1] = held[-1].plus(last)
    total = NO_TIMES
    while held:
        total = held.pop().plus(total)
    return total


def count_times(facts: DossierFacts, place: Ints, day_seconds: int) -> TimeCounts:
    """Counts of one chunk. place: unit index of each dossier, shape (n,)."""
    catalogue = facts.context.catalogue
    rows, seconds = handling_times_of(facts)
    listed = facts.procedure[rows] < len(catalogue)
    rows, seconds = rows[listed], seconds[listed]
    procedure = facts.procedure[rows].astype(np.int64)
    lengths = np.array([unit_seconds(int(u), day_seconds) for u in catalogue.duration_unit], np.int64)[procedure]
    tenths = (seconds * TENTHS + lengths // 2) // lengths
    keys = ((place[rows] * len(catalogue) + procedure) << 32) | tenths
    return TimeCounts.summed(keys, np.ones(len(rows), np.int64), seconds)


def procedure_times(run: Run, tree: ScoredTree, workers: int = 2) -> tuple[ProcedureTime, ...]:
    """Handling times of every unit, with all below it, by listed procedure; in order of unit and procedure."""
    if not len(run.catalogue):
        return ()
    columns = [c for c in chunk_columns(run.context) if c in _COLUMNS]
    chunks = [chunk for chunk in chunks_of(run.warehouse, run.context) if run.receives(chunk[0].month)]

    def count(chunk: tuple[Partition, int]) -> TimeCounts:
        facts = DossierFacts(read_chunk(run.warehouse.path(chunk[0]), chunk[1], columns), run.context)
        index, names = facts.names(schema.UNIT_KEY)
        place = np.array(tree.place([name or "" for name in names]), np.int64)[index]
        return count_times(facts, place, run.calendar.day_seconds)

    with ThreadPoolExecutor(workers) as pool:
        own = _added_up(pool.map(count, chunks))
    return _summaries(run, tree, _with_units_above(own, tree, len(run.catalogue)))


def _with_units_above(own: TimeCounts, tree: ScoredTree, procedures: int) -> TimeCounts:
    """What a unit has, every unit above it has too."""
    parents = np.array(tree.parents, np.int64)
    found, level = own, own
    while len(level.keys):
        group, tenths = level.keys >> 32, level.keys & 0xFFFFFFFF
        upper = parents[group // procedures]
        has = upper >= 0
        keys = ((upper[has] * procedures + group[has] % procedures) << 32) | tenths[has]
        level = TimeCounts.summed(keys, level.dossiers[has], level.seconds[has])
        found = found.plus(level)
    return found


def _summaries(run: Run, tree: ScoredTree, times: TimeCounts) -> tuple[ProcedureTime, ...]:
    catalogue = run.catalogue
    group, tenths = times.keys >> 32, times.keys & 0xFFFFFFFF
    changes = np.flatnonzero(np.diff(group, prepend=-1)).tolist()
    out = []
    for first, last in pairwise([*changes, len(group)]):
        unit, procedure = divmod(int(group[first]), len(catalogue))
        code = int(catalogue.duration_unit[procedure])
        finished = int(times.dossiers[first:last].sum())
        statutory = float(catalogue.duration[procedure])
        mean = int(times.seconds[first:last].sum()) / finished / unit_seconds(code, run.calendar.day_seconds)
        out.append(
            ProcedureTime(
                unit=tree.ids[unit],
                procedure=catalogue.codes[procedure],
                name=catalogue.names[procedure],
                time_unit=code if code > 0 else WORKING_DAYS,
                finished=finished,
                mean=round(mean, 4),
                median=percentile(tenths[first:last], times.dossiers[first:last], 0.5),
                percentile_90=percentile(tenths[first:last], times.dossiers[first:last], 0.9),
                statutory=None if np.isnan(statutory) else statutory,
            )
        )
    return tuple(out)
