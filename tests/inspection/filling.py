"""An office of four fields, and a program that fills in its inspection's workbook as a team would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from tests.command import taken_in, tthc
from tests.inspection.office import PROCEDURES, UNITS, USUAL
from tests.statements.at_a_moment import csv

SECRET = "Trần Bí Mật"
ORDER = ("--unit", "H98.01", "--quarter", "2024Q2", "--size", "12", "--seed", "7", "--as-of", "2024-05-06T12:00")
REPORT = ("--unit", "H98.01", "--quarter", "2024Q2", "--as-of", "2024-05-20T12:00")
ID = "KT-2024Q2-H98.01-n12-s7"
FIELDS = {"1.000001": 30, "1.000002": 20, "1.000003": 10, "1.000004": 3}
"""Dossiers by procedure: Xây dựng, Hộ tịch, Đất đai, Văn hóa. The first three are drawn from (60 of 63): 6, 4, 2."""
EARLIER = """MaPhatHien,DonVi,MaHoSo,MaKiemTra,KienNghi,NgayPhatHien,HanKhacPhuc,NgayKhacPhuc,TrangThai
CU-1,H98.01,,U4,Niêm yết đủ,10/02/2024,01/03/2024,,Chưa khắc phục
CU-2,H98.01,,U1,Ban hành kế hoạch,10/02/2024,01/03/2024,20/03/2024,Đã khắc phục
CU-3,H98.20,,U4,Niêm yết đủ,10/02/2024,01/03/2024,,Chưa khắc phục
"""


def dossiers() -> list[dict[str, Any]]:
    """All in order, but that all of Hộ tịch are due a day late (D1, D2), and one of Văn hóa was refused too late."""
    rows = []
    for procedure, count in FIELDS.items():
        for number in range(count):
            row = {"MaHoSo": f"H98.01-240401-{len(rows) + 1:04d}", "ChuHoSo": SECRET, **USUAL, "MaTTHC": procedure}
            if procedure == "1.000002":
                row["NgayHenTra"] = "2024-04-09 17:00"
            if procedure == "1.000004" and number == 0:
                row |= {
                    "TrangThaiHoSo": 3, "NgayTuChoi": "2024-04-12 09:00", "NgayKetThucXuLy": None, "NgayTra": None,
                }  # fmt: skip
            rows.append(row)
    return rows


def workspace(folder: Path, *, backwards: bool = False) -> Path:
    rows = dossiers()
    head = ",".join(["MaHoSo", "ChuHoSo", *USUAL, "NgayTuChoi"])
    procedures = PROCEDURES + "1.000004,Cho phép,Văn hóa,5,Ngày làm việc,Có,Có\n"
    return taken_in(
        folder, units=UNITS, procedures=procedures, hoso=csv(head, rows[::-1] if backwards else rows),
        phat_hien_cu=EARLIER,
    )  # fmt: skip


def drawn(folder: Path, *more: str) -> dict[str, Any]:
    ended = tthc("inspection", "draw", *ORDER, "--workspace", folder, "--json", *more)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = ended.json
    return found


def report(folder: Path, *more: str) -> dict[str, Any]:
    ended = tthc("inspection", "report", *REPORT, "--workspace", folder, "--json", *more)
    assert ended.code == 0, ended.err
    found: dict[str, Any] = ended.json
    return found


def table(made: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The rows of one list of a conclusion, by column."""
    one = next(t for t in made["tables"] if t["list"] == f"inspection-{name}")
    names = [column["id"] for column in one["columns"]]
    return [dict(zip(names, row, strict=True)) for row in one["rows"]]


class Sheet:
    """One sheet of the workbook, by its headings."""

    def __init__(self, sheet: Any, key: str) -> None:
        self.sheet = sheet
        self.places: dict[str, int] = {}
        self.rows: list[int] = []
        for row in sheet.iter_rows(max_row=12):
            found = {str(cell.value): cell.column for cell in row if cell.value}
            if not self.rows and key not in self.places:
                self.places = found if key in found else {}
                self.first = row[0].row + 1
            elif self.places and row[0].row == self.first:
                self.places |= {name: at for name, at in found.items() if name.startswith("D") and name[1:].isdigit()}
        self.rows = [
            at for at in range(self.first, sheet.max_row + 1) if self.get(at, key) and self.get(at, key) != key
        ]

    def get(self, row: int, name: str) -> Any:
        return self.sheet.cell(row, self.places[name]).value

    def put(self, row: int, name: str, value: Any) -> None:
        self.sheet.cell(row, self.places[name]).value = value


def filled(book: Path, fill: Callable[[Sheet, Sheet, Sheet, Sheet], None]) -> None:
    """Open the workbook, let somebody fill in its four sheets, and save it."""
    opened = load_workbook(book)
    parts = {
        "Mẫu ngẫu nhiên": "Mã hồ sơ",
        "Hồ sơ chọn": "Mã hồ sơ",
        "Đơn vị": "Mã kiểm tra",
        "Phát hiện": "Mã phát hiện",
    }
    fill(*(Sheet(opened[name], key) for name, key in parts.items()))
    opened.save(book)


def team(sample: Sheet, chosen: Sheet, unit: Sheet, findings: Sheet) -> None:
    """All of Xây dựng are examined: two break D12, with a row for one of them alone. All of Hộ tịch are: of one the
    late due date is confirmed, of the others it is struck out and the line put right. One of Đất đai is. The chosen one
    is. U4 is not met."""
    by_field: dict[str, list[int]] = {}
    for row in sample.rows:
        by_field.setdefault(sample.get(row, "Tầng (lĩnh vực)"), []).append(row)
    for row in (*by_field["Xây dựng"], *by_field["Hộ tịch"], by_field["Đất đai"][0]):
        sample.put(row, "Đã kiểm tra", "Có")
    for row in by_field["Xây dựng"][:2]:
        sample.put(row, "D12", "Không đạt")
    confirmed = sample.get(by_field["Hộ tịch"][0], "Mã hồ sơ")
    for row in by_field["Hộ tịch"][1:]:
        sample.put(row, "D1", "Đạt")
        sample.put(row, "D2", "Đạt")
    for row in findings.rows:
        right = findings.get(row, "Mã hồ sơ") == confirmed
        findings.put(row, "Trạng thái", "Chưa khắc phục" if right else "Không đúng")
    for row in chosen.rows:
        chosen.put(row, "Đã kiểm tra", "Có")
    findings.put(
        next(r for r in findings.rows if findings.get(r, "Mã kiểm tra") == "D14"), "Trạng thái", "Chưa khắc phục"
    )
    last = findings.rows[-1] + 1
    told = {
        "Mã phát hiện": f"{ID}-901", "Mã hồ sơ": sample.get(by_field["Xây dựng"][0], "Mã hồ sơ"), "Mã kiểm tra": "D12",
        "Mức độ": "Vi phạm", "Bằng chứng": SECRET, "Kiến nghị": "Trả lại giấy tờ", "Hạn khắc phục": "31/05/2024",
        "Trạng thái": "Chưa khắc phục", "Đơn vị": "H98.01", "Mã đợt kiểm tra": ID,
    }  # fmt: skip
    for name, value in told.items():
        findings.put(last, name, value)
    for row in unit.rows:
        if unit.get(row, "Mã kiểm tra") == "U4":
            unit.put(row, "Kết quả", "Không đạt")
