"""How a chunk of dossiers was handled: when received, waited for and finished, seen from one period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.codes import (
    DAY,
    FINANCE,
    HANDLED,
    IN_PROGRESS,
    NEVER,
    REFUSED,
    REGISTERED,
    RETURNED,
    STOPPED,
    SUPPLEMENT,
    WITHDRAWN,
)
from tthc_cli.facts.columns import NAT, Numbers, Times, among, replaced
from tthc_cli.facts.dossier_columns import DossierColumns
from tthc_cli.facts.once import once
from tthc_cli.facts.waits import OwnWaits, Waits, merged
from tthc_cli.verdicts import Mask

if TYPE_CHECKING:
    from tthc_cli.facts.process_log import LogFacts


def _end_of_day_if_dated(moment: Times) -> Times:
    """The last second of the day of each moment that has no time of day; NEVER for NAT."""
    dated = moment % DAY == 0
    out: Times = np.where(dated, moment + (DAY - 1), moment)
    return replaced(out, moment == NAT, NEVER)


class HandlingFacts(DossierColumns):
    """When n dossiers were received, waited for and finished, seen from one period."""

    @once
    def received_at(self) -> Times:
        """When it was received; NAT for a dossier only registered (status 1)."""
        return replaced(self.time("NgayTiepNhan"), self.status == REGISTERED, NAT)

    @once
    def log(self) -> LogFacts | None:
        """What the process log tells of these dossiers; None when there is no log."""
        return None if self.context.log is None else self.context.log.facts(self)

    @once
    def _asked(self) -> npt.NDArray[np.intp]:
        """Rows with a NgayBoSung."""
        return self.known_rows("NgayBoSung")

    @once
    def _asked_at(self) -> Times:
        """The NgayBoSung of those rows."""
        return self.time_at("NgayBoSung", self._asked)

    @once
    def _own_requests(self) -> Numbers:
        """How often a supplement was asked for, by the dossier's own columns: SoLanBoSung, else 1 where there is a
        NgayBoSung; 0 when that is after the cutoff."""
        count = self.code("SoLanBoSung", 0).copy()
        rows = self._asked
        asked = count[rows]
        asked[asked == 0] = 1
        asked[self._asked_at > self.context.cutoff] = 0
        count[rows] = asked
        return count

    @once
    def supplement_requests(self) -> Numbers:
        """How often a supplement was asked for, up to the cutoff: by the process log or by the dossier's own columns,
        less what the log dates after the cutoff; the greater of the two."""
        if self.log is None:
            return self._own_requests
        return np.maximum(self.log.supplement_requests, self._own_requests - self.log.later_requests)

    @once
    def open_wait_known(self) -> Mask:
        """Of the rows `_asked`: by its own columns it waits for a supplement, and no later step of a log that knows
        of the request says otherwise."""
        rows = self._asked
        waits: Mask = (self.status[rows] == SUPPLEMENT) & (self.time_at("NgayTiepNhanBoSung", rows) == NAT)
        if self.log is not None:
            logged = self.log.supplement_requests[rows] >= self._own_requests[rows]
            waits &= ~(self.log.present[rows] & logged & (self.log.last_at[rows] > self._asked_at))
        return waits

    @once
    def ended_waiting_at(self) -> Times:
        """When its only supplement was asked for, where it waits for that and nothing came after; else NAT."""
        out = np.full(self.n, NAT, np.int64)
        waits = self.open_wait_known & (self._asked_at <= self.context.cutoff)
        out[self._asked[waits]] = self._asked_at[waits]
        log = self.log
        if log is not None:
            out[log.goes_on] = NAT
            rows = np.flatnonzero((log.last_status == SUPPLEMENT) & ~log.goes_on)
            rows = rows[~among(self.status[rows], REFUSED, WITHDRAWN, HANDLED, RETURNED)]
            rows = rows[self.time_at("NgayTiepNhanBoSung", rows) <= log.last_since[rows]]
            out[rows] = log.last_since[rows]
        return replaced(out, self.supplement_requests != 1, NAT)

    @once
    def _ended_early(self) -> Mask:
        """Refused, withdrawn or stopped (3, 7, 8) after it had been received."""
        ended: Mask = among(self.status, REFUSED, WITHDRAWN, STOPPED) & (self.received_at != NAT)
        return ended

    @once
    def finished_at(self) -> Times:
        """Finish time: of status 9; else of 10; else of 3, 7 or 8 for a dossier that had been received; else, for one
        that ended waiting for its only supplement, when that was asked for. NAT when not finished by the cutoff, and
        for one that was taken up again, whatever finish it still carries."""
        done = self.time("NgayKetThucXuLy")
        rows = np.flatnonzero(done == NAT)
        other = self.time_at("NgayTra", rows)
        ended = (other == NAT) & self._ended_early[rows]
        done[rows] = np.where(ended, self.time_at("NgayTuChoi", rows), other)
        done = replaced(done, self.status == IN_PROGRESS, NAT)
        if self.log is not None:
            logged = np.flatnonzero(self.log.finished_at != NAT)
            done[logged] = self.log.finished_at[logged]
            rows = np.flatnonzero(_end_of_day_if_dated(done) < self.log.worked_at)
            returned = self.time_at("NgayTra", rows)
            done[rows] = np.where(_end_of_day_if_dated(returned) < self.log.worked_at[rows], NAT, returned)
        rows = np.flatnonzero(done == NAT)
        done[rows] = self.ended_waiting_at[rows]
        return replaced(done, done > self.context.cutoff, NAT)

    @once
    def finished_untimed(self) -> Mask:
        """Finished by its status (3, 7, 9, 10), but nothing tells when. A stop (8) without a date is no finish."""
        out = np.zeros(self.n, np.bool_)
        rows = np.flatnonzero(~(self.known("NgayKetThucXuLy") | self.known("NgayTra")))
        status = self.status[rows]
        ended = among(status, REFUSED, WITHDRAWN) & (self.time_at("NgayTuChoi", rows) == NAT)
        untimed = (among(status, HANDLED, RETURNED) | ended) & (self.received_at[rows] != NAT)
        untimed &= self.ended_waiting_at[rows] == NAT
        if self.log is not None:
            untimed &= (self.log.finished_at[rows] == NAT) & ~self.log.goes_on[rows]
        out[rows] = untimed
        return out

    @once
    def waits(self) -> Waits:
        """When the clock stood still before the finish or the cutoff: waiting for supplements (request to completion)
        and, by the process log, for financial obligations (status 6)."""
        completed = self.time_at("NgayTiepNhanBoSung", self._asked)
        own = OwnWaits(self._asked, self._asked_at, np.where(self.open_wait_known, NEVER, completed))
        return merged(own, completed, None if self.log is None else self.log.waits, self.judged_at)

    @once
    def waiting(self) -> Times:
        """Seconds that do not count before the finish or the cutoff."""
        return self.waits.sum(self.n)

    @once
    def waiting_working(self) -> Times:
        """The part of `waiting` that is working time, in seconds."""
        return self.waits.sum(self.n, self._working)

    def _working(self, end: Times, begin: Times) -> Times:
        return self.context.calendar.working_seconds_between(begin, end)

    @once
    def judged_at(self) -> Times:
        """The moment compared with the due time: the finish, else the cutoff."""
        return replaced(self.finished_at, self.finished_at == NAT, self.context.cutoff)

    @once
    def started_at(self) -> Times:
        """When its clock started: at receipt; for a boundary-free dossier, from the day the rulebook says, when the
        competent agency received it, NAT when that is not told."""
        if self._column("PhiDiaGioi").blank:
            return self.received_at
        abroad = self._column("PhiDiaGioi").among(1) & (self.received_at >= self.context.rules.boundary_free_from)
        rows = np.flatnonzero(abroad)
        if not len(rows):
            return self.received_at
        out = self.received_at.copy()
        out[rows] = self.time_at("NgayCoQuanThamQuyenNhan", rows)
        return out

    @once
    def received(self) -> Mask:
        """Received in the period (and by the cutoff)."""
        c = self.context
        return (self.received_at >= c.start) & (self.received_at <= min(c.end - 1, c.cutoff))

    @once
    def received_or_submitted(self) -> Mask:
        """Received in the period; where NgayTiepNhan is blank, submitted in the period (3.2 and 3.4)."""
        c = self.context
        rows = np.flatnonzero(~self.known("NgayTiepNhan"))
        if not len(rows):
            return self.received
        submitted = self.time_at("NgayNopHoSo", rows)
        out = self.received.copy()
        inside = (submitted >= c.start) & (submitted <= min(c.end - 1, c.cutoff))
        out[rows] |= inside & ~among(self.status[rows], REGISTERED, REFUSED)
        return out

    @once
    def finished(self) -> Mask:
        """Finished by the cutoff."""
        finished: Mask = self.finished_at != NAT
        return finished

    @once
    def carried_over(self) -> Mask:
        """Received before the period and not finished before it."""
        before: Mask = (self.received_at != NAT) & (self.received_at < self.context.start)
        if not before.any():
            return before
        ended_before = self.finished & (self.finished_at < self.context.start)
        return before & ~ended_before & ~self.finished_untimed

    @once
    def handled(self) -> Mask:
        """Received in the period, or carried over into it: the subjects of 2.1 and 5.3."""
        return self.received | self.carried_over

    @once
    def paused_for_finance(self) -> Mask:
        """Open at status 6 with nothing that tells since when: its clock stands still."""
        paused: Mask = (self.status == FINANCE) & ~self.finished
        if self.log is not None:
            paused &= (self.log.last_status != FINANCE) & ~self.log.goes_on
        return paused
