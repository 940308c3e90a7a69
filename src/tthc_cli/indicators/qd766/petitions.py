"""5.1 and 5.2: petitions (phản ánh, kiến nghị) handled in time, and to satisfaction. Each counts once a period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.roll_up import Judgement, judge_rows
from tthc_cli.indicators.subjects import Indicator, Loaded, LostSubject, Scope
from tthc_cli.verdicts import OUTSIDE, Case, Codes, Judge, Mask, no, yes

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.workdays import WorkCalendar

NAT = np.iinfo(np.int64).min
DAY = 86_400
Times = npt.NDArray[np.int64]

HANDLED_IN_TIME = yes("handled_in_time")
OPEN_WITHIN_TIME = yes("open_within_time")
HANDLED_LATE = no("handled_late")
OPEN_OVERDUE = no("open_overdue")
REFUSED_LATE = no("refused_late")
SUPPLEMENT_ASKED_LATE = no("supplement_asked_late")
PUBLISHED_LATE = no("published_late")
SATISFIED = yes("satisfied")
DISLIKED = no("disliked")
RAISED_AGAIN = no("raised_again")
OVERDUE = no("overdue")
RULES, CONDUCT, OTHER, UNCLASSIFIED = yes("rules"), yes("conduct"), yes("other"), yes("unclassified")


@dataclass(frozen=True)
class Petitions:
    """Stored petitions of units on the tree. All arrays have shape (n,); times in seconds, NAT where blank."""

    code: tuple[str, ...]
    unit: npt.NDArray[np.int64]
    begun: Times
    """When it was forwarded to the unit, else when it was sent."""
    refused: Times
    supplement_asked: Times
    handled: Times
    published: Times
    """Also where it is after the cutoff."""
    disliked: Mask
    raised_again: Mask
    kind: npt.NDArray[np.int64]
    """PhanLoai: 1 rules on procedures, 2 conduct of officials, 3 other, 0 not classified."""


def load_petitions(table: pa.Table, unit_of: Callable[[Sequence[str]], Sequence[int]], cutoff: int) -> Petitions:
    """Petitions that had come to their unit by the cutoff; what happened after it is not seen, but for the publication
    of an answer: one that came late counts in the period in which it became late."""
    import pyarrow as pa

    def all_times(name: str) -> Times:
        column = table.column(name).cast(pa.timestamp("s")).cast(pa.int64()).fill_null(NAT)
        out: Times = column.to_numpy()
        return out

    def times(name: str) -> Times:
        out = all_times(name)
        return np.where(out > cutoff, NAT, out)

    def numbers(name: str) -> npt.NDArray[np.int64]:
        out: npt.NDArray[np.int64] = table.column(name).cast(pa.int64()).fill_null(0).to_numpy()
        return out

    names = table.column("DonViXuLy").cast(pa.string()).to_pylist()
    distinct = sorted(set(names))
    place = dict(zip(distinct, unit_of(distinct), strict=True))
    unit = np.array([place[n] for n in names], np.int64)
    forwarded = table.column("NgayChuyen").is_valid().to_numpy()
    begun = np.where(forwarded, times("NgayChuyen"), times("NgayGui"))
    keep = begun != NAT
    codes = table.column("MaPAKN").to_pylist()
    return Petitions(
        code=tuple(c for c, k in zip(codes, keep, strict=True) if k),
        unit=unit[keep],
        begun=begun[keep],
        refused=times("NgayTuChoi")[keep],
        supplement_asked=times("NgayYeuCauBoSung")[keep],
        handled=times("NgayXuLyXong")[keep],
        published=all_times("NgayCongKhai")[keep],
        disliked=(numbers("LuotKhongThich") > numbers("LuotThich"))[keep],
        raised_again=(numbers("PhanAnhLai") == 1)[keep],
        kind=numbers("PhanLoai")[keep],
    )


@dataclass(frozen=True)
class PetitionFacts:
    """Petitions as a period sees them. start, cutoff: seconds; limits: working days, by parameter of the rulebook."""

    petitions: Petitions
    start: int
    cutoff: int
    limits: Mapping[str, Decimal]
    calendar: WorkCalendar

    @property
    def shape(self) -> tuple[int, ...]:
        return self.petitions.begun.shape

    def limit(self, since: Times, parameter: str) -> Times:
        """The end of office hours of the last of so many working days; of a day long past where it is not known since
        when."""
        days = int(self.limits[parameter])
        days_since = np.where(since == NAT, 0, since) // DAY
        return self.calendar.end_of_working_day(self.calendar.add_working_days(days_since, days))

    def late(self, at: Times, since: Times, parameter: str) -> Mask:
        """Done, but after so many working days (the last one included)."""
        late: Mask = (at != NAT) & (since != NAT) & (at > self.limit(since, parameter))
        return late

    @cached_property
    def ended(self) -> Times:
        return np.where(self.petitions.handled != NAT, self.petitions.handled, self.petitions.refused)

    @cached_property
    def received(self) -> Mask:
        """First received in the period."""
        return self.petitions.begun >= self.start

    @cached_property
    def published_late(self) -> Mask:
        """An answer published late, once its limit has passed."""
        p = self.petitions
        passed: Mask = self.limit(p.handled, "petition_publish_days") < self.cutoff
        return self.late(p.published, p.handled, "petition_publish_days") & passed

    @cached_property
    def in_scope(self) -> Mask:
        """Received or handled in the period, or still open. An answer published late counts in the period in which the
        limit passes."""
        publish_by = self.limit(self.petitions.handled, "petition_publish_days")
        late_here = self.published_late & (publish_by >= self.start)
        scope: Mask = self.received | (self.ended == NAT) | (self.ended >= self.start) | late_here
        return scope


class _Petitions(Loaded[PetitionFacts]):
    """Petitions, each of one unit."""

    def load(self, scope: Scope) -> PetitionFacts | None:
        if not scope.warehouse.has("petitions"):
            return None
        stored = load_petitions(scope.warehouse.read("petitions"), scope.units.place, scope.cutoff)
        return PetitionFacts(stored, scope.start, scope.cutoff, scope.parameters, scope.calendar)

    def count(self, judge: Judge[PetitionFacts], facts: PetitionFacts, codes: Codes, scope: Scope) -> Judgement:
        return judge_rows(judge.id, judge.reasons, codes, facts.petitions.unit, scope.units.parents)

    def lost(
        self, judge: Judge[PetitionFacts], facts: PetitionFacts, codes: Codes, scope: Scope, unit: int,
        within: frozenset[int],
    ) -> Iterator[LostSubject]:  # fmt: skip
        p = facts.petitions
        for i in np.flatnonzero(judge.lost(codes)).tolist():
            own = int(p.unit[i])
            if own in within:
                row = scope.row("petitions", ["MaPAKN"], p.code[i])
                times = (_iso(p.begun[i]), "", _iso(p.handled[i]))
                yield LostSubject(own, p.code[i], judge.reasons[codes[i]], row, times=times)


def _iso(moment: np.int64) -> str:
    return "" if moment == NAT else str(np.datetime64(int(moment), "s"))


PETITION = _Petitions("petition")


def judge_in_time(facts: PetitionFacts) -> Sequence[Case]:
    """5.1: received or handled in the period; refusal within 2 working days, first supplement request within 5,
    handling within 15, each from the day it came to the unit; publication within 2 from the handling. An open one is in
    time until its limit passes; an answer published late counts in the period in which the limit passes."""
    p = facts.petitions
    now = np.full(facts.shape, facts.cutoff, np.int64)
    return (
        OUTSIDE.where(~facts.in_scope),
        REFUSED_LATE.where(facts.late(p.refused, p.begun, "petition_refuse_days")),
        SUPPLEMENT_ASKED_LATE.where(facts.late(p.supplement_asked, p.begun, "petition_supplement_days")),
        HANDLED_LATE.where(facts.late(p.handled, p.begun, "petition_handle_days")),
        PUBLISHED_LATE.where(facts.published_late),
        HANDLED_IN_TIME.where(facts.ended != NAT),
        OPEN_OVERDUE.where(facts.late(now, p.begun, "petition_handle_days")),
        OPEN_WITHIN_TIME.otherwise(),
    )


IN_TIME = Indicator(
    "5.1",
    (OUTSIDE, HANDLED_IN_TIME, OPEN_WITHIN_TIME, HANDLED_LATE, OPEN_OVERDUE, REFUSED_LATE, SUPPLEMENT_ASKED_LATE,
     PUBLISHED_LATE),
    judge_in_time,
    PETITION,
)  # fmt: skip


def judge_kinds(facts: PetitionFacts) -> Sequence[Case]:
    """Analysis only: what the petitions of 5.1 are about (PhanLoai)."""
    kind = facts.petitions.kind
    return (
        OUTSIDE.where(~facts.in_scope),
        RULES.where(kind == 1),
        CONDUCT.where(kind == 2),
        OTHER.where(kind >= 3),
        UNCLASSIFIED.otherwise(),
    )


def judge_satisfied(facts: PetitionFacts) -> Sequence[Case]:
    """5.2: first received in the period, less those with more dislikes than likes, raised again, or overdue; each is
    counted once."""
    return (
        OUTSIDE.where(~facts.received),
        DISLIKED.where(facts.petitions.disliked),
        RAISED_AGAIN.where(facts.petitions.raised_again),
        OVERDUE.where(IN_TIME.lost(IN_TIME.judge(facts))),
        SATISFIED.otherwise(),
    )


INDICATORS = (
    IN_TIME,
    Indicator("5.1:kinds", (OUTSIDE, RULES, CONDUCT, OTHER, UNCLASSIFIED), judge_kinds, PETITION, measure=True),
    Indicator("5.2", (OUTSIDE, SATISFIED, DISLIKED, RAISED_AGAIN, OVERDUE), judge_satisfied, PETITION),
)
