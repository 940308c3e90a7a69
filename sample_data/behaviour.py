"""What happened to every dossier of the sample province: one row a dossier, facts that agree with one another.

Each unit has a quality between 0 and 1; how many of its dossiers come online, finish late, need supplements, are
digitised, reused, paid online and so on is derived from it, with a little chance for each habit.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from calendar_2023 import DAYS, MINUTES, day_index, to_time
from province import ACTIVE, Procedure, handled_by

FIRST, LAST = date(2022, 10, 1), date(2023, 7, 31)

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

HABITS: dict[str, tuple[float, float]] = {
    # habit: (value at quality 0, value at quality 1)
    "late": (0.50, 0.008), "online": (0.03, 0.97), "digitised": (0.08, 0.985), "result_file": (0.04, 0.99),
    "reused": (0.00, 0.90), "store": (0.0, 0.96), "paid_online": (0.0, 0.985), "vneid": (0.05, 0.97),
    "synced": (0.45, 0.998), "one_supplement": (0.10, 0.03), "more_supplements": (0.10, 0.000),
    "withdrawn": (0.020, 0.004), "refused": (0.020, 0.003), "stopped": (0.014, 0.001), "stuck": (0.020, 0.000),
}  # fmt: skip


def habits(rng: np.random.Generator) -> dict[str, npt.NDArray[np.float64]]:
    """The share of each habit, by unit (in the order of ACTIVE)."""
    quality = np.array([unit.quality for unit in ACTIVE])
    found = {}
    for name, (worst, best) in HABITS.items():
        noise = rng.normal(0, 0.05, len(ACTIVE)) * (1 - quality)
        found[name] = worst + (best - worst) * np.clip(quality + noise, 0, 1)
    return found


def _received(rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Working minutes of receipt: Mondays busy, Fridays quiet, a lull around Tết, mornings fuller than afternoons."""
    days = np.arange(day_index(FIRST), day_index(date(2023, 8, 1)))
    weight = np.array([1.25, 1.08, 1.0, 0.95, 0.80, 0.3, 0.3])[(DAYS[days].astype(np.int64) + 3) % 7]
    tet = np.abs((DAYS[days] - np.datetime64("2023-01-23")).astype(np.int64))
    weight = weight * np.where(tet <= 9, 0.45, 1.0) * rng.uniform(0.85, 1.15, len(days))
    minute = np.concatenate([np.bartlett(272)[1:271] + 0.35, np.bartlett(212)[1:211] * 0.8 + 0.25])
    day = rng.choice(days, n, p=weight / weight.sum())
    return day * MINUTES + rng.choice(MINUTES, n, p=minute / minute.sum())


@dataclass(frozen=True, slots=True)
class _Draw:
    """The dossiers so far, and chance that depends on their unit's habits."""

    rng: np.random.Generator
    habit: dict[str, npt.NDArray[np.float64]]
    unit: Ints
    procedure: Ints
    catalogue: tuple[Procedure, ...]

    def happens(self, name: str, factor: float | npt.NDArray[np.float64] = 1.0) -> Flags:
        """Which dossiers show a habit."""
        return self.rng.random(len(self.unit)) < self.habit[name][self.unit] * factor

    def of_procedure(self, values: list[int] | list[bool]) -> npt.NDArray[Any]:
        """For each dossier the value of its procedure."""
        return np.array(values)[self.procedure]


def _assign(rng: np.random.Generator, catalogue: tuple[Procedure, ...], n: int) -> _Draw:
    """Who handles each dossier, under which procedure."""
    habit = habits(rng)
    share = np.array([unit.share for unit in ACTIVE])
    unit = rng.choice(len(ACTIVE), n, p=share / share.sum())
    procedure = np.zeros(n, np.int64)
    for u, active in enumerate(ACTIVE):
        handled = handled_by(active, catalogue)
        weight = np.array([catalogue[i].weight for i in handled])
        rows = np.flatnonzero(unit == u)
        procedure[rows] = rng.choice(handled, len(rows), p=weight / weight.sum())
    return _Draw(rng, habit, unit, procedure, catalogue)


def _moment(work: Ints, when: Flags) -> npt.NDArray[np.datetime64]:
    """Working minutes as moments; never where not `when`."""
    last = (len(DAYS) - 1) * MINUTES
    return np.where(when, to_time(np.minimum(work, last)), np.datetime64("NaT", "s"))


