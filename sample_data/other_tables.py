"""The tables beside the dossiers: units, catalogue, decisions, petitions, slips, process log, totals, copies, typed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from calendar_2023 import DAYS, MINUTES, day_index, to_time
from dossier_files import ENDED, STATUS
from people import names
from province import ACTIVE, UNITS, Procedure
from shapes import excel_moments, stamps, write_csv, write_list

_QUALITY = np.array([unit.quality for unit in ACTIVE])
_CODES = np.array([unit.code for unit in ACTIVE], dtype=object)
_NAMES = np.array([unit.name for unit in ACTIVE], dtype=object)
LEVEL_ONLINE = {0: "Cung cấp thông tin", 1: "Một phần", 2: "Toàn trình"}
DURATION_UNIT = {1: "Giờ", 2: "Ngày", 3: "Ngày làm việc", 4: "Tháng"}


def write_units(path: Path) -> int:
    """The unit table: the tree of 2023 and what succeeded it in 2025."""
    columns = ("MaDonVi", "TenDonVi", "Cap", "DonViCha", "TenKhac", "HieuLucTu", "HieuLucDen", "DonViKeThua")
    rows = [(u.code, u.name, u.level, u.parent, u.other_names, u.valid_from, u.valid_to, u.successor) for u in UNITS]
    write_csv(path, pd.DataFrame(rows, columns=columns))
    return len(rows)


def write_catalogue(path: Path, catalogue: tuple[Procedure, ...]) -> int:
    """The procedures catalogue, as a workbook."""
    unit_name = {unit.code: unit.name for unit in ACTIVE}
    columns: dict[str, list[object]] = {
        "Mã TTHC": [p.code for p in catalogue],
        "Tên thủ tục hành chính": [p.name for p in catalogue],
        "Mã lĩnh vực": [p.field.code for p in catalogue],
        "Lĩnh vực": [p.field.name for p in catalogue],
        "Mức độ DVC": [LEVEL_ONLINE[p.online_level] for p in catalogue],
        "Đủ điều kiện toàn trình": ["x" if p.online_level == 2 else None for p in catalogue],
        "Trả kết quả": ["x" if p.returns_document else None for p in catalogue],
        "Có phí, lệ phí": ["x" if p.fee else None for p in catalogue],
        "Đối tượng thực hiện": [p.field.subjects for p in catalogue],
        "Thời hạn giải quyết": [p.duration for p in catalogue],
        "Đơn vị thời hạn": [DURATION_UNIT[p.duration_unit] for p in catalogue],
        "Cấp thực hiện": [";".join(p.field.levels) for p in catalogue],
        "Cơ quan thực hiện": [unit_name[p.field.department] if p.field.levels == ("so",) else None for p in catalogue],
        "Số bộ phận công khai": [p.parts_published for p in catalogue],
        "Hiệu lực từ": [pd.Timestamp(2021, 1, 1).to_pydatetime()] * len(catalogue),
    }
    write_list(path, "DANH MỤC THỦ TỤC HÀNH CHÍNH TỈNH SÔNG VÂN", list(columns), list(columns.values()))
    return len(catalogue)


def write_decisions(path: Path, rng: np.random.Generator, catalogue: tuple[Procedure, ...]) -> int:
    """About sixty announced procedures of every department; two of Sở Tư pháp's are announced twice in 2023Q2."""
    rows = []
    number = 100
    for u, unit in enumerate(ACTIVE):
        own = [p for p in catalogue if p.field.department == unit.code]
        if unit.level != "so":
            continue
        days = np.sort(rng.integers(day_index(date(2023, 1, 3)), day_index(date(2023, 7, 20)), 4))
        days[1:3] = np.sort(rng.integers(day_index(date(2023, 4, 3)), day_index(date(2023, 6, 20)), 2))
        days = np.sort(days)
        chosen = rng.permutation(len(own))[:7].tolist()
        if unit.code == "H99.08":
            chosen = chosen[:5] + chosen[2:4]
        for k, i in enumerate(chosen):
            if k % 2 == 0:
                number += int(rng.integers(3, 40))
                signed = int(days[min(k // 2, 3)])
            good = rng.random(3) < 0.25 + 0.75 * _QUALITY[u]
            effective = signed + int(rng.integers(5, 20) if good[0] else rng.integers(-6, 5))
            published = signed + int(rng.integers(1, 6) if good[1] else rng.integers(6, 14))
            ministry = unit.code == "H99.03" and k == 0
            rows.append(
                (
                    f"{number}/QĐ-{'BGTVT' if ministry else 'UBND'}", DAYS[signed],
                    ("Ban hành mới", "Sửa đổi, bổ sung", "Bãi bỏ")[k % 3 if k < 6 else 1], own[i].code, unit.name,
                    "Bộ" if ministry else "Tỉnh", DAYS[effective + (15 if ministry else 0)],
                    np.datetime64("NaT") if unit.quality < 0.3 and not good[2] else DAYS[published],
                )
            )  # fmt: skip
    headings = (
        "Số quyết định", "Ngày ký", "Loại công bố", "Mã TTHC", "Đơn vị tham mưu", "Cấp công bố",
        "Ngày hiệu lực VBQPPL", "Ngày công khai",
    )  # fmt: skip
    frame = pd.DataFrame(rows, columns=headings)
    columns = [
        list(excel_moments(pd.Series(frame[name].to_numpy().astype("datetime64[s]")))) if name.startswith("Ngày")
        else frame[name].tolist()
        for name in headings
    ]  # fmt: skip
    write_list(path, "DANH MỤC QUYẾT ĐỊNH CÔNG BỐ THỦ TỤC HÀNH CHÍNH", headings, columns)
    return len(frame)


def _some_dossiers(
    rng: np.random.Generator, dossiers: pd.DataFrame, unit: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """For each unit index one row position of its dossiers."""
    order = np.argsort(dossiers["unit"].to_numpy(), kind="stable")
    counts = np.bincount(dossiers["unit"], minlength=len(ACTIVE))
    starts = np.cumsum(counts) - counts
    return order[starts[unit] + (rng.random(len(unit)) * counts[unit]).astype(np.int64)]


def write_petitions(path: Path, rng: np.random.Generator, dossiers: pd.DataFrame, n: int) -> int:
    """`n` petitions and one row without a unit, which a reader must reject."""
    weight = np.array([unit.share for unit in ACTIVE]) * (1.25 - _QUALITY) + 0.012
    unit = rng.choice(len(ACTIVE), n, p=weight / weight.sum())
    sent = np.sort(rng.integers(day_index(date(2022, 12, 15)), day_index(date(2023, 7, 24)), n)) * MINUTES
    sent = sent + rng.integers(0, MINUTES, n)
    forwarded = sent + rng.integers(30, 2 * MINUTES, n)
    on_time = rng.random(n) < 0.42 + 0.58 * _QUALITY[unit]
    days = np.where(on_time, rng.integers(2, 14, n), rng.integers(16, 32, n))
    handled = forwarded + days * MINUTES + rng.integers(0, 200, n)
    refused = rng.random(n) < 0.04
    extract = np.datetime64("2023-08-02T07:00:00")
    never = np.datetime64("NaT", "s")

    def until_extract(work: npt.NDArray[np.int64], when: npt.NDArray[np.bool_]) -> pd.Series:
        moment = to_time(work)
        return pd.Series(np.where(when & (moment <= extract), moment, never))

    concerned = dossiers.iloc[_some_dossiers(rng, dossiers, unit)]
    names_one = (rng.random(n) < 0.8) & (concerned["NgayTiepNhan"].to_numpy() < to_time(sent))
    wait = rng.integers(1, 4, n) * MINUTES
    frame = pd.DataFrame(
        {
            "Mã PAKN": [f"PAKN-99-{i:05d}" for i in range(1, n + 1)],
            "Người gửi": names(rng.integers(0, 10**6, n), np.ones(n, np.int64)),
            "Nội dung": np.where(
                rng.random(n) < 0.6, "Phản ánh hồ sơ trả kết quả chậm", "Kiến nghị về thành phần hồ sơ"
            ),
            "Đơn vị xử lý": _NAMES[unit],
            "Ngày gửi": pd.Series(to_time(sent)),
            "Ngày chuyển": pd.Series(to_time(forwarded)),
            "Ngày từ chối": until_extract(forwarded + rng.integers(60, 2 * MINUTES - 60, n), refused),
            "Ngày yêu cầu bổ sung": until_extract(forwarded + wait // 2, ~refused & (rng.random(n) < 0.08)),
            "Ngày xử lý xong": until_extract(handled, ~refused),
            "Ngày công khai": until_extract(handled + wait // 2, ~refused & (rng.random(n) < 0.9)),
            "Phân loại": rng.choice(["Quy định TTHC", "Hành vi hành chính", "Khác"], n, p=[0.35, 0.5, 0.15]),
            "Mã hồ sơ": np.where(names_one, concerned["MaHoSo"], ""),
            "Lượt thích": rng.poisson(1.0 + 2 * _QUALITY[unit]),
            "Lượt không thích": rng.poisson(1.4 * (1 - _QUALITY[unit])),
            "Phản ánh lại": (rng.random(n) < 0.20 * (1 - _QUALITY[unit])).astype(int),
        }
    )
    bad = frame.iloc[[n // 2]].assign(**{"Mã PAKN": "PAKN-99-90001", "Đơn vị xử lý": ""})
    frame = pd.concat([frame.iloc[: n // 2], bad, frame.iloc[n // 2 :]])
    for name in frame.columns[frame.columns.str.startswith("Ngày")]:
        frame[name] = stamps(frame[name], "%d/%m/%Y %H:%M")
    write_csv(path, frame)
    return len(frame)


def write_slips(path: Path, rng: np.random.Generator, dossiers: pd.DataFrame, n: int) -> int:
    """`n` satisfaction slips of finished dossiers; criterion 1 agrees with the dossier's own dates."""
    done = dossiers[dossiers["NgayKetThucXuLy"].notna() & (dossiers["unknown_unit"] == "")]
    rated = done.sample(n, random_state=np.random.RandomState(int(rng.integers(2**31)))).sort_values("NgayKetThucXuLy")
    quality = _QUALITY[rated["unit"]]
    finished, due = rated["NgayKetThucXuLy"], rated["NgayHenTraMoi"].fillna(rated["NgayHenTra"])
    first = np.where(finished > due, 0, np.where(finished.dt.normalize() < due.dt.normalize(), 2, 1))
    marks = {"TC1": first}
    for k in range(2, 10):
        p_two = 0.25 + 0.70 * quality
        draw = rng.random(n)
        marks[f"TC{k}"] = np.where(draw < p_two, 2, np.where(draw < p_two + 0.75 * (1 - p_two), 1, 0))
    dislike = rng.random(n) < np.where(first == 0, 0.45, 0.015 + 0.05 * (1 - quality))
    frame = pd.DataFrame(
        {
            "MaPhieu": [f"DG{i:05d}" for i in range(1, n + 1)],
            "NguoiDanhGia": names(rated["person"].to_numpy(), np.ones(n, np.int64)),
            "MaHoSo": rated["MaHoSo"].to_numpy(),
            "DonVi": _CODES[rated["unit"]],
            "NgayDanhGia": stamps(rated["NgayTra"].fillna(finished), "%d/%m/%Y %H:%M").to_numpy(),
            "DanhGia": np.where(dislike, 0, np.where(rng.random(n) < quality, 2, 1)),
            **marks,
        }
    )
    write_csv(path, frame)
    return n


def write_process_log(path: Path, shown: pd.DataFrame) -> int:
    """Every step of the dossiers received from 1 to 15 June 2023 at four units, in line with their own columns."""
    four = np.isin(_CODES[shown["unit"]], ["H99.08", "H99.21", "H99.21.01", "H99.23.04"])
    held = shown[four & shown["NgayTiepNhan"].between("2023-06-01", "2023-06-16")]
    held = held[held["unknown_unit"] == ""]
    received, due = held["NgayTiepNhan"], held["NgayHenTraMoi"].fillna(held["NgayHenTra"])
    minute = pd.Timedelta(minutes=1)
    middle = (received + (held["NgayKetThucXuLy"] - received) * 0.6).dt.floor("min")
    long_enough = (held["NgayKetThucXuLy"] - received > pd.Timedelta(hours=4)) & held["NgayBoSung"].isna()
    ended = held["TrangThaiHoSo"].where(held["TrangThaiHoSo"].isin(ENDED[:3]), 3)
    steps = (
        (received, 2, "Bộ phận Một cửa", "Chuyên viên tiếp nhận", received + 15 * minute),
        (received + minute, 4, "Lãnh đạo phòng", "Trưởng phòng", received + 240 * minute),
        (held["NgayBoSung"], 5, "Phòng chuyên môn", "Chuyên viên", due),
        (held["NhanBoSungLan1"], 4, "Bộ phận Một cửa", "Chuyên viên tiếp nhận", due),
        (held["NgayBoSungLan2"], 5, "Phòng chuyên môn", "Chuyên viên", due),
        (held["NgayTiepNhanBoSung"], 4, "Bộ phận Một cửa", "Chuyên viên tiếp nhận", due),
        (middle.where(long_enough), 4, "Phòng chuyên môn", "Chuyên viên", received + (due - received) * 0.65),
        (held["NgayTuChoi"], ended, "Lãnh đạo cơ quan", "Lãnh đạo", due),
        (held["NgayKetThucXuLy"], 9, "Lãnh đạo cơ quan", "Lãnh đạo", due),
        (held["NgayTra"], 10, "Bộ phận Một cửa", "Chuyên viên tiếp nhận", held["NgayTra"]),
    )
    parts = []
    for order, (when, status, division, position, limit) in enumerate(steps):
        part = pd.DataFrame({"MaHoSo": held["MaHoSo"], "at": when, "TrangThai": status, "limit": limit})
        parts.append(part.assign(PhongBanXuLy=division, ChucDanh=position, order=order).dropna(subset=["at"]))
    log = pd.concat(parts).sort_values(["MaHoSo", "at", "order"], kind="stable")
    began = log.groupby("MaHoSo")["at"].shift().fillna(log["at"])
    officer = names((log["order"] * 131 + log["MaHoSo"].str[-2:].astype(int)).to_numpy(), np.ones(len(log), np.int64))
    form = "%d/%m/%Y %H:%M"
    frame = pd.DataFrame(
        {
            "MaHoSo": log["MaHoSo"], "NguoiXuLy": officer, "ChucDanh": log["ChucDanh"],
            "ThoiDiemXuLy": stamps(log["at"], form), "PhongBanXuLy": log["PhongBanXuLy"],
            "TrangThai": [STATUS[int(code)] for code in log["TrangThai"]], "NgayBatDau": stamps(began, form),
            "NgayKetThucTheoQuyDinh": stamps(log["limit"], form),
        }
    )  # fmt: skip
    write_csv(path, frame, separator=";")
    return len(frame)


def _in_period(received: pd.Series, period: str) -> npt.NDArray[np.bool_]:
    if "Q" in period:
        first = np.datetime64(f"{period[:4]}-{int(period[-1]) * 3 - 2:02d}")
        span = 3
    else:
        first, span = np.datetime64(period), 1
    months = received.to_numpy().astype("datetime64[M]")
    return (months >= first) & (months < first + span)


def write_totals(path: Path, dossiers: pd.DataFrame) -> int:
    """Dossiers received per the national reporting system: weak units reported a few more than the portal holds; Sở
    Tài nguyên và Môi trường reported no 2023Q2, so that last year's total must serve."""
    rows = []
    for u, unit in enumerate(ACTIVE):
        received = dossiers.loc[(dossiers["unit"] == u).to_numpy(), "NgayTiepNhan"]
        extra = 1 + 0.06 * (1 - unit.quality) if u % 2 else 1.0
        rows.append((unit.code, "2022", round(int(_in_period(received, "2022Q4").sum()) * 3.9)))
        rows += [
            (unit.code, period, round(int(_in_period(received, period).sum()) * extra))
            for period in ("2023Q1", "2023Q2", "2023-04", "2023-05", "2023-06", "2023-07")
            if not (unit.code == "H99.07" and period == "2023Q2")
        ]
    frame = pd.DataFrame(rows, columns=["MaDonVi", "Ky", "TongTiepNhan"])
    write_csv(path, frame.assign(Nguon="Hệ thống thông tin báo cáo quốc gia"))
    return len(frame)


def write_copies(path: Path, rng: np.random.Generator) -> int:
    """Certified electronic copies of Sở Tư pháp, districts and communes."""
    should = [unit for unit in ACTIVE if unit.level != "so" or unit.code == "H99.08"]
    rows = []
    for unit in should:
        for quarter, months in (
            ("2023Q1", ("2023-01", "2023-02", "2023-03")),
            ("2023Q2", ("2023-04", "2023-05", "2023-06")),
        ):
            issued = rng.poisson(60 * unit.quality**2, 3) * (unit.quality > 0.4)
            rows += [(unit.code, quarter, int(issued.sum()))]
            rows += [(unit.code, month, int(count)) for month, count in zip(months, issued, strict=True)]
    write_csv(path, pd.DataFrame(rows, columns=["MaDonVi", "Ky", "SoBanSao"]))
    return len(rows)


def write_typed(path: Path) -> int:
    """Hand-typed figures of three departments; the data tell the rest."""
    rows = []
    for quarter in ("2023Q1", "2023Q2"):
        rows += [
            ("H99.02", quarter, "1.1", 9, 10, "Văn phòng UBND tỉnh", 1, "Đã đối chiếu với sổ theo dõi quyết định"),
            ("H99.02", quarter, "1.2", 10, 10, "Văn phòng UBND tỉnh", 1, ""),
            ("H99.09", quarter, "1.3", 14, 15, "Cơ sở dữ liệu quốc gia về TTHC", 1, "Rà soát thủ công"),
            ("H99.06", quarter, "4.5", 96, 480, "Báo cáo của Sở", "", "Hệ thống chưa xuất được cột kho dữ liệu"),
            ("H99.06", quarter, "4.3", "", "", "", "", "Không thuộc diện cung cấp"),
        ]  # fmt: skip
    columns = ("MaDonVi", "Ky", "ChiTieu", "TuSo", "MauSo", "Nguon", "GhiDe", "GhiChu")
    write_csv(path, pd.DataFrame(rows, columns=columns))
    return len(rows)
