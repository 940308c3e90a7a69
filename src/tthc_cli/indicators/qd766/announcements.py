"""1.1 and 1.2: procedures announced, and published on the national database, in time.

Subjects are procedures: one that several decisions of the period change counts once, and is late if any is late.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.roll_up import Judgement, Matrix, judge_matrix, roll_up_any
from tthc_cli.facts.codes import DAY
from tthc_cli.indicators.subjects import Indicator, Loaded, LostSubject, Scope
from tthc_cli.verdicts import BY_OFFICE, OUTSIDE, Case, Codes, Judge, Mask, Reason, first_match, no, unknown, yes

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.workdays import WorkCalendar

MINISTRY = 2
NO_DAY = np.iinfo(np.int64).min
Days = npt.NDArray[np.int64]

ANNOUNCED_IN_TIME = yes("announced_in_time")
ANNOUNCED_LATE = no("announced_late")
EFFECTIVE_DATE_UNTOLD = unknown("effective_date_untold", BY_OFFICE)
PUBLISHED_IN_TIME = yes("published_in_time")
PUBLISHED_LATE = no("published_late")
NOT_PUBLISHED = no("not_published")


@dataclass(frozen=True)
class Decisions:
    """Decisions signed up to the end of the period: one entry a (decision, procedure). All arrays have shape (n,)."""

    number: tuple[str, ...]
    unit: npt.NDArray[np.int64]
    procedure: npt.NDArray[np.int64]
    """Index into `procedures`."""
    signed: Days
    effective: Days
    published: Days
    ministry: Mask
    procedures: tuple[str, ...]


def load_decisions(
    table: pa.Table, last_day: int, resolve: Callable[[Sequence[str]], Sequence[int]], root: int
) -> Decisions:
    """Decisions signed by last_day (days since 1970): of the period, or the last that is known. A decision without a
    unit is the province's."""
    rows = [r for r in table.to_pylist() if _day(r["NgayKy"]) <= last_day]
    rows.sort(key=lambda r: (r["MaTTHC"], r["SoQuyetDinh"]))
    names = sorted({r["DonVi"] for r in rows if r["DonVi"]})
    place = dict(zip(names, resolve(names), strict=True))
    procedures = sorted({r["MaTTHC"] for r in rows})
    index = {code: i for i, code in enumerate(procedures)}
    return Decisions(
        number=tuple(r["SoQuyetDinh"] for r in rows),
        unit=np.array([place.get(r["DonVi"], root) for r in rows], np.int64),
        procedure=np.array([index[r["MaTTHC"]] for r in rows], np.int64),
        signed=np.array([_day(r["NgayKy"]) for r in rows], np.int64),
        effective=np.array([_day(r["NgayHieuLucVBQPPL"]) for r in rows], np.int64),
        published=np.array([_day(r["NgayCongKhai"]) for r in rows], np.int64),
        ministry=np.array([r["CapCongBo"] == MINISTRY for r in rows], np.bool_),
        procedures=tuple(procedures),
    )


def _day(value: date | None) -> int:
    return NO_DAY if value is None else value.toordinal() - 719163


@dataclass(frozen=True)
class DecisionFacts:
    """Decisions as a period sees them. Days since 1970; parameters: working days."""

    decisions: Decisions
    first_day: int
    """Of the period."""
    known_day: int
    """The last that is known."""
    parameters: Mapping[str, Decimal]
    calendar: WorkCalendar

    @property
    def shape(self) -> tuple[int, ...]:
        return self.decisions.signed.shape

    def days(self, what: str) -> Days:
        """Working days that each decision has, by who announced it."""
        ministry, province = (int(self.parameters[f"{what}_days_{who}"]) for who in ("ministry", "province"))
        return np.where(self.decisions.ministry, ministry, province)

    @cached_property
    def published(self) -> Mask:
        """Published by the last day that is known."""
        on = self.decisions.published
        found: Mask = (on != NO_DAY) & (on <= self.known_day)
        return found

    @cached_property
    def publish_by(self) -> Days:
        return self.calendar.add_working_days(self.decisions.signed, self.days("publish"))


def judge_announced(facts: DecisionFacts) -> Sequence[Case]:
    """1.1 by decision signed in the period: at least so many working days before the newest legal basis takes
    effect."""
    signed, effective = facts.decisions.signed, facts.decisions.effective
    known = effective != NO_DAY
    ahead = facts.calendar.working_days_between(signed, np.where(known, effective, signed))
    return (
        OUTSIDE.where(signed < facts.first_day),
        EFFECTIVE_DATE_UNTOLD.where(~known),
        ANNOUNCED_IN_TIME.where(ahead >= facts.days("announce")),
        ANNOUNCED_LATE.otherwise(),
    )


