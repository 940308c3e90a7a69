"""Where open dossiers stand at a moment: past due, waiting, paused, or within due. Every open one is in exactly one.

- past due: its due date, moved by the waiting that does not count, is over, also where it waits for something now
- waiting: not past due, and its clock stands still: a supplement was asked for, or a fee is to be paid
- paused: not past due, stopped (status 8) with nothing that says it ended; its clock runs on
- within due: all others, also where nothing tells when it was due
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.facts.codes import NEVER, STOPPED
from tthc_cli.facts.columns import NAT, Times, among, replaced

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.verdicts import Mask

STANDINGS = ("overdue", "waiting", "paused", "within")
OVERDUE, WAITING, PAUSED, WITHIN = range(len(STANDINGS))
OPEN_COLUMNS = (
    "NgayTiepNhan", "TrangThaiHoSo", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "SoLanBoSung", "NgayBoSung",
    "NgayTiepNhanBoSung",
)  # fmt: skip
"""Columns of the dossier table (beside those by which the process log is found) that tell whether one is open."""
NOTHING, SUPPLEMENT, FEE = range(3)
"""What stops the clock of a dossier."""


def is_open(facts: DossierFacts) -> Mask:
    """Received and not ended; one that waits for its only supplement is open, whatever 2.1 makes of it."""
    open_: Mask = facts.received & (facts.closed_at == NAT) & ~facts.finished_untimed
    return open_


def is_overdue(facts: DossierFacts) -> Mask:
    """Open, and past a due date that is known; waiting for a supplement or a fee stops the clock."""
    overdue: Mask = is_open(facts) & ~facts.paused_for_finance & ~facts.due_unknown & ~facts.within_due
    return overdue


def running_within(facts: DossierFacts) -> Mask:
    """Open, not past a due date that is known, and its clock runs: also of one that is stopped without a ground."""
    stands = standing(facts)
    running: Mask = ((stands == WITHIN) | (stands == PAUSED)) & ~facts.due_unknown
    return running


def clock_stopped_by(facts: DossierFacts) -> npt.NDArray[np.int8]:
    """What each open dossier waits for: NOTHING, SUPPLEMENT or FEE. Shape (n,)."""
    out = np.full(facts.n, NOTHING, np.int8)
    waits = facts.waits
    lasting = waits.lasting & (waits.sign > 0)
    out[waits.row[lasting & ~waits.supplement]] = FEE
    out[facts.paused_for_finance] = FEE
    out[waits.row[lasting & waits.supplement]] = SUPPLEMENT
    out[facts.ended_waiting] = SUPPLEMENT
    out[~is_open(facts)] = NOTHING
    return out


def stopped_since(facts: DossierFacts) -> Times:
    """Since when the clock of each dossier stands still; NAT where it runs, or nothing tells since when."""
    since = facts.waits.lasts_since(facts.n)
    since = replaced(since, since == NEVER, NAT)
    return np.where(facts.ended_waiting, facts.ended_waiting_at, since)


def standing(facts: DossierFacts) -> npt.NDArray[np.int8]:
    """The place in STANDINGS of each dossier; -1 for one that is not open. Shape (n,)."""
    open_ = is_open(facts)
    out = np.where(open_, WITHIN, -1).astype(np.int8)
    out[open_ & among(facts.status, STOPPED)] = PAUSED
    out[clock_stopped_by(facts) != NOTHING] = WAITING
    out[is_overdue(facts)] = OVERDUE
    return out
