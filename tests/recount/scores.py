"""Numerators, denominators, points, totals, grades and ranks of every unit of the sample province for one period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache, cached_property
from typing import Any, ClassVar

from tests.recount.dossier_rules import Procedure, Seen
from tests.recount.exports import Dossier, csv_rows, dossiers, list_rows, moment, process_log
from tests.recount.worktime import DAY_SECONDS, closing, working_days_later

UNKNOWN_UNIT = "?"
PARTS = 7
Counts = tuple[Fraction, Fraction]

# Points of Decision 766, from domain knowledge: component -> (maximum, target). The portal reads 4.2 without a target.
LAW: dict[str, tuple[int, str]] = {
    "1.1": (6, "1"), "1.2": (4, "1"), "1.3": (2, "1"), "1.4": (6, "1"), "2.1": (20, "1"), "3.1": (2, "0.8"),
    "3.2": (4, "1"), "3.3": (6, "0.5"), "3.4": (2, "0.8"), "3.5": (2, "0.8"), "3.6": (6, "1"), "4.1": (6, "1"),
    "4.2": (4, "0.8"), "4.3": (2, "1"), "4.4": (2, "0.8"), "4.5": (4, "1"), "4.6": (2, "1"), "4.7": (2, "1"),
    "5.1": (6, "1"), "5.2": (6, "1"), "5.3": (6, "0.9"),
}  # fmt: skip
NO_SCORE = {
    "law": {"1.1", "1.2", "1.3", "4.1", "4.2", "4.4", "4.5", "4.6"},
    "portal": {"1.1", "1.2", "1.3", "1.4", "4.1", "4.2", "4.3", "4.4", "4.5", "4.6", "4.7"},
}
FULL = {"5.1", "5.2"}
COUNTED_IN_DOSSIERS = {"1.4", "2.1", "3.3", "3.6", "4.1", "4.2", "4.4", "4.5", "4.6", "5.3"}
BY_PROCEDURES = {"1.3", "3.1", "3.2", "3.4", "3.5", "4.7"}
LEAST_ASSESSED = 50
BANDS = ((90, "excellent"), (80, "good"), (70, "fair"), (50, "average"), (0, "weak"))


@dataclass
class Unit:
    code: str
    name: str
    level: str
    parent: str | None
    spellings: set[str] = field(default_factory=set)


@cache
def units() -> dict[str, Unit]:
    """The tree of 2023, with the unit that stands for unknown names."""
    found = {}
    for row in csv_rows("units.csv"):
        begins, ends = moment(row["HieuLucTu"]), moment(row["HieuLucDen"])
        assert begins is not None
        if begins > datetime(2023, 1, 1) or (ends is not None and ends < datetime(2024, 1, 1)):
            continue
        code, name = str(row["MaDonVi"]), str(row["TenDonVi"])
        others = {n.strip() for n in str(row["TenKhac"]).split(";")}
        found[code] = Unit(code, name, str(row["Cap"]), str(row["DonViCha"]) or None, {code, name, *others})
    found[UNKNOWN_UNIT] = Unit(UNKNOWN_UNIT, "", "khac", "H99")
    return found


@cache
def place(text: str) -> str:
    return next((u.code for u in units().values() if text in u.spellings), UNKNOWN_UNIT)


def home(dossier: Dossier) -> str:
    """The unit that is named; where that matches none, the one that the dossier's code begins with."""
    named = place(dossier.unit)
    return named if named != UNKNOWN_UNIT else place(dossier.code.partition("-")[0])


@cache
def below(code: str) -> frozenset[str]:
    """A unit and every unit under it."""
    children = [u.code for u in units().values() if u.parent == code]
    return frozenset({code}).union(*(below(c) for c in children))


