"""Files put together by hand: marks in the midst, two encodings, delimiters at line ends, headings twice."""

from __future__ import annotations

import os
import unicodedata

import pytest

from tests.ingest.conftest import Desk, dossiers
from tthc_cli.ingest.files.texts import read_csv
from tthc_cli.ingest.report import sentence

HEAD = "MaHoSo,NgayTiepNhan,DonViXuLy"


def line(number: int, unit: str = "Sở Y tế") -> str:
    return f"H99-230405-{number:04d},05/04/2023,{unit}"


def cp1258(text: str) -> bytes:
    """As Windows-1258 writes it: the tone behind its letter. Letters with both a hat and a tone below are not made."""
    return unicodedata.normalize("NFC", text).replace("ở", "ơ\u0309").replace("ế", "ê\u0301").encode("cp1258")


def stored(desk: Desk) -> list[tuple[str, str | None]]:
    return [(row["MaHoSo"], row["DonViXuLy"]) for row in desk.rows()]


@pytest.mark.parametrize("mark", ["\ufeff", "\u200b", "\u202a", "\x07"])
def test_marks_that_cannot_be_seen(desk: Desk, mark: str) -> None:
    desk.put("a.csv", dossiers(line(1), mark + line(2, f"Sở {mark}Y tế"), line(2), headings=HEAD))
    desk.run()
    assert stored(desk) == [("H99-230405-0001", "Sở Y tế"), ("H99-230405-0002", "Sở Y tế")]


def test_lines_of_two_encodings(desk: Desk) -> None:
    desk.put("a.csv", dossiers(line(1), headings=HEAD).encode() + cp1258(line(2) + "\n") + (line(3) + "\n").encode())
    desk.run()
    assert stored(desk) == [(f"H99-230405-000{i}", "Sở Y tế") for i in (1, 2, 3)]
    assert [(i.code, i.row) for i in desk.issues()] == [("mixed_encoding", 0)]


