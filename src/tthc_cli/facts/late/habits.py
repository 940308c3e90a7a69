"""What a unit's own history says of its open dossiers: the chance to end on time, and when they may end.

The history is how much of their time limit the dossiers used that fell due in the months before a date: of each unit,
and of each procedure in it, counts by twentieth of the limit (over 1 = late; one still open past due is the latest).
An open dossier that has used a share of its limit is like those of the history that had used as much and were not done:
the part of them that ended on time is its chance, their median its expected end. The unit's own procedure speaks first;
where it has few dossiers the unit as a whole speaks with the weight of ten of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.codes import DAY
from tthc_cli.facts.columns import NAT

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.verdicts import Mask

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
PARTS = 20
_BINS = 2 * PARTS + 1
"""Up to twice the limit; the last one holds all that took longer."""
WINDOW_DAYS = 183
FEWEST = 20
"""Dossiers that a unit's history must have to say anything."""
_UNIT_WEIGHT = 10.0


@dataclass(frozen=True)
class Used:
    """How much of its time limit each dossier used; every array has shape (n,)."""

    limit: Ints
    """Working seconds of the limit; 0 where it is not known."""
    share: Floats
    """Used of it by the finish or the moment, waiting left out; NaN where the limit is not known."""


def used(facts: DossierFacts) -> Used:
    """Of each dossier, up to its finish or the moment."""
    calendar = facts.context.calendar
    known = (facts.started_at != NAT) & (facts.due_at != NAT)
    start = np.where(known, facts.started_at, 0)
    limit = np.where(known, calendar.working_seconds_between(start, np.where(known, facts.due_at, 0)), 0)
    taken = calendar.working_seconds_between(start, np.where(known, facts.judged_at, 0)) - facts.waiting_working
    known &= limit > 0
    return Used(np.where(known, limit, 0), np.where(known, np.maximum(taken, 0) / np.maximum(limit, 1), np.nan))


def in_history(facts: DossierFacts) -> Mask:
    """Received dossiers that fell due in the months before the moment, waiting counted."""
    at = facts.context.cutoff
    due = facts.due_moved
    inside: Mask = facts.received & (due != NAT) & (due <= at) & (due > at - WINDOW_DAYS * DAY)
    return inside & ~facts.finished_untimed & ~facts.ended_waiting & ~facts.paused_for_finance


def bins(facts: DossierFacts) -> npt.NDArray[np.int64]:
    """The twentieth of the limit in which each dossier ended; on time and late never share one. Shape (n,)."""
    share = np.nan_to_num(used(facts).share)
    place = np.minimum((share * PARTS).astype(np.int64), _BINS - 1)
    late = np.where(facts.finished, np.maximum(place, PARTS), _BINS - 1)
    return np.where(facts.finished & facts.within_due, np.minimum(place, PARTS - 1), late)


def place_of(unit: Ints, procedure: Ints, twentieth: Ints, procedures: int) -> Ints:
    """One number for unit, procedure and twentieth of the limit. Shape of unit."""
    place: Ints = (unit * procedures + procedure) * _BINS + twentieth
    return place


class History:
    """Counts by unit, procedure and twentieth of the limit; they add up."""

    def __init__(self, keys: Ints, counts: Ints, procedures: int) -> None:
        self._keys = keys
        """unit × procedures + procedure, ascending; one row of `counts` each."""
        self._counts = counts
        self._procedures = procedures
        units, starts = np.unique(keys // procedures, return_index=True)
        self._units = units
        self._of_unit = np.add.reduceat(counts, starts) if len(keys) else np.zeros((0, _BINS), np.int64)

    @classmethod
    def of(cls, places: Ints, dossiers: Ints, procedures: int) -> History:
        """From dossiers by `place_of`; one place may be told several times."""
        keys, place = np.unique(places // _BINS, return_inverse=True)
        counts = np.zeros((len(keys), _BINS), np.int64)
        np.add.at(counts, (place, places % _BINS), dossiers)
        return cls(keys, counts, procedures)

    def outlook(self, unit: Ints, procedure: Ints, share: Floats) -> tuple[Floats, Floats]:
        """Of dossiers that have used a share of their limit: the chance to end on time, and the share by which half of
        those like them had ended. NaN where the unit's history is too short. All have shape (n,)."""
        own = _looked_up(self._keys, self._counts, unit * self._procedures + procedure)
        whole = _looked_up(self._units, self._of_unit, unit)
        enough = (whole.sum(axis=1) >= FEWEST) & np.isfinite(share)
        left = _left(np.nan_to_num(share))
        of_unit = whole * left + 1e-9
        of_unit[:, PARTS - 1 : PARTS + 1] += 0.5 * left[:, PARTS - 1 : PARTS + 1]
        of_unit /= of_unit.sum(axis=1, keepdims=True)
        chances = own * left + _UNIT_WEIGHT * of_unit
        chances /= chances.sum(axis=1, keepdims=True)
        median = (np.argmax(np.cumsum(chances, axis=1) >= 0.5, axis=1) + 0.5) / PARTS
        on_time = np.where(share > 1, 0.0, chances[:, :PARTS].sum(axis=1))
        return np.where(enough, on_time, np.nan), np.where(enough, np.maximum(median, share), np.nan)


def _looked_up(keys: Ints, counts: Ints, wanted: Ints) -> Floats:
    """The counts of each wanted key; zeros where there is none. Shape (n, _BINS)."""
    if not len(keys):
        return np.zeros((len(wanted), _BINS))
    at = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    found: Floats = np.where((keys[at] == wanted)[:, None], counts[at], 0).astype(np.float64)
    return found


def _left(share: Floats) -> Floats:
    """The part of each twentieth that lies beyond a share. Shape (n, _BINS)."""
    left: Floats = np.clip(np.arange(1, _BINS + 1) - np.minimum(share, 2.0)[:, None] * PARTS, 0, 1)
    return left