@cache
def catalogue() -> dict[str, Procedure]:
    levels = {"Cung cấp thông tin": 0, "Một phần": 1, "Toàn trình": 2}
    return {
        str(r["Mã TTHC"]): Procedure(
            code=str(r["Mã TTHC"]),
            level=levels[str(r["Mức độ DVC"])],
            returns_document=r["Trả kết quả"] == "x",
            has_fee=r["Có phí, lệ phí"] == "x",
            citizens="1" in str(r["Đối tượng thực hiện"]).split(";"),
            duration=float(str(r["Thời hạn giải quyết"])),
            duration_unit=str(r["Đơn vị thời hạn"]),
            levels=frozenset(str(r["Cấp thực hiện"]).split(";")),
            handlers=tuple(str(r["Cơ quan thực hiện"]).split(";")) if r["Cơ quan thực hiện"] else (),
            parts=int(str(r["Số bộ phận công khai"])),
            field=str(r["Lĩnh vực"]),
        )
        for r in list_rows("procedures.xlsx")
    }


all_dossiers = cache(dossiers)
log = cache(process_log)


@dataclass
class Period:
    id: str
    start: datetime
    end: datetime

    @property
    def cutoff(self) -> datetime:
        return self.end - timedelta(seconds=1)

    @property
    def months(self) -> int:
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month


