"""The dossiers as files: a portal CSV a month for districts and communes, a workbook a department."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from behaviour import snapshot
from people import identity_numbers, names, phones
from province import ACTIVE, Procedure
from shapes import Heading, Top, excel_moments, stamps, ticks, words, write_csv, write_html, write_report

STATUS = {
    1: "Mới đăng ký", 2: "Được tiếp nhận", 3: "Không được tiếp nhận", 4: "Đang xử lý", 5: "Yêu cầu bổ sung giấy tờ",
    6: "Yêu cầu thực hiện nghĩa vụ tài chính", 7: "Công dân yêu cầu rút hồ sơ", 8: "Dừng xử lý", 9: "Đã xử lý xong",
    10: "Đã trả kết quả",
}  # fmt: skip
CHANNEL = {1: "Trực tiếp", 2: "Trực tuyến", 3: "Bưu chính công ích"}
PAID = {0: "Không", 1: "Cổng DVCQG", 2: "Cổng tỉnh"}
PLACE = {1: "Cổng DVCQG", 2: "Cổng DVC tỉnh"}
KIND = {1: "Công dân", 2: "Doanh nghiệp", 3: "Cơ quan nhà nước", 4: "Khác"}
ENDED = (3, 7, 8, 9, 10)
"""Statuses after which a monthly export does not list the dossier again."""


@dataclass
class FileTruth:
    """What a reader must find in one file."""

    rows: int
    rejected: int = 0
    not_received: int = 0
    blank_channel: int = 0
    due_without_time: int = 0
    unknown_unit: int = 0


@dataclass
class Written:
    """Everything that was written about dossiers, for the truth table."""

    files: dict[str, FileTruth] = field(default_factory=dict)
    states: list[pd.DataFrame] = field(default_factory=list)
    """MaHoSo and TrangThaiHoSo of every acceptable row, file by file, in order of export."""


NATIONAL = (
    "MaHoSo", "MaTTHC", "KenhThucHien", "ChuHoSo", "LoaiDoiTuong", "MaDoiTuong", "SoDienThoai", "NgayNopHoSo",
    "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "TrangThaiHoSo", "DonViXuLy",
    "NoiNopHoSo", "HoSoCoThanhPhanSoHoa", "TaiKhoanDuocXacThucVoiVNeID", "DuocThanhToanTrucTuyen", "DuocSoHoa",
    "DuocTaiSuDung",
    "DuocLayTuKhoDMQG", "KetQuaDongBoKho", "DuongDanTepTinKetQua", "Gia", "MaCSDL", "DaDongBo", "SoLanBoSung",
    "NgayBoSung", "NgayTiepNhanBoSung", "NgayHenTraMoi",
)  # fmt: skip
VIETNAMESE = (
    "Mã hồ sơ", "Mã TTHC", "Kênh thực hiện", "Chủ hồ sơ", "Loại đối tượng", "CMND/CCCD", "Số điện thoại", "Ngày nộp",
    "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc xử lý", "Ngày trả kết quả", "Ngày từ chối", "Trạng thái",
    "Đơn vị xử lý", "Nơi nộp", "Hồ sơ có thành phần số hóa", "Xác thực VNeID", "Thanh toán trực tuyến", "Được số hóa",
    "Được tái sử dụng", "Lấy từ kho", "Kết quả đồng bộ kho", "Tệp kết quả", "Phí, lệ phí", "Mã CSDL", "Đã đồng bộ",
    "Số lần bổ sung", "Ngày bổ sung", "Ngày tiếp nhận bổ sung", "Ngày hẹn trả mới",
)  # fmt: skip
MOMENT_COLUMNS = tuple(name for name in NATIONAL if name.startswith("Ngay"))


@dataclass(frozen=True, slots=True)
class Month:
    """How one monthly export looks."""

    month: str
    exported: str
    """Day of export, at 06:00."""
    headings: tuple[str, ...]
    form: str
    unit_names: bool
    bad_dates: tuple[tuple[str, str], ...] = ()
    """(column, impossible date), one row each."""
    missing_codes: int = 0
    blank_channel_every: int = 0
    due_without_time_every: int = 0


_MINUTE, _SECOND, _PLAIN = "%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y%m%d%H%M%S"
MONTHS: tuple[Month, ...] = (
    Month("2022-10", "2022-11-03", NATIONAL, _PLAIN, False),
    Month("2022-11", "2022-12-03", VIETNAMESE, _MINUTE, True, (("NgayTiepNhan", "31/11/2022 08:15"),) * 4),
    Month("2022-12", "2023-01-03", VIETNAMESE, _MINUTE, False, due_without_time_every=8),
    Month("2023-01", "2023-02-03", NATIONAL, _SECOND, False, blank_channel_every=40),
    Month("2023-02", "2023-03-03", NATIONAL, _SECOND, False,
          (("NgayTiepNhan", "31/02/2023 09:00:00"),) * 2 + (("NgayHenTra", "30/02/2023 16:30:00"),) * 3),
    Month("2023-03", "2023-04-03", NATIONAL, _PLAIN, False),
    Month("2023-04", "2023-05-04", NATIONAL, _PLAIN, False),
    Month("2023-05", "2023-06-03", NATIONAL, _PLAIN, False, missing_codes=4),
    Month("2023-06", "2023-07-03", VIETNAMESE, _MINUTE, True, (("NgayKetThucXuLy", "31/06/2023 10:00"),) * 3,
          due_without_time_every=8),
    Month("2023-07", "2023-08-03", VIETNAMESE, _MINUTE, True),
)  # fmt: skip


def unit_label(frame: pd.DataFrame, style: int) -> pd.Series:
    """Units as people write them: the name, or one of the other names."""
    spelled = {}
    for i, unit in enumerate(ACTIVE):
        choices = [unit.name, *(name.strip() for name in unit.other_names.split(";"))]
        spelled[i] = choices[(style + i) % len(choices)]
    label = frame["unit"].map(spelled)
    return label.where(frame["unknown_unit"] == "", frame["unknown_unit"])


def _link(frame: pd.DataFrame) -> pd.Series:
    return ("kq/" + frame["MaHoSo"].str[-4:]).where(frame["has_file"], "")


def _portal_rows(frame: pd.DataFrame, month: Month, catalogue: tuple[Procedure, ...]) -> pd.DataFrame:
    """The rows of a monthly CSV as text, under the national names."""
    person, kind = frame["person"].to_numpy(), frame["LoaiDoiTuong"].to_numpy()
    codes = np.array([p.code for p in catalogue], dtype=object)
    out = frame.assign(
        MaTTHC=codes[frame["procedure"]], ChuHoSo=names(person, kind), MaDoiTuong=identity_numbers(person, kind),
        SoDienThoai=phones(person), DuongDanTepTinKetQua=_link(frame),
    )  # fmt: skip
    if month.unit_names:
        out["DonViXuLy"] = unit_label(frame, int(month.month[-2:]))
    if month.headings is VIETNAMESE:
        out["TrangThaiHoSo"] = words(frame["TrangThaiHoSo"], STATUS)
        out["KenhThucHien"] = words(frame["KenhThucHien"], CHANNEL)
    for name in MOMENT_COLUMNS:
        out[name] = stamps(out[name], month.form)
    if month.blank_channel_every:
        out["KenhThucHien"] = out["KenhThucHien"].astype(object)
        out.loc[out.index[:: month.blank_channel_every], "KenhThucHien"] = ""
    return out[list(NATIONAL)].reset_index(drop=True)


def _with_dirt(rows: pd.DataFrame, month: Month) -> pd.DataFrame:
    """Rows that a reader must reject, scattered among the good ones; each is a dossier that exists nowhere else."""
    count = len(month.bad_dates) + month.missing_codes
    if not count:
        return rows
    bad = rows.iloc[7 : 7 + count].copy()
    bad["MaHoSo"] = bad["MaHoSo"].str[:-4] + [f"8{i:03d}" for i in range(count)]
    for i, (column, value) in enumerate(month.bad_dates):
        bad.iloc[i, bad.columns.get_loc(column)] = value
    bad.iloc[len(month.bad_dates) :, bad.columns.get_loc("MaHoSo")] = ""
    bad.index = pd.Index(np.linspace(3, len(rows) - 2, count).astype(int) + 0.5)
    return pd.concat([rows.astype(object), bad.astype(object)]).sort_index().reset_index(drop=True)


def write_portal(
    folder: Path, all_facts: pd.DataFrame, unreceived: pd.DataFrame, catalogue: tuple[Procedure, ...], done: Written
) -> None:
    """The portal's monthly exports: what was received in the month, and what the export before showed as open."""
    levels = np.array([unit.level for unit in ACTIVE])
    local = all_facts[levels[all_facts["unit"]] != "so"]
    still_open: pd.Index = pd.Index([])
    for month in MONTHS:
        shown = snapshot(local, np.datetime64(f"{month.exported}T06:00:00"), catalogue)
        within = shown["NgayTiepNhan"].dt.strftime("%Y-%m") == month.month
        listed = shown[within | shown.index.isin(still_open)]
        still_open = listed.index[~listed["TrangThaiHoSo"].isin(ENDED)]
        outside = unreceived[unreceived["NgayNopHoSo"].dt.strftime("%Y-%m") == month.month]
        listed = pd.concat([listed, outside], ignore_index=True)
        if month.due_without_time_every:
            days = listed["NgayHenTra"].dt.normalize()
            bare = listed.index % month.due_without_time_every == 0
            listed["NgayHenTra"] = listed["NgayHenTra"].where(~bare, days)
        rows = _with_dirt(_portal_rows(listed, month, catalogue), month)
        name = f"cong_dvc_{month.month}_xuat_{month.exported}.csv"
        write_csv(folder / name, rows.set_axis(month.headings, axis=1))
        due = listed["NgayHenTra"]
        step = month.blank_channel_every
        done.files[name] = FileTruth(
            rows=len(rows), rejected=len(rows) - len(listed), not_received=len(outside),
            blank_channel=len(listed.index[::step]) if step else 0,
            due_without_time=int((due.notna() & (due == due.dt.normalize())).sum()),
            unknown_unit=int((listed["unknown_unit"] != "").sum()),
        )  # fmt: skip
        done.states.append(listed[["MaHoSo", "TrangThaiHoSo"]])


