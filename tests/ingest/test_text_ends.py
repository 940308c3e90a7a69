"""Text files that end otherwise than they should: cut in a row, padded, marked; lines that end otherwise."""

from __future__ import annotations

import csv
import io
import tracemalloc
from pathlib import Path

import pytest

from tests.ingest.conftest import GOOD, Desk, dossiers
from tthc_cli.ingest import inspect_file
from tthc_cli.ingest.files.texts.read_csv import CsvSheet

HEAD = "MaHoSo,NgayTiepNhan,DonViXuLy"
ROWS = [f'H99-230405-{i},05/04/2023,"Sở ""Y tế"", tầng {i}"' for i in range(1, 5)]
PLAIN = [f"H99-230405-{i},05/04/2023,Sở Y tế" for i in range(1, 5)]
CUT_OFF = ["ingest.left_cut_off"]


def reasons(desk: Desk) -> list[str]:
    return [f.reason for f in desk.run().left_out]


def codes(desk: Desk) -> list[str]:
    return [row["MaHoSo"][-1] for row in desk.rows()]


@pytest.mark.parametrize(
    "end",
    [
        'H99-230405-5,05/04/2023,"',
        'H99-230405-5,05/04/2023,"Sở Y t',
        'H99-230405-5,05/04/2023,"Sở ""Y t',
        'H99-230405-5,05/04/2023,"Sở ""Y tế"", tầng',
        'H99-230405-5,05/04/2023,"Sở Y tế\n',
        'H99-230405-5,05/04/2023,"Sở Y tế\nphòng',
        'H99-230405-5,"05/04/2023"',
        '"H99-230405-5","05/0',
    ],
)
def test_cut_in_or_behind_a_quoted_cell(desk: Desk, end: str) -> None:
    desk.put("a.csv", dossiers(*ROWS, headings=HEAD) + end)
    assert reasons(desk) == CUT_OFF


