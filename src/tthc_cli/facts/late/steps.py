"""Late steps, in one definition: a step is late when it was done, or still stands, after its own due time.

And the step that a dossier stands at; and hand-overs that came too late (Nghị định 61/2018/NĐ-CP, Art. 18; Nghị định
309/2026/NĐ-CP, Art. 18(2)).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.codes import DAY, RECEIVED
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.step_log import StepRows

if TYPE_CHECKING:
    from tthc_cli.verdicts import Mask
    from tthc_cli.workdays import WorkCalendar

Ints = npt.NDArray[np.int64]
_THREE_O_CLOCK = 15 * 3600
_GRACE_HOURS = 1
"""What "at the start of the next working day" is taken to mean: within its first working hour. The law does not say."""


def step_due(due: Ints) -> Ints:
    """When steps are over; one that is due on a day without a time has that whole day. NAT for none. Shape (m,)."""
    dated = (due != NAT) & (due % DAY == 0)
    return np.where(dated, due + (DAY - 1), due)


def is_late(due: Ints, done: Ints) -> Mask:
    """Whether steps are late: done, or looked at while they stand, after their own due time. Shape (m,)."""
    late: Mask = (due != NAT) & (done > step_due(due))
    return late


@dataclass(frozen=True)
class StepsAt:
    """The steps of n dossiers as they are seen at a moment: those done by then, and those begun and not done."""

    rows: StepRows
    standing: Mask
    """Begun by the moment and not done; its dossier stands there. Shape (m,), like `end`."""
    end: Ints
    """When it was done, else the moment."""
    moment: int
    calendar: WorkCalendar

    @property
    def late(self) -> Mask:
        return is_late(self.rows.due, self.end)

    @property
    def overrun(self) -> Ints:
        """Working seconds past its own due time; 0 for a step that is not late."""
        late = self.late
        due = np.where(late, step_due(self.rows.due), 0)
        return np.where(late, self.calendar.working_seconds_between(due, np.where(late, self.end, 0)), 0)

    def last(self, n: int) -> npt.NDArray[np.intp]:
        """The step that each of n dossiers stands at: begun and not done, else the last one done, which nothing shows
        it to have left; -1 for a dossier without steps."""
        out = np.full(n, -1)
        out[self.rows.dossier] = np.arange(len(self.rows))  # the last of each stays
        out[self.rows.dossier[self.standing]] = np.flatnonzero(self.standing)
        return out

    def longest_overrun(self, n: int) -> npt.NDArray[np.intp]:
        """The step of each of n dossiers that took longest past its own due time; -1 where none was late."""
        out = np.full(n, -1)
        overrun = self.overrun
        order = np.argsort(overrun, kind="stable")
        order = order[overrun[order] > 0]
        out[self.rows.dossier[order]] = order
        return out

    def late_hand_over(self) -> Mask:
        """Receptions (status 2) passed on, or still lying there, after `hand_over_limit`. Shape (m,)."""
        rows, m = self.rows, len(self.rows)
        following = np.minimum(np.arange(m) + 1, m - 1)
        passed_on = (following > np.arange(m)) & (rows.dossier[following] == rows.dossier)
        taken = np.where(rows.begin[following] != NAT, rows.begin[following], self.end[following])
        end = np.where(passed_on, taken, self.moment)
        late: Mask = (rows.status == RECEIVED) & (rows.at <= self.moment)
        return late & (end > hand_over_limit(rows.at, self.calendar))


def hand_over_limit(received: Ints, calendar: WorkCalendar) -> Ints:
    """By when what came in at these moments is to be passed on: the end of that working day; after 15:00, or on a day
    off, the first hour of the next working day. Shape of received."""
    day = received // DAY
    worked = calendar.add_working_days(day, 0)
    closing = calendar.end_of_working_day(worked)
    next_day = (worked != day) | (received - day * DAY > _THREE_O_CLOCK)
    opened = calendar.add_working_hours(closing, np.full(len(received), float(_GRACE_HOURS)))
    return np.where(next_day, opened, closing)


def steps_at(rows: StepRows, moment: int, calendar: WorkCalendar) -> StepsAt:
    """What is seen at a moment of some steps. A last step that was not done when it began (ThoiDiemXuLy is its begin,
    as systems write that log a step when it starts) stands until another follows."""
    seen = rows.at <= moment
    begun = (rows.begin != NAT) & (rows.begin <= moment)
    shown = rows.where(seen | begun)
    open_ = shown.at > moment
    last = np.ones(len(shown), np.bool_)
    last[:-1] = shown.dossier[1:] != shown.dossier[:-1]
    stays = last & (shown.begin != NAT) & (shown.at <= shown.begin)
    standing = open_ | stays
    return StepsAt(shown, standing, np.where(standing, moment, shown.at), moment, calendar)
