"""The state of each dossier for its apology letter at a moment.

A dossier that will be late is told at the latest a day before it is due, once, with a reason and one new date (NĐ 61
Art. 19(9), kept under NĐ 118). Days are compared, not hours: a letter of the day before is in time whatever its hour.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.codes import DAY, NEVER
from tthc_cli.facts.columns import NAT, Times
from tthc_cli.facts.letters.issued import IssuedLetters

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.facts.moment import Moment
    from tthc_cli.verdicts import Mask
    from tthc_cli.workdays import WorkCalendar

Lead = Literal["calendar", "working"]
"""How the day before is counted: a calendar day, or a working day."""


class LetterState(IntEnum):
    """What is to be said of a dossier's letter; exactly one for each dossier."""

    NONE = 0
    """Not late, not near its due day, no letter."""
    DUE_TODAY = 1
    """Open, its clock runs, a letter must go out today (or should have), none did, and it is not yet past due."""
    OVERDUE_NO_LETTER = 2
    """Past due, or finished after it, without a letter."""
    TOO_LATE = 3
    """Past due, or finished after it; the letter came after the last day for it."""
    IN_TIME = 4
    """Past due, or finished after it; the letter came in time."""
    SENT = 5
    """Open and not yet past due, with a letter."""
    NOT_LATE = 6
    """A letter, though the dossier was finished in time: harmless."""


class Extension(IntEnum):
    """What became of the new date that the letter gave to a late dossier."""

    NONE = 0
    """There is no new date, or the dossier is not late."""
    RUNNING = 1
    KEPT = 2
    BROKEN = 3


@dataclass(frozen=True)
class LetterStates:
    """Of n dossiers; every array has shape (n,)."""

    state: npt.NDArray[np.int64]
    """Codes of LetterState."""
    extension: npt.NDArray[np.int64]
    """Codes of Extension, by the first letter: the law knows no second."""
    count: npt.NDArray[np.int64]
    """Letters of the dossier; 2 and more break the rule that it is re-appointed once."""
    moved_without: Mask
    """Its due date was moved without a letter, a supplement or a pause."""
    due: Times
    """The due time before any letter, moved by what does not count; NAT where nothing tells."""
    last_day: npt.NDArray[np.int64]
    """The last day for a letter, in days since 1970; NAT where no due time is known."""
    issued: Times
    new_due: Times
    running: Mask
    """Open, with a due time that is known, and a clock that runs."""

    @property
    def listed(self) -> Mask:
        """Of which something is to be told."""
        told: Mask = (self.state != LetterState.NONE) | self.moved_without
        return told


def letter_states(facts: DossierFacts, letters: IssuedLetters, lead: Lead = "calendar") -> LetterStates:
    """The states of a chunk of dossiers, which must hold `_key`, at the moment of its context."""
    count, issued, new_due = _letters_of(facts, letters)
    calendar = facts.context.calendar
    due = facts.due_moved
    known = due != NAT
    last_day = np.where(known, last_days(np.where(known, due, 0) // DAY, lead, calendar), NAT)
    received = (facts.received_at != NAT) & (facts.received_at <= facts.context.cutoff)
    counted = received & known & ~facts.finished_untimed & ~facts.paused_for_finance
    late = counted & (facts.judged_time > due)
    has = count > 0
    closed = facts.closed_at != NAT
    ended = closed | facts.finished_untimed
    stands = (facts.waits.lasts_since(facts.n) != NEVER) | facts.ended_waiting
    running = counted & ~closed & ~stands
    near = running & ~late & (facts.context.cutoff // DAY >= last_day)
    in_time = np.where(has, issued // DAY, 0) <= last_day
    state = np.select(
        [late & ~has, late & in_time, late, has & ended, has, near],
        [
            LetterState.OVERDUE_NO_LETTER, LetterState.IN_TIME, LetterState.TOO_LATE, LetterState.NOT_LATE,
            LetterState.SENT, LetterState.DUE_TODAY,
        ],
        LetterState.NONE,
    )  # fmt: skip
    extension = _extension(facts, late & has, new_due)
    return LetterStates(state, extension, count, due_moved(facts) & ~has, due, last_day, issued, new_due, running)


class Letters:
    """The letters issued by a moment, read when they are first asked for."""

    def __init__(self, moment: Moment) -> None:
        self._moment = moment
        self._lead: Lead = moment.settings.letters.apology_lead

    @cached_property
    def issued(self) -> IssuedLetters:
        return self._moment.letters

    def states(self, facts: DossierFacts) -> LetterStates:
        """The states of a chunk of dossiers, which must hold `_key`."""
        return letter_states(facts, self.issued, self._lead)


def last_days(day: npt.NDArray[np.int64], lead: Lead, calendar: WorkCalendar) -> npt.NDArray[np.int64]:
    """The last day for a letter of dossiers that are due on some days."""
    return day - 1 if lead == "calendar" else calendar.add_working_days(day, -1)


def _letters_of(facts: DossierFacts, letters: IssuedLetters) -> tuple[npt.NDArray[np.int64], Times, Times]:
    """Number of letters, and day and new date of the first. Of a letter that only the log tells, the new date is the
    dossier's own."""
    count, issued = np.zeros(facts.n, np.int64), np.full(facts.n, NAT)
    new_due = issued.copy()
    rows, at = letters.find(facts.chunk.column(schema.KEY_HASH).to_numpy())
    count[rows], issued[rows], new_due[rows] = letters.count[at], letters.issued[at], letters.new_due[at]
    blank = rows[(new_due[rows] == NAT) & (facts.supplement_requests[rows] == 0)]
    new_due[blank] = facts.time_at("NgayHenTraMoi", blank)
    return count, issued, _timed(new_due, facts)


def _timed(moments: Times, facts: DossierFacts) -> Times:
    """A day without a time of day ends with its work."""
    dated = np.flatnonzero((moments != NAT) & (moments % DAY == 0))
    out = moments.copy()
    out[dated] = facts.context.calendar.end_of_working_day(moments[dated] // DAY)
    return out


def _extension(facts: DossierFacts, late: Mask, new_due: Times) -> npt.NDArray[np.int64]:
    ended = np.minimum(facts.judged_at, facts.waits.lasts_since(facts.n))
    given = late & (new_due != NAT)
    return np.select(
        [given & (ended > new_due), given & (facts.closed_at != NAT), given],
        [Extension.BROKEN, Extension.KEPT, Extension.RUNNING],
        Extension.NONE,
    )


def _apart(one: Times, other: Times) -> Mask:
    """Whether two dates are known and differ; where one has no time of day, by day."""
    by_day = (one % DAY == 0) | (other % DAY == 0)
    apart: Mask = (one != NAT) & (other != NAT) & np.where(by_day, one // DAY != other // DAY, one != other)
    return apart


def due_moved(facts: DossierFacts) -> Mask:
    """The exports tell two due dates, and no supplement or pause that would move the first."""
    due, after, before = (facts.time(name) for name in ("NgayHenTra", "NgayHenTraMoi", "NgayHenTraTruoc"))
    two = _apart(due, before) | _apart(due, after)
    waited = np.zeros(facts.n, np.bool_)
    waited[facts.waits.row] = True
    received = (facts.received_at != NAT) & (facts.received_at <= facts.context.cutoff)
    moved: Mask = two & received & (facts.supplement_requests == 0) & ~waited & ~facts.paused_for_finance
    return moved
