"""1.1 and 1.2: procedures announced, and published on the national database, in time.

Subjects are procedures: one that several decisions of the period change counts once, and is late if any is late.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.roll_up import (
    Judgement,
    Matrix,
    first_match_matrix,
    judge_matrix,
    roll_up_any,
)
from tthc_cli.verdicts import OUTSIDE, Codes, Mask, no, unknown, yes

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.workdays import WorkCalendar

MINISTRY = 2
NO_DAY = np.iinfo(np.int64).min
Days = npt.NDArray[np.int64]

ANNOUNCED_REASONS = (OUTSIDE, yes("announced_in_time"), no("announced_late"), unknown("effective_date_untold"))
PUBLISHED_REASONS = (OUTSIDE, yes("published_in_time"), no("published_late"), no("not_published"))


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


def judge_announced_rows(
    decisions: Decisions, first_day: int, parameters: Mapping[str, Decimal], calendar: WorkCalendar
) -> Codes:
    """1.1 by decision signed in the period: at least so many working days before the newest legal basis takes
    effect."""
    margin = np.where(
        decisions.ministry, int(parameters["announce_days_ministry"]), int(parameters["announce_days_province"])
    )
    known = decisions.effective != NO_DAY
    ahead = calendar.working_days_between(decisions.signed, np.where(known, decisions.effective, decisions.signed))
    out = np.full(len(decisions.signed), 3, np.uint8)
    out[known] = np.where(ahead >= margin, 1, 2)[known]
    out[decisions.signed < first_day] = 0
    return out


def judge_published_rows(
    decisions: Decisions,
    first_day: int,
    cutoff_day: int,
    parameters: Mapping[str, Decimal],
    calendar: WorkCalendar,
) -> Codes:
    """1.2 by decision: published within so many working days of the decision.

    It is settled on the day it was published in time, else on the day after the last on which it could be; it counts in
    the period of that day, so that every decision counts once and none that is late escapes.
    """
    limit = np.where(
        decisions.ministry, int(parameters["publish_days_ministry"]), int(parameters["publish_days_province"])
    )
    due = calendar.add_working_days(decisions.signed, limit)
    published = (decisions.published != NO_DAY) & (decisions.published <= cutoff_day)
    in_time = published & (decisions.published <= due)
    settled = np.where(in_time, decisions.published, due + 1)
    out = np.where(in_time, 1, np.where(published, 2, 3))
    out[(settled < first_day) | (settled > cutoff_day)] = 0
    return out.astype(np.uint8)


_WORST_FIRST = (2, 3, 1)
"""Codes of both indicators: a late decision decides, then an unknown or unpublished one, then one in time."""


def worst_by_procedure(decisions: Decisions, codes: Codes, units: Collection[int]) -> dict[int, int]:
    """For each procedure announced by some units: the decision (its place) that decides."""
    order = {code: i for i, code in enumerate(_WORST_FIRST)}
    out: dict[int, int] = {}
    for row, (unit, procedure, code) in enumerate(zip(decisions.unit, decisions.procedure, codes, strict=True)):
        if int(unit) not in units or int(code) not in order:
            continue
        held = out.get(int(procedure))
        if held is None or order[int(code)] < order[int(codes[held])]:
            out[int(procedure)] = row
    return out


def _by_procedure(decisions: Decisions, codes: Codes, parents: Sequence[int]) -> Codes:
    """For every (unit, procedure): the worst code of its decisions."""
    shape = (len(parents), len(decisions.procedures))
    cases: list[tuple[Mask, int]] = []
    for code in _WORST_FIRST:
        has: Matrix = np.zeros(shape, np.bool_)
        hit = codes == code
        has[decisions.unit[hit], decisions.procedure[hit]] = True
        cases.append((roll_up_any(has, parents), code))
    return first_match_matrix(shape, *cases)


def judge_decisions(
    decisions: Decisions,
    days: tuple[int, int],
    parameters: Mapping[str, Decimal],
    calendar: WorkCalendar,
    parents: Sequence[int],
) -> dict[str, Judgement]:
    """1.1 and 1.2 of every unit; a procedure is late if any of its decisions is. days: first day of the period, and
    the last day that is known."""
    first_day, cutoff_day = days
    announced = judge_announced_rows(decisions, first_day, parameters, calendar)
    published = judge_published_rows(decisions, first_day, cutoff_day, parameters, calendar)
    return {
        "1.1": judge_matrix("1.1", ANNOUNCED_REASONS, _by_procedure(decisions, announced, parents)),
        "1.2": judge_matrix("1.2", PUBLISHED_REASONS, _by_procedure(decisions, published, parents)),
    }
