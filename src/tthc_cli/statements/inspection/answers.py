"""What the data say of checks D1 to D15 for a chunk of dossiers: nothing, met, not met, or that it does not apply.

A check of which data can show a fault but not its absence is answered with the fault alone. What no table tells stays
open: the team looks at the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli import schema
from tthc_cli.facts.codes import DAY, HANDLED, REFUSED, RETURNED, STOPPED
from tthc_cli.facts.columns import NAT, among, by_index
from tthc_cli.facts.late.finish_tests import Finishes
from tthc_cli.facts.letters.state import Extension, LetterState, LetterStates
from tthc_cli.statements.dossiers.suspect import finishes_of

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.facts.late.steps import StepsAt
    from tthc_cli.statements.dossiers.asking import Asked
    from tthc_cli.verdicts import Mask

Answers = npt.NDArray[np.int8]
OPEN, MET, NOT_MET, NA = range(4)
"""Places in `results.control.inspection.ANSWERS`."""
_LATE = (LetterState.OVERDUE_NO_LETTER, LetterState.TOO_LATE, LetterState.IN_TIME)
_CROWD, _MINUTE, _HOUR = 3, 60, 3600
"""So many steps within a minute, of a dossier that took more than an hour, were written down at once."""


@dataclass(frozen=True)
class Beside:
    """What is known of dossiers in other tables, by `key_hash`."""

    petitions: npt.NDArray[np.uint64]
    slips: npt.NDArray[np.uint64]
    has_letters: bool
    """Whether any apology letter is known: else none is missed."""


@dataclass
class Looked:
    """A chunk of dossiers as checks and flags look at it; every array has shape (n,)."""

    facts: DossierFacts
    asked: Asked
    beside: Beside
    numbers: Mapping[str, int]

    @cached_property
    def keys(self) -> npt.NDArray[np.uint64]:
        found: npt.NDArray[np.uint64] = self.facts.chunk.column(schema.KEY_HASH).to_numpy()
        return found

    @cached_property
    def finishes(self) -> Finishes:
        return finishes_of(self.facts, self.asked)

    @cached_property
    def letters(self) -> LetterStates:
        assert self.asked.known.letters is not None
        return self.asked.known.letters(self.facts)

    @cached_property
    def steps(self) -> StepsAt:
        return self.asked.steps(self.facts)

    @cached_property
    def unlogged(self) -> Mask:
        """Without a step in the process log."""
        unlogged: Mask = np.bincount(self.steps.rows.dossier, minlength=self.facts.n) == 0
        return unlogged

    @cached_property
    def late(self) -> Mask:
        """Finished after it was due, or open past it."""
        late: Mask = np.isin(self.letters.state, _LATE)
        return late

    @cached_property
    def ended(self) -> Mask:
        """Handled, or its result returned."""
        ended: Mask = among(self.facts.status, HANDLED, RETURNED)
        return ended

    @cached_property
    def refused(self) -> Mask:
        refused: Mask = among(self.facts.status, REFUSED)
        return refused

    @cached_property
    def paused(self) -> Mask:
        paused: Mask = among(self.facts.status, STOPPED)
        return paused

    @cached_property
    def no_result_file(self) -> Mask:
        """Ended without an electronic result, though the export would tell, and its procedure returns a document."""
        missing: Mask = self.facts.code("DuongDanTepTinKetQua") == 0
        return self.ended & missing & ~self.facts.returns_no_document

    @cached_property
    def suspect(self) -> Mask:
        """Some time of its finish, or its due date, was not simply written down when it happened."""
        f = self.finishes
        return f.is_due | f.log_after | f.before_receipt | f.in_future | f.due_moved | f.reset

    @cached_property
    def petitioned(self) -> Mask:
        petitioned: Mask = np.isin(self.keys, self.beside.petitions)
        return petitioned

    def days(self, since: npt.NDArray[np.int64], days: int) -> npt.NDArray[np.int64]:
        """The end of so many working days after a moment. NAT for none."""
        calendar = self.asked.moment.calendar
        last = calendar.add_working_days(np.where(since == NAT, 0, since) // DAY, np.full(len(since), days))
        return np.where(since == NAT, NAT, calendar.end_of_working_day(last))


def answers(looked: Looked) -> dict[str, Answers]:
    """Check -> answers. Shape (n,)."""
    return {check: make(looked) for check, make in CHECKS.items()}


def _said(looked: Looked, *cases: tuple[Mask, int]) -> Answers:
    """The first case that holds; open where none does."""
    said: Answers = np.select([mask for mask, _ in cases], [answer for _, answer in cases], OPEN).astype(np.int8)
    return said


def _due_days(looked: Looked) -> tuple[Mask, npt.NDArray[np.int64]]:
    """How many days the slip's due date lies after the statutory one, where both are known: after a supplement only
    where the date before it is told too."""
    facts = looked.facts
    first = (facts.supplement_requests == 0) | facts.known("NgayHenTraTruoc")
    known = facts.due_given & (facts.due_at != NAT) & (facts.statutory_due != NAT) & first
    given, law = (np.where(known, times, 0) // DAY for times in (facts.due_at, facts.statutory_due))
    return known, given - law


def d1(looked: Looked) -> Answers:
    """A shorter time than the law's may be a promise of the unit's own: that the team asks after."""
    known, longer = _due_days(looked)
    return _said(looked, (known & (longer > 0), NOT_MET), (known & (longer == 0), MET))


def d2(looked: Looked) -> Answers:
    known, longer = _due_days(looked)
    return _said(looked, (known & (longer > 0), NOT_MET), (known, MET))


def d3(looked: Looked) -> Answers:
    facts = looked.facts
    filed, received = facts.time("NgayNopHoSo"), facts.received_at
    known = (filed != NAT) & (received != NAT) & (received > filed)
    lay = looked.asked.moment.calendar.working_seconds_between(np.where(known, filed, 0), np.where(known, received, 0))
    return _said(looked, (known & (lay > looked.numbers["entry_hours"] * _HOUR), NOT_MET))


def d4(looked: Looked) -> Answers:
    """By the day of the request; whether it gives reasons the team reads."""
    facts = looked.facts
    requests, asked_at = facts.supplement_requests, facts.time("NgayBoSung")
    known = (asked_at != NAT) & (facts.received_at != NAT)
    late = known & (asked_at > looked.days(facts.received_at, looked.numbers["supplement_days"]))
    return _said(looked, ((requests >= 2) | ((requests == 1) & late), NOT_MET), (requests == 0, NA), (known, MET))


def d5(looked: Looked) -> Answers:
    """A form is not in the data: whoever stopped shows it."""
    return _said(looked, (~looked.paused & ~looked.facts.paused_for_finance, NA))


def d6(looked: Looked) -> Answers:
    facts, letters = looked.facts, looked.letters
    broken = letters.extension == Extension.BROKEN
    without = letters.state == LetterState.OVERDUE_NO_LETTER
    fault = (letters.state == LetterState.TOO_LATE) | (looked.late & ((letters.count > 1) | broken))
    if looked.beside.has_letters:
        fault |= without
    return _said(looked, (fault, NOT_MET), (without | facts.due_unknown, OPEN), (looked.late, MET), (~looked.late, NA))


def d7(looked: Looked) -> Answers:
    """Late, wrong way round, or written down within one minute at the end. Of a dossier without steps see `frame`."""
    facts, steps = looked.facts, looked.steps
    if looked.asked.step_log is None:
        return np.full(facts.n, OPEN, np.int8)
    rows, n = steps.rows, facts.n
    count = np.bincount(rows.dossier, minlength=n)
    bad = steps.late | ((rows.begin != NAT) & (rows.begin > rows.at) & ~steps.standing)
    faulty = np.bincount(rows.dossier[bad], minlength=n) > 0
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, NAT)
    np.minimum.at(first, rows.dossier, rows.at)
    np.maximum.at(last, rows.dossier, rows.at)
    took = np.where(facts.finished & (facts.received_at != NAT), facts.finished_at - facts.received_at, 0)
    crowded = (count >= _CROWD) & (took > _HOUR)
    crowded[crowded] = last[crowded] - first[crowded] <= _MINUTE
    return _said(looked, (faulty | crowded, NOT_MET), (count > 0, MET))


def d8(looked: Looked) -> Answers:
    f = looked.finishes
    return _said(looked, (f.is_due | f.log_after | f.due_moved | f.reset, NOT_MET), (f.finish != NAT, MET))


def d9(looked: Looked) -> Answers:
    f, facts = looked.finishes, looked.facts
    fault = f.before_receipt | f.in_future | (looked.ended & facts.finished_untimed)
    return _said(looked, (fault, NOT_MET), (f.finish != NAT, MET), (~looked.ended, NA))


def d10(looked: Looked) -> Answers:
    """Counted from the finish, or from the due date where that is later: who was told a day comes on that day."""
    facts, at = looked.facts, looked.asked.at
    returned = facts.time("NgayTra")
    from_ = np.where(facts.closed_at == NAT, NAT, np.maximum(facts.closed_at, facts.due_moved))
    limit = looked.days(from_, looked.numbers["return_days"])
    known = looked.ended & (from_ != NAT)
    handed = (returned != NAT) & (returned <= at)
    late = known & np.where(handed, returned > limit, (facts.status == HANDLED) & (at > limit))
    return _said(looked, (late, NOT_MET), (~looked.ended, NA), (known & handed, MET))


def d11(looked: Looked) -> Answers:
    facts = looked.facts
    told = facts.code("HoSoCoThanhPhanSoHoa") == 0
    return _said(looked, (looked.no_result_file | (told & ~facts.files_attached), NOT_MET))


def d13(looked: Looked) -> Answers:
    """A fee was taken though the catalogue says that there is none."""
    facts = looked.facts
    free = by_index(facts.context.catalogue.has_fee == 0, facts.procedure)
    return _said(looked, (free & facts.charges_fee, NOT_MET), (free, NA))


def d14(looked: Looked) -> Answers:
    """By the day; form and reason the team reads."""
    facts = looked.facts
    known = facts.finished & ~facts.due_unknown
    return _said(looked, (~looked.refused, NA), (known & ~facts.within_due, NOT_MET), (known, MET))


def d15(looked: Looked) -> Answers:
    return _said(looked, (np.isin(looked.keys, looked.beside.slips), MET))


CHECKS: Mapping[str, Callable[[Looked], Answers]] = {
    "D1": d1, "D2": d2, "D3": d3, "D4": d4, "D5": d5, "D6": d6, "D7": d7, "D8": d8, "D9": d9, "D10": d10, "D11": d11,
    "D13": d13, "D14": d14, "D15": d15,
}  # fmt: skip
"""D12 is on paper alone."""


FLAGS: Mapping[str, Callable[[Looked], Mask]] = {
    "suspect": lambda looked: looked.suspect,
    "late": lambda looked: looked.late,
    "petition": lambda looked: looked.petitioned,
    "two_supplements": lambda looked: looked.facts.supplement_requests >= 2,
    "refused": lambda looked: looked.refused,
    "paused": lambda looked: looked.paused,
    "no_result_file": lambda looked: looked.no_result_file,
}
COLUMNS = ("DuongDanTepTinKetQua", "HoSoCoThanhPhanSoHoa", "DuocSoHoa", "Gia")
"""Columns of the dossier table that checks and flags stand on, beside those of its clock."""
