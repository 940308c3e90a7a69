"""Every shape of file: read alike, judged by its first bytes."""

from __future__ import annotations

import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path

import pytest

from tests.ingest.conftest import GOOD, HEADINGS, Desk, dossiers

TEXT = dossiers(GOOD.replace(",9", ",Đã xử lý xong"))


def expect_good(desk: Desk) -> None:
    report = desk.run()
    assert (report.rows_read, report.accepted, report.left_out) == (1, 1, ())
    [row] = desk.rows()
    assert (row["MaHoSo"], row["TrangThaiHoSo"], str(row["NgayKetThucXuLy"])) == (
        "H99.22.16-230405-0001",
        9,
        "2023-04-07 09:30:00",
    )


@pytest.mark.parametrize(
    "content",
    {
        "utf8": TEXT.encode(),
        "utf8_bom": TEXT.encode("utf-8-sig"),
        "utf16_le_bom_tabs": TEXT.replace(",", "\t").encode("utf-16"),
        "utf16_be": b"\xfe\xff" + TEXT.encode("utf-16-be"),
        "utf16_le_without_bom": TEXT.encode("utf-16-le"),
        "nfd": unicodedata.normalize("NFD", TEXT).encode(),
        "semicolons": TEXT.replace(",", ";").encode(),
        "tabs": TEXT.replace(",", "\t").encode(),
        "pipes": TEXT.replace(",", "|").encode(),
        "crlf": TEXT.replace("\n", "\r\n").encode(),
        "cr": TEXT.replace("\n", "\r").encode(),
        "no_last_line_end": TEXT.rstrip("\n").encode(),
        "all_quoted": "\n".join(",".join(f'"{c}"' for c in line.split(",")) for line in TEXT.splitlines()).encode(),
        "sep_line": ("sep=;\n" + TEXT.replace(",", ";")).encode(),
        "blank_lines": TEXT.replace("\n", "\n\n").encode(),
    }.values(),
)
def test_text(desk: Desk, content: bytes) -> None:
    desk.put("a.csv", content)
    expect_good(desk)


def test_windows_1258(desk: Desk) -> None:
    marks = unicodedata.normalize("NFD", TEXT)
    composed = {"a\u0302": "â", "e\u0302": "ê", "o\u0302": "ô", "a\u0306": "ă", "o\u031b": "ơ", "u\u031b": "ư"}
    for pair, letter in composed.items():
        marks = marks.replace(pair, letter)
    desk.put("a.csv", marks.encode("cp1258"))
    expect_good(desk)


def test_quoted_line_breaks_keep_row_numbers(desk: Desk) -> None:
    desk.put(
        "a.csv",
        f'TenTTHC,{HEADINGS}\n"Một\nhai",{GOOD}\n"Ba, bốn",H99-230405-0002,1.001234,31/02/2023,,,4\n',
    )
    desk.run()
    assert [row["TenTTHC"] for row in desk.rows()] == ["Một hai"]
    assert [issue.row for issue in desk.issues()] == [3]


def test_stray_quote_spoils_no_other_row(desk: Desk) -> None:
    lines = [f"H99-230405-{i:04d},1.001234,05/04/2023,10/04/2023,,4" for i in range(1, 301)]
    lines[100] = 'H99-230405-0101,1.001234,05/04/2023,10/04/2023,,"4'
    desk.put("a.csv", dossiers(*lines))
    report = desk.run()
    assert report.rows_read == 300
    assert report.accepted >= 299


def test_workbook_with_titles_groups_and_totals(desk: Desk) -> None:
    desk.put_xlsx(
        "a.xlsx",
        {
            "Hồ sơ": [
                ["ỦY BAN NHÂN DÂN"],
                [],
                ["STT", "Mã hồ sơ", "Thời gian", None, "Trạng thái"],
                [None, None, "Ngày tiếp nhận", "Ngày có kết quả", None],
                ["(1)", "(2)", "(3)", "(4)", "(5)"],
                [1, "H99.22.16-230405-0001", datetime(2023, 4, 5, 8), datetime(2023, 4, 7, 9, 30), "Đã xử lý xong"],
                ["Tổng cộng", None, 1],
                [],
                [None, None, None, None, "Giám đốc"],
            ],
            "Ghi chú": [["Số liệu tạm tính"]],
        },
    )
    expect_good(desk)
    assert [row["_row"] for row in desk.rows()] == [6]
    assert [row["_sheet"] for row in desk.rows()] == ["Hồ sơ"]


