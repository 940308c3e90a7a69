"""The sample exports, read with csv, openpyxl and html.parser; the newest row of a dossier wins."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import openpyxl

FOLDER = Path(__file__).parents[2] / "sample_data" / "exports"
Row = dict[str, object]

# What a portal's Vietnamese headings and a department's headings are called in the national specification.
NATIONAL = {
    "Mã hồ sơ": "MaHoSo", "Mã TTHC": "MaTTHC", "Kênh thực hiện": "KenhThucHien", "Ngày nộp": "NgayNopHoSo",
    "Ngày tiếp nhận": "NgayTiepNhan", "Ngày hẹn trả": "NgayHenTra", "Ngày kết thúc xử lý": "NgayKetThucXuLy",
    "Ngày trả kết quả": "NgayTra", "Ngày từ chối": "NgayTuChoi", "Trạng thái": "TrangThaiHoSo",
    "Đơn vị xử lý": "DonViXuLy", "Hồ sơ có thành phần số hóa": "HoSoCoThanhPhanSoHoa",
    "Xác thực VNeID": "TaiKhoanDuocXacThucVoiVNeID", "Thanh toán trực tuyến": "DuocThanhToanTrucTuyen",
    "Được số hóa": "DuocSoHoa", "Được tái sử dụng": "DuocTaiSuDung", "Lấy từ kho": "DuocLayTuKhoDMQG",
    "Kết quả đồng bộ kho": "KetQuaDongBoKho", "Tệp kết quả": "DuongDanTepTinKetQua", "Phí, lệ phí": "Gia",
    "Mã CSDL": "MaCSDL", "Đã đồng bộ": "DaDongBo", "Số lần bổ sung": "SoLanBoSung", "Ngày bổ sung": "NgayBoSung",
    "Ngày tiếp nhận bổ sung": "NgayTiepNhanBoSung", "Ngày hẹn trả mới": "NgayHenTraMoi",
    "Số hồ sơ": "MaHoSo", "Mã thủ tục": "MaTTHC", "Cơ quan giải quyết": "DonViXuLy", "Hình thức nộp": "KenhThucHien",
    "Ngày xử lý xong": "NgayKetThucXuLy", "Ngày trả": "NgayTra", "Tình trạng": "TrangThaiHoSo",
    "Ngày yêu cầu bổ sung": "NgayBoSung", "Ngày nhận bổ sung": "NgayTiepNhanBoSung",
    "Số hóa TPHS": "HoSoCoThanhPhanSoHoa", "Tái sử dụng": "DuocTaiSuDung",
    "Đồng bộ kết quả về kho": "KetQuaDongBoKho", "TT trực tuyến": "DuocThanhToanTrucTuyen",
    "VNeID": "TaiKhoanDuocXacThucVoiVNeID", "CSDL kết nối": "MaCSDL", "Đồng bộ DVCQG": "DaDongBo",
}  # fmt: skip
STATUS = {
    "Mới đăng ký": 1, "Được tiếp nhận": 2, "Không được tiếp nhận": 3, "Đang xử lý": 4, "Yêu cầu bổ sung giấy tờ": 5,
    "Yêu cầu thực hiện nghĩa vụ tài chính": 6, "Công dân yêu cầu rút hồ sơ": 7, "Dừng xử lý": 8, "Đã xử lý xong": 9,
    "Đã trả kết quả": 10,
}  # fmt: skip
CHANNEL = {"Trực tiếp": 1, "Trực tuyến": 2, "Bưu chính công ích": 3}
PAID = {"Không": 0, "Cổng DVCQG": 1, "Cổng tỉnh": 2}
MOMENTS = (
    "NgayNopHoSo", "NgayTiepNhan", "NgayHenTra", "NgayKetThucXuLy", "NgayTra", "NgayTuChoi", "NgayBoSung",
    "NgayTiepNhanBoSung", "NgayHenTraMoi",
)  # fmt: skip


@dataclass
class Dossier:
    code: str
    unit: str
    """As written; else the unit that the code begins with."""
    procedure: str
    cells: Row
    """National name -> cell; a name that the file lacks is missing."""
    times: dict[str, datetime | None]
    exported: date

    @property
    def status(self) -> int:
        return number(self.cells["TrangThaiHoSo"], STATUS)

    def flag(self, name: str) -> bool:
        return str(self.cells.get(name) or "") not in ("", "0")


def number(cell: object, words: dict[str, int]) -> int:
    text = str(cell if cell is not None else "").strip()
    return words[text] if text in words else int(text or -1)


def moment(cell: object) -> datetime | None:
    """Raises ValueError for a day that does not exist. Midnight = no time of day."""
    if cell is None or cell == "":
        return None
    if isinstance(cell, datetime):
        return cell
    text = str(cell).strip()
    for form in ("%Y%m%d%H%M%S", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y", "%Y%m%d"):
        if len(text) == len(datetime(2022, 1, 1).strftime(form)):
            return datetime.strptime(text, form)
    raise ValueError(text)


@cache
def csv_rows(name: str, separator: str = ",") -> tuple[Row, ...]:
    with (FOLDER / name).open(encoding="utf-8-sig", newline="") as stream:
        return tuple(csv.DictReader(stream, delimiter=separator))


class _Cells(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data.strip()


def html_rows(path: Path) -> Iterator[Row]:
    parser = _Cells()
    parser.feed(path.read_text(encoding="utf-8"))
    heading = next(i for i, r in enumerate(parser.rows) if r and r[0] == "STT")
    for row in parser.rows[heading + 1 :]:
        if row[0].isdigit():
            yield dict(zip(parser.rows[heading], row, strict=False))


def report_rows(path: Path) -> Iterator[Row]:
    """A department's workbook: two-row heading from row 8, column numbers in row 10, then the rows that have an STT."""
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    headings = [low or top for top, low in zip(rows[7], rows[8], strict=True)]
    for row in rows[10:]:
        if isinstance(row[0], int):
            yield dict(zip(headings, row, strict=True))