@dataclass(frozen=True, slots=True)
class Department:
    """How one department keeps its workbook."""

    code: str
    file: str
    excel_dates: bool = True
    unit_column: bool = False
    old_codes: bool = False
    """MaHoSo as 000.00.09.H99-..., MaTTHC with its tail .000.00.00.H99."""
    lacks: tuple[str, ...] = ()
    """Headings that this department's system does not export."""
    due_without_time: bool = False
    bad_due: int = 0
    missing_codes: int = 0
    until: str = "2023-07-31"
    exported: str = "2023-08-02"
    dotted_fees: bool = False


DEPARTMENTS: tuple[Department, ...] = (
    Department("H99.02", "so_cong_thuong", excel_dates=False, unit_column=True, until="2023-06-30",
               exported="2023-07-03"),
    Department("H99.03", "so_giao_thong_van_tai", missing_codes=2),
    Department("H99.04", "so_ke_hoach_va_dau_tu", excel_dates=False, unit_column=True),
    Department("H99.05", "so_lao_dong", excel_dates=False, bad_due=2, dotted_fees=True),
    Department("H99.06", "so_nong_nghiep", lacks=("Lấy từ kho", "Đồng bộ kết quả về kho"), due_without_time=True),
    Department("H99.07", "so_tai_nguyen_moi_truong", lacks=("TT trực tuyến",)),
    Department("H99.08", "so_tu_phap", excel_dates=False, unit_column=True),
    Department("H99.09", "so_xay_dung", old_codes=True),
)  # fmt: skip
_TIME, _ASKED, _DATA = "Thời gian giải quyết", "Yêu cầu bổ sung hồ sơ", "Dữ liệu điện tử"


