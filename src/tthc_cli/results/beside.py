"""What is stored beside the scores of a period: statements made from the same counts.

A statement more is a record, and a line of `Beside`: it is stored and loaded by the kinds of its fields.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FORM = "II.06"
"""Name under which the counts of the statutory form are kept beside those of the components; its reasons are
`<way in>_<outcome>`."""
_FORM_STATES = {"open_within_due": "open_within", "open_overdue": "open_past"}


@dataclass(frozen=True, slots=True)
class StepCount:
    """How many steps of the process log one division did in the period, and how many after their own due time."""

    unit: str
    division: str
    """PhongBanXuLy; "" where the log names none."""
    steps: int
    late: int


@dataclass(frozen=True, slots=True)
class FieldCount:
    """Form II.06 of one field of procedures at one unit, without the units below it: how the dossiers came in (online,
    directly or by post, carried over) and where they stand. The three ways in add up to what the five states do."""

    unit: str
    field: str
    """Name of the field; "" where neither the catalogue nor the dossiers name one."""
    online: int
    direct: int
    carried: int
    early: int
    on_time: int
    late: int
    open_within: int
    open_past: int


@dataclass(frozen=True, slots=True)
class ProcedureTime:
    """2.2: how long one procedure takes at a unit (with all below it), in the procedure's own unit of time."""

    unit: str
    procedure: str
    name: str
    time_unit: int
    """Code of DonViThoiHan: 1 working hours, 2 days, 3 working days, 4 months."""
    finished: int
    """Finished dossiers that were received in the period."""
    mean: float
    median: float
    percentile_90: float
    statutory: float | None
    """The statutory duration, in the same unit."""


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How slips of the period answered one question, about a subject with all below it; not what they were worth."""

    unit: str
    question: str
    """"overall" (DanhGia), or a criterion: c1 to c9, c10 (convenience), c11 (the whole)."""
    unsatisfied: int
    satisfied: int
    very_satisfied: int
    slips: int
    """All slips about the subject, with an answer or without."""


@dataclass(frozen=True, slots=True)
class GivenMarks:
    """The marks that one source gave a subject as a whole, by one criterion; whether they stand is another thing."""

    unit: str
    component: str
    source: str
    """inspection or slip."""
    zero: int
    one: int
    two: int


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the period before, or one that was still open when the period began, and what was done about it."""

    unit: str
    source: Literal["finding", "typed"]
    code: str
    """Of the finding; "" for a mark that was appraised lower."""
    check: str
    """The check of the inspection, or the criterion."""
    dossier: str
    told: str
    """What was asked for, or why points were taken off."""
    found: str
    due: str
    done: str
    """ISO moments; "" where nothing tells."""
    state: Literal["done", "done_late", "open", "overdue", "better", "same", "worse", "untold"]
    answer: str = ""
    """What a person typed about it in the period: the source and the note of the figure."""


@dataclass(frozen=True, slots=True)
class Beside:
    """The statements, each a table of one kind of record."""

    fields: tuple[FieldCount, ...] = ()
    """Form II.06 by unit and field; the fields of a unit in Vietnamese order, the unknown one last."""
    times: tuple[ProcedureTime, ...] = ()
    """Handling times by unit and procedure (2.2)."""
    steps: tuple[StepCount, ...] = ()
    """Late steps by unit (of the dossier) and division, from the process log."""
    answers: tuple[AnswerCount, ...] = ()
    """Answers on slips, by subject and question; of scores by the nine criteria."""
    given: tuple[GivenMarks, ...] = ()
    """Marks given to whole subjects; of scores by the nine criteria."""
    faults: tuple[Fault, ...] = ()
    """Faults to answer for, by unit (Thông tư 01/2018/TT-VPCP, Điều 15 khoản 4 điểm b); of the nine criteria alone."""


NOTHING_BESIDE = Beside()


def form_columns(reason: str) -> tuple[str, str]:
    """The two columns of form II.06 that a dossier with this reason counts in: its way in, and its state.

    >>> form_columns("carried_open_overdue")
    ('carried', 'open_past')
    """
    way, _, outcome = reason.partition("_")
    return way, _FORM_STATES.get(outcome, outcome)
