"""What of the times of finished dossiers is to be checked: facts of each, which accuse nobody.

A finish equal to the due time to the second is the only trace of systems that write the due time over the finish; a
log that goes on after the finish, or names the setting back, is another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.codes import DAY, FINANCE, HANDLED, IN_PROGRESS, RECEIVED, SUPPLEMENT
from tthc_cli.facts.columns import NAT, by_index
from tthc_cli.facts.letters.state import due_moved
from tthc_cli.text import fold
from tthc_cli.workdays import HOURS

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.facts.late.step_log import StepRows
    from tthc_cli.verdicts import Mask

Ints = npt.NDArray[np.int64]
_RESET = "dat lai ho so qua han"
_WORK = (RECEIVED, IN_PROGRESS, SUPPLEMENT, FINANCE, HANDLED)
"""A step of these after the finish: it was not the end. Returning the result (10) comes after it."""
_MINUTE = 60
AT_ONCE = 5 * _MINUTE
RESOLUTIONS = (3600, 1800, 900, 600, 300, 60, 1)
_MOST = 0.95


@dataclass(frozen=True)
class Finishes:
    """Times of n dossiers as the exports tell them; every array has shape (n,)."""

    finish: Ints
    """NgayKetThucXuLy, else NgayTra; NAT for none."""
    on_due_day: Mask
    """Finished on the day it was due, both with a time of day."""
    is_due: Mask
    """Finished at the second it was due."""
    log_after: Mask
    before_receipt: Mask
    in_future: Mask
    """Finished after the export that tells it was written."""
    due_moved: Mask
    """The due date was moved without a supplement, a pause or a letter."""
    reset: Mask
    """Its log names the setting back of an overdue dossier."""
    at_once: Mask


def own_finish(facts: DossierFacts) -> Ints:
    """When the export says that each dossier was finished; NAT for none. Shape (n,)."""
    finish = facts.time("NgayKetThucXuLy")
    return np.where(finish == NAT, facts.time("NgayTra"), finish)


def at_once(facts: DossierFacts) -> Mask:
    """Received and finished within five minutes, though its procedure is not one of hours. Shape (n,)."""
    finish = own_finish(facts)
    hours = by_index(facts.context.catalogue.duration_unit == HOURS, facts.procedure)
    timed = (finish != NAT) & (finish % DAY != 0) & (facts.received_at != NAT)
    taken = np.where(timed, finish - facts.received_at, -1)
    short: Mask = (taken >= 0) & (taken <= AT_ONCE) & ~hours
    return short


def finishes(facts: DossierFacts, steps: StepRows, lettered: Mask, exported: dict[str, int]) -> Finishes:
    """exported: source id -> the last second that its export can know."""
    finish = own_finish(facts)
    known = finish != NAT
    timed = known & (finish % DAY != 0)
    given = [facts.time(name) for name in ("NgayHenTra", "NgayHenTraMoi", "NgayHenTraTruoc")]
    day = np.zeros(facts.n, np.bool_)
    same = np.zeros(facts.n, np.bool_)
    for due in given:
        has = timed & (due != NAT) & (due % DAY != 0)
        day |= has & (due // DAY == finish // DAY)
        same |= has & (due == finish)
    index, sources = facts.names(schema.SOURCE)
    last = by_index(np.array([exported.get(s or "", 2**62) for s in sources]), index)
    received = facts.received_at != NAT
    end = np.where(timed, finish + _MINUTE, finish + DAY)
    return Finishes(
        finish=finish,
        on_due_day=day,
        is_due=same,
        log_after=known & _any(facts.n, steps, np.isin(steps.status, _WORK) & (steps.at > end[steps.dossier])),
        before_receipt=known & received & (np.where(timed, finish, finish + DAY) < facts.received_at),
        in_future=known & (finish > last),
        due_moved=due_moved(facts) & ~lettered,
        reset=_any(facts.n, steps, np.array([_RESET in fold(a) for a in steps.actions])[steps.action]),
        at_once=at_once(facts),
    )


def _any(n: int, steps: StepRows, mask: Mask) -> Mask:
    """Which dossiers have some step of these."""
    out = np.zeros(n, np.bool_)
    out[steps.dossier[mask]] = True
    return out


def resolution(seconds: Ints) -> int:
    """To how many seconds some times are kept: the coarsest step that nearly all of them are multiples of."""
    if not len(seconds):
        return 1
    return next(step for step in RESOLUTIONS if np.mean(seconds % step == 0) >= _MOST)
