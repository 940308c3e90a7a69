"""Cells merged down several rows hold for each of them, in workbooks and HTML tables."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from openpyxl import Workbook

from tests.ingest.conftest import Desk
from tthc_cli.ingest import inspect_file
from tthc_cli.ingest.files.books import read_sheet

FILES = Path(__file__).parent / "files"
HEAD = ("Mã hồ sơ", "Đơn vị xử lý", "Ngày tiếp nhận", "Ngày hẹn trả")


def book(desk: Desk, rows: list[tuple[str | None, ...]], merges: list[str], left: int = 1, title: str = "") -> None:
    made = Workbook()
    sheet = made.worksheets[0]
    if title:
        sheet.cell(1, left, title)
    for y, row in enumerate(rows, 2 if title else 1):
        for x, value in enumerate(row, left):
            sheet.cell(y, x, value)
    for area in merges:
        sheet.merge_cells(area)
    desk.exports.mkdir(parents=True, exist_ok=True)
    made.save(desk.exports / "a.xlsx")


ROWS: list[tuple[str | None, ...]] = [
    HEAD,
    ("H99-230405-0001", "Sở Công Thương", "05/04/2023", "10/04/2023"),
    ("H99-230405-0002", None, "05/04/2023", "10/04/2023"),
    ("H99-230405-0003", "Sở Y tế", "05/04/2023", "10/04/2023"),
    ("H99-230405-0004", None, "05/04/2023", "10/04/2023"),
]


def units(desk: Desk) -> list[str | None]:
    return [row["DonViXuLy"] for row in desk.rows()]


def test_unit_merged_down(desk: Desk) -> None:
    book(desk, ROWS, ["B2:B3"])
    desk.run()
    assert units(desk) == ["Sở Công Thương", "Sở Công Thương", "Sở Y tế", None]


def test_blank_columns_before_the_table(desk: Desk) -> None:
    book(desk, ROWS, ["D2:D3"], left=3)
    desk.run()
    assert units(desk) == ["Sở Công Thương", "Sở Công Thương", "Sở Y tế", None]


def test_merged_title_above_is_no_value(desk: Desk) -> None:
    rows: list[tuple[str | None, ...]] = [("Báo cáo",), (None,), *ROWS]
    book(desk, rows, ["A1:A2", "B6:B7"])
    desk.run()
    assert units(desk) == ["Sở Công Thương", None, "Sở Y tế", "Sở Y tế"]


def test_dossier_merged_down_over_its_steps(desk: Desk) -> None:
    head = ("Mã hồ sơ", "Thời điểm xử lý", "Trạng thái", "Phòng ban xử lý")
    steps: list[tuple[str | None, ...]] = [
        head,
        ("H99-230405-0001", "05/04/2023 08:00", "Được tiếp nhận", "Một cửa"),
        (None, "06/04/2023 09:00", "Đang xử lý", "Phòng A"),
        (None, "07/04/2023 10:00", "Đã xử lý xong", "Phòng A"),
    ]
    book(desk, steps, ["A2:A4"])
    report = desk.run()
    assert (report.rows_read, report.accepted, report.rejected) == (3, 3, 0)
    assert {row["MaHoSo"] for row in desk.rows("process_log")} == {"H99-230405-0001"}


def test_row_numbers_stay_those_of_the_sheet(desk: Desk) -> None:
    rows = [*ROWS[:3], ("H99-230405-0003", None, "31/02/2023", "10/04/2023")]
    book(desk, rows, ["B3:B5"], title="Danh sách")
    desk.run()
    assert [(i.row, i.code) for i in desk.issues()] == [(5, "not_a_date")]


def test_inspection_shows_the_same(desk: Desk) -> None:
    rows: list[tuple[str | None, ...]] = [
        ("Mã hồ sơ", "Ngày tiếp nhận"), ("H99-230405-0001", "05/04/2023"), ("H99-230405-0002", None),
    ]  # fmt: skip
    book(desk, rows, ["B2:B3"])
    (view,) = inspect_file(desk.exports / "a.xlsx", desk.workspace)
    assert (view.sheets[0].rows, view.sheets[0].rejected) == (2, 0)


def test_rowspan_of_html(desk: Desk) -> None:
    lines = "".join(
        "<tr>" + "".join(f"<td{' rowspan=2' if v and v.startswith('Sở') else ''}>{v}</td>" for v in row if v) + "</tr>"
        for row in ROWS
    )
    desk.put("a.xls", f"<table>{lines}</table>")
    desk.run()
    assert units(desk) == ["Sở Công Thương", "Sở Công Thương", "Sở Y tế", "Sở Y tế"]


@pytest.mark.parametrize("name", ["merged.xls", "merged.ods"])
def test_cells_merged_down_in_other_workbooks(desk: Desk, name: str) -> None:
    """Written by LibreOffice: the unit of rows 2 to 4 and of rows 5 to 7 is one cell each."""
    desk.put("a", (FILES / name).read_bytes())
    desk.run()
    assert units(desk) == ["Sở A"] * 3 + ["Sở B"] * 3


def test_cells_merged_down_in_xlsb(desk: Desk) -> None:
    """Records of MS-XLSB: 177 (count), 176 (rows 8 to 10, column 2, and one that goes across), 178."""
    areas = [(7, 9, 2, 2), (7, 7, 0, 3)]
    merged = b"".join(b"\xb0\x01\x10" + b"".join(n.to_bytes(4, "little") for n in area) for area in areas)
    part = b"\xb1\x01\x04\x02\x00\x00\x00" + merged + b"\xb2\x01\x00"
    path = desk.put("a.xlsb", b"")
    with zipfile.ZipFile(FILES / "hoso.xlsb") as source, zipfile.ZipFile(path, "w") as target:
        for entry in source.namelist():
            data = source.read(entry)
            if entry == "xl/worksheets/sheet1.bin":
                end = data.index(b"\x92\x01\x00") + 3
                data = data[:end] + part + data[end:]
            target.writestr(entry, data)
    (sheet,) = read_sheet.sheets(path)
    assert sheet.merges is not None
    assert sheet.merges() == [(2, 8, 10)]
    assert desk.run().accepted == 20