def test_hidden_sheet_is_left_out_and_said_so(desk: Desk) -> None:
    sheet = [["Mã hồ sơ", "Ngày tiếp nhận"], ["H99-230405-0001", "05/04/2023"]]
    desk.put_xlsx("a.xlsx", {"Một": sheet, "Cũ": [*sheet, ["H99-230405-0002", "05/04/2023"]]}, hidden=["Cũ"])
    report = desk.run()
    assert report.accepted == 1
    assert [(s.sheet, s.note) for s in report.sheets if not s.table] == [("Cũ", "ingest.note_hidden")]


def test_one_sheet_a_month(desk: Desk) -> None:
    head = ["Mã hồ sơ", "Ngày tiếp nhận"]
    desk.put_xlsx(
        "a.xlsx", {"T4": [head, ["H99-230405-0001", "05/04/2023"]], "T5": [head, ["H99-230505-0001", "05/05/2023"]]}
    )
    report = desk.run()
    assert [(s.sheet, s.accepted) for s in report.sheets] == [("T4", 1), ("T5", 1)]


def test_html_table_named_xls(desk: Desk) -> None:
    heads = "".join(f"<th>{h}</th>" for h in HEADINGS.split(","))
    cells = "".join(f"<td>{c}</td>" for c in GOOD.split(","))
    desk.put(
        "a.xls",
        f"<html><body><table><tr><td colspan=6>Báo cáo</td></tr><tr>{heads}</tr><tr>{cells}</tr></table></body></html>",
    )
    expect_good(desk)


def test_archive_of_files_and_of_an_archive(desk: Desk, tmp_path: Path) -> None:
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("thang4/a.csv", TEXT)
    desk.exports.mkdir(parents=True)
    with zipfile.ZipFile(desk.exports / "gui.zip", "w") as archive:
        archive.write(inner, "trong.zip")
        archive.writestr("../../evil.csv", TEXT.replace("0001,", "0002,"))
    report = desk.run()
    assert sorted(s.path for s in report.sheets) == [
        "exports/gui.zip › ../../evil.csv",
        "exports/gui.zip › trong.zip › thang4/a.csv",
    ]
    assert report.accepted == 2
    assert not list(tmp_path.parent.glob("evil.csv"))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "ingest.left_empty"),
        (b"%PDF-1.7 ...", "ingest.left_pdf"),
        (b"\x00\x01\x02\x03\x89" * 50, "ingest.left_unknown"),
        (b"PK\x03\x04 cut off", "ingest.left_zip_damaged"),
        (b"\xd0\xcf\x11\xe0" + b"0" * 600, "ingest.left_damaged"),
        (b"<html><body>Loi</body></html>", "ingest.left_no_table"),
        ("Chào các anh chị".encode(), "ingest.note_no_table"),
    ],
)
def test_files_that_hold_no_table_are_left_out_with_a_reason(desk: Desk, content: bytes, reason: str) -> None:
    desk.put("a.dat", content)
    report = desk.run()
    assert [f.reason for f in report.left_out] == [reason]


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_typed_figures_by_hand(desk: Desk, delimiter: str) -> None:
    rows = [
        ["MaDonVi", "Ky", "ChiTieu", "TuSo", "MauSo", "Nguon", "GhiDe"],
        ["000.00.22.H99", "Quý II/2023", '"1,1"', '"12,5"', "20", "SNV", "1"],
        ["H99", "2023q2", "1.2", "", "", "", ""],
        ["H99", "2023Q2", "1.3", "-1", "5", "", ""],
        ["H99", "2023Q2", "01/01/2023", "1", "5", "", ""],
        ["H99", "2023Q2", "1.4", "1", "", "", ""],
    ]
    desk.put("so_lieu.csv", "\n".join(delimiter.join(r) for r in rows))
    report = desk.run()
    found = {
        r["ChiTieu"]: (r["MaDonVi"], r["Ky"], r["TuSo"], r["MauSo"], r["GhiDe"]) for r in desk.rows("typed_figures")
    }
    assert found == {"1.1": ("H99.22", "2023Q2", "12.5", "20", 1), "1.2": ("H99", "2023Q2", None, None, 0)}
    assert report.issue_counts == {"half_figure": 1, "negative": 1, "not_an_indicator": 1}


def test_typed_figures_in_a_workbook_where_excel_made_numbers(desk: Desk) -> None:
    desk.put_xlsx(
        "a.xlsx",
        {"Sheet1": [["MaDonVi", "Ky", "ChiTieu", "TuSo", "MauSo", "Nguon"], ["H99", 2023, 1.1, 12.5, 20, "x"]]},
    )
    desk.run()
    [row] = desk.rows("typed_figures")
    assert (row["Ky"], row["ChiTieu"], row["TuSo"], row["MauSo"]) == ("2023", "1.1", "12.5", "20")