class Recount:
    """Everything counted for one period."""

    def __init__(self, period: Period) -> None:
        self.period = period
        complained = self._complained()
        self.seen: dict[str, list[Seen]] = {code: [] for code in units()}
        self.still_waiting: dict[str, list[Seen]] = {code: [] for code in units()}
        for dossier in all_dossiers():
            seen = Seen(
                dossier, catalogue()[dossier.procedure], period.start, period.end, log().get(dossier.code, []),
                dossier.code in complained,
            )  # fmt: skip
            if seen.in_hand:
                self.seen[home(dossier)].append(seen)
            elif seen.still_waiting:
                self.still_waiting[home(dossier)].append(seen)
        year_ago = period.end.replace(year=period.end.year - 1)
        self.lately = {
            (home(d), d.procedure)
            for d in all_dossiers()
            if d.status != 1 and (at := d.times["NgayTiepNhan"]) is not None and year_ago <= at < period.end
        }
        self.typed = {
            (str(r["MaDonVi"]), str(r["ChiTieu"])): r for r in csv_rows("typed_figures.csv") if r["Ky"] == period.id
        }

    def read_as(self, reading: str) -> Recount:
        """The same dossiers, judged by another reading."""
        other = copy(self)
        other.__dict__.pop("everything", None)
        other.seen = {unit: [replace(s, reading=reading) for s in among] for unit, among in self.seen.items()}
        return other

    def _complained(self) -> set[str]:
        """Dossiers with a petition or a dissatisfied slip by the end of the period."""
        out = set()
        for row in csv_rows("petitions.csv"):
            begun = moment(row["Ngày chuyển"]) or moment(row["Ngày gửi"])
            if row["Mã hồ sơ"] and begun is not None and begun <= self.period.cutoff:
                out.add(str(row["Mã hồ sơ"]))
        for row in csv_rows("slips.csv"):
            at = moment(row["NgayDanhGia"])
            if row["DanhGia"] == "0" and at is not None and at <= self.period.cutoff:
                out.add(str(row["MaHoSo"]))
        return out

    def of(self, unit: str, wanted: Callable[[Seen], bool]) -> list[Seen]:
        """Dossiers of a unit and everything below it."""
        return [s for code in sorted(below(unit)) for s in self.seen[code] if wanted(s)]

    def form(self) -> dict[tuple[str, str], Counter[str]]:
        """Form II.06 of (unit without those below it, field): dossiers by column."""
        out: dict[tuple[str, str], Counter[str]] = {}
        for unit, among in self.seen.items():
            for seen in among:
                out.setdefault((unit, seen.procedure.field), Counter()).update(seen.form_columns)
        return out

    def statutory_form(self) -> dict[tuple[str, str], Counter[str]]:
        """The same of a form that is sent up: what waits since before the period is carried over too."""
        out = self.form()
        for unit, among in self.still_waiting.items():
            for seen in among:
                columns = ("carried", "open_past" if seen.overdue else "open_within")
                out.setdefault((unit, seen.procedure.field), Counter()).update(columns)
        return out

    # ---- components counted in dossiers: (test for the denominator, test for the numerator, columns that tell) ----

    DOSSIERS: ClassVar[dict[str, tuple[Callable[[Seen], bool], Callable[[Seen], bool], tuple[str, ...]]]] = {
        "1.4": (lambda s: s.received, lambda s: s.dossier.flag("DaDongBo"), ("DaDongBo",)),
        "2.1": (lambda s: s.in_hand, lambda s: not s.overdue, ("NgayTiepNhan",)),
        "3.3": (lambda s: s.received, lambda s: s.online and s.result_where_required, ("KenhThucHien",)),
        "3.6": (
            lambda s: s.received and bool(s.fee), lambda s: s.paid_online, ("DuocThanhToanTrucTuyen",)
        ),
        "4.1": (
            lambda s: s.received and s.procedure.returns_document, lambda s: s.result_file, ("DuongDanTepTinKetQua",)
        ),
        "4.2": (
            lambda s: s.received, lambda s: s.attached and s.result_where_required,
            ("HoSoCoThanhPhanSoHoa", "DuocSoHoa"),
        ),
        "4.4": (lambda s: s.received, lambda s: s.dossier.flag("DuocTaiSuDung"), ("DuocTaiSuDung",)),
        "4.5": (
            lambda s: s.received, lambda s: s.dossier.flag("DuocLayTuKhoDMQG") or s.dossier.flag("KetQuaDongBoKho"),
            ("DuocLayTuKhoDMQG", "KetQuaDongBoKho"),
        ),
        "4.6": (lambda s: s.received, lambda s: s.population, ("TaiKhoanDuocXacThucVoiVNeID", "MaCSDL")),
        "5.3": (lambda s: s.in_hand, lambda s: not s.overdue and not s.complained, ("NgayTiepNhan",)),
    }  # fmt: skip

    def by_dossiers(self, unit: str, component: str) -> Counts | None:
        """Of the dossiers of which a source tells; None when none tells of any."""
        counted, achieved, _ = self.DOSSIERS[component]
        among = self.of(unit, counted)
        told = [s for s in among if self.told(s, component)]
        if among and not told:
            return None
        denominator = Fraction(len(told))
        if component == "1.4":
            denominator = self.sync_denominator(unit, len(told), len(among) - len(told))
        return Fraction(sum(achieved(s) for s in told)), denominator

    def told(self, seen: Seen, component: str) -> bool:
        """Whether the file has the columns that this dossier's verdict hangs on: a result file is asked for only where
        all else is there."""
        cells, needs = seen.dossier.cells, self.DOSSIERS[component][2]
        asks_result = seen.procedure.returns_document and (
            (component == "3.3" and seen.online) or (component == "4.2" and seen.attached)
        )
        return any(c in cells for c in needs) and ("DuongDanTepTinKetQua" in cells or not asks_result)

    def sync_denominator(self, unit: str, received: int, untold: int) -> Fraction:
        """1.4: the larger of the two totals, dossiers of which nothing is told left out of both; without either, last
        year's share."""
        if untold:
            raise NotImplementedError("every file of the sample has DaDongBo")
        larger = max(self.reported(unit, self.period.id), Fraction(received))
        if larger:
            return larger
        return self.reported(unit, str(self.period.start.year - 1)) * self.period.months / 12

    def reported(self, unit: str, period: str) -> Fraction:
        """Received per the national reporting system: a unit's own figure and those of all below it; its own alone
        where that is their sum."""
        written = {
            r["Ky"]: Fraction(str(r["TongTiepNhan"])) for r in csv_rows("report_totals.csv") if r["MaDonVi"] == unit
        }
        own = self._written(written, period)
        children = [u.code for u in units().values() if u.parent == unit]
        theirs = sum((self.reported(c, period) for c in children), Fraction(0))
        return theirs if own is None or own == theirs else own + theirs

    def _written(self, written: dict[object, Fraction], period: str) -> Fraction | None:
        """The figure of a period; of a quarter else the sum of its months, of a half else that of its quarters."""
        if period in written:
            return written[period]
        if "Q" in period:
            year, quarter = period.split("Q")
            parts = [f"{year}-{3 * int(quarter) - i:02d}" for i in (2, 1, 0)]
        elif "H" in period:
            year, half = period.split("H")
            parts = [f"{year}Q{2 * int(half) - i}" for i in (1, 0)]
        else:
            return None
        sums = [self._written(written, part) for part in parts]
        return None if None in sums else sum((s for s in sums if s is not None), Fraction(0))

    # ---- procedures ----

    def authority(self, unit: str) -> list[Procedure]:
        """Distinct procedures that a unit, or one below it, handles."""
        return [p for p in catalogue().values() if any(self._handles(u, p) for u in below(unit))]

    def _handles(self, unit: str, procedure: Procedure) -> bool:
        if procedure.handlers:
            known = {place(h) for h in procedure.handlers} - {UNKNOWN_UNIT}
            return unit in known if known else units()[unit].level == "tinh"
        level = units()[unit].level
        if level == "so" and "so" in procedure.levels:
            return procedure.code in self._own_procedures(unit)
        return level in procedure.levels

    @cache  # noqa: B019
    def _own_procedures(self, unit: str) -> frozenset[str]:
        own = {procedure for code, procedure in self.lately if code == unit}
        return frozenset(own | {s.dossier.procedure for s in self.seen[unit]})

    def by_procedures(self, unit: str, component: str) -> Counts | None:
        received = self.of(unit, lambda s: s.received)
        if component == "3.5":
            fee = {s.dossier.procedure for s in received if s.procedure.has_fee}
            told = [s for s in received if "DuocThanhToanTrucTuyen" in s.dossier.cells and s.procedure.has_fee]
            if fee and not told:
                return None
            return Fraction(len({s.dossier.procedure for s in told if s.paid_online})), Fraction(len(fee))
        among = self.authority(unit)
        with_online = {s.dossier.procedure for s in received if s.online}
        with_fee = {s.dossier.procedure for s in received if s.fee and s.dossier.flag("DaDongBo")}
        with_population = {s.dossier.procedure for s in received if s.population}
        tests: dict[str, tuple[Callable[[Procedure], bool], Callable[[Procedure], bool]]] = {
            "1.3": (lambda p: p.parts > 0, lambda p: p.parts == PARTS),
            "3.1": (lambda p: True, lambda p: p.level >= 1),
            "3.2": (lambda p: p.level >= 1, lambda p: p.code in with_online),
            "3.4": (lambda p: p.has_fee, lambda p: p.code in with_fee),
            "4.7": (lambda p: p.citizens, lambda p: p.code in with_population),
        }
        counted, achieved = tests[component]
        chosen = [p for p in among if counted(p)]
        return Fraction(sum(achieved(p) for p in chosen)), Fraction(len(chosen))

    # ---- decisions, petitions, copies ----

    def by_decisions(self, unit: str, component: str) -> Counts:
        """Per procedure: late if any of its decisions is late. 1.1 counts decisions signed in the period, 1.2 those
        settled in it: on the day of a publication in time, else on the day after the last one in time."""
        late: dict[str, bool] = {}
        for row in list_rows("decisions.xlsx"):
            signed = moment(row["Ngày ký"])
            assert signed is not None
            if place(str(row["Đơn vị tham mưu"])) not in below(unit):
                continue
            verdict = self._late_decision(component, row, signed.date(), row["Cấp công bố"] == "Bộ")
            if verdict is not None:
                code = str(row["Mã TTHC"])
                late[code] = late.get(code, False) or verdict
        return Fraction(sum(not x for x in late.values())), Fraction(len(late))

    def _late_decision(self, component: str, row: dict[str, object], signed: date, ministry: bool) -> bool | None:
        if component == "1.1":
            if not self.period.start.date() <= signed < self.period.end.date():
                return None
            effective = moment(row["Ngày hiệu lực VBQPPL"])
            assert effective is not None
            return working_days_later(signed, 20 if ministry else 5) > effective.date()
        limit = working_days_later(signed, 10 if ministry else 5)
        published = moment(row["Ngày công khai"])
        in_time = published is not None and published <= self.period.cutoff and published.date() <= limit
        settled = published.date() if in_time and published is not None else limit + timedelta(days=1)
        return not in_time if self.period.start.date() <= settled <= self.period.cutoff.date() else None

    def by_petitions(self, unit: str, component: str) -> Counts:
        numerator = denominator = 0
        for row in csv_rows("petitions.csv"):
            if not row["Đơn vị xử lý"] or place(str(row["Đơn vị xử lý"])) not in below(unit):
                continue
            at = {k: moment(row[k]) for k in row if k.startswith("Ngày")}
            published = at["Ngày công khai"]
            at = {k: None if v is not None and v > self.period.cutoff else v for k, v in at.items()}
            begun = at["Ngày chuyển"] if row["Ngày chuyển"] else at["Ngày gửi"]
            if begun is None:
                continue
            ended = at["Ngày xử lý xong"] or at["Ngày từ chối"]
            becomes_late = self._published_late_from(at["Ngày xử lý xong"], published)
            overdue = self._petition_overdue(at, begun) or becomes_late is not None
            first = begun >= self.period.start
            now_late = becomes_late is not None and becomes_late >= self.period.start
            if component == "5.1" and (first or ended is None or ended >= self.period.start or now_late):
                denominator += 1
                numerator += not overdue
            if component == "5.2" and first:
                denominator += 1
                disliked = int(str(row["Lượt không thích"] or 0)) > int(str(row["Lượt thích"] or 0))
                numerator += not (disliked or row["Phản ánh lại"] == "1" or overdue)
        return Fraction(numerator), Fraction(denominator)

    def _petition_overdue(self, at: dict[str, datetime | None], begun: datetime) -> bool:
        limits = {"Ngày từ chối": 2, "Ngày yêu cầu bổ sung": 5, "Ngày xử lý xong": 15}
        for name, days in limits.items():
            done = at[name]
            if done is not None and done > closing(working_days_later(begun.date(), days)):
                return True
        open_still = at["Ngày xử lý xong"] is None and at["Ngày từ chối"] is None
        return open_still and self.period.cutoff > closing(working_days_later(begun.date(), 15))

    def _published_late_from(self, handled: datetime | None, published: datetime | None) -> datetime | None:
        """When the two working days to publish an answer passed without it, if they did by the end of the period."""
        if handled is None or published is None:
            return None
        limit = closing(working_days_later(handled.date(), 2))
        return limit if published > limit and limit < self.period.cutoff else None

    def by_units(self, unit: str) -> Counts | None:
        listed = [r for r in csv_rows("certified_copies.csv") if r["Ky"] == self.period.id]
        if not listed and "H" in self.period.id:
            return self._by_units_in_parts(unit)
        if not listed:
            return None
        issued = [int(str(r["SoBanSao"] or 0)) for r in listed if place(str(r["MaDonVi"])) in below(unit)]
        return Fraction(sum(n >= 1 for n in issued)), Fraction(len(issued))

    def _by_units_in_parts(self, unit: str) -> Counts:
        """The copies of the quarters and months of a half, a unit counted once."""
        months = {f"{self.period.start.year}-{self.period.start.month + n:02d}" for n in range(6)}
        parts = months | {f"{self.period.start.year}Q{self.period.start.month // 3 + n}" for n in (1, 2)}
        issued: dict[str, int] = {}
        for row in csv_rows("certified_copies.csv"):
            if row["Ky"] in parts:
                code = place(str(row["MaDonVi"]))
                issued[code] = issued.get(code, 0) + int(str(row["SoBanSao"] or 0))
        mine = [n for code, n in issued.items() if code in below(unit)]
        return Fraction(sum(n >= 1 for n in mine)), Fraction(len(mine))

    def from_data(self, unit: str, component: str) -> Counts | None:
        if component in self.DOSSIERS:
            return self.by_dossiers(unit, component)
        if component in ("1.1", "1.2"):
            return self.by_decisions(unit, component)
        if component in ("5.1", "5.2"):
            return self.by_petitions(unit, component)
        if component == "4.3":
            return self.by_units(unit)
        return self.by_procedures(unit, component)

    def counts(self, unit: str, component: str) -> Counts | None:
        """Typed figures over, or in place of, the data; a parent of dossier counts takes them in with its children."""
        typed = self.typed.get((unit, component))
        data = self.from_data(unit, component)
        if typed is not None and (typed["GhiDe"] == "1" or data is None or data[1] == 0):
            if typed["TuSo"] == "" and typed["MauSo"] == "":
                return None
            return Fraction(str(typed["TuSo"])), Fraction(str(typed["MauSo"]))
        replaced = [u for u in below(unit) - {unit} if (u, component) in self.typed]
        if data is not None and component in COUNTED_IN_DOSSIERS:
            for other in replaced:
                instead, counted = self.counts(other, component), self.by_raw(other, component)
                assert instead is not None
                data = data[0] - counted[0] + instead[0], data[1] - counted[1] + instead[1]
        return data

    @cached_property
    def everything(self) -> dict[tuple[str, str], Counts | None]:
        return {(u, c): self.counts(u, c) for u in units() for c in LAW}

    def by_raw(self, unit: str, component: str) -> Counts:
        counted, achieved, _ = self.DOSSIERS[component]
        among = [s for s in self.of(unit, counted) if self.told(s, component)]
        return Fraction(sum(achieved(s) for s in among)), Fraction(len(among))

    def handling(self, unit: str) -> Counts:
        """2.2: working days of handling, and the finished dossiers that began in the period."""
        times = [s.handling_seconds for s in self.of(unit, lambda s: s.handling_seconds is not None)]
        return Fraction(sum(t or 0 for t in times), DAY_SECONDS), Fraction(len(times))