def _course(draw: _Draw, work: Ints, online: Flags) -> dict[str, npt.NDArray[Any]]:
    """From receipt to result: how long it took, what was asked for, how it ended."""
    rng, n = draw.rng, len(work)
    minutes = draw.of_procedure([p.work_minutes for p in draw.catalogue])
    late = draw.happens("late", np.where(online, 0.85, 1.0))
    spent = minutes * np.clip(rng.beta(2.6, 1.6, n), 0.04, 0.985)
    over = minutes + 45 + rng.exponential(np.maximum(MINUTES, 0.35 * minutes))
    taken = np.where(late, over, spent).astype(np.int64) + 1

    asked_times = np.where(draw.happens("more_supplements"), 2, draw.happens("one_supplement").astype(np.int64))
    asked_times[minutes < MINUTES] = 0
    twice = asked_times == 2
    asked = work + (taken * rng.uniform(0.05, 0.5, n)).astype(np.int64)
    waited = rng.gamma(2.0, 1.6 * MINUTES, n).astype(np.int64) + 30
    asked_again = asked + waited + 30
    waited_again = np.where(twice, rng.gamma(2.0, 1.2 * MINUTES, n).astype(np.int64) + 30, 0)
    gap = np.where(twice, 30, 0)
    completed = asked + waited + gap + waited_again
    pause = np.where(asked_times > 0, waited + waited_again, 0)
    abandoned = (asked_times == 1) & (rng.random(n) < 0.06)

    outcome = np.full(n, 9)
    for code, name in ((7, "withdrawn"), (3, "refused"), (8, "stopped")):
        outcome = np.where((outcome == 9) & draw.happens(name), code, outcome)
    outcome = np.where(abandoned, 5, np.where(draw.happens("stuck"), 4, outcome))
    finished = work + taken + pause + gap
    ended = np.maximum(work + np.maximum(taken // 2, 10) + pause, np.where(asked_times > 0, completed + 10, 0))
    collected = (rng.random(n) < 0.9) | online
    returned = finished + np.where(online, rng.integers(0, 20, n), rng.exponential(1.1 * MINUTES, n).astype(np.int64))

    tens = _clock_step(draw.unit)

    def up(at: Ints) -> Ints:
        return -(-at // tens) * tens

    answered = (asked_times > 0) & ~abandoned
    return {
        "NgayKetThucXuLy": _moment(up(finished), outcome == 9),
        "NgayTra": _moment(up(returned), (outcome == 9) & collected),
        "NgayTuChoi": _moment(up(ended), np.isin(outcome, (3, 7, 8))),
        "outcome": outcome,
        "NgayBoSung": _moment(up(asked), asked_times > 0),
        "NhanBoSungLan1": _moment(up(asked + waited), twice),
        "NgayBoSungLan2": _moment(up(asked_again), twice),
        "NgayTiepNhanBoSung": _moment(up(completed), answered),
        "NgayHenTraMoi": _moment(up(work + minutes + pause), answered),
    }


def _clock_step(unit: Ints) -> Ints:
    """Departments' systems keep times to ten minutes, the portal to one."""
    return np.where(np.array([active.level == "so" for active in ACTIVE])[unit], 10, 1)


def _due(draw: _Draw, work: Ints, received: npt.NDArray[np.datetime64]) -> npt.NDArray[np.datetime64]:
    """Receipt plus the statutory duration, in its own unit; a month ends on the same day or the month's last."""
    duration = draw.of_procedure([p.duration for p in draw.catalogue])
    counted_in = draw.of_procedure([p.duration_unit for p in draw.catalogue])
    by_work = to_time(work + duration * np.where(counted_in == 1, 60, MINUTES))
    by_days = received + (duration * 86400).astype("timedelta64[s]")
    month = received.astype("datetime64[M]")
    next_month = (month + duration).astype("datetime64[s]")
    length = (month + duration + 1).astype("datetime64[s]") - next_month
    midnight = received.astype("datetime64[D]").astype("datetime64[s]")
    days = np.minimum(midnight - month.astype("datetime64[s]"), length - np.timedelta64(1, "D"))
    within = days + (received - midnight)
    return np.where(counted_in == 2, by_days, np.where(counted_in == 4, next_month + within, by_work))


def _electronic(draw: _Draw, online: Flags) -> dict[str, npt.NDArray[Any]]:
    """What was digitised, reused, connected, synchronised and paid."""
    rng, n = draw.rng, len(draw.unit)
    fee = draw.of_procedure([p.fee for p in draw.catalogue])
    fee = np.where((fee > 0) & (rng.random(n) < 0.06), 0, fee)
    paid = draw.happens("paid_online", np.where(online, 1.0, 0.75)) & (fee > 0)
    citizens = draw.of_procedure(["1" in p.field.subjects for p in draw.catalogue])
    businesses = draw.of_procedure(["2" in p.field.subjects for p in draw.catalogue])
    kind = np.where(citizens & (~businesses | (rng.random(n) < 0.6)), 1, np.where(businesses, 2, 4))
    digitised = draw.happens("digitised")
    population = draw.happens("vneid", 0.4) & (kind == 1)
    return {
        "LoaiDoiTuong": kind, "Gia": fee,
        "DuocThanhToanTrucTuyen": np.where(paid, np.where(rng.random(n) < 0.55, 1, 2), 0),
        "HoSoCoThanhPhanSoHoa": digitised.astype(np.int64),
        "DuocSoHoa": np.where(digitised, rng.integers(1, 5, n), 0),
        "DuocTaiSuDung": np.where(draw.happens("reused"), rng.integers(1, 3, n), 0),
        "DuocLayTuKhoDMQG": draw.happens("store", 0.7).astype(np.int64),
        "KetQuaDongBoKho": draw.happens("store", 0.9).astype(np.int64),
        "has_file": draw.happens("result_file") & draw.of_procedure([p.returns_document for p in draw.catalogue]),
        "TaiKhoanDuocXacThucVoiVNeID": draw.happens("vneid", np.where(online, 1.0, 0.9)).astype(np.int64),
        "MaCSDL": np.where(population, "CSDLDC", np.where(kind == 2, "DKDN", "")),
        "DaDongBo": draw.happens("synced").astype(np.int64),
    }  # fmt: skip


def facts(rng: np.random.Generator, catalogue: tuple[Procedure, ...], n: int) -> pd.DataFrame:
    """`n` received dossiers in order of receipt. Moments are datetime64[s]; NaT = never happened."""
    draw = _assign(rng, catalogue, n)
    tens = _clock_step(draw.unit)
    work = np.sort(_received(rng, n)) // tens * tens
    received = _moment(work, np.ones(n, bool))
    online = draw.happens("online") & (draw.of_procedure([p.online_level for p in catalogue]) > 0)
    # What a person filed in the evening or at the weekend before, the office received in the morning; at the counter
    # only the receipt is noted.
    filed = received - (rng.integers(120, 50 * 3600, n) // (60 * tens) * (60 * tens)).astype("timedelta64[s]")
    frame = pd.DataFrame(
        {
            "unit": draw.unit, "procedure": draw.procedure,
            "KenhThucHien": np.where(online, 2, np.where(rng.random(n) < 0.04, 3, 1)),
            "NgayNopHoSo": np.where(online, filed, np.datetime64("NaT", "s")), "NgayTiepNhan": received,
            "NgayHenTra": _due(draw, work, received), **_course(draw, work, online), **_electronic(draw, online),
            "NoiNopHoSo": np.where(rng.random(n) < 0.4, 1, 2), "person": rng.integers(0, 10**6, n),
        }
    )  # fmt: skip
    frame["NgayHenTraMoi"] = frame["NgayHenTraMoi"].clip(lower=frame["NgayHenTra"])
    code = np.array([active.code for active in ACTIVE], dtype=object)[draw.unit]
    day = pd.Series(received).dt.strftime("%y%m%d")
    serial = frame.groupby([draw.unit, day.to_numpy()]).cumcount() + 1
    frame["DonViXuLy"] = code
    frame["MaHoSo"] = pd.Series(code) + "-" + day + "-" + serial.astype(str).str.zfill(4)
    return frame


MOMENTS = (
    "NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "NgayBoSung", "NgayBoSungLan2", "NhanBoSungLan1", "NgayTiepNhanBoSung",
)  # fmt: skip


def snapshot(all_facts: pd.DataFrame, as_of: np.datetime64, catalogue: tuple[Procedure, ...]) -> pd.DataFrame:
    """The dossiers received by `as_of`, as the system showed them at that moment: nothing later is known."""
    seen = all_facts[(all_facts["NgayTiepNhan"] <= as_of).to_numpy()].copy()
    for name in MOMENTS:
        seen[name] = seen[name].where(seen[name] <= as_of)
    waiting = seen["NgayBoSung"].notna() & seen["NgayTiepNhanBoSung"].isna()
    land = np.array([p.field.code == "DDAI" for p in catalogue])[seen["procedure"]]
    young = (as_of - seen["NgayTiepNhan"]) < np.timedelta64(6, "h")
    tax = land & (seen["person"] % 3 == 0) & (as_of - seen["NgayTiepNhan"] > np.timedelta64(5, "D"))
    ended = seen["NgayTuChoi"].notna()
    done = seen["NgayKetThucXuLy"].notna()
    seen["TrangThaiHoSo"] = np.select(
        [ended, seen["NgayTra"].notna(), done, waiting, tax, young], [seen["outcome"], 10, 9, 5, 6, 2], 4
    )
    seen["SoLanBoSung"] = seen["NgayBoSung"].notna().astype(int) + seen["NgayBoSungLan2"].notna().astype(int)
    seen["NgayHenTraMoi"] = seen["NgayHenTraMoi"].where(seen["NgayTiepNhanBoSung"].notna())
    seen["has_file"] = seen["has_file"] & done
    seen["KetQuaDongBoKho"] = np.where(done, seen["KetQuaDongBoKho"], 0)
    return seen