@cache
def list_rows(name: str) -> tuple[Row, ...]:
    """A workbook with a title, a blank row, one heading row."""
    sheet = openpyxl.load_workbook(FOLDER / name, read_only=True).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    return tuple(dict(zip(rows[2], row, strict=True)) for row in rows[3:])


def _new_form(code: str) -> str:
    """000.00.09.H99-221003-0001 is H99.09-221003-0001."""
    unit, dash, rest = code.partition("-")
    parts = unit.split(".")
    if parts[-1].startswith("H"):
        unit = ".".join([parts[-1], *(p for p in reversed(parts[:-1]) if p not in ("000", "00"))])
    return unit + dash + rest


def _dossier(row: Row, exported: date) -> Dossier | None:
    """None for a row that must be rejected: no code, or a day that does not exist."""
    cells = {NATIONAL.get(str(heading), str(heading)): value for heading, value in row.items()}
    code = _new_form(str(cells["MaHoSo"] or ""))
    if not code:
        return None
    try:
        times = {name: moment(cells.get(name)) for name in MOMENTS}
    except ValueError:
        return None
    procedure = ".".join(str(cells["MaTTHC"]).split(".")[:2])
    unit = str(cells.get("DonViXuLy") or "") or code.partition("-")[0]
    return Dossier(code, unit, procedure, cells, times, exported)


def all_rows() -> Iterator[tuple[str, Row, date]]:
    """(file, row, day of export) of every dossier row."""
    for path in sorted(FOLDER.iterdir()):
        if not path.name.startswith(("cong_dvc", "so_")):
            continue
        exported = date.fromisoformat(re.search(r"xuat_(\d{4}-\d\d-\d\d)", path.name)[1])  # type: ignore[index]
        rows = {".csv": lambda p: csv_rows(p.name), ".xls": html_rows, ".xlsx": report_rows}[path.suffix](path)
        for row in rows:
            yield path.name, row, exported


def dossiers() -> list[Dossier]:
    """The newest acceptable row of every dossier."""
    newest: dict[str, Dossier] = {}
    for _, row, exported in all_rows():
        found = _dossier(row, exported)
        if found is not None and (found.code not in newest or newest[found.code].exported < exported):
            newest[found.code] = found
    return list(newest.values())


@dataclass
class Step:
    at: datetime
    status: int


def process_log() -> dict[str, list[Step]]:
    log: dict[str, list[Step]] = {}
    for row in csv_rows("process_log.csv", ";"):
        at = moment(row["ThoiDiemXuLy"])
        assert at is not None
        log.setdefault(str(row["MaHoSo"]), []).append(Step(at, STATUS[str(row["TrangThai"])]))
    for steps in log.values():
        steps.sort(key=lambda s: (s.at, s.status))
    return log
