"""How a chunk of dossiers was handled: when received, waited for, finished and due, seen from one period."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.catalogue import UNKNOWN
from tthc_cli.facts.columns import NAT, Numbers, Times, among, replaced
from tthc_cli.facts.context import (
    DAY,
    FINANCE,
    HANDLED,
    NEVER,
    REFUSED,
    REGISTERED,
    RETURNED,
    STOPPED,
    SUPPLEMENT,
    WITHDRAWN,
)
from tthc_cli.facts.dossier_columns import DossierColumns
from tthc_cli.facts.once import once
from tthc_cli.verdicts import Mask

if TYPE_CHECKING:
    from tthc_cli.facts.process_log import LogFacts


class HandlingFacts(DossierColumns):
    """When n dossiers were received, finished and due, seen from one period."""

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
    def supplement_requests(self) -> Numbers:
        """How often a supplement was asked for, up to the cutoff: from the process log where the dossier is in it,
        else SoLanBoSung, else 1 where there is a NgayBoSung."""
        count = self.code("SoLanBoSung", 0).copy()
        rows = self._asked
        asked = count[rows]
        asked[asked == 0] = 1
        asked[self._asked_at > self.context.cutoff] = 0
        count[rows] = asked
        if self.log is not None:
            count = np.where(self.log.present, self.log.supplement_requests, count)
        return count

    @once
    def ended_waiting_at(self) -> Times:
        """For a dossier that ended waiting for its only supplement: when that was asked for; else NAT."""
        out = np.full(self.n, NAT, np.int64)
        rows = np.flatnonzero(self.status == SUPPLEMENT)
        rows = rows[self.supplement_requests[rows] == 1]
        rows = rows[self.time_at("NgayTiepNhanBoSung", rows) == NAT]
        out[rows] = self.time_at("NgayBoSung", rows)
        if self.log is not None:
            out = np.where(self.log.present, self.log.ended_waiting_at, out)
        return out

    @once
    def _ended_early(self) -> Mask:
        """Refused, withdrawn or stopped (3, 7, 8) after it had been received."""
        ended: Mask = among(self.status, REFUSED, WITHDRAWN, STOPPED) & (self.received_at != NAT)
        return ended

    @once
    def finished_at(self) -> Times:
        """Finish time: of status 9; else of 10; else of 3, 7 or 8 for a dossier that had been received; else, for one
        that ended waiting for its only supplement, when that was asked for. NAT when not finished by the cutoff."""
        done = self.time("NgayKetThucXuLy")
        rows = np.flatnonzero(done == NAT)
        other = self.time_at("NgayTra", rows)
        ended = (other == NAT) & self._ended_early[rows]
        done[rows] = np.where(ended, self.time_at("NgayTuChoi", rows), other)
        if self.log is not None:
            logged = np.flatnonzero(self.log.finished_at != NAT)
            done[logged] = self.log.finished_at[logged]
        rows = rows[done[rows] == NAT]
        done[rows] = self.ended_waiting_at[rows]
        return replaced(done, done > self.context.cutoff, NAT)

    @once
    def finished_untimed(self) -> Mask:
        """Finished by its status (3, 7, 8, 9, 10), but nothing tells when."""
        out = np.zeros(self.n, np.bool_)
        rows = np.flatnonzero(~(self.known("NgayKetThucXuLy") | self.known("NgayTra")))
        handled = among(self.status[rows], HANDLED, RETURNED) & (self.received_at[rows] != NAT)
        untimed = handled | (self._ended_early[rows] & (self.time_at("NgayTuChoi", rows) == NAT))
        untimed &= self.ended_waiting_at[rows] == NAT
        if self.log is not None:
            untimed &= self.log.finished_at[rows] == NAT
        out[rows] = untimed
        return out

    @once
    def waiting_span(self) -> tuple[Times, Times]:
        """From when to when a supplement was waited for, by the dossier's own columns, before the finish or the
        cutoff; of the rows `_asked`. Equal where it was not waited for."""
        rows = self._asked
        asked_at, completed_at = self._asked_at, self.time_at("NgayTiepNhanBoSung", rows)
        still_asked = (completed_at == NAT) & (self.status[rows] == SUPPLEMENT)
        until = np.where(still_asked, self.context.cutoff, completed_at)
        until = np.minimum(until, self.judged_at[rows])
        return asked_at, np.maximum(until, asked_at)

    @once
    def waiting(self) -> npt.NDArray[np.int64]:
        """Seconds that do not count before the finish or the cutoff: waiting for supplements (request to completion)
        and, from the process log, for financial obligations (status 6)."""
        out = np.zeros(self.n, np.int64)
        asked_at, until = self.waiting_span
        out[self._asked] = until - asked_at
        if self.log is not None:
            after, rows = self._waiting_after_finish, self._paused_past_finish
            out = np.where(self.log.present, self.log.waiting, out)
            out[rows] -= after[1] - after[0]
        return out

    @once
    def _paused_past_finish(self) -> npt.NDArray[np.intp]:
        """Rows whose log ends waiting, while the dossier's own columns tell a finish."""
        if self.log is None:
            return np.zeros(0, np.intp)
        return np.flatnonzero((self.log.paused_since != NAT) & self.finished)

    @once
    def _waiting_after_finish(self) -> tuple[Times, Times]:
        """From when to when those rows seem to wait after their finish."""
        assert self.log is not None
        rows = self._paused_past_finish
        end = np.full(len(rows), self.context.cutoff, np.int64)
        return np.minimum(np.maximum(self.log.paused_since[rows], self.finished_at[rows]), end), end

    @once
    def waiting_working(self) -> npt.NDArray[np.int64]:
        """The part of `waiting` that is working time, in seconds."""
        out = np.zeros(self.n, np.int64)
        out[self._asked] = self.context.calendar.working_seconds_between(*self.waiting_span)
        if self.log is not None:
            out = np.where(self.log.present, self.log.waiting_working, out)
            working = self.context.calendar.working_seconds_between(*self._waiting_after_finish)
            out[self._paused_past_finish] -= working
        return out

    @once
    def judged_at(self) -> Times:
        """The moment compared with the due time: the finish, else the cutoff."""
        return replaced(self.finished_at, self.finished_at == NAT, self.context.cutoff)

    @once
    def due_at(self) -> Times:
        """Due time, before waiting is added; NAT when neither the dossier nor the catalogue tells.

        NgayHenTra; where it was moved for a supplement (NgayHenTraMoi), the date before the move (NgayHenTraTruoc),
        because waiting is taken off on its own. Without a due date: received + the statutory duration. A date without
        a time of day means the end of that working day.
        """
        due = self.time("NgayHenTra")
        rows = np.flatnonzero(due == NAT)
        due[rows] = self.time_at("NgayHenTraMoi", rows)
        moved = self.known_rows("NgayHenTraTruoc")
        due[moved] = self.time_at("NgayHenTraTruoc", moved)
        calendar, catalogue = self.context.calendar, self.context.catalogue
        day = due // DAY
        dated = np.flatnonzero(day * DAY == due)
        due[dated] = calendar.end_of_working_day(day[dated])
        rows = rows[(due[rows] == NAT) & (self.received_at[rows] != NAT)]
        procedure = self.procedure[rows]
        timed = ~np.isnan(catalogue.duration[procedure]) & (catalogue.duration_unit[procedure] != UNKNOWN)
        rows, procedure = rows[timed], procedure[timed]
        if len(rows):
            due[rows] = calendar.due(
                self.received_at[rows], catalogue.duration[procedure], catalogue.duration_unit[procedure]
            )
        return due

    @once
    def due_already_moved(self) -> Mask:
        """The due date already includes the waiting: it equals NgayHenTraMoi, and the date before is not known."""
        out = np.zeros(self.n, np.bool_)
        rows = self.known_rows("NgayHenTraMoi")
        after, due = self.time_at("NgayHenTraMoi", rows), self.time_at("NgayHenTra", rows)
        out[rows] = ((due == after) | (due == NAT)) & (self.time_at("NgayHenTraTruoc", rows) == NAT)
        return out

    @once
    def judged_time(self) -> Times:
        """Finish (or cutoff) less the waiting that does not count; compared with `due_at`."""
        rows = self._asked if self.log is None else np.arange(self.n)
        rows = rows[(self.waiting[rows] != 0) & ~self.due_already_moved[rows]]
        if not len(rows):
            return self.judged_at
        out = self.judged_at.copy()
        out[rows] -= self.waiting[rows]
        return out

    @once
    def due_unknown(self) -> Mask:
        """Nothing tells when it was due."""
        unknown: Mask = self.due_at == NAT
        return unknown

    @once
    def within_due(self) -> Mask:
        """Finished, or still open, on or before due; false where due is not known."""
        within: Mask = self.judged_time <= self.due_at
        return within

    @once
    def early(self) -> Mask:
        """Finished, or judged, before the day it was due."""
        early: Mask = self.judged_time < self.due_at // DAY * DAY
        return early

    @once
    def ended_waiting(self) -> Mask:
        """It ended waiting for its only supplement."""
        ended: Mask = self.finished & (self.finished_at == self.ended_waiting_at)
        return ended

    @once
    def changes_at(self) -> int:
        """The first cutoff at which time alone, without any news, may change a verdict: when an open dossier becomes
        overdue. NEVER when none is open within due."""
        within = self.handled & ~self.finished & self.within_due
        rows = np.flatnonzero(within)
        if not len(rows):
            return int(NEVER)
        return self.context.cutoff + 1 + int((self.due_at[rows] - self.judged_time[rows]).min())

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
    def overdue(self) -> Mask:
        """Late, open past due, or with two or more supplement requests."""
        late = ~self.due_unknown & ~self.within_due
        late &= ~self.paused_for_finance & ~self.finished_untimed
        overdue: Mask = late | self.too_many_supplements
        return overdue

    @once
    def too_many_supplements(self) -> Mask:
        """Supplements were asked for so often that it counts as overdue whatever its dates."""
        out: Mask = self.supplement_requests >= self.context.supplements_overdue
        return out

    @once
    def paused_for_finance(self) -> Mask:
        """Open at status 6 with nothing that tells since when: its clock stands still."""
        paused: Mask = (self.status == FINANCE) & ~self.finished
        if self.log is not None:
            paused &= ~self.log.present
        return paused