def _old_form(code: pd.Series) -> pd.Series:
    return "000.00." + code.str[4:6] + ".H99" + code.str[6:]


def _report_columns(
    frame: pd.DataFrame, department: Department, catalogue: tuple[Procedure, ...]
) -> tuple[list[Heading], list[list[object]]]:
    """Headings and columns of a department's report."""
    person, kind = frame["person"].to_numpy(), frame["LoaiDoiTuong"].to_numpy()
    procedure = pd.Series(np.array([p.code for p in catalogue], dtype=object)[frame["procedure"]], dtype=object)
    fields = np.array([p.field.name for p in catalogue], dtype=object)[frame["procedure"]]
    dates: Callable[[pd.Series], list[object]] = (
        (lambda m: list(excel_moments(m))) if department.excel_dates else (lambda m: stamps(m, _MINUTE).tolist())
    )
    due = frame["NgayHenTra"].dt.normalize() if department.due_without_time else frame["NgayHenTra"]
    fees: list[object] = [int(fee) for fee in frame["Gia"]]
    if department.dotted_fees:
        fees = [f"{fee:,}".replace(",", ".") for fee in frame["Gia"]]
    code = _old_form(frame["MaHoSo"]) if department.old_codes else frame["MaHoSo"]
    tail = ".000.00.00.H99" if department.old_codes else ""
    name = next(unit.name for unit in ACTIVE if unit.code == department.code)
    columns: list[tuple[Heading, list[object]]] = [
        (Heading("Số hồ sơ"), code.tolist()),
        (Heading("Mã thủ tục"), (procedure + tail).tolist()),
        (Heading("Lĩnh vực"), fields.tolist()),
        (Heading("Cơ quan giải quyết"), [name] * len(frame)),
        (Heading("Hình thức nộp"), words(frame["KenhThucHien"], CHANNEL)),
        (Heading("Tên cá nhân, tổ chức"), names(person, kind).tolist()),
        (Heading("Số CCCD"), identity_numbers(person, kind).tolist()),
        (Heading("Điện thoại"), phones(person).tolist()),
        (Heading("Đối tượng"), words(frame["LoaiDoiTuong"], KIND)),
        (Heading("Nơi nộp"), words(frame["NoiNopHoSo"], PLACE)),
        (Heading("Ngày nộp"), dates(frame["NgayNopHoSo"])),
        (Heading("Ngày tiếp nhận", _TIME), dates(frame["NgayTiepNhan"])),
        (Heading("Ngày hẹn trả", _TIME), dates(due)),
        (Heading("Ngày xử lý xong", _TIME), dates(frame["NgayKetThucXuLy"])),
        (Heading("Ngày trả", _TIME), dates(frame["NgayTra"])),
        (Heading("Ngày từ chối"), dates(frame["NgayTuChoi"])),
        (Heading("Tình trạng"), words(frame["TrangThaiHoSo"], STATUS)),
        (Heading("Số lần bổ sung", _ASKED), [int(n) for n in frame["SoLanBoSung"]]),
        (Heading("Ngày yêu cầu bổ sung", _ASKED), dates(frame["NgayBoSung"])),
        (Heading("Ngày nhận bổ sung", _ASKED), dates(frame["NgayTiepNhanBoSung"])),
        (Heading("Ngày hẹn trả mới", _ASKED), dates(frame["NgayHenTraMoi"])),
        (Heading("Số hóa TPHS", _DATA), ticks(frame["HoSoCoThanhPhanSoHoa"])),
        (Heading("Tái sử dụng", _DATA), ticks(frame["DuocTaiSuDung"])),
        (Heading("Lấy từ kho", _DATA), ticks(frame["DuocLayTuKhoDMQG"])),
        (Heading("Đồng bộ kết quả về kho", _DATA), ticks(frame["KetQuaDongBoKho"])),
        (Heading("Tệp kết quả", _DATA), _link(frame).tolist()),
        (Heading("Phí, lệ phí"), fees),
        (Heading("TT trực tuyến"), words(frame["DuocThanhToanTrucTuyen"], PAID)),
        (Heading("VNeID"), ticks(frame["TaiKhoanDuocXacThucVoiVNeID"])),
        (Heading("CSDL kết nối"), frame["MaCSDL"].tolist()),
        (Heading("Đồng bộ DVCQG"), ticks(frame["DaDongBo"])),
    ]
    left_out = set(department.lacks) | (set() if department.unit_column else {"Cơ quan giải quyết"})
    kept = [(heading, values) for heading, values in columns if heading.title not in left_out]
    return [heading for heading, _ in kept], [_empty_to_none(values) for _, values in kept]