def half_up(value: Fraction) -> Fraction:
    return Fraction(int(value * 100 + Fraction(1, 2)), 100)


def score(counts: Counts | None, component: str, reading: str) -> tuple[str, Fraction | None]:
    """(status, points)"""
    if counts is None:
        return "not_assessed", None
    numerator, denominator = counts
    maximum, target = LAW[component]
    if denominator == 0:
        if component in NO_SCORE[reading]:
            return "no_score", None
        return "scored", Fraction(maximum if component in FULL else 0)
    if reading == "portal" and component == "4.2":
        target = "1"
    return "scored", half_up(maximum * min(Fraction(1), numerator / denominator / Fraction(target)))


@dataclass
class Total:
    groups: dict[str, Fraction | None]
    total: Fraction | None
    maximum: int
    grade: str | None
    rank: int | None = None


def total(scored: dict[str, tuple[str, Fraction | None]], reading: str, did_something: bool = True) -> Total:
    """did_something: it has something to count besides the procedures of its catalogue."""
    groups: dict[str, Fraction | None] = {}
    maximum = 0
    for group in "12345":
        parts = [(c, *s) for c, s in scored.items() if c.startswith(group)]
        counting = [
            (c, p) for c, status, p in parts if status == "scored" or (status == "no_score" and reading == "portal")
        ]
        maximum += sum(LAW[c][0] for c, _ in counting)
        groups[group] = sum((p or Fraction(0) for _, p in counting), Fraction(0)) if counting else None
    points = sum((g for g in groups.values() if g is not None), Fraction(0))
    if not maximum:
        return Total(groups, None, 0, None)
    percent = half_up(points * 100 / maximum)
    grade = next(key for lower, key in BANDS if percent >= lower)
    return Total(groups, points, maximum, grade if did_something and maximum >= LEAST_ASSESSED else None)


def give_ranks(totals: dict[str, Total]) -> None:
    """1, 2, 2, 4 within each level."""
    for code, mine in totals.items():
        peers = [t.total for c, t in totals.items() if t.grade and units()[c].level == units()[code].level]
        if mine.grade is not None:
            mine.rank = 1 + sum(p is not None and p > mine.total for p in peers)


def whole(recount: Recount, reading: str) -> tuple[dict[str, Any], dict[str, Total]]:
    counts = recount.everything
    totals = {}
    for unit in units():
        something = any((found := counts[unit, c]) is not None and found[1] for c in set(LAW) - BY_PROCEDURES)
        totals[unit] = total({c: score(counts[unit, c], c, reading) for c in LAW}, reading, something)
    totals[UNKNOWN_UNIT] = Total(totals[UNKNOWN_UNIT].groups, None, totals[UNKNOWN_UNIT].maximum, None)
    give_ranks(totals)
    return counts, totals
