"""Counts by unit × procedure, and their running sum."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tthc_cli.indicators import lanes
from tthc_cli.indicators.progress import TIME_SUMS
from tthc_cli.indicators.registry import layout, width

Counts = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]


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


@dataclass(frozen=True)
class ChunkCounts:
    """Counts of some dossiers, by piece of a run of one unit and procedure; a pair may come several times.

    units: how the dossiers name units; unit, procedure: shape (pieces,), unit being a place in units; verdicts: shape
    (pieces, lanes), as `lanes.plan` lays them out; times: shape (pieces, 3), what 2.2 sums. changes_at: the first
    cutoff at which time alone, without any news, may change a verdict.
    """

    units: tuple[str, ...]
    unit: npt.NDArray[np.int32]
    procedure: npt.NDArray[np.int32]
    verdicts: npt.NDArray[np.integer[Any]]
    times: npt.NDArray[np.int64]
    changes_at: int


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

    def so_far(self, changes_at: int) -> ChunkCounts:
        """What was added so far, to be added to another sum; every pair comes once."""
        unit, procedure = np.nonzero(self._row >= 0)
        rows = self._row[unit, procedure]
        return ChunkCounts(
            units=tuple(self._unit),
            unit=unit.astype(np.int32),
            procedure=procedure.astype(np.int32),
            verdicts=self._verdicts[rows],
            times=self._times[rows],
            changes_at=changes_at,
        )

    def total(self) -> UnitProcedureCounts:
        """What was added so far."""
        names = sorted(self._unit)
        places = np.array([self._unit[name] for name in names], np.int64)
        if not self._rows:
            return UnitProcedureCounts.empty(names)
        self._make_room(0, 0)
        unit, procedure = np.nonzero(self._row[places] >= 0)
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
