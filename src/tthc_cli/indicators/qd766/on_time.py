"""Group 2, handling: 2.1 dossiers handled on time, the breakdown of form II.06 that goes with it, and the handling
times behind 2.2."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.columns import NAT, by_index, replaced
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.yes_no import YesNoFacts
from tthc_cli.indicators.subjects import DOSSIER, HandlingTimes, Indicator
from tthc_cli.verdicts import BY_SYSTEM, OUTSIDE, Case, Mask, no, unknown, yes

EARLY = yes("early")
ON_DUE = yes("on_time")
LATE = no("late")
OPEN_WITHIN_DUE = yes("open_within_due")
OPEN_OVERDUE = no("open_overdue")
TOO_MANY_SUPPLEMENTS = no("too_many_supplements")
ENDED_WAITING = yes("ended_waiting")
PAUSED_FOR_FINANCE = yes("paused_for_finance")
NO_DUE_DATE = unknown("no_due_date", BY_SYSTEM)
FINISHED_WITHOUT_DATE = unknown("finished_without_date", BY_SYSTEM)
WITHIN_NEW_APPOINTMENT = no("within_new_appointment")
NEW_APPOINTMENT_KEPT = yes("new_appointment_kept")
OPEN_NEW_APPOINTMENT = yes("open_new_appointment")


def judge_on_time(facts: YesNoFacts) -> Sequence[Case]:
    """2.1: received or handled in the period; on time when finished on or before due, or still open within due.

    Rules 1 to 6 of "Rules behind the counts" (Quyết định 766/QĐ-TTg), in their order: finish time by status; two
    supplement requests are overdue whatever the dates; waiting for supplements does not count; a missing due date is
    computed; an open dossier is compared with the end of the period or of the extract; finish <= due is on time. A
    finish past due, but not past the new appointment given with a supplement request, has a reason of its own.
    """
    within, finished = facts.within_due, facts.finished
    return (
        OUTSIDE.where(~facts.handled),
        TOO_MANY_SUPPLEMENTS.where(facts.too_many_supplements),
        FINISHED_WITHOUT_DATE.where(facts.finished_untimed),
        PAUSED_FOR_FINANCE.where(facts.paused_for_finance),
        NO_DUE_DATE.where(facts.due_unknown),
        ENDED_WAITING.where(facts.ended_waiting & within),
        EARLY.where(finished & facts.early),
        ON_DUE.where(finished & within),
        NEW_APPOINTMENT_KEPT.where(finished & facts.within_counted_appointment),
        WITHIN_NEW_APPOINTMENT.where(facts.finished_within_appointment),
        LATE.where(finished),
        OPEN_WITHIN_DUE.where(within),
        OPEN_NEW_APPOINTMENT.where(facts.within_counted_appointment),
        OPEN_OVERDUE.otherwise(),
    )


ON_TIME = Indicator(
    "2.1",
    (OUTSIDE, EARLY, ON_DUE, LATE, OPEN_WITHIN_DUE, OPEN_OVERDUE, TOO_MANY_SUPPLEMENTS, ENDED_WAITING,
     PAUSED_FOR_FINANCE, NO_DUE_DATE, FINISHED_WITHOUT_DATE, WITHIN_NEW_APPOINTMENT, NEW_APPOINTMENT_KEPT,
     OPEN_NEW_APPOINTMENT),
    judge_on_time,
    DOSSIER,
)  # fmt: skip

ORIGINS = ("online", "direct", "carried")
OUTCOMES = ("early", "on_time", "late", "open_within_due", "open_overdue")
CELLS = {(origin, outcome): yes(f"{origin}_{outcome}") for origin, outcome in product(ORIGINS, OUTCOMES)}


def judge_form(facts: YesNoFacts) -> Sequence[Case]:
    """Form II.06: received online, received directly (or by post), carried over × finished early, on time, late, open
    within due, open past due. Every dossier of 2.1 is in exactly one cell, in time where it earns there; one that
    ended waiting for its only supplement is open."""
    verdict = ON_TIME.judge(facts)
    ended = (facts.finished | facts.finished_untimed) & ~facts.ended_waiting
    early = ON_TIME.among(verdict, EARLY)
    on_time = ON_TIME.among(verdict, ON_DUE, NEW_APPOINTMENT_KEPT)
    within = ON_TIME.among(verdict, ENDED_WAITING, OPEN_WITHIN_DUE, OPEN_NEW_APPOINTMENT, PAUSED_FOR_FINANCE)
    origins = {"carried": ~facts.received, "online": facts.online, "direct": ~facts.online}
    outcomes: dict[str, Mask] = {
        "early": ended & early, "on_time": ended & on_time, "late": ended,
        "open_within_due": within, "open_overdue": ~ended,
    }  # fmt: skip
    cells = product(origins.items(), outcomes.items())
    return (
        OUTSIDE.where(ON_TIME.among(verdict, OUTSIDE)),
        *(CELLS[origin, outcome].where(from_there & so) for (origin, from_there), (outcome, so) in cells),
    )


FORM = Indicator("II.06", (OUTSIDE, *CELLS.values()), judge_form, DOSSIER, measure=True, by_field=True)


def handling_times(facts: DossierFacts) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """2.2, of each dossier: 1 when it counts; its working seconds; its calendar seconds; zeros for one that does not
    count. Handling time runs from the start of the clock to finish, less the waiting that does not count."""
    elapsed = facts.judged_at - facts.started_at
    elapsed -= facts.waiting
    outside = ~(facts.received & facts.finished) | (facts.started_at == NAT)
    outside |= elapsed < 0
    start = replaced(facts.started_at, outside, facts.context.cutoff)
    end = replaced(facts.judged_at, outside, facts.context.cutoff)
    working = facts.context.calendar.working_seconds_between(start, end)
    working -= facts.waiting_working
    return (~outside).astype(np.int64), replaced(working, outside, 0), replaced(elapsed, outside, 0)


def own_times(
    facts: DossierFacts, working: npt.NDArray[np.int64], elapsed: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The time of each dossier in the clock of its procedure's unit. All have shape (n,)."""
    calendar_clock = facts.context.calendar_clock
    if not calendar_clock.any():
        return working
    return np.where(by_index(calendar_clock, facts.procedure), elapsed, working)


INDICATORS = (ON_TIME, FORM, HandlingTimes(handling_times, own_times))
