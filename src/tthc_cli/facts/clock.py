"""Whether dossiers were in time: when they were due, moved by the waiting that does not count, seen from one period."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.codes import DAY, NEVER
from tthc_cli.facts.columns import NAT, Times, replaced
from tthc_cli.facts.handling import HandlingFacts
from tthc_cli.facts.once import once
from tthc_cli.facts.waits import Waits
from tthc_cli.verdicts import Mask

Rows = npt.NDArray[np.intp]


class ClockFacts(HandlingFacts):
    """When n dossiers were due, and whether they were in time."""

    @once
    def due_at(self) -> Times:
        """The first due time, before waiting is added; NAT when neither the dossier nor the catalogue tells.

        NgayHenTra; where it was moved, for a supplement or with an apology, the date before the move
        (NgayHenTraTruoc). Without a due date: the start of the clock + the statutory duration. A date without
        a time of day means the end of that working day.
        """
        due = self._given_due.copy()
        rows = np.flatnonzero(due == NAT)
        lettered, before = self._before_letter
        due[lettered] = before
        calendar = self.context.calendar
        day = due // DAY
        dated = np.flatnonzero(day * DAY == due)
        due[dated] = calendar.end_of_working_day(day[dated])
        rows = rows[due[rows] == NAT]
        due[rows] = self._statutory_due(rows, self.started_at[rows])
        return due

    @once
    def _given_due(self) -> Times:
        """The first due date that the exports give."""
        due = self.time("NgayHenTra")
        rows = np.flatnonzero(due == NAT)
        due[rows] = self.time_at("NgayHenTraMoi", rows)
        moved = self.known_rows("NgayHenTraTruoc")
        due[moved] = self.time_at("NgayHenTraTruoc", moved)
        return due

    @once
    def _before_letter(self) -> tuple[Rows, Times]:
        """Rows whose exports give the new date of an apology letter alone, or none, and the date before the letter.
        Only where letters are looked at (at a moment)."""
        letters = self.context.letters
        if letters is None:
            return np.zeros(0, np.intp), np.zeros(0, np.int64)
        rows, at = letters.find(self._column(schema.KEY_HASH).stored)
        given, old, new = self._given_due[rows], letters.old_due[at], letters.new_due[at]
        here = (old != NAT) & ((given == NAT) | ((new != NAT) & (given // DAY == new // DAY)))
        return rows[here], old[here]

    def _statutory_due(self, rows: Rows, since: Times) -> Times:
        """When the duration of some dossiers' procedures is over, counted from a moment; NAT where it is not known.
        Shape of rows."""
        catalogue, procedure = self.context.catalogue, self.procedure[rows]
        duration, unit = catalogue.duration[procedure], catalogue.duration_unit[procedure]
        if np.isnan(duration).all():
            return np.full(len(rows), NAT, np.int64)
        return self.context.calendar.due(since, duration, unit.astype(np.int64))

    @once
    def statutory_due(self) -> Times:
        """When the statutory duration is over, counted from the start of the clock; NAT where it is not known."""
        return self._statutory_due(np.arange(self.n), self.started_at)

    @once
    def due_given(self) -> Mask:
        """The exports give a due date."""
        given: Mask = self._given_due != NAT
        return given

    @once
    def due_already_moved(self) -> Mask:
        """The due date already includes the waiting: it equals NgayHenTraMoi, and the date before is not known."""
        out = np.zeros(self.n, np.bool_)
        rows = self.known_rows("NgayHenTraMoi")
        after, due = self.time_at("NgayHenTraMoi", rows), self.time_at("NgayHenTra", rows)
        out[rows] = ((due == after) | (due == NAT)) & (self.time_at("NgayHenTraTruoc", rows) == NAT)
        out[self._before_letter[0]] = False
        return out

    @once
    def _stopped_since(self) -> Times:
        """Since when its clock stands still, at its finish or the cutoff; NEVER when it runs."""
        return self.waits.lasts_since(self.n)

    @once
    def _restarted_at(self) -> Times:
        """When its time began to be counted again from the start: at the completion of a supplement that was asked for
        in time; NAT when it was not."""
        if not self.context.rules.restarts or not len(self.waits.row):
            return np.full(self.n, NAT, np.int64)
        in_time = (self.waits.first_asked_at(self.n) <= self.due_at) & ~self.due_already_moved
        return np.where(in_time, self.waits.completed_at(self.n), NAT)

    @once
    def _deducted(self) -> Waits:
        """The waits that are over, were not counted again from the start, and that the due date does not include."""
        waits = self.waits.between(self._restarted_at, self._stopped_since)
        return waits.where(~self.due_already_moved[waits.row])

    @once
    def judged_time(self) -> Times:
        """What is compared with `due_moved`: the finish or the cutoff, or since when the clock stands still then; less
        the waiting where that is taken off in calendar time."""
        if not len(self.waits.row):
            return self.judged_at
        out = np.minimum(self.judged_at, self._stopped_since)
        if not self.context.rules.working_waits:
            out -= self._deducted.sum(self.n)
        return out

    @once
    def due_moved(self) -> Times:
        """The due time, moved by the working time waited, or counted again from the start, where the rulebook says so;
        NAT when it is not known."""
        if not len(self.waits.row):
            return self.due_at
        out = self.due_at.copy()
        rows = np.flatnonzero((self._restarted_at != NAT) & (out != NAT))
        if len(rows):
            out[rows] = self._due_again(rows)
        if self.context.rules.working_waits:
            waited = self._deducted.sum(self.n, self._working)
            rows = np.flatnonzero((waited > 0) & (out != NAT))
            out[rows] = self.context.calendar.add_working_hours(out[rows], waited[rows] / 3600)
        return out

    def _due_again(self, rows: Rows) -> Times:
        """The time limit of some dossiers counted from when they were complete: the statutory duration; where that is
        not known, the working time from start to due. Shape of rows."""
        calendar, again = self.context.calendar, self._restarted_at[rows]
        out = self._statutory_due(rows, again)
        own = np.flatnonzero((out == NAT) & (self.started_at[rows] != NAT))
        length = calendar.working_seconds_between(self.started_at[rows[own]], self.due_at[rows[own]])
        out[own] = calendar.add_working_hours(again[own], np.maximum(length, 0) / 3600)
        return np.where(out == NAT, self.due_at[rows], out)

    @once
    def due_unknown(self) -> Mask:
        """Nothing tells when it was due."""
        unknown: Mask = self.due_at == NAT
        return unknown

    @once
    def within_due(self) -> Mask:
        """Finished, or still open, on or before due; false where due is not known."""
        within: Mask = self.judged_time <= self.due_moved
        return within

    @once
    def early(self) -> Mask:
        """Finished, or judged, before the day it was due."""
        early: Mask = self.judged_time < self.due_moved // DAY * DAY
        return early

    @once
    def ended_waiting(self) -> Mask:
        """It ended waiting for its only supplement."""
        ended: Mask = self.finished & (self.finished_at == self.ended_waiting_at)
        return ended

    @once
    def closed_at(self) -> Times:
        """When it was finished, as lists show it: one that ended waiting for its supplement is open."""
        return replaced(self.finished_at, self.ended_waiting, NAT)

    @once
    def _appointment(self) -> tuple[Rows, Times]:
        """Rows that were given a new appointment with a supplement request, and that appointment. One given by an
        apology, without a request, is none."""
        rows = self.known_rows("NgayHenTraMoi")
        rows = rows[(self.supplement_requests[rows] > 0) & ~self.due_already_moved[rows]]
        due = self.time_at("NgayHenTraMoi", rows)
        day = due // DAY
        return rows, np.where(day * DAY == due, self.context.calendar.end_of_working_day(day), due)

    @once
    def _within_appointment(self) -> Mask:
        """Past due, but not past the new appointment given with the supplement request."""
        out = np.zeros(self.n, np.bool_)
        rows, due = self._appointment
        out[rows] = self.judged_at[rows] <= due
        return out & ~self.within_due & ~self.ended_waiting

    @once
    def within_counted_appointment(self) -> Mask:
        """Past due, but not past a new appointment that the rulebook counts."""
        return self._within_appointment & self.context.rules.appointment_counts

    @once
    def finished_within_appointment(self) -> Mask:
        """Finished past due, but not past a new appointment, which the rulebook does not count."""
        return self._within_appointment & self.finished & (not self.context.rules.appointment_counts)

    @once
    def changes_at(self) -> int:
        """The first cutoff at which time alone, without any news, may change a verdict: when an open dossier becomes
        overdue. NEVER when none is open within due."""
        left = np.where(self.within_due, self.due_moved - self.judged_time, 0)
        counted, (rows, due) = self.within_counted_appointment[self._appointment[0]], self._appointment
        left[rows[counted]] = due[counted] - self.context.cutoff
        open_now = np.flatnonzero(self.handled & ~self.finished & (self.within_due | self.within_counted_appointment))
        if not len(open_now):
            return int(NEVER)
        return self.context.cutoff + 1 + int(left[open_now].min())

    @once
    def too_many_supplements(self) -> Mask:
        """Supplements were asked for so often that it counts as overdue whatever its dates."""
        limit = self.context.rules.supplements_overdue
        out: Mask = self.supplement_requests >= (limit or NEVER)
        return out
