"""Tasks of the yearly plan and the reports that units owe, and how each stands on a day.

What is measured is done once the target is met: on the due day by the last result until then; after it by the first
result that meets it. Everything else is done when somebody typed that it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from tthc_cli.ingest.cleaning.clean_numbers import decimal
from tthc_cli.text import fold

if TYPE_CHECKING:
    import pyarrow as pa

Measured = Literal["share", "points", "count"]
"""A share of 1 (an indicator of Decision 766), points (a criterion of the nine), a number of rows (a list)."""
State = Literal["not_due", "done_in_time", "done_late", "overdue", "no_due"]
STATES: tuple[State, ...] = ("overdue", "not_due", "no_due", "done_late", "done_in_time")
"""The most urgent first."""
REPORT_STATES: tuple[State, ...] = ("overdue", "not_due", "done_late", "done_in_time")
"""Those of what always has a due day."""
_SIGNS: tuple[tuple[bool, bool, tuple[str, ...]], ...] = (
    (False, False, ("khong duoi", "khong it hon", "khong thap hon", "khong nho hon", "khong kem", "not less than",
                    "not under", "not below", "no less than", "tro len")),
    (True, False, ("khong qua", "khong vuot", "khong tren", "khong cao hon", "khong lon hon", "khong nhieu hon",
                   "not more than", "no more than", "not over", "not above", "tro xuong")),
    (True, False, ("<=", "≤", "toi da", "at most")),
    (True, True, ("<", "duoi", "it hon", "thap hon", "nho hon", "under", "below", "less than")),
    (False, False, (">=", "≥", "toi thieu", "it nhat", "tu", "dat", "at least")),
    (False, True, (">", "tren", "nhieu hon", "cao hon", "lon hon", "vuot", "over", "above", "more than")),
)  # fmt: skip
"""(at most, strictly, words): the first that a target uses says what it means, so that a denial stands before the word
that it denies."""
_NUMBER = re.compile(r"\d[\d.,]*")
_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Target:
    """What a measure must reach: at least, or at most, so much."""

    value: Fraction
    """As typed; of a percentage, of 100."""
    percent: bool
    at_most: bool
    strict: bool = False

    def met_by(self, value: Fraction) -> bool:
        """value: a share of 1 where the target is a percentage."""
        reached = value * _PERCENT if self.percent else value
        if reached == self.value:
            return not self.strict
        return (reached < self.value) == self.at_most


@dataclass(frozen=True, slots=True)
class Source:
    """Where the measure of a task comes from."""

    name: str
    """An indicator or a list; "" = typed."""
    unit: str = ""
    """Code or name of the unit that is measured; "" = the whole tree."""

    @classmethod
    def of(cls, text: str) -> Source:
        """
        >>> Source.of("2.1 @ H99.09"), Source.of("Nhập tay")
        (Source(name='2.1', unit='H99.09'), Source(name='', unit=''))
        """
        name, _, unit = text.partition("@")
        typed = fold(name) in ("", "nhap tay", "typed", "-")
        return cls("" if typed else name.strip(), unit.strip())


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure known on a day."""

    day: date
    value: Fraction
    kind: Measured
    told_by: str
    """The period of the score, or the list."""


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the plan, as typed."""

    id: str
    content: str
    lead: str
    helpers: str
    product: str
    due: date | None
    target: str
    source: Source
    result: str
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Report:
    """One report that a unit owes."""

    unit: str
    name: str
    period: str
    due: date
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a task stands."""

    state: State
    done_on: date | None
    reading: Reading | None = None
    """The measure that decided, or that is known last."""


Readings = Callable[[Task], Sequence[Reading] | None]
"""The measures of a task in order of day; None where its source is none that can be measured."""


def plan_tasks(table: pa.Table) -> list[Task]:
    """Every task, by code."""
    found = [
        Task(
            id=str(r["MaNhiemVu"]), content=str(r["NoiDung"] or ""), lead=str(r["DonViChuTri"] or ""),
            helpers=str(r["DonViPhoiHop"] or ""), product=str(r["SanPham"] or ""), due=r["Han"],
            target=str(r["ChiTieu"] or ""), source=Source.of(str(r["NguonSoLieu"] or "")),
            result=str(r["KetQua"] or ""), done_on=r["NgayHoanThanh"],
        )
        for r in table.to_pylist()
    ]  # fmt: skip
    return sorted(found, key=lambda task: task.id)


def reports_due(table: pa.Table) -> list[Report]:
    """Every report that is owed, by due day, unit and name."""
    found = [
        Report(str(r["MaDonVi"]), str(r["BaoCao"]), str(r["Ky"]), r["Han"], r["NgayGui"]) for r in table.to_pylist()
    ]
    return sorted(found, key=lambda one: (one.due, one.unit, one.name, one.period))


def target_of(text: str, kind: Measured) -> Target | None:
    """The target that a text means; None where it is not one number. Of a share a bare number above 1 is a percentage;
    where no sign says otherwise, less is better of rows, more of everything else.

    >>> target_of("≥ 95,5%", "share").value, target_of("không quá 5", "count").at_most, target_of("80-95%", "share")
    (Fraction(191, 2), True, None)
    """
    numbers = _NUMBER.findall(text)
    value = decimal(numbers[0].rstrip(".,"), ",") if len(numbers) == 1 else None
    if value is None or value == "ambiguous" or ("%" in text and kind != "share"):
        return None
    head, _, tail = text.partition(numbers[0])
    said = f" {fold(head)} | {fold(tail)} "
    at_most, strict = _sign(head.strip(), said) or (kind == "count", False)
    percent = kind == "share" and ("%" in text or Fraction(value) > 1)
    return Target(Fraction(value), percent, at_most, strict)


def _sign(head: str, said: str) -> tuple[bool, bool] | None:
    """(at most, strictly), as the words around a number say. head: what stands before it; said: all, folded."""
    before = said.partition("|")[0]

    def used(word: str) -> bool:
        if not word[0].isalpha():
            return word in head
        return f" {word} " in (said if word.startswith("tro ") else before)

    return next(((at_most, strict) for at_most, strict, words in _SIGNS if any(map(used, words))), None)


def standing(task: Task, readings: Sequence[Reading] | None, on: date) -> Standing:
    """How a task stands on a day. readings: in order of day; None or () where nothing measures it."""
    known = [one for one in readings or () if one.day <= on]
    target = target_of(task.target, known[-1].kind) if known else None
    if target is None:
        done = task.done_on if task.done_on is not None and task.done_on <= on else None
        return Standing(state_of(done, task.due, on), done, known[-1] if known else None)
    if task.due is None or on <= task.due:
        last = known[-1]
        met = target.met_by(last.value)
        return Standing(state_of(last.day if met else None, task.due, on), last.day if met else None, last)
    in_time = [one for one in known if one.day <= task.due][-1:]
    later = [one for one in known if one.day > task.due]
    decided = next((one for one in (*in_time, *later) if target.met_by(one.value)), None)
    return Standing(
        state_of(decided.day if decided else None, task.due, on), decided.day if decided else None, decided or known[-1]
    )


def report_state(report: Report, on: date) -> State:
    """How a report stands on a day."""
    sent = report.sent_on if report.sent_on is not None and report.sent_on <= on else None
    return state_of(sent, report.due, on)


def state_of(done: date | None, due: date | None, on: date) -> State:
    """The state of what was done on a day, or not, and was due by another (included)."""
    if done is not None:
        return "done_in_time" if due is None or done <= due else "done_late"
    if due is None:
        return "no_due"
    return "not_due" if on <= due else "overdue"