def test_unit_table(desk: Desk) -> None:
    desk.put(
        "units.csv",
        "MaDonVi,TenDonVi,Cap,DonViCha,TenKhac,HieuLucTu,HieuLucDen,DonViKeThua\n"
        "H99,UBND tỉnh,tinh,,,01/01/2020,,\n000.00.22.H99,Huyện A,huyen,H99,H. A;A,01/01/2020,30/06/2025,H99.30\n",
    )
    desk.run()
    found = [
        (r["MaDonVi"], r["Cap"], r["DonViCha"], str(r["HieuLucDen"]), r["DonViKeThua"]) for r in desk.rows("units")
    ]
    assert found == [("H99", 1, None, "None", None), ("H99.22", 3, "H99", "2025-06-30", "H99.30")]


def test_workspace_own_files_are_not_read(desk: Desk) -> None:
    desk.put("a.csv", dossiers(GOOD, "H99-1,1,31/02/2023,,,4"))
    desk.run()
    report = desk.run(desk.workspace.root)
    assert report.left_out == ()
    assert len(report.unchanged) == 1


def test_two_stray_quotes_on_following_rows_lose_no_row(desk: Desk) -> None:
    lines = [f"H99-230405-{i:04d},1.001234,05/04/2023,10/04/2023,,4" for i in range(1, 31)]
    lines[10] = 'H99-230405-0011,1.001234,05/04/2023,10/04/2023,,"4'
    lines[11] = 'H99-230405-0012,1.001234,05/04/2023,10/04/2023,,4"'
    desk.put("a.csv", dossiers(*lines))
    report = desk.run()
    assert report.rows_read == 30
    assert report.accepted + report.rejected == 30


def test_two_tables_on_one_sheet(desk: Desk) -> None:
    desk.put_xlsx(
        "a.xlsx",
        {
            "S": [
                ["BÁO CÁO"], [], ["Mã hồ sơ", "Ngày nhận"], ["H99-1-1", "05/04/2023"], [], ["Mã hồ sơ", "Ngày nhận"],
                ["H99-1-2", "05/04/2023"], [], ["II. Bản sao"], ["Mã đơn vị", "Kỳ", "Số bản sao"], ["H99", "2023Q2", 5],
            ]
        },
    )  # fmt: skip
    report = desk.run()
    assert [(s.sheet, s.table, s.rows_read, s.accepted) for s in report.sheets] == [
        ("S", "dossiers", 2, 2), ("S (2)", "certified_copies", 1, 1),
    ]  # fmt: skip
    assert [r["_row"] for r in desk.rows()] == [4, 7]
    assert [r["_row"] for r in desk.rows("certified_copies")] == [11]


def test_several_tables_in_one_text(desk: Desk) -> None:
    desk.put(
        "a.csv",
        "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trả\nH99-230405-0001,05/04/2023,10/04/2023\n,,\n"
        "Mã hồ sơ,Thời điểm xử lý,Trạng thái,Phòng ban xử lý\n"
        "H99-230405-0001,05/04/2023 08:00,Đang xử lý,Một cửa\nH99-230405-0001,31/04/2023 08:00,Đang xử lý,Một cửa\n",
    )
    report = desk.run()
    assert [(s.sheet, s.table, s.rows_read, s.rejected) for s in report.sheets] == [
        ("", "dossiers", 1, 0),
        (" (2)", "process_log", 2, 1),
    ]
    assert [(i.row, i.code) for i in desk.issues()] == [(6, "not_a_date")]


def test_headings_of_two_rows_below_a_blank_one_are_one_table(desk: Desk) -> None:
    heads: list[list[str | None]] = [
        ["STT", "Mã hồ sơ", "Thời gian", None, "Trạng thái"], [None, "Số hồ sơ", "Ngày tiếp nhận", "Ngày hẹn trả", None]
    ]  # fmt: skip
    rows = [["1", "H99-230405-1", "05/04/2023", "10/04/2023", "4"], ["2", "H99-230405-2", "05/04/2023", "", "4"]]
    desk.put_xlsx("a.xlsx", {"S": [["UBND TỈNH SÔNG VÂN"], [], *heads, rows[0], [], *heads, rows[1]]})
    report = desk.run()
    assert [(s.sheet, s.table, s.accepted, s.note) for s in report.sheets] == [("S", "dossiers", 2, "")]


def test_headings_repeated_below_blank_lines_are_one_table(desk: Desk) -> None:
    page = "Mã hồ sơ,Ngày tiếp nhận\nH99-230405-000{},05/04/2023\n\n"
    desk.put("a.csv", page.format(1) + page.format(2))
    report = desk.run()
    assert [(s.table, s.accepted) for s in report.sheets] == [("dossiers", 2)]
