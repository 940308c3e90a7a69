"""The nine criteria of every unit, division and official of the sample, by Thông tư 01/2018/TT-VPCP, Điều 13 and 15.

Stands on the recount of Decision 766 for when dossiers were received, due and finished, and on nothing of the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from fractions import Fraction
from functools import cache
from typing import Literal

from tests.recount.dossier_rules import Seen
from tests.recount.exports import csv_rows, moment
from tests.recount.scores import Recount, all_dossiers, below, catalogue, home, place
from tests.recount.worktime import closing, working_days_later

CODED = "../nine_criteria/tien_trinh_co_ma_can_bo_xuat_2023-08-05.csv"
BY_DOSSIER = ("c1", "c2", "c3", "c4", "c7")
Counts = tuple[Fraction, Fraction]
"""Sum of marks, number of marks."""


@dataclass(frozen=True)
class LoggedStep:
    division: str
    official: str
    begun: datetime | None
    due: datetime | None
    done: datetime

    @property
    def mark(self) -> int | None:
        if self.due is None:
            return None
        end = datetime.combine(self.due, time(23, 59, 59)) if self.due.time() == time(0) else self.due
        if self.done > end:
            return 0
        within_a_day = self.due.time() != time(0) and self.begun is not None and self.begun.date() == self.due.date()
        if within_a_day:
            return 2 if self.done.replace(second=0) < self.due.replace(second=0) else 1
        return 2 if self.done.date() < self.due.date() else 1


@cache
def steps() -> dict[str, list[LoggedStep]]:
    """Those of the exports; who did each is told by the file that has codes, step for step."""
    out: dict[str, list[LoggedStep]] = {}
    for row, coded in zip(csv_rows("process_log.csv", ";"), csv_rows(CODED, ";"), strict=True):
        done = moment(row["ThoiDiemXuLy"])
        assert done is not None
        who = str(row["PhongBanXuLy"]), str(coded["MaCanBo"])
        step = LoggedStep(*who, moment(row["NgayBatDau"]), moment(row["NgayKetThucTheoQuyDinh"]), done)
        out.setdefault(str(row["MaHoSo"]), []).append(step)
    return out


class Nine:
    """Marks of one period."""

    def __init__(self, recount: Recount) -> None:
        self.recount = recount
        self.cutoff = recount.period.cutoff
        self.slips = self._slips()
        self.conduct = self._conduct()

    def _slips(self) -> dict[tuple[str, str], int]:
        """(dossier, criterion) -> the mark of the last slip of the period that gives one, those without a day first; a
        blank is no mark."""
        dated = []
        for row in csv_rows("slips.csv"):
            at = moment(row["NgayDanhGia"]) or self.recount.period.start
            if row["MaHoSo"] and self.recount.period.start <= at <= self.cutoff:
                dated.append((at, str(row["MaPhieu"]), row))
        out = {}
        for _, _, row in sorted(dated, key=lambda found: found[:2]):
            for criterion in (*BY_DOSSIER, "c6"):
                if row[f"TC{criterion[1:]}"] not in ("", None):
                    out[str(row["MaHoSo"]), criterion] = int(str(row[f"TC{criterion[1:]}"]))
        return out

    def _conduct(self) -> set[str]:
        out = set()
        for row in csv_rows("petitions.csv"):
            begun = moment(row["Ngày chuyển"]) or moment(row["Ngày gửi"])
            refused = moment(row["Ngày từ chối"])
            heard = refused is None or refused > self.cutoff
            about_conduct = row["Phân loại"] == "Hành vi hành chính" and bool(row["Mã hồ sơ"])
            if about_conduct and heard and begun is not None and begun <= self.cutoff:
                out.add(str(row["Mã hồ sơ"]))
        return out

    def completed(self, seen: Seen) -> bool:
        return seen.finish is not None and seen.finish != seen.waits_since

    def mark(self, seen: Seen, criterion: str) -> int | None:
        """The mark of a finished dossier by one criterion; None for none."""
        slip = self.slips.get((seen.dossier.code, criterion))
        if slip is not None:
            return slip
        if criterion == "c2":
            marks = [s.mark for s in self._steps(seen) if s.mark is not None]
            return min(marks) if marks else None
        if criterion in ("c3", "c4"):
            return self._contacts(seen, criterion)
        if criterion == "c7" and seen.dossier.code in self.conduct:
            return 0
        return self._in_time(seen)

    def _in_time(self, seen: Seen) -> int | None:
        """Against the due time: by the day, of procedures timed in hours by the minute."""
        if seen.due is None:
            return None
        done, due = seen.compared, seen.moved
        if seen.procedure.duration_unit == "Giờ":
            done, due = done.replace(second=0), due.replace(second=0)
            return 0 if done > due else 1 if done == due else 2
        return 0 if done > due else 1 if done.date() == due.date() else 2

    def _steps(self, seen: Seen) -> list[LoggedStep]:
        return [s for s in steps().get(seen.dossier.code, []) if s.done <= self.cutoff]

    def _contacts(self, seen: Seen, criterion: str) -> int | None:
        told = bool(seen.steps) or {"SoLanBoSung", "NgayBoSung"} & seen.dossier.cells.keys()
        if criterion == "c4":
            return 2 if told and not seen.requests else None
        return max(0, 2 - seen.requests) if seen.requests or told else None

    def by_dossier(self, unit: str, criterion: str) -> Counts | None:
        """Over all dossiers of a unit and of everything below it: never a mean of means."""
        found = [self.mark(s, criterion) for s in self.recount.of(unit, self.completed)]
        marks = [m for m in found if m is not None]
        return (Fraction(sum(marks)), Fraction(len(marks))) if marks else None

    def by_slips(self, unit: str) -> Counts | None:
        """Criterion 6 on slips of finished dossiers; None where no slip answers."""
        found = [self.slips.get((s.dossier.code, "c6")) for s in self.recount.of(unit, self.completed)]
        marks = [m for m in found if m is not None]
        return (Fraction(sum(marks)), Fraction(len(marks))) if marks else None

    def petitions(self, unit: str) -> Counts:
        in_time, all_ = self.recount.by_petitions(unit, "5.1")
        if not all_:
            return Fraction(2), Fraction(1)
        if self._prolonged(unit):
            return Fraction(0), Fraction(1)
        return Fraction(2 if in_time == all_ else 1 if in_time * 10 >= all_ * 9 else 0), Fraction(1)

    def _prolonged(self, unit: str) -> bool:
        start = self.recount.period.start
        for row in csv_rows("petitions.csv"):
            begun = moment(row["Ngày chuyển"]) or moment(row["Ngày gửi"])
            if begun is None or begun > self.cutoff or place(str(row["Đơn vị xử lý"])) not in below(unit):
                continue
            done = [d for d in (moment(row["Ngày xử lý xong"]), moment(row["Ngày từ chối"])) if d and d <= self.cutoff]
            if not done and closing(working_days_later(begun.date(), 15)) < self.cutoff:
                return True
            if row["Phản ánh lại"] == "1" and (not done or begun >= start or done[0] >= start):
                return True
        return False

    def online(self, unit: str) -> Counts | None:
        """Criterion 9, every procedure of the catalogue having a level."""
        came = [
            (s.online, s) for s in self.recount.of(unit, lambda s: s.received and "KenhThucHien" in s.dossier.cells)
        ]
        online, all_ = sum(o for o, _ in came), len(came)
        more = self._submitted(unit)
        online, all_ = online + sum(more), all_ + len(more)
        if not all_:
            return None
        late = [
            s
            for s in self.recount.of(unit, lambda s: s.online and s.due is not None and s.finish != s.waits_since)
            if s.finish is not None or s.dossier.status not in (3, 7, 9, 10)
        ]
        if any(s.compared > s.moved for s in late) or online * 100 < all_ * 15:
            return Fraction(0), Fraction(1)
        procedures = self.recount.authority(unit)
        offered = sum(p.level >= 1 for p in procedures)
        if not procedures:
            return None
        if not offered:
            return Fraction(0), Fraction(1)
        much = online * 100 >= all_ * 30 and offered * 5 >= len(procedures)
        return Fraction(2 if much else 1), Fraction(1)

    def _submitted(self, unit: str) -> list[bool]:
        """Without a receipt, submitted in the period: whether online."""
        period, out = self.recount.period, []
        for d in all_dossiers():
            at = d.times["NgayNopHoSo"]
            inside = d.times["NgayTiepNhan"] is None and at is not None and period.start <= at < period.end
            if inside and d.status not in (1, 3) and home(d) in below(unit) and "KenhThucHien" in d.cells:
                out.append(Seen(d, catalogue()[d.procedure], period.start, period.end).online)
        return out

    def counts(self, unit: str, criterion: str) -> Counts | None:
        if criterion in BY_DOSSIER:
            return self.by_dossier(unit, criterion)
        if criterion == "c6":
            return self.by_slips(unit)
        return self.petitions(unit) if criterion == "c8" else self.online(unit)

    def takers(self, who: Literal["division", "official"]) -> dict[tuple[str, str], Counts]:
        """(unit/name, criterion) -> marks of the dossiers in which the division, or the official, has a step."""
        marks: dict[tuple[str, str], list[int]] = {}
        for unit, among in self.recount.seen.items():
            for seen in filter(self.completed, among):
                mine: dict[str, list[LoggedStep]] = {}
                for step in self._steps(seen):
                    if name := getattr(step, who):
                        mine.setdefault(name, []).append(step)
                for name, own in mine.items():
                    for criterion in BY_DOSSIER:
                        mark = self._of_taker(seen, criterion, own)
                        if mark is not None:
                            marks.setdefault((f"{unit}/{name}", criterion), []).append(mark)
        return {key: (Fraction(sum(found)), Fraction(len(found))) for key, found in marks.items()}

    def _of_taker(self, seen: Seen, criterion: str, own: list[LoggedStep]) -> int | None:
        if criterion != "c2" or (seen.dossier.code, "c2") in self.slips:
            return self.mark(seen, criterion)
        told = [s.mark for s in own if s.mark is not None]
        return min(told) if told else None


def points(counts: Counts | None) -> Fraction | None:
    """The mean of marks in tenths, halves up."""
    if counts is None:
        return None
    tenths = counts[0] * 10 / counts[1]
    return Fraction(int(tenths + Fraction(1, 2)), 10)


def grade(total: Fraction) -> str:
    bands = ((15, "excellent"), (12, "good"), (9, "fair"), (6, "average"), (0, "weak"))
    return next(key for lower, key in bands if total >= lower)


def official_grade(total: Fraction) -> str:
    bands = ((Fraction(5), "all_tasks"), (Fraction(7, 2), "most_tasks"), (Fraction(0), "few_tasks"))
    return next(key for lower, key in bands if total >= lower)
