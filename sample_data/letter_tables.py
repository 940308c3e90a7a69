"""The tables about lateness that offices keep by hand: the register of apology letters, causes, outages.

They draw from a stream of their own, so that no other file depends on them.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from calendar_2023 import DAYS
from people import names
from province import ACTIVE
from shapes import stamps, write_csv

_SEED = 6104
_QUALITY = np.array([unit.quality for unit in ACTIVE])
_CODES = np.array([unit.code for unit in ACTIVE], dtype=object)
_CAUSES = ("Quy định", "Cán bộ, công chức", "Phối hợp", "Hạ tầng CNTT", "Người nộp", "Khác")
_CHANNELS = ("Tin nhắn SMS", "Điện thoại", "Zalo", "Thư điện tử", "Bản giấy")
_DAY = np.timedelta64(1, "D")
_BEGUN = np.datetime64("2023-01-01")
"""From when the units keep a register."""


def late_dossiers(shown: pd.DataFrame, as_of: np.datetime64) -> pd.DataFrame:
    """Dossiers of 2023 that were finished after they were due, or are past due at the moment."""
    due = shown["NgayHenTraMoi"].fillna(shown["NgayHenTra"])
    ended = shown["NgayKetThucXuLy"].fillna(pd.Timestamp(as_of))
    waiting = shown["TrangThaiHoSo"].isin([3, 5, 6, 7, 8])
    late = (ended > due) & ~waiting & (due >= _BEGUN) & (shown["unknown_unit"] == "")
    return shown[late].assign(due=due[late], ended=ended[late]).sort_values(["due", "MaHoSo"], kind="stable")


def write_apologies(path: Path, shown: pd.DataFrame, as_of: np.datetime64) -> int:
    """The register: good units send most letters, and a day before; weak ones few, late, some a second time. A few
    dossiers got a letter and were finished in time."""
    rng = np.random.default_rng(_SEED)
    late = late_dossiers(shown, as_of)
    quality = _QUALITY[late["unit"]]
    sent = late[rng.random(len(late)) < 0.08 + 0.75 * quality**2]
    quality = _QUALITY[sent["unit"]]
    early = rng.random(len(sent)) < 0.25 + 0.7 * quality
    due = sent["due"].to_numpy("datetime64[s]").astype("datetime64[D]")
    before, after = rng.integers(1, 4, len(sent)), rng.integers(0, 5, len(sent))
    issued = _working(due - np.where(early, before, 0), -1) + np.where(early, 0, after) * _DAY
    issued = np.maximum(issued, sent["NgayTiepNhan"].to_numpy("datetime64[s]").astype("datetime64[D]"))
    first = _rows(sent, issued, _working(np.maximum(due, issued) + rng.integers(2, 9, len(sent)) * _DAY, 1), rng)
    again = first[rng.random(len(first)) < 0.06 * (1 - quality)]
    second = again.assign(issued=again["new"] + _DAY, old=again["new"], new=again["new"] + np.timedelta64(5, "D"))
    timely = shown[(shown["NgayKetThucXuLy"] <= shown["NgayHenTra"]) & (shown["NgayHenTra"] >= _BEGUN)]
    timely = timely[timely["unknown_unit"] == ""].iloc[:: max(1, len(timely) // 8)][:8]
    day = timely["NgayKetThucXuLy"].to_numpy("datetime64[s]").astype("datetime64[D]")
    planned = timely["NgayHenTra"].to_numpy("datetime64[s]").astype("datetime64[D]")
    needless = _rows(timely.assign(due=timely["NgayHenTra"]), day, planned + 7 * _DAY, rng)
    every = pd.concat([first, second, needless])
    every = every[every["issued"] <= as_of].sort_values(["issued", "MaHoSo"], kind="stable")
    number = every.groupby("unit").cumcount() + 1
    frame = pd.DataFrame(
        {
            "Mã hồ sơ": every["MaHoSo"],
            "Số văn bản": number.astype(str) + "/XL-" + _CODES[every["unit"]].astype(str),
            "Ngày ban hành": stamps(every["issued"], "%d/%m/%Y"),
            "Ngày hẹn trả cũ": stamps(every["old"], "%d/%m/%Y %H:%M"),
            "Ngày hẹn trả lại": stamps(every["new"], "%d/%m/%Y"),
            "Nguyên nhân": every["cause"],
            "Lý do": "Hồ sơ của ông (bà) " + every["name"] + " cần thêm thời gian xác minh",
            "Kênh thông báo": every["channel"],
            "Đơn vị ban hành": _CODES[every["unit"]],
        }
    )
    write_csv(path, frame)
    return len(frame)


def _working(day: np.ndarray, step: int) -> np.ndarray:
    """Each day, or the nearest working day after it (step 1) or before it (-1)."""
    at = np.searchsorted(DAYS, day, side="left")
    off = DAYS[at] != day
    return DAYS[np.where(off & (step < 0), at - 1, at)]


def _rows(dossiers: pd.DataFrame, issued: np.ndarray, new: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    n = len(dossiers)
    return pd.DataFrame(
        {
            "MaHoSo": dossiers["MaHoSo"].to_numpy(),
            "unit": dossiers["unit"].to_numpy(),
            "issued": issued.astype("datetime64[s]"),
            "old": dossiers["due"].to_numpy("datetime64[s]"),
            "new": new.astype("datetime64[s]"),
            "cause": np.array(_CAUSES, dtype=object)[rng.choice(6, n, p=(0.08, 0.34, 0.32, 0.1, 0.1, 0.06))],
            "channel": np.array(_CHANNELS, dtype=object)[rng.integers(0, 5, n)],
            "name": names(dossiers["person"].to_numpy(), np.ones(n, np.int64)),
        }
    )


def write_causes(path: Path, shown: pd.DataFrame, as_of: np.datetime64) -> int:
    """Causes typed for some of the dossiers that are open and past due; good units type most of theirs."""
    rng = np.random.default_rng(_SEED + 1)
    late = late_dossiers(shown, as_of)
    late = late[late["NgayKetThucXuLy"].isna()]
    typed = late[rng.random(len(late)) < 0.15 + 0.6 * _QUALITY[late["unit"]]]
    cause = rng.choice(6, len(typed), p=(0.06, 0.36, 0.34, 0.1, 0.08, 0.06))
    frame = pd.DataFrame(
        {
            "MaHoSo": typed["MaHoSo"],
            "MaNguyenNhan": np.array(_CAUSES, dtype=object)[cause],
            "DonVi": np.where(cause == 2, "Cơ quan thuế", _CODES[typed["unit"]]),
            "GhiChu": np.where(cause == 2, "Chờ văn bản trả lời", ""),
        }
    )
    write_csv(path, frame)
    return len(frame)


def write_outages(path: Path) -> int:
    """Three times in which a system was down."""
    rows = [
        ("14/03/2023 08:00", "14/03/2023 16:30", "Cổng dịch vụ công", "Thông báo 12/TB-STTTT"),
        ("22/05/2023 07:30", "23/05/2023 11:00", "Trục liên thông văn bản", "Thông báo 31/TB-STTTT"),
        ("27/07/2023 13:30", "28/07/2023 17:00", "Hệ thống một cửa điện tử", "Thông báo 47/TB-STTTT"),
    ]
    write_csv(path, pd.DataFrame(rows, columns=["TuLuc", "DenLuc", "HeThong", "CanCu"]))
    return len(rows)
