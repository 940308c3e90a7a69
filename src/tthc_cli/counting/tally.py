"""Counts by unit × procedure, and their running sum."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tthc_cli.counting import packed_counts
from tthc_cli.counting.duration_counts import NO_LENGTHS, Lengths, LengthTally
from tthc_cli.counting.measures import TIME_SUMS, TIMES, Measures
from tthc_cli.counting.own_fields import OwnFields, add_own_fields
from tthc_cli.facts.columns import lengthen, numbered

Counts = npt.NDArray[np.int64]
Indices = npt.NDArray[np.int64]

_GROUPS_AT_A_TIME = 1024


@dataclass(frozen=True)
class UnitProcedureCounts:
    """Counts by reason of every dossier indicator, for each (unit as written, procedure).

    units: names or codes as the exports have them ("" = the dossier names none), sorted, whether or not the period
    counts any of their dossiers; unit, procedure: shape (groups,), sorted and distinct pairs of which something is
    counted; counts: shape (groups, Measures.width), 0 for reason "outside"; lengths: how long dossiers took, of each
    group in the row that `length_rows` tells, shape (groups,).
    """

    units: tuple[str, ...]
    unit: Indices
    procedure: Indices
    counts: Counts
    lengths: LengthTally
    length_rows: Indices
    own_fields: OwnFields
    """Form II.06 of the dossiers whose procedure tells no field, by unit and field as written."""

    @classmethod
    def empty(cls, measures: Measures, units: Iterable[str] = ()) -> UnitProcedureCounts:
        none = np.zeros(0, np.int64)
        return cls(
            tuple(sorted(set(units))), none, none, np.zeros((0, measures.width), np.int64), LengthTally(), none, {}
        )

    def without(self, names: AbstractSet[str]) -> UnitProcedureCounts:
        """The same without what is counted under some names of units."""
        kept = tuple(name for name in self.units if name not in names)
        place = {name: i for i, name in enumerate(kept)}
        groups = np.flatnonzero([self.units[u] in place for u in self.unit])
        return UnitProcedureCounts(
            units=kept,
            unit=np.array([place[self.units[u]] for u in self.unit[groups]], np.int64),
            procedure=self.procedure[groups],
            counts=self.counts[groups],
            lengths=self.lengths,
            length_rows=self.length_rows[groups],
            own_fields={pair: row for pair, row in self.own_fields.items() if pair[0] in place},
        )

    def lengths_by_group(self) -> Iterator[tuple[int, Lengths]]:
        """How long dossiers took, some groups at a time: (first group, lengths by number from there)."""
        for first in range(0, len(self.unit), _GROUPS_AT_A_TIME):
            yield first, self.lengths.of(self.length_rows[first : first + _GROUPS_AT_A_TIME])


@dataclass(frozen=True)
class ChunkCounts:
    """Counts of some dossiers, by piece of a run of one unit and procedure; a pair may come several times.

    units: how the dossiers name units; unit, procedure: shape (pieces,), unit being a place in units; verdicts: shape
    (pieces, lanes), as `packed_counts.plan` lays them out; times: shape (pieces, 3), what 2.2 sums; lengths: how long
    dossiers took, by piece. changes_at: the first cutoff at which time alone, without any news, may change a verdict.
    """

    units: tuple[str, ...]
    unit: npt.NDArray[np.int32]
    procedure: npt.NDArray[np.int32]
    verdicts: npt.NDArray[np.integer[Any]]
    times: npt.NDArray[np.int64]
    lengths: Lengths
    own_fields: OwnFields
    changes_at: int

    @classmethod
    def nothing(cls, units: tuple[str, ...], changes_at: int, measures: Measures) -> ChunkCounts:
        """No counts, of dossiers that name some units."""
        none = np.zeros(0, np.int32)
        verdicts = np.zeros((0, packed_counts.plan(measures).width), np.uint8)
        times = np.zeros((0, len(TIME_SUMS)), np.int64)
        return cls(units, none, none, verdicts, times, NO_LENGTHS, {}, changes_at)

    @classmethod
    def joined(cls, parts: Sequence[ChunkCounts]) -> ChunkCounts:
        """The counts of several chunks, which are at least one; the units that occur in them, and all units of those
        without counts."""
        known: dict[str, int] = {}
        own_fields: dict[tuple[str, str], tuple[int, ...]] = {}
        units, lengths, pieces = [], [], 0
        for part in parts:
            place = np.zeros(len(part.units), np.int32)
            named = np.unique(part.unit) if len(part.unit) else np.arange(len(part.units))
            place[named] = [known.setdefault(part.units[i], len(known)) for i in named]
            units.append(place[part.unit])
            lengths.append(part.lengths.moved(pieces))
            pieces += len(part.unit)
            add_own_fields(own_fields, part.own_fields.items())
        return cls(
            units=tuple(known),
            unit=np.concatenate(units),
            procedure=np.concatenate([p.procedure for p in parts]),
            verdicts=np.concatenate([p.verdicts for p in parts]),
            times=np.concatenate([p.times for p in parts]),
            lengths=Lengths.joined(lengths),
            own_fields=own_fields,
            changes_at=min(p.changes_at for p in parts),
        )


class Tally:
    """A running sum of counts; the same whatever the order and the splitting of what is added."""

    def __init__(self, measures: Measures) -> None:
        self._measures = measures
        self._plan = packed_counts.plan(measures)
        self._unit: dict[str, int] = {}
        self._row = np.full((0, 0), -1, np.int32)
        self._rows = 0
        self._verdicts = np.zeros((0, self._plan.width), np.int32)
        self._times = np.zeros((0, len(TIME_SUMS)), np.int64)
        self._lengths = LengthTally()
        self._own_fields: dict[tuple[str, str], tuple[int, ...]] = {}

    def add_units(self, names: Iterable[str]) -> npt.NDArray[np.int32]:
        """Take note of names of units. Returns the place of each."""
        return np.array([self._unit.setdefault(name, len(self._unit)) for name in names], np.int32)

    def add_chunk(self, part: ChunkCounts) -> None:
        """Add the counts of a chunk."""
        used = np.flatnonzero(np.bincount(part.unit, minlength=len(part.units)))
        place = np.zeros(len(part.units), np.int32)
        place[used] = self.add_units(part.units[i] for i in used)
        rows = self._rows_of(place[part.unit], part.procedure)
        self._lengths.add(rows[part.lengths.group], part.lengths.tenths, part.lengths.dossiers)
        add_own_fields(self._own_fields, part.own_fields.items())
        verdicts, times = part.verdicts, part.times
        place = np.empty(self._rows, np.intp)
        while len(rows):  # one piece of every row at a time
            place[rows] = np.arange(len(rows))
            added = place[rows] == np.arange(len(rows))
            if added.all():
                self._verdicts[rows] += verdicts
                self._times[rows] += times
                return
            self._verdicts[rows[added]] += verdicts[added]
            self._times[rows[added]] += times[added]
            rows, verdicts, times = rows[~added], verdicts[~added], times[~added]

    def add(self, part: UnitProcedureCounts) -> None:
        """Add counts that were summed before."""
        rows = self._rows_of(self.add_units(part.units)[part.unit], part.procedure)
        self._verdicts[np.ix_(rows, self._plan.lanes)] += part.counts[:, self._plan.columns].astype(np.int32)
        self._times[rows] += part.counts[:, self._measures.layout[TIMES]]
        add_own_fields(self._own_fields, part.own_fields.items())
        for first, lengths in part.lengths_by_group():
            self._lengths.add(rows[first + lengths.group], lengths.tenths, lengths.dossiers)

    def _rows_of(self, unit: npt.NDArray[np.int32], procedure: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
        """The row of each pair, made where it is new."""
        if not len(unit):
            return np.zeros(0, np.int32)
        self._make_room(int(procedure.max()) + 1, len(unit))
        pair = unit.astype(np.intp) * self._row.shape[1] + procedure
        rows, self._rows = numbered(self._row.reshape(-1), pair, self._rows)
        return rows

    def _make_room(self, procedures: int, groups: int) -> None:
        units, known = self._row.shape
        if len(self._unit) > units or procedures > known:
            wider = np.full((max(2 * units, len(self._unit)), max(known, procedures)), -1, np.int32)
            wider[:units, :known] = self._row
            self._row = wider
        for sums in (self._verdicts, self._times):
            lengthen(sums, self._rows + groups)

    def total(self) -> UnitProcedureCounts:
        """What was added so far."""
        names = sorted(self._unit)
        places = np.array([self._unit[name] for name in names], np.int64)
        if not self._rows:
            return UnitProcedureCounts.empty(self._measures, names)
        self._make_room(0, 0)
        used = slice(0, self._rows)
        some = np.append(self._verdicts[used].any(axis=1) | self._times[used].any(axis=1), False)
        unit, procedure = np.nonzero(some[self._row[places]])
        rows = self._row[places[unit], procedure].astype(np.int64)
        counts = np.zeros((len(rows), self._measures.width), np.int64)
        counts[:, self._measures.layout[TIMES]] = self._times[rows]
        for first in range(0, len(rows), _GROUPS_AT_A_TIME):
            group = slice(first, first + _GROUPS_AT_A_TIME)
            counts[group, self._plan.columns] = self._verdicts[rows[group]][:, self._plan.lanes]
        return UnitProcedureCounts(
            units=tuple(names),
            unit=unit,
            procedure=procedure,
            counts=counts,
            lengths=self._lengths,
            length_rows=rows,
            own_fields=dict(sorted(self._own_fields.items())),
        )


def merge_counts(parts: Iterable[UnitProcedureCounts], measures: Measures) -> UnitProcedureCounts:
    """The sum of counts; the same whatever the order and the splitting."""
    tally = Tally(measures)
    for part in parts:
        tally.add(part)
    return tally.total()
