"""5.1 and 5.2: petitions (phản ánh, kiến nghị) handled in time, and to satisfaction. Each counts once a period."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tthc_cli.counting.roll_up import Judgement, roll_up_sums
from tthc_cli.verdicts import OUTSIDE, Codes, Mask, Reason, first_match, no, yes

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.workdays import WorkCalendar

NAT = np.iinfo(np.int64).min
DAY = 86_400
Times = npt.NDArray[np.int64]

IN_TIME_REASONS = (
    OUTSIDE,
    yes("handled_in_time"),
    yes("open_within_time"),
    no("handled_late"),
    no("open_overdue"),
    no("refused_late"),
    no("supplement_asked_late"),
    no("published_late"),
)
SATISFIED_REASONS = (OUTSIDE, yes("satisfied"), no("disliked"), no("raised_again"), no("overdue"))
KIND_REASONS = (OUTSIDE, yes("rules"), yes("conduct"), yes("other"), yes("unclassified"))
"""Analysis only: what the petitions of 5.1 are about (PhanLoai)."""
_KIND_CODES = np.array([4, 1, 2, 3], np.uint8)


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


def _limit(since: Times, days: int, calendar: WorkCalendar) -> Times:
    """The end of office hours of the last of so many working days; of a day long past where it is not known since
    when."""
    return calendar.end_of_working_day(calendar.add_working_days(np.where(since == NAT, 0, since) // DAY, days))


def _late(at: Times, since: Times, days: int, calendar: WorkCalendar) -> Mask:
    """Done, but after so many working days (the last one included)."""
    late: Mask = (at != NAT) & (since != NAT) & (at > _limit(since, days, calendar))
    return late


def judge_in_time(
    petitions: Petitions, start: int, cutoff: int, limits: Mapping[str, Decimal], calendar: WorkCalendar
) -> Codes:
    """5.1: received or handled in the period; refusal within 2 working days, first supplement request within 5,
    handling within 15, each from the day it came to the unit; publication within 2 from the handling. An open one is in
    time until its limit passes; an answer published late counts in the period in which the limit passes."""
    p = petitions
    ended = np.where(p.handled != NAT, p.handled, p.refused)
    publishing = int(limits["petition_publish_days"])
    publish_by = _limit(p.handled, publishing, calendar)
    published_late = _late(p.published, p.handled, publishing, calendar) & (publish_by < cutoff)
    scope = (p.begun >= start) | (ended == NAT) | (ended >= start) | (published_late & (publish_by >= start))
    handling = int(limits["petition_handle_days"])
    now = np.full(len(p.begun), cutoff, np.int64)
    return first_match(
        len(p.begun),
        (~scope, 0),
        (_late(p.refused, p.begun, int(limits["petition_refuse_days"]), calendar), 5),
        (_late(p.supplement_asked, p.begun, int(limits["petition_supplement_days"]), calendar), 6),
        (_late(p.handled, p.begun, handling, calendar), 3),
        (published_late, 7),
        (ended != NAT, 1),
        (_late(now, p.begun, handling, calendar), 4),
        (scope, 2),
    )


def judge_satisfied(petitions: Petitions, in_time: Codes, start: int) -> Codes:
    """5.2: first received in the period, less those with more dislikes than likes, raised again, or overdue; each is
    counted once."""
    overdue = np.array([not r.in_numerator for r in IN_TIME_REASONS])[in_time]
    return first_match(
        len(petitions.begun),
        (petitions.begun < start, 0),
        (petitions.disliked, 2),
        (petitions.raised_again, 3),
        (overdue, 4),
        (petitions.begun >= start, 1),
    )


def judge_petitions(
    petitions: Petitions,
    start: int,
    cutoff: int,
    limits: Mapping[str, Decimal],
    calendar: WorkCalendar,
    parents: Sequence[int],
) -> dict[str, Judgement]:
    """5.1, what its petitions are about, and 5.2, of every unit."""
    in_time = judge_in_time(petitions, start, cutoff, limits, calendar)
    satisfied = judge_satisfied(petitions, in_time, start)

    def judgement(component: str, reasons: tuple[Reason, ...], codes: Codes) -> Judgement:
        counts = np.zeros((len(parents), len(reasons)), np.int64)
        np.add.at(counts, (petitions.unit, codes.astype(np.int64)), 1)
        return Judgement(component, reasons, roll_up_sums(counts, parents))

    kinds = np.where(in_time == 0, 0, _KIND_CODES[np.clip(petitions.kind, 0, 3)]).astype(np.uint8)
    return {
        "5.1": judgement("5.1", IN_TIME_REASONS, in_time),
        "5.1:kinds": judgement("5.1:kinds", KIND_REASONS, kinds),
        "5.2": judgement("5.2", SATISFIED_REASONS, satisfied),
    }
