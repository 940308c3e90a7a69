"""Group 2, handling: 2.1 dossiers handled on time, the breakdown of form II.06 that goes with it, and the handling
times behind 2.2."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.columns import NAT, by_index, replaced
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.yes_no import DossierIndicator, YesNoFacts
from tthc_cli.verdicts import OUTSIDE, Codes, first_match, no, unknown, yes

ON_TIME_REASONS = (
    OUTSIDE,
    yes("early"),
    yes("on_time"),
    no("late"),
    yes("open_within_due"),
    no("open_overdue"),
    no("too_many_supplements"),
    yes("ended_waiting"),
    yes("paused_for_finance"),
    unknown("no_due_date"),
    unknown("finished_without_date"),
    no("within_new_appointment"),
    yes("new_appointment_kept"),
    yes("open_new_appointment"),
)


def judge_on_time(facts: YesNoFacts) -> Codes:
    """2.1: received or handled in the period; on time when finished on or before due, or still open within due.

    Rules 1 to 6 of "Rules behind the counts" (Quyết định 766/QĐ-TTg), in their order: finish time by status; two
    supplement requests are overdue whatever the dates; waiting for supplements does not count; a missing due date is
    computed; an open dossier is compared with the end of the period or of the extract; finish <= due is on time. A
    finish past due, but not past the new appointment given with a supplement request, has a reason of its own.
    """
    code = {r.key: i for i, r in enumerate(ON_TIME_REASONS)}
    within, finished = facts.within_due, facts.finished
    return first_match(
        facts.n,
        (~facts.handled, 0),
        (facts.too_many_supplements, code["too_many_supplements"]),
        (facts.finished_untimed, code["finished_without_date"]),
        (facts.paused_for_finance, code["paused_for_finance"]),
        (facts.due_unknown, code["no_due_date"]),
        (facts.ended_waiting & within, code["ended_waiting"]),
        (finished & facts.early, code["early"]),
        (finished & within, code["on_time"]),
        (finished & facts.within_counted_appointment, code["new_appointment_kept"]),
        (facts.finished_within_appointment, code["within_new_appointment"]),
        (finished, code["late"]),
        (within, code["open_within_due"]),
        (facts.within_counted_appointment, code["open_new_appointment"]),
        (np.ones(facts.n, np.bool_), code["open_overdue"]),
    )


ON_TIME = DossierIndicator("2.1", ON_TIME_REASONS, judge_on_time)

ORIGINS = ("online", "direct", "carried")
OUTCOMES = ("early", "on_time", "late", "open_within_due", "open_overdue")
_ENDED_OUTCOME = {"early": 0, "on_time": 1, "new_appointment_kept": 1}
_OPEN_OUTCOME = {"ended_waiting": 3, "open_within_due": 3, "open_new_appointment": 3, "paused_for_finance": 3}
"""The other reasons of 2.1 earn nothing there: late when finished, past due when open."""
FORM_REASONS = (OUTSIDE, *(yes(f"{origin}_{outcome}") for origin in ORIGINS for outcome in OUTCOMES))


def judge_form(facts: YesNoFacts) -> Codes:
    """Form II.06: received online, received directly (or by post), carried over × finished early, on time, late, open
    within due, open past due. Every dossier of 2.1 is in exactly one cell, in time where it earns there; one that
    ended waiting for its only supplement is open."""
    verdict = judge_on_time(facts)
    origin = (~facts.online).view(np.uint8) * facts.received + 2 * (~facts.received).view(np.uint8)
    ended = (facts.finished | facts.finished_untimed) & ~facts.ended_waiting
    return by_index(_FORM_CELLS, (verdict * len(ORIGINS) + origin) * 2 + ended)


def _form_cells() -> Codes:
    """The cell of form II.06 by verdict of 2.1, origin, and whether the dossier has ended; flat."""
    cells = np.zeros((len(ON_TIME_REASONS), len(ORIGINS), 2), np.uint8)
    for verdict, reason in enumerate(ON_TIME_REASONS[1:], start=1):
        outcomes = (_OPEN_OUTCOME.get(reason.key, 4), _ENDED_OUTCOME.get(reason.key, 2))
        for origin in range(len(ORIGINS)):
            cells[verdict, origin] = [1 + origin * len(OUTCOMES) + outcome for outcome in outcomes]
    return cells.ravel()


_FORM_CELLS = _form_cells()


FORM = DossierIndicator("II.06", FORM_REASONS, judge_form)


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