SHAPES = {
    "addresses_quoted": (csv.QUOTE_MINIMAL, [0, 1, 2, 3], "\n"),
    "all_quoted": (csv.QUOTE_ALL, [0, 1, 2, 3], "\n"),
    "all_quoted_of_windows": (csv.QUOTE_ALL, [0, 1, 2, 3], "\r\n"),
    "address_last": (csv.QUOTE_MINIMAL, [0, 3, 2, 1], "\n"),
    "date_last": (csv.QUOTE_MINIMAL, [0, 1, 3, 2], "\n"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_cut_at_every_byte(tmp_path: Path, name: str) -> None:
    """Of twelve rows the first four are whole: any end but one behind a row is told."""
    quoting, order, end = SHAPES[name]
    addresses = ['Số 5, ngõ 3, phường "A"', "Thôn 2\nxã B, huyện C", "Tổ 4"]
    rows = [[f"H99-230405-{i:04d}", addresses[i % 3], f"{i + 1:02d}/04/2023", "Sở Y tế"] for i in range(12)]
    out = io.StringIO()
    stops = []
    for row in [["MaHoSo", "DiaChi", "NgayTiepNhan", "DonViXuLy"], *rows]:
        csv.writer(out, quoting=quoting, lineterminator=end).writerow([row[i] for i in order])
        stops.append(len(out.getvalue().encode()))
    data = out.getvalue().encode()
    behind = {stop - back for stop in stops for back in range(len(end) + 1)}
    path = tmp_path / "a.csv"
    wrong = []
    for at in range(stops[4] + 1, len(data) + 1):
        path.write_bytes(data[:at])
        if CsvSheet(path).cut_off(1, 4) == (at in behind) and not data[:at].endswith(b"\r"):
            wrong.append(data[at - 20 : at])
    assert wrong == []


@pytest.mark.parametrize("end", ["Sở Y t", "Sở", "Sở Y tế".encode()[:-1].decode("latin-1"), ""])
def test_cut_in_the_last_cell(desk: Desk, end: str) -> None:
    data = dossiers(*PLAIN, headings=HEAD).encode() + b"H99-230405-5,05/04/2023,"
    desk.put("a.csv", data + (end.encode("latin-1") if "\xe1" in end else end.encode()))
    assert reasons(desk) == CUT_OFF


@pytest.mark.parametrize("end", ["05/04/2", "05/04/2023 08:0"])
def test_cut_in_a_date_at_the_end(desk: Desk, end: str) -> None:
    rows = [f"H99-230405-{i},05/04/2023 08:0{i}" for i in range(1, 5)]
    desk.put("a.csv", dossiers(*rows, headings="MaHoSo,NgayTiepNhan") + f"H99-230405-5,{end}")
    assert reasons(desk) == CUT_OFF


@pytest.mark.parametrize("quoted", [True, False])
def test_last_row_without_line_end_that_is_whole(desk: Desk, quoted: bool) -> None:
    desk.put("a.csv", dossiers(*(ROWS if quoted else PLAIN), headings=HEAD).rstrip("\n"))
    assert desk.run().accepted == 4


@pytest.mark.parametrize("last", ["9", "10", ""])
def test_last_row_without_line_end_may_end_in_another_word_or_blank(desk: Desk, last: str) -> None:
    rows = [f"H99-230405-{i},05/04/2023,{status}" for i, status in enumerate(["10", "10", "10", "", last], 1)]
    desk.put("a.csv", dossiers(*rows, headings="MaHoSo,NgayTiepNhan,TrangThaiHoSo").rstrip("\n"))
    assert desk.run().accepted == 5


@pytest.mark.parametrize("stray", ['Sở Y tế 5"', '"Sở Y tế', '"'])
def test_stray_quote_some_rows_before_the_end_cuts_nothing_off(desk: Desk, stray: str) -> None:
    rows = [*PLAIN[:1], f"H99-230405-9,05/04/2023,{stray}", *PLAIN[1:]]
    desk.put("a.csv", dossiers(*rows, headings=HEAD))
    report = desk.run()
    assert (report.rows_read, report.left_out) == (5, ())


def two_tables(end: str) -> str:
    petitions = ["MaPAKN,NgayTiepNhan,NoiDung", *(f"PA{i},05/04/2023,x{i}" for i in range(4))]
    return dossiers(*PLAIN, headings=HEAD) + "\n" + "\n".join(petitions) + end


@pytest.mark.parametrize(
    ("end", "whole"), [("\n", True), ("", True), ("\nPA9,05/0", False), ('\nPA9,05/04/2023,"x', False)]
)
def test_text_of_two_tables(desk: Desk, end: str, whole: bool) -> None:
    desk.put("a.csv", two_tables(end))
    assert (reasons(desk) == CUT_OFF) is not whole


@pytest.mark.parametrize("mark", ["\x1a", "\x1a\x1a"])
def test_mark_of_the_end_is_no_row(desk: Desk, mark: str) -> None:
    desk.put("a.csv", dossiers(*PLAIN, headings=HEAD) + mark)
    report = desk.run()
    assert (report.rows_read, report.accepted, report.left_out) == (4, 4, ())
    assert desk.issues() == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1258"])
@pytest.mark.parametrize("size", [1, 15, 4096, 3 << 20])
def test_padding_is_left_out_and_told(desk: Desk, encoding: str, size: int) -> None:
    head = HEAD if encoding != "windows-1258" else HEAD.replace("DonViXuLy", "TenTTHC")
    rows = [row.replace("Sở Y tế", "cấp phép".replace("ấ", "â\u0301").replace("é", "e\u0301")) for row in PLAIN]
    text = dossiers(*(rows if encoding == "windows-1258" else PLAIN), headings=head)
    desk.put("a.csv", text.encode(encoding) + bytes(size * (2 if encoding == "utf-16" else 1)))
    assert desk.run().accepted == 4
    assert [(i.code, i.severity, i.row) for i in desk.issues()] == [("zero_bytes_at_end", "warning", 0)]


def test_padding_behind_half_a_row(desk: Desk) -> None:
    desk.put("a.csv", dossiers(*PLAIN, headings=HEAD).encode()[:-20] + bytes(500))
    assert reasons(desk) == CUT_OFF


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("row", [2, 30_000])
def test_zero_bytes_in_the_text(desk: Desk, encoding: str, row: int) -> None:
    rows = [f"H99-230405-{i:05d},05/04/2023,Sở Y tế" for i in range(40_000)]
    rows[row] = rows[row].replace("Sở", "S\0")
    desk.put("a.csv", dossiers(*rows, headings=HEAD).encode(encoding))
    assert reasons(desk) == ["ingest.left_zero_bytes"]
    assert desk.workspace.root.joinpath("issues.csv").exists() is False


def test_zero_byte_is_told_by_its_place(desk: Desk) -> None:
    desk.put("a.csv", b"MaHoSo,NgayTiepNhan\nH99-1-1,05/04/2023\nH\0")
    desk.put("b.csv", b"MaHoSo,NgayTiepNhan\nH99-1-1,05/\x0004/2023\n")
    assert [(f.reason, f.fields["detail"]) for f in desk.run().left_out] == [
        ("ingest.left_cut_off", ""), ("ingest.left_zero_bytes", "32"),
    ]  # fmt: skip


@pytest.mark.parametrize("at", [1, 3, 30_000])
def test_carriage_return_alone_ends_a_row_too(desk: Desk, at: int) -> None:
    rows = [HEAD, *(f"H99-230405-{i:05d},05/04/2023,Sở Y tế" for i in range(40_000))]
    desk.put("a.csv", "\n".join(rows[:at]) + "\r" + "\n".join(rows[at:]) + "\n")
    report = desk.run()
    assert (report.rows_read, report.accepted) == (40_000, 40_000)
    numbers = {row["MaHoSo"]: row["_row"] for row in desk.rows()}
    assert [numbers[f"H99-230405-{i:05d}"] for i in (0, at, 39_999)] == [2, at + 2, 40_001]


def test_line_ends_of_three_systems(desk: Desk) -> None:
    rows = ['H99-230405-6,05/04/2023,"Sở\rY tế"', *PLAIN]
    ends = ["\n", "\r\n", "\r", "\r\r\n", "\r"]
    desk.put("a.csv", f"{HEAD}\r\n" + "".join(row + end for row, end in zip(rows, ends, strict=True)))
    assert desk.run().accepted == 5
    assert codes(desk) == ["1", "2", "3", "4", "6"]
    assert {row["DonViXuLy"] for row in desk.rows()} == {"Sở Y tế"}


def test_odd_number_of_bytes_is_no_utf_16(desk: Desk) -> None:
    data = dossiers(*PLAIN, headings=HEAD).encode("utf-16")
    desk.put("a.csv", data[:60] + b"x" + data[60:])
    assert reasons(desk) == CUT_OFF


@pytest.mark.parametrize("start", [dossiers(GOOD), ""])
def test_line_of_huge_length_takes_little_memory(desk: Desk, start: str) -> None:
    path = desk.put("a.csv", start)
    with path.open("ab") as stream:
        for _ in range(160):
            stream.write(b"x," * (1 << 19))
    tracemalloc.start()
    try:
        assert reasons(desk) == ["ingest.left_long_line"]
        assert tracemalloc.get_traced_memory()[1] < 200 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["utf-16", "windows-1258"])
def test_line_of_huge_length_in_another_encoding(desk: Desk, encoding: str) -> None:
    path = desk.put("a.csv", (dossiers(GOOD) + "é" * 5).encode(encoding))
    with path.open("ab") as stream:
        for _ in range(80):
            stream.write("x,".encode("utf-16-le") * (1 << 18) if encoding == "utf-16" else b"x," * (1 << 19))
    assert reasons(desk) == ["ingest.left_long_line"]


@pytest.mark.parametrize(
    "text", ['[{"MaHoSo": "H99-1-1"}]', '\ufeff{"data" : [1]}', "[\n [1, 2],\n [3, 4]\n]", "[[1]]"]
)
def test_json_is_named(desk: Desk, text: str) -> None:
    path = desk.put("a.json", text)
    assert reasons(desk) == ["ingest.left_json"]
    [view] = inspect_file(path, desk.workspace)
    assert (view.reason, view.sheets) == ("ingest.left_json", ())


def test_ragged_row_in_another_encoding_is_no_traceback(desk: Desk, capfd: pytest.CaptureFixture[str]) -> None:
    lines = [*PLAIN, "H99-230405-9,05/04/2023,Sở,Y tế"]
    desk.put("a.csv", dossiers(*lines, headings=HEAD).encode() + b"H99-230405-8,05/04/2023,S\xc6,\xc4")
    desk.run()
    assert "Traceback" not in capfd.readouterr().err


TITLE = "Tra cứu theo: Nguyễn Giả Định - CCCD 099000000001"


@pytest.mark.parametrize("above", ["", TITLE + "\n", TITLE + ",,,\n"])
def test_no_title_is_quoted_when_a_heading_is_missing(desk: Desk, above: str) -> None:
    desk.put("a.csv", above + dossiers("1.001234,05/04/2023,4,x", headings="Mã TTHC,Ngày tiếp nhận,Trạng thái,Ghi gì"))
    [left] = desk.run().left_out
    assert left.reason == "ingest.note_missing_heading"
    assert left.fields["found"] == "Mã TTHC, Ngày tiếp nhận, Trạng thái, Ghi gì"


def test_line_that_only_holds_headings_among_data_is_not_quoted(desk: Desk) -> None:
    desk.put("a.csv", "Mã TTHC,1.001234,Nguyễn Giả Định,ngõ 5,Trạng thái\n2,3,4,5,6\n")
    [left] = desk.run().left_out
    assert left.fields["found"] == "Mã TTHC, Trạng thái"


def test_long_numbers_are_never_quoted(desk: Desk) -> None:
    desk.put("a.csv", "Mã TTHC,099000000001,Trạng thái\n2,3,4\n")
    [left] = desk.run().left_out
    assert left.fields["found"] == "Mã TTHC, …, Trạng thái"


def test_a_short_name_behind_long_ones_of_one_length_is_whole(desk: Desk) -> None:
    """Names are no codes: that three are alike tells nothing of the length of a fourth."""
    rows = [f"H99.77-250505-000{i},05/05/2025 08:00,9,UBND xã Thượng Giang" for i in range(3)]
    rows.append("H99.77-250505-0009,05/05/2025 08:00,9,Cục Hàng hải")
    desk.put("a.csv", "MaHoSo,NgayTiepNhan,TrangThaiHoSo,DonViXuLy\n" + "\n".join(rows))
    report = desk.run()
    assert (report.accepted, len(report.left_out)) == (4, 0)
