"""Group 2, handling: 2.1 dossiers handled on time, the breakdown of form II.06 that goes with it, and the handling
times behind 2.2."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tthc_cli.indicators.facts import DAY, NAT, ONLINE, DossierFacts, DossierIndicator
from tthc_cli.indicators.verdicts import OUTSIDE, Codes, Mask, first_match, no, unknown, yes

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
)


def _early(facts: DossierFacts) -> Mask:
    """Finished before the day it was due."""
    due_day = facts.due_at - facts.due_at % DAY
    early: Mask = facts.judged_time < due_day
    return early


def judge_on_time(facts: DossierFacts) -> Codes:
    """2.1: received or handled in the period; on time when finished on or before due, or still open within due.

    Rules 1 to 6 of "Rules behind the counts" (Quyết định 766/QĐ-TTg), in their order: finish time by status; two
    supplement requests are overdue whatever the dates; waiting for supplements does not count; a missing due date is
    computed; an open dossier is compared with the end of the period or of the extract; finish <= due is on time.
    """
    scope = facts.handled
    code = {r.key: i for i, r in enumerate(ON_TIME_REASONS)}
    within = facts.judged_time <= facts.due_at
    finished = facts.finished
    waiting_end = finished & (facts.finished_at == facts.ended_waiting_at) & within
    return first_match(
        facts.n,
        (~scope, 0),
        (facts.too_many_supplements, code["too_many_supplements"]),
        (facts.finished_untimed, code["finished_without_date"]),
        (facts.paused_for_finance, code["paused_for_finance"]),
        (facts.due_at == NAT, code["no_due_date"]),
        (waiting_end, code["ended_waiting"]),
        (finished & _early(facts), code["early"]),
        (finished & within, code["on_time"]),
        (finished, code["late"]),
        (within, code["open_within_due"]),
        (np.ones(facts.n, np.bool_), code["open_overdue"]),
    )


ON_TIME = DossierIndicator("2.1", ON_TIME_REASONS, judge_on_time)

ORIGINS = ("online", "direct", "carried")
OUTCOMES = ("early", "on_time", "late", "open_within_due", "open_overdue")
_OUTCOME_OF = {
    "early": 0, "on_time": 1, "ended_waiting": 1, "late": 2, "open_within_due": 3, "paused_for_finance": 3,
    "open_overdue": 4,
}  # fmt: skip
FORM_REASONS = (OUTSIDE, *(yes(f"{origin}_{outcome}") for origin in ORIGINS for outcome in OUTCOMES))


def judge_form(facts: DossierFacts) -> Codes:
    """Form II.06: received online, received directly (or by post), carried over × finished early, on time, late, open
    within due, open past due. Every dossier of 2.1 is in exactly one cell; one whose due or finish date nothing tells
    counts as on time when finished, within due when open; two supplement requests count as late or past due."""
    verdict = judge_on_time(facts)
    overdue = np.where(facts.finished | facts.finished_untimed, 2, 4)
    undecided = np.where(facts.finished | facts.finished_untimed, 1, 3)
    outcome = np.zeros(facts.n, np.int64)
    for index, reason in enumerate(ON_TIME_REASONS):
        rows = verdict == index
        if reason.key in _OUTCOME_OF:
            outcome[rows] = _OUTCOME_OF[reason.key]
        elif reason.key == "too_many_supplements":
            outcome[rows] = overdue[rows]
        else:
            outcome[rows] = undecided[rows]
    origin = np.where(facts.received, np.where(facts.channel == ONLINE, 0, 1), 2)
    cells = 1 + origin * len(OUTCOMES) + outcome
    return np.where(verdict == 0, 0, cells).astype(np.uint8)


FORM = DossierIndicator("II.06", FORM_REASONS, judge_form)


TIME_SUMS = ("finished", "working_seconds", "own_seconds")
"""What 2.2 sums: finished dossiers that started in the period; their handling time in working seconds; and in the
clock of their procedure's own unit (calendar seconds for days and months, working seconds otherwise)."""
_CALENDAR_UNITS = (2, 4)


def handling_times(facts: DossierFacts) -> npt.NDArray[np.int64]:
    """2.2: what each dossier adds to the sums, shape (n, 3); zeros for one that does not count.

    Handling time runs from receipt to finish, less the waiting that does not count.
    """
    out = np.zeros((facts.n, len(TIME_SUMS)), np.int64)
    rows = np.flatnonzero(facts.received & facts.finished & (facts.judged_time >= facts.received_at))
    start, end = facts.received_at[rows], facts.judged_time[rows]
    working = facts.context.calendar.working_seconds_between(start, end)
    unit = facts.context.catalogue.duration_unit[facts.procedure[rows]]
    out[rows, 0] = 1
    out[rows, 1] = working
    out[rows, 2] = np.where(np.isin(unit, _CALENDAR_UNITS), end - start, working)
    return out