def judge_published(facts: DecisionFacts) -> Sequence[Case]:
    """1.2 by decision: published within so many working days of the decision.

    It is settled on the day it was published in time, else on the day after the last on which it could be; it counts in
    the period of that day, so that every decision counts once and none that is late escapes.
    """
    in_time = facts.published & (facts.decisions.published <= facts.publish_by)
    settled = np.where(in_time, facts.decisions.published, facts.publish_by + 1)
    return (
        OUTSIDE.where((settled < facts.first_day) | (settled > facts.known_day)),
        PUBLISHED_IN_TIME.where(in_time),
        PUBLISHED_LATE.where(facts.published),
        NOT_PUBLISHED.otherwise(),
    )


def _worst_first(reasons: Sequence[Reason]) -> list[Reason]:
    """Those that count: what earns nothing decides, then what no source tells, then what earns."""
    return sorted((r for r in reasons if r.counted), key=lambda r: (r.earned, r.unknown))


def worst_by_procedure(
    judge: Judge[DecisionFacts], decisions: Decisions, codes: Codes, units: Collection[int]
) -> dict[int, int]:
    """For each procedure announced by some units: the decision (its place) that decides."""
    order = {judge.index(reason.key): i for i, reason in enumerate(_worst_first(judge.reasons))}
    out: dict[int, int] = {}
    for row, (unit, procedure, code) in enumerate(zip(decisions.unit, decisions.procedure, codes, strict=True)):
        if int(unit) not in units or int(code) not in order:
            continue
        held = out.get(int(procedure))
        if held is None or order[int(code)] < order[int(codes[held])]:
            out[int(procedure)] = row
    return out


class _Decisions(Loaded[DecisionFacts]):
    """Procedures that decisions of the period announce; each is worth what the worst of its decisions is."""

    def load(self, scope: Scope) -> DecisionFacts | None:
        if not scope.warehouse.has("decisions"):
            return None
        table, units = scope.warehouse.read("decisions"), scope.units
        decisions = load_decisions(table, scope.known_day, units.place, units.root_or_unmatched)
        return DecisionFacts(decisions, scope.start // DAY, scope.known_day, scope.parameters, scope.calendar)

    def count(self, judge: Judge[DecisionFacts], facts: DecisionFacts, codes: Codes, scope: Scope) -> Judgement:
        """A procedure is late if any of its decisions is."""
        decisions, parents = facts.decisions, scope.units.parents
        shape = (len(parents), len(decisions.procedures))
        cases: list[tuple[Mask, int]] = []
        for reason in _worst_first(judge.reasons):
            has: Matrix = np.zeros(shape, np.bool_)
            hit = judge.among(codes, reason)
            has[decisions.unit[hit], decisions.procedure[hit]] = True
            cases.append((roll_up_any(has, parents), judge.index(reason.key)))
        return judge_matrix(judge.id, judge.reasons, first_match(shape, cases))

    def lost(
        self, judge: Judge[DecisionFacts], facts: DecisionFacts, codes: Codes, scope: Scope, unit: int,
        within: frozenset[int],
    ) -> Iterator[LostSubject]:  # fmt: skip
        decisions = facts.decisions
        for procedure, i in worst_by_procedure(judge, decisions, codes, within).items():
            reason = judge.reasons[codes[i]]
            if reason.lost:
                number, code = decisions.number[i], decisions.procedures[procedure]
                signed, effective, published = (
                    _iso_day(day[i]) for day in (decisions.signed, decisions.effective, decisions.published)
                )
                row = scope.row("decisions", ["SoQuyetDinh", "MaTTHC"], number, code)
                yield LostSubject(int(decisions.unit[i]), number, reason, row, code, (signed, effective, published))


def _iso_day(day: np.int64) -> str:
    return "" if day == NO_DAY else str(np.datetime64(int(day), "D"))


DECISION = _Decisions("decision")
INDICATORS = (
    Indicator("1.1", (OUTSIDE, ANNOUNCED_IN_TIME, ANNOUNCED_LATE, EFFECTIVE_DATE_UNTOLD), judge_announced, DECISION),
    Indicator("1.2", (OUTSIDE, PUBLISHED_IN_TIME, PUBLISHED_LATE, NOT_PUBLISHED), judge_published, DECISION),
)
