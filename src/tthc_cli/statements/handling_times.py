"""2.2: how long procedures take, each in its own unit, with mean, median and 90th percentile. Analysed, never scored.

Times are counted in tenths of the unit, so that counts of many chunks add up; the mean is exact, median and percentile
are exact to a tenth.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.duration_counts import LengthTally
from tthc_cli.counting.measures import TIME_SUMS
from tthc_cli.results.beside import ProcedureTime
from tthc_cli.workdays import WORKING_DAYS

if TYPE_CHECKING:
    from tthc_cli.counting.tally import UnitProcedureCounts
    from tthc_cli.scoring.run import Run
    from tthc_cli.scoring.scored_tree import ScoredTree

Ints = npt.NDArray[np.int64]
_PAIRS_AT_A_TIME = 1024
_SHARES = (0.5, 0.9)
"""Median and 90th percentile."""


def procedure_times(run: Run, counts: UnitProcedureCounts, tree: ScoredTree) -> tuple[ProcedureTime, ...]:
    """Handling times of every unit, with all below it, by listed procedure; in order of unit and procedure."""
    sums = counts.counts[:, run.measures.layout["2.2"]]
    group = np.flatnonzero((sums[:, TIME_SUMS.index("finished")] > 0) & (counts.procedure < len(run.catalogue)))
    unit = np.array(tree.place(counts.units), np.int64)[counts.unit[group]]
    procedure = counts.procedure[group]
    # What a unit has, every unit above it has too.
    parents = np.array(tree.parents, np.int64)
    levels = []
    while len(group):
        levels.append((group, unit * len(run.catalogue) + procedure))
        above = parents[unit]
        group, unit, procedure = group[above >= 0], above[above >= 0], procedure[above >= 0]
    if not levels:
        return ()
    pairs = np.unique(np.concatenate([pair for _, pair in levels]))
    total, places = np.zeros((len(pairs), len(TIME_SUMS)), np.int64), []
    for groups, pair in levels:
        place = np.full(len(counts.unit), -1)
        place[groups] = np.searchsorted(pairs, pair)
        np.add.at(total, place[groups], sums[groups])
        places.append(place)
    return _summaries(run, tree, pairs, total, _percentiles(counts, places, len(pairs)))


def _percentiles(counts: UnitProcedureCounts, places: Sequence[Ints], pairs: int) -> npt.NDArray[np.float64]:
    """Median and 90th percentile of each pair. places: of each level, which pair a group is in; -1 for none.

    Most pairs are one group: a unit that has no other below it. Only the lengths of the others are added up.
    """
    alone = np.bincount(np.concatenate([place[place >= 0] for place in places]), minlength=pairs) == 1
    out = np.zeros((pairs, len(_SHARES)))
    summed = LengthTally()
    for first, some in counts.lengths_by_group():
        found = np.stack([some.percentile(share) for share in _SHARES], axis=1)
        groups = first + np.flatnonzero(np.bincount(some.group))
        for place in places:
            pair = place[groups]
            own = (pair >= 0) & alone[pair]
            out[pair[own]] = found[own]
            if own.sum() < (pair >= 0).sum():
                row = np.where(alone[place], -1, place)[first + some.group]
                rest = np.flatnonzero(row >= 0)
                summed.add(row[rest], some.tenths[rest], some.dossiers[rest])
    shared = np.flatnonzero(~alone)
    for begin in range(0, len(shared), _PAIRS_AT_A_TIME):
        asked = shared[begin : begin + _PAIRS_AT_A_TIME]
        lengths = summed.of(asked)
        out[asked] = np.stack([lengths.percentile(share) for share in _SHARES], axis=1)
    return out


def _summaries(
    run: Run, tree: ScoredTree, pairs: Ints, sums: Ints, percentiles: npt.NDArray[np.float64]
) -> tuple[ProcedureTime, ...]:
    """pairs: unit × procedures + procedure, shape (n,); sums: shape (n, 3); percentiles: shape (n, 2)."""
    catalogue = run.catalogue
    unit, procedure = np.divmod(pairs, len(catalogue))
    finished, _, seconds = sums.T
    code = catalogue.duration_unit[procedure]
    columns = (
        unit, procedure, np.where(code > 0, code, WORKING_DAYS), finished,
        seconds / finished / run.context.unit_seconds[procedure], *percentiles.T, catalogue.duration[procedure],
    )  # fmt: skip
    return tuple(
        ProcedureTime(
            unit=tree.ids[u],
            procedure=catalogue.codes[p],
            name=catalogue.names[p],
            time_unit=time_unit,
            finished=n,
            mean=round(mean, 4),
            median=median,
            percentile_90=percentile,
            statutory=None if isnan(statutory) else statutory,
        )
        for u, p, time_unit, n, mean, median, percentile, statutory in zip(
            *(column.tolist() for column in columns), strict=True
        )
    )