def test_an_odd_line_far_below(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind the part of a file by which its encoding is judged."""
    monkeypatch.setattr(read_csv, "CHUNK", 1 << 20)
    many = [line(i) for i in range(30_000)]
    text = dossiers(*many, headings=HEAD).encode() + cp1258(line(30_001) + "\n") + (line(30_002) + "\n").encode()
    assert len(text) > 1 << 20
    desk.put("a.csv", text)
    report = desk.run()
    assert (report.accepted, report.rejected, report.warnings) == (30_002, 0, 1)
    assert {unit for _, unit in stored(desk)} == {"Sở Y tế"}
    assert [(i.code, i.row) for i in desk.issues()] == [("mixed_encoding", 30_002)]


def test_a_file_of_one_encoding_is_not_called_mixed(desk: Desk) -> None:
    desk.put("a.csv", cp1258(dossiers(line(1), line(2, "So"), headings=HEAD)))
    desk.run()
    assert stored(desk) == [("H99-230405-0001", "Sở Y tế"), ("H99-230405-0002", "So")]
    assert not desk.issues()


@pytest.mark.parametrize(
    ("head", "rows"), [(",", ""), ("", ","), (",", ","), (",,,", ""), ("", ",,,"), (";", ";")], ids=str
)
def test_delimiters_at_line_ends(desk: Desk, head: str, rows: str) -> None:
    text = dossiers(*(line(i) + rows for i in range(3)), headings=HEAD + head)
    desk.put("a.csv", text.replace(",", ";") if ";" in head else text)
    report = desk.run()
    assert (report.rows_read, report.accepted) == (3, 3)


def test_delimiters_at_line_ends_do_not_hide_a_row_too_long(desk: Desk) -> None:
    desk.put("a.csv", dossiers(line(1) + ",", line(2) + ",", line(3) + ",x", headings=HEAD))
    report = desk.run()
    assert (report.accepted, report.rejected) == (2, 1)
    assert [(i.code, i.row) for i in desk.issues()] == [("ragged_row", 4)]


def test_the_same_heading_twice(desk: Desk) -> None:
    desk.put("a.csv", "MaHoSo,Ngày hẹn trả,Ngày hẹn trả\nH99-1-1,05/04/2023,06/04/2023\n")
    (left,) = desk.run().left_out
    text = sentence(left.reason, left.fields, "vi")
    assert "hai cột cùng tên" in text
    assert "xóa hoặc đổi tên một cột" in text


def test_a_heading_that_gives_way_to_a_surer_one_is_told(desk: Desk) -> None:
    desk.put("a.csv", "MaHoSo,Số hồ sơ,NgayTiepNhan\nH99-230405-1,17,05/04/2023\n")
    (sheet,) = desk.run().sheets
    assert sheet.accepted == 1
    assert sheet.ignored_headings == ("Số hồ sơ",)


def test_a_sheet_for_each_unit(desk: Desk) -> None:
    """The name of a sheet says whose dossiers it holds, where no column and no title between the rows does."""
    head = ["Mã hồ sơ", "Ngày tiếp nhận"]
    names = ("Sở Y tế", "UBND huyện A", "Sổ theo dõi", "Số liệu", "T4", "Quản lý")
    desk.put_xlsx("a.xlsx", {n: [head, [f"H99-230405-{i}", "05/04/2023"]] for i, n in enumerate(names)})
    desk.put_xlsx("b.xlsx", {"Sở Y tế": [head, ["1. Sở Tư pháp"], ["H99-230405-6", "05/04/2023"]]})
    desk.put_xlsx("c.xlsx", {"Sở Y tế": [[*head, "Đơn vị xử lý"], ["H99-230405-7", "05/04/2023", "Sở A"]]})
    desk.run()
    assert [unit for _, unit in stored(desk)] == ["Sở Y tế", "UBND huyện A", *[None] * 4, "Sở Tư pháp", "Sở A"]


def test_a_note_between_the_rows_is_no_unit(desk: Desk) -> None:
    head = ["Mã hồ sơ", "Ngày tiếp nhận"]
    rows = [["Sở Y tế"], ["H99-1-1", "05/04/2023"], ["Số liệu tạm tính"], ["H99-1-2", "05/04/2023"]]
    desk.put_xlsx("a.xlsx", {"x": [head, *rows]})
    desk.run()
    assert [unit for _, unit in stored(desk)] == ["Sở Y tế", "Sở Y tế"]


@pytest.mark.parametrize("word", ["Cộng", "Tổng", "Tổng cộng", "TỔNG SỐ"])
def test_a_total_in_the_column_of_codes(desk: Desk, word: str) -> None:
    desk.put("a.csv", dossiers(line(1), f"{word},1,", line(2), headings=HEAD))
    report = desk.run()
    assert (report.rows_read, report.accepted) == (2, 2)
    assert report.sheets[0].lines_skipped == 1


def test_line_breaks_in_cells_of_html(desk: Desk) -> None:
    head = "<tr><th>Mã hồ sơ</th><th>Ngày tiếp<br/>nhận</th></tr>"
    desk.put("a.xls", f"<table>{head}<tr><td>H99-<b>230405</b>-1</td><td>05/04/2023<br>08:00</td></tr></table>")
    desk.run()
    assert [(row["MaHoSo"], f"{row['NgayTiepNhan']:%d/%m %H:%M}") for row in desk.rows()] == [
        ("H99-230405-1", "05/04 08:00")
    ]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_file_name_that_is_no_utf8(desk: Desk, kind: str) -> None:
    plain = f"ho_so.{kind}"
    if kind == "csv":
        desk.put(plain, dossiers(line(1), headings=HEAD))
    else:
        desk.put_xlsx(plain, {"Sheet": [HEAD.split(","), line(1).split(",")]})
    (desk.exports / plain).rename(desk.exports / os.fsdecode(b"h\xf4 s\xf5." + kind.encode()))
    assert desk.run().accepted == 1
    assert [s.path for s in desk.warehouse.sources] == [rf"exports/h\xf4 s\xf5.{kind}"]