def _empty_to_none(values: list[object]) -> list[object]:
    return [None if value == "" else value for value in values]


def _spoil(frame: pd.DataFrame, department: Department) -> pd.DataFrame:
    """Copies of a few rows under codes that exist nowhere else, to be spoilt in the written columns."""
    count = department.bad_due + department.missing_codes
    if not count:
        return frame.assign(spoilt="")
    bad = frame.iloc[11 : 11 + count].copy()
    bad["MaHoSo"] = bad["MaHoSo"].str[:-4] + [f"8{i:03d}" for i in range(count)]
    bad["spoilt"] = ["due"] * department.bad_due + ["code"] * department.missing_codes
    bad.index = pd.Index(np.linspace(20, len(frame) - 20, count).astype(int) + 0.5)
    return pd.concat([frame.assign(spoilt=""), bad]).sort_index().reset_index(drop=True)


def _dmy(day: str) -> str:
    return "/".join(reversed(day.split("-")))


def write_departments(folder: Path, all_facts: pd.DataFrame, catalogue: tuple[Procedure, ...], done: Written) -> None:
    """A workbook a department; Sở Công Thương's July comes later, as an HTML table named .xls."""
    position = {unit.code: i for i, unit in enumerate(ACTIVE)}
    for department in DEPARTMENTS:
        own = all_facts[all_facts["unit"] == position[department.code]]
        unit = ACTIVE[position[department.code]]
        shown = snapshot(own, np.datetime64(f"{department.exported}T07:00:00"), catalogue)
        shown = shown[shown["NgayTiepNhan"] < np.datetime64(department.until) + np.timedelta64(1, "D")]
        frame = _spoil(shown.reset_index(drop=True), department)
        headings, columns = _report_columns(frame, department, catalogue)
        titles = [heading.title for heading in headings]
        for row in np.flatnonzero(frame["spoilt"] == "due"):
            columns[titles.index("Ngày hẹn trả")][row] = "31/04/2023"
        for row in np.flatnonzero(frame["spoilt"] == "code"):
            columns[titles.index("Số hồ sơ")][row] = None
        name = f"{department.file}_xuat_{department.exported}.xlsx"
        title = "BÁO CÁO CHI TIẾT TÌNH HÌNH TIẾP NHẬN, GIẢI QUYẾT HỒ SƠ"
        top = Top(unit.name, title, "01/10/2022", _dmy(department.until), f"{_dmy(department.exported)} 07:00")
        write_report(folder / name, top, headings, columns)
        bare = len(shown) if department.due_without_time else 0
        done.files[name] = FileTruth(rows=len(frame), rejected=len(frame) - len(shown), due_without_time=bare)
        done.states.append(shown[["MaHoSo", "TrangThaiHoSo"]])
        if department.until < "2023-07-31":
            listed = shown.index[shown["TrangThaiHoSo"].isin(ENDED)]
            _write_july(folder, own.drop(index=listed), department, catalogue, done)


def _write_july(
    folder: Path, remaining: pd.DataFrame, department: Department, catalogue: tuple[Procedure, ...], done: Written
) -> None:
    shown = snapshot(remaining, np.datetime64("2023-08-02T07:00:00"), catalogue).reset_index(drop=True)
    headings, columns = _report_columns(shown, department, catalogue)
    name = f"{department.file}_thang_7_xuat_2023-08-02.xls"
    agency = next(unit.name for unit in ACTIVE if unit.code == department.code)
    top = Top(agency, "DANH SÁCH HỒ SƠ", "01/07/2023", "31/07/2023", "02/08/2023 07:00")
    write_html(folder / name, top, [heading.title for heading in headings], columns)
    done.files[name] = FileTruth(rows=len(shown))
    done.states.append(shown[["MaHoSo", "TrangThaiHoSo"]])
