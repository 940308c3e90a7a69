"""Verdicts on subjects other than dossiers, for every unit of the tree at once.

A judgement holds, for one component, the counts by reason of every unit with everything below it. Procedures are
counted distinct at each level: a procedure that ten communes handle is ten at the communes and one at the province.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tthc_cli.verdicts import Codes, Reason

Matrix = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Judgement:
    """Counts by reason of one component. counts: shape (units, reasons), each unit with everything below it."""

    id: str
    reasons: tuple[Reason, ...]
    counts: npt.NDArray[np.int64]

    def _sum(self, each: Sequence[int]) -> npt.NDArray[np.int64]:
        out: npt.NDArray[np.int64] = self.counts @ np.array(each, np.int64)
        return out

    @property
    def denominator(self) -> npt.NDArray[np.int64]:
        return self._sum([r.counted for r in self.reasons])

    @property
    def numerator(self) -> npt.NDArray[np.int64]:
        return self._sum([r.earned for r in self.reasons])

    @property
    def unknown(self) -> npt.NDArray[np.int64]:
        return self._sum([r.unknown and r.counted for r in self.reasons])

    @property
    def untold(self) -> npt.NDArray[np.int64]:
        """Left out because their file lacks the column that tells."""
        return self._sum([r.unknown and not r.counted for r in self.reasons])


def roll_up_sums(values: npt.NDArray[np.int64], parents: Sequence[int]) -> npt.NDArray[np.int64]:
    """Add every unit's row to all units above it.

    values: shape (units, k); parents: index of each unit's parent, -1 for a root. Units may come in any order.
    """
    out = values.copy()
    for unit in _deepest_first(parents):
        if parents[unit] >= 0:
            out[parents[unit]] += out[unit]
    return out


def roll_up_any(values: Matrix, parents: Sequence[int]) -> Matrix:
    """As roll_up_sums, for "is there any": what a unit has, every unit above it has."""
    out = values.copy()
    for unit in _deepest_first(parents):
        if parents[unit] >= 0:
            out[parents[unit]] |= out[unit]
    return out


def _deepest_first(parents: Sequence[int]) -> list[int]:
    depth = [0] * len(parents)
    for unit in range(len(parents)):
        above = parents[unit]
        while above >= 0:
            depth[unit] += 1
            above = parents[above]
    return sorted(range(len(parents)), key=lambda u: -depth[u])


def judge_matrix(component: str, reasons: tuple[Reason, ...], codes: Codes) -> Judgement:
    """Counts from a code for every (unit, subject): codes has shape (units, subjects)."""
    counts = np.stack([(codes == i).sum(axis=1) for i in range(len(reasons))], axis=1).astype(np.int64)
    return Judgement(component, reasons, counts)


def judge_rows(
    component: str, reasons: tuple[Reason, ...], codes: Codes, unit: npt.NDArray[np.int64], parents: Sequence[int]
) -> Judgement:
    """Counts from a code for every subject, each of one unit: codes and unit have shape (n,)."""
    counts = np.zeros((len(parents), len(reasons)), np.int64)
    np.add.at(counts, (unit, codes.astype(np.int64)), 1)
    return Judgement(component, reasons, roll_up_sums(counts, parents))
