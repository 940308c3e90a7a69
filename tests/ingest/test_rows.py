"""One defect an input: what becomes of the row, and what the list of issues says."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

from tests.ingest.conftest import GOOD, HEADINGS, Desk, dossiers
from tthc_cli.ingest.layout.locate import judge

BAD_ROWS = {
    "missing_code": (",1.001234,05/04/2023,10/04/2023,,4", "missing_required", "MaHoSo"),
    "date_that_is_none": ("H99-230405-0002,1.001234,05/04/2023,31/02/2023,,4", "not_a_date", "NgayHenTra"),
    "received_on_no_date": ("H99-230405-0002,1.001234,mai,31/03/2023,,4", "not_a_date", "NgayTiepNhan"),
    "done_before_received": (
        "H99-230405-0002,1.001234,05/04/2023,10/04/2023,03/04/2023,9",
        "ended_before_start",
        "NgayKetThucXuLy",
    ),
    "code_made_a_number": ("2.02305E+14,1.001234,05/04/2023,10/04/2023,,4", "mangled_code", "MaHoSo"),
    "too_many_cells": ("H99-230405-0002,1.001234,05/04/2023,10/04/2023,,4,,thừa", "ragged_row", ""),
    "too_few_cells": ("H99-230405-0002,1.001234,05/04/2023", "ragged_row", ""),
}

DOUBTFUL_ROWS = {
    "unknown_status": ("H99-230405-0002,1.001234,05/04/2023,10/04/2023,,bay rồi", "unknown_word", "TrangThaiHoSo"),
    "due_before_received": ("H99-230405-0002,1.001234,05/04/2023,01/04/2023,,4", "due_before_received", "NgayHenTra"),
    "due_in_a_mistyped_year": ("H99-230405-0002,1.001234,05/04/2023,10/04/2032,,4", "far_due", "NgayHenTra"),
    "done_earlier_that_day": (
        "H99-230405-0002,1.001234,05/04/2023 10:00,10/04/2023,05/04/2023 09:00,9",
        "same_day_order",
        "NgayKetThucXuLy",
    ),
}


@pytest.mark.parametrize("defect", BAD_ROWS)
def test_bad_row_is_rejected_and_listed(desk: Desk, defect: str) -> None:
    line, code, column = BAD_ROWS[defect]
    desk.put("a.csv", dossiers(GOOD, line))
    report = desk.run()
    assert (report.rows_read, report.accepted, report.rejected) == (2, 1, 1)
    [issue] = desk.issues()
    assert (issue.code, issue.column, issue.row, issue.file, issue.severity) == (
        code,
        column,
        3,
        "exports/a.csv",
        "rejected",
    )
    assert [row["MaHoSo"] for row in desk.rows()] == ["H99.22.16-230405-0001"]


@pytest.mark.parametrize("defect", DOUBTFUL_ROWS)
def test_doubtful_row_is_kept_and_listed(desk: Desk, defect: str) -> None:
    line, code, column = DOUBTFUL_ROWS[defect]
    desk.put("a.csv", dossiers(GOOD, line))
    report = desk.run()
    assert (report.rows_read, report.accepted, report.rejected, report.warnings) == (2, 2, 0, 1)
    [issue] = desk.issues()
    assert (issue.code, issue.column, issue.row, issue.severity) == (code, column, 3, "warning")


def test_a_long_term_is_no_mistyped_year(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-230405-0002,1.001234,05/04/2023,05/04/2028,,4"))
    desk.run()
    assert desk.issues() == []


def test_values_are_typed(desk: Desk) -> None:
    desk.put("a.csv", dossiers(GOOD))
    desk.run()
    [row] = desk.rows()
    assert row["MaTTHC"] == "1.001234"
    assert str(row["NgayTiepNhan"]) == "2023-04-05 08:00:00"
    assert str(row["NgayHenTra"]) == "2023-04-10 00:00:00"
    assert row["TrangThaiHoSo"] == 9
    assert row["_unit"] == "H99.22.16"
    assert row["_row"] == 2
    assert row["HoSoCoThanhPhanSoHoa"] is None, "the file has no such column"


def test_blank_flag_is_no_and_absent_flag_is_unknown(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-230405-0001,05/04/2023,", headings="MaHoSo,NgayTiepNhan,HoSoCoThanhPhanSoHoa"))
    desk.run()
    [row] = desk.rows()
    assert (row["HoSoCoThanhPhanSoHoa"], row["DaDongBo"]) == (0, None)


def test_unit_is_the_given_one_else_the_prefix_of_the_code(desk: Desk) -> None:
    desk.put(
        "a.csv",
        dossiers(
            "000.16.22.H99-230405-0001,05/04/2023,Sở Công Thương",
            "000.16.22.H99-230405-0002,05/04/2023,",
            "SBN0003,05/04/2023,",
            headings="MaHoSo,NgayTiepNhan,Đơn vị xử lý",
        ),
    )
    desk.run()
    assert [row["_unit"] for row in desk.rows()] == ["Sở Công Thương", "H99.22.16", None]


def test_personal_columns_are_nowhere(desk: Desk) -> None:
    desk.put(
        "a.csv",
        dossiers(
            "H99-230405-0001,05/04/2023,Trần Thị Bí Mật,0912345678,0123456789012",
            "H99-230405-0002,31/02/2023,Lê Văn Kín,0987654321,1",
            headings="MaHoSo,NgayTiepNhan,ChuHoSo,SoDienThoai,CCCD",
        ),
    )
    desk.run()
    written = b"".join(
        p.read_bytes() for p in desk.workspace.root.rglob("*") if p.is_file() and "exports" not in p.parts
    )
    for secret in ("Bí Mật", "0912345678", "Văn Kín", "0987654321"):
        assert secret.encode() not in written


def test_formula_in_a_value_is_neutralised(desk: Desk) -> None:
    desk.put("a.csv", dossiers(GOOD, "=cmd|'/C calc'!A1,1.001234,31/02/2023,,,4", "H99-230405-0003,1,=1+1,,,4"))
    report = desk.run()
    assert report.issues_path is not None
    rows = list(csv.reader(io.StringIO(report.issues_path.read_text("utf-8-sig"))))
    assert rows[0] == ["Tệp", "Trang tính", "Dòng", "Cột", "Giá trị", "Mức độ", "Vấn đề", "Cách xử lý", "Mã"]
    assert [row[4] for row in rows[1:]] == ["31/02/2023", "'=1+1"]


def test_long_numbers_are_masked_in_the_list(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-230405-0001,1.1,05/04/2023,079123456789,,4"))
    desk.run()
    assert [issue.value for issue in desk.issues()] == ["…"]


def test_corrected_file_clears_its_issues(desk: Desk) -> None:
    desk.put("a.csv", dossiers(GOOD, BAD_ROWS["date_that_is_none"][0]))
    assert desk.run().issues_path is not None
    desk.put("a.csv", dossiers(GOOD, "H99-230405-0002,1.001234,05/04/2023,10/04/2023,,4"))
    report = desk.run()
    assert report.issues_path is None
    assert not (desk.workspace.root / "issues.csv").exists()
    assert len(desk.rows()) == 2


def test_year_typed_wrong_does_not_make_a_file_newest(desk: Desk) -> None:
    lines = [f"H99-230405-{i:04d},1.001234,05/04/2023,10/04/2023,,4" for i in range(10)]
    desk.put("a.csv", dossiers(*lines, "H99-230405-0099,1.001234,05/04/2032,10/04/2032,,4"))
    desk.put("b.csv", dossiers("H99-230405-0001,1.001234,05/04/2023,10/04/2023,07/04/2023,9"))
    desk.run()
    assert [i.code for i in desk.issues()] == ["far_future"]
    assert next(r for r in desk.rows() if r["MaHoSo"] == "H99-230405-0001")["TrangThaiHoSo"] == 9


def test_lines_around_the_table_are_no_rows(desk: Desk) -> None:
    content = "\n".join(
        [
            "SỞ CÔNG THƯƠNG,,,,,",
            "",
            HEADINGS,
            "(1),(2),(3),(4),(5),(6)",
            "I. Lĩnh vực Điện,,,,,",
            GOOD,
            HEADINGS,
            "H99.22.16-230405-0002,1.001234,05/04/2023,10/04/2023,,4",
            ",,,,,",
            "Tổng cộng,2,,,,",
            "Người lập biểu,,,,,Giám đốc",
        ]
    )
    desk.put("a.csv", content)
    report = desk.run()
    assert (report.rows_read, report.accepted, report.rejected) == (2, 2, 0)
    assert [row["_row"] for row in desk.rows()] == [6, 8]
    assert report.sheets[0].lines_skipped == 4


def test_issues_workbook_groups_and_counts(desk: Desk) -> None:
    desk.put(
        "=1+1.csv",
        dossiers(GOOD, *(f"H99-230405-010{i},1,05/04/2023,31/02/2023,,4" for i in range(3)), ",1,05/04/2023,,,4"),
    )
    desk.run()
    book = load_workbook(desk.workspace.root / "issues.xlsx")
    summary, rows = book.worksheets
    found = [(r[0].value, r[1].value, r[5].value, r[6].value) for r in summary.iter_rows(min_row=2)]
    assert found == [
        ("exports/=1+1.csv", "Ngày hẹn trả (NgayHenTra)", "not_a_date", 3),
        ("exports/=1+1.csv", "Mã hồ sơ (MaHoSo)", "missing_required", 1),
    ]
    assert rows.max_row == 5
    assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row)


def test_issues_workbook_has_the_same_bytes_each_time(desk: Desk) -> None:
    desk.put("a.csv", dossiers(GOOD, ",1,05/04/2023,,,4"))
    desk.run()
    first = (desk.workspace.root / "issues.xlsx").read_bytes()
    desk.run()
    assert (desk.workspace.root / "issues.xlsx").read_bytes() == first


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        (["", "Cộng", "", "12"], "total"),
        (["", "TONG CONG", "", "12"], "total"),
        (["Tổng số: 4 hồ sơ"], "total"),
        (["03/04/2023 08:00", "03/04/2023 10:00", "Cổng"], "data"),  # "Cổng" không phải "Cộng" / another word
        (["H99-230403-0001", "Công", "03/04/2023"], "data"),
    ],
)
def test_a_sum_is_told_by_its_word_accents_and_all(cells: list[str], verdict: str) -> None:
    assert judge(cells, sum(any(c.isdigit() for c in cell) for cell in cells)) == verdict
