"""When the clocks of dossiers stood still: waits that the process log tells, and what only their own columns know."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.codes import DAY, NEVER
from tthc_cli.facts.columns import NAT, Times
from tthc_cli.facts.process_log import LogWaits
from tthc_cli.verdicts import Mask

Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class OwnWaits:
    """Supplement waits by the dossiers' own columns, at most one a dossier; every array has shape (m,)."""

    row: Rows
    begin: Times
    end: Times
    """NEVER while it is open; before `begin` when nothing was waited for."""


@dataclass(frozen=True)
class Waits:
    """Stretches of waiting; those of one dossier may overlap, and then a third takes their overlap off again (`sign`
    -1). Every array has shape (m,); all end after they begin."""

    row: Rows
    begin: Times
    end: Times
    """The end of the wait, the finish, or the cutoff, whichever is first."""
    sign: npt.NDArray[np.int64]
    supplement: Mask
    lasting: Mask
    """It goes on up to the finish or the cutoff: the clock stands still there."""

    def sum(self, n: int, length: Callable[[Times, Times], Times] = np.subtract) -> Times:
        """Waiting of each of n dossiers. length: of a stretch from its end and its begin."""
        out = np.zeros(n, np.int64)
        np.add.at(out, self.row, self.sign * length(self.end, self.begin))
        return out

    def where(self, mask: Mask) -> Waits:
        return Waits(*(getattr(self, name)[mask] for name in self.__dataclass_fields__))

    def between(self, since: Times, until: Times) -> Waits:
        """The part of the waits after one moment of their dossier and before another."""
        begin, end = np.maximum(self.begin, since[self.row]), np.minimum(self.end, until[self.row])
        real = end > begin
        return Waits(self.row, begin, end, self.sign, self.supplement, self.lasting).where(real)

    def lasts_since(self, n: int) -> Times:
        """Since when the clock of each dossier stands still; NEVER when it runs at its finish or the cutoff."""
        out = np.full(n, NEVER, np.int64)
        mine = self.lasting & (self.sign > 0)
        np.minimum.at(out, self.row[mine], self.begin[mine])
        return out

    def completed_at(self, n: int) -> Times:
        """When the last supplement of each dossier was completed; NAT for none."""
        out = np.full(n, NAT, np.int64)
        mine = self.supplement & ~self.lasting & (self.sign > 0)
        np.maximum.at(out, self.row[mine], self.end[mine])
        return out

    def first_asked_at(self, n: int) -> Times:
        """When the first supplement of each dossier was asked for; NEVER for none."""
        out = np.full(n, NEVER, np.int64)
        mine = self.supplement & (self.sign > 0)
        np.minimum.at(out, self.row[mine], self.begin[mine])
        return out


def _stretches(row: Rows, begin: Times, end: Times, sign: int, supplement: Mask, stop: Times) -> Waits:
    """The part of some waits before the finish or the cutoff. stop: of each dossier."""
    until = np.minimum(end, stop[row])
    real = until > begin
    return Waits(
        row[real], begin[real], until[real], np.full(np.count_nonzero(real), sign), supplement[real],
        (end >= stop[row])[real],
    )  # fmt: skip


def _places(rows: Rows, wanted: Rows) -> tuple[Rows, Mask]:
    """Where each wanted number stands in sorted `rows`, and whether it does."""
    if not len(rows):
        return np.zeros(len(wanted), np.intp), np.zeros(len(wanted), np.bool_)
    at = np.minimum(np.searchsorted(rows, wanted), len(rows) - 1)
    return at, rows[at] == wanted


def _completed(log: LogWaits, own: OwnWaits, completed: Times) -> LogWaits:
    """The log's waits; one that no step closes ends when the dossier's own columns say that it was completed."""
    at, known = _places(own.row, log.dossier)
    if not known.any():
        return log
    done = np.where(known, completed[at], NAT)
    closes = log.unclosed & (done > log.begin) & (done < log.end)
    return LogWaits(log.dossier, log.begin, np.where(closes, done, log.end), log.supplement, log.unclosed & ~closes)


def _dated(own: OwnWaits, log: LogWaits) -> OwnWaits:
    """A request known by its day alone begins when the log says that a wait of that day begins."""
    at, known = _places(own.row, log.dossier)
    if not known.any():
        return own
    day = own.begin[at]
    same = known & (day % DAY == 0) & (log.begin >= day) & (log.begin < day + DAY)
    begin = own.begin.copy()
    begin[at[same][::-1]] = log.begin[same][::-1]
    return OwnWaits(own.row, begin, own.end)


def merged(own: OwnWaits, completed: Times, log: LogWaits | None, stop: Times) -> Waits:
    """All waits before the finish or the cutoff: those of the log, plus what only the dossiers' own columns know.

    own.row: in order. completed: when the dossiers of `own` completed a supplement. stop: finish or cutoff, of each
    dossier.
    """
    every = np.ones(len(own.row), np.bool_)
    if log is None or not len(log.dossier):
        return _stretches(own.row, own.begin, own.end, 1, every, stop)
    log = _completed(log, own, completed)
    own = _dated(own, log)
    at, known = _places(own.row, log.dossier)
    both, at = np.flatnonzero(known), at[known]
    parts = (
        _stretches(log.dossier, log.begin, log.end, 1, log.supplement, stop),
        _stretches(own.row, own.begin, own.end, 1, every, stop),
        _stretches(
            log.dossier[both], np.maximum(log.begin[both], own.begin[at]), np.minimum(log.end[both], own.end[at]), -1,
            log.supplement[both], stop,
        ),
    )  # fmt: skip
    return Waits(*(np.concatenate([getattr(p, name) for p in parts]) for name in Waits.__dataclass_fields__))
