"""Find the table in a sheet and know its columns."""

from __future__ import annotations

import pytest

from tests.ingest.conftest import Desk
from tthc_cli.ingest.layout.locate import Located, NotLocated, is_number_row, joined, locate
from tthc_cli.ingest.layout.match import squash, vocabularies
from tthc_cli.ingest.report import sentence
from tthc_cli.schema import all_tables, table, table_names

WORDS = vocabularies({})


def find(*rows: list[str], aliases: dict[str, dict[str, list[str]]] | None = None) -> Located | NotLocated:
    return locate(rows, vocabularies(aliases) if aliases else WORDS)


def test_no_heading_means_two_columns_of_a_table() -> None:
    for spec in all_tables():
        seen: dict[str, str] = {}
        for column in spec.columns:
            for heading in (column.name, *column.headings):
                assert seen.setdefault(squash(heading), column.name) == column.name, (spec.name, heading)


@pytest.mark.parametrize("name", table_names())
def test_a_table_with_all_its_canonical_headings_is_known(name: str) -> None:
    found = find([c.name for c in table(name).columns])
    assert isinstance(found, Located)
    assert found.match.table.name == name
    assert list(found.match.columns.values()) == [c.name for c in table(name).columns]


def test_titles_above_are_passed_over() -> None:
    found = find(
        ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
        ["Từ ngày 01/04/2023 đến ngày 30/06/2023"],
        [""],
        ["STT", "Mã hồ sơ", "Ngày nhận"],
    )
    assert isinstance(found, Located)
    assert (found.heading, found.first) == (3, 4)
    assert found.match.columns == {1: "MaHoSo", 2: "NgayTiepNhan"}
    assert found.match.ignored == ("STT",)


def test_column_numbers_below_are_passed_over() -> None:
    found = find(["STT", "Mã hồ sơ", "Ngày nhận"], ["(1)", "(2)", "(3)"], ["1", "H99-230405-1", "05/04/2023"])
    assert isinstance(found, Located)
    assert found.first == 2


def test_two_row_heading_with_a_group() -> None:
    found = find(["Mã hồ sơ", "Thời gian", "", "Tình trạng"], ["", "Ngày tiếp nhận", "Ngày hẹn trả", ""])
    assert isinstance(found, Located)
    assert found.match.columns == {0: "MaHoSo", 1: "NgayTiepNhan", 2: "NgayHenTra", 3: "TrangThaiHoSo"}
    assert found.headings[1] == "Thời gian › Ngày tiếp nhận"
    assert found.first == 2


def test_groups_reach_over_blanks_only() -> None:
    rows = [["Mã", "Đã giải quyết", "", "Ghi chú", "Đang"], ["", "Đúng hạn", "Quá hạn", "", "Trong hạn"]]
    assert joined(rows, 5) == [
        "Mã",
        "Đã giải quyết › Đúng hạn",
        "Đã giải quyết › Quá hạn",
        "Ghi chú",
        "Đang › Trong hạn",
    ]


def test_two_headings_for_one_column_are_asked_for() -> None:
    found = find(["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hoàn thành", "Ngày có kết quả"])
    assert isinstance(found, NotLocated)
    assert found.note == "ingest.note_heading_ambiguous"
    assert found.fields["column"] == "NgayKetThucXuLy"


def test_an_alias_settles_an_ambiguous_heading() -> None:
    found = find(
        ["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hoàn thành", "Ngày có kết quả"],
        aliases={"dossiers": {"NgayKetThucXuLy": ["Ngày có kết quả"]}},
    )
    assert isinstance(found, Located)
    assert found.match.columns[3] == "NgayKetThucXuLy"
    assert 2 not in found.match.columns


def test_a_near_miss_is_suggested_not_used() -> None:
    found = find(["Mã hồ sơ", "Ngày tiếp nhậnn"])
    assert isinstance(found, NotLocated)
    assert found.note == "ingest.note_near_heading"
    assert found.fields["pairs"] == '"Ngày tiếp nhậnn" ~ NgayTiepNhan'


def test_every_near_miss_is_suggested() -> None:
    found = find(["Mã hồ sơ", "Ngày tiếp nhậnn", "Trạng thái hồ sơơ"])
    assert isinstance(found, NotLocated)
    text = sentence(found.note, found.fields, "vi")
    assert '"Ngày tiếp nhậnn" ~ NgayTiepNhan, "Trạng thái hồ sơơ" ~ TrangThaiHoSo' in text
    assert '[aliases.dossiers] NgayTiepNhan = ["Ngày tiếp nhậnn"]; TrangThaiHoSo = ["Trạng thái hồ sơơ"]' in text


def test_every_near_miss_of_a_table_that_is_read_is_suggested(desk: Desk) -> None:
    desk.put("a.csv", "Mã hồ sơ,Ngày tiếp nhận,Ngày hẹn trảa,Lĩnh vựcc\nH99-230405-1,05/04/2023,,\n")
    (sheet,) = desk.run().sheets
    assert sheet.accepted == 1
    assert sheet.note_fields["pairs"] == '"Ngày hẹn trảa" ~ NgayHenTra, "Lĩnh vựcc" ~ TenLinhVuc'


def test_a_missing_column_is_named() -> None:
    found = find(["Mã đơn vị", "Kỳ báo cáo", "Kết quả"])
    assert isinstance(found, NotLocated)
    assert found.note == "ingest.note_missing_heading"
    assert sentence(found.note, found.fields, "vi").startswith(
        "giống bảng Số liệu hệ thống báo cáo quốc gia nhưng thiếu cột Tổng tiếp nhận (TongTiepNhan);"
    )
    assert "[aliases.report_totals]" in sentence(found.note, found.fields, "en")


def test_a_column_that_two_headings_may_mean_is_called_as_people_call_it() -> None:
    found = find(["Mã hồ sơ", "Ngày tiếp nhận", "Ngày hoàn thành", "Ngày có kết quả"])
    assert isinstance(found, NotLocated)
    text = sentence(found.note, found.fields, "vi")
    assert "đều có thể là cột Ngày kết thúc xử lý (NgayKetThucXuLy);" in text
    assert '[aliases.dossiers] NgayKetThucXuLy = ["Ngày hoàn thành"]' in text


def test_a_sheet_of_notes_is_no_table() -> None:
    found = find(["Ghi chép cuộc họp"], ["Mời các đồng chí"])
    assert isinstance(found, NotLocated)


def test_process_log_is_not_taken_for_dossiers() -> None:
    found = find(["Mã hồ sơ", "Người xử lý", "Thời điểm xử lý", "Phòng ban xử lý", "Trạng thái"])
    assert isinstance(found, Located)
    assert found.match.table.name == "process_log"


@pytest.mark.parametrize("cells", [["(1)", "(2)", "(3)"], ["A", "B", "1", "2"], ["1", "2", "3=1+2", "4"]])
def test_number_rows(cells: list[str]) -> None:
    assert is_number_row(cells)


@pytest.mark.parametrize("cells", [["1", "5", "9"], ["H99", "2", "3"], ["1", "2"]])
def test_no_number_rows(cells: list[str]) -> None:
    assert not is_number_row(cells)
