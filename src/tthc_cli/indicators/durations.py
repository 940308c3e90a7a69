"""2.2: how long procedures take, each in its own unit, with mean, median and 90th percentile. Analysed, never scored.

Times are counted in tenths of the unit, so that counts of many chunks add up; the mean is exact, median and percentile
are exact to a tenth.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.indicators.lengths import LengthTally
from tthc_cli.indicators.progress import TIME_SUMS
from tthc_cli.indicators.registry import layout
from tthc_cli.scorecard import ProcedureTime
from tthc_cli.workdays import WORKING_DAYS

if TYPE_CHECKING:
    from tthc_cli.indicators.run import Run
    from tthc_cli.indicators.tally import UnitProcedureCounts
    from tthc_cli.indicators.tree import ScoredTree

Ints = npt.NDArray[np.int64]
_PAIRS_AT_A_TIME = 1024


def procedure_times(run: Run, counts: UnitProcedureCounts, tree: ScoredTree) -> tuple[ProcedureTime, ...]:
    """Handling times of every unit, with all below it, by listed procedure; in order of unit and procedure."""
    sums = counts.counts[:, layout()["2.2"]]
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
    total, lengths = np.zeros((len(pairs), len(TIME_SUMS)), np.int64), LengthTally()
    for groups, pair in levels:
        place = np.full(len(counts.unit), -1)
        place[groups] = np.searchsorted(pairs, pair)
        np.add.at(total, place[groups], sums[groups])
        for first, some in counts.lengths_by_group():
            row = place[first + some.group]
            lengths.add(row[row >= 0], some.tenths[row >= 0], some.dossiers[row >= 0])
    return _summaries(run, tree, pairs, total, lengths)


def _summaries(run: Run, tree: ScoredTree, pairs: Ints, sums: Ints, lengths: LengthTally) -> tuple[ProcedureTime, ...]:
    """pairs: unit × procedures + procedure, shape (n,); sums: shape (n, 3); lengths: by place in pairs."""
    catalogue = run.catalogue
    out = []
    for first in range(0, len(pairs), _PAIRS_AT_A_TIME):
        some = slice(first, first + _PAIRS_AT_A_TIME)
        unit, procedure = np.divmod(pairs[some], len(catalogue))
        found = lengths.of(np.arange(first, first + len(unit)))
        finished, _, seconds = sums[some].T
        code = catalogue.duration_unit[procedure]
        columns = (
            unit, procedure, np.where(code > 0, code, WORKING_DAYS), finished,
            seconds / finished / run.context.unit_seconds[procedure], found.percentile(0.5), found.percentile(0.9),
            catalogue.duration[procedure],
        )  # fmt: skip
        out += [
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
        ]
    return tuple(out)
