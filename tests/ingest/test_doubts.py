"""Orders of day and month that the column proves, titles between rows, legacy fonts."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.conftest import Desk, dossiers
from tthc_cli.ingest.cleaning.legacy_fonts import font_of

HEAD = "MaHoSo,NgayTiepNhan,NgayHenTra"


def dates(desk: Desk, column: str = "NgayTiepNhan") -> list[str]:
    return [f"{row[column]:%Y-%m-%d}" for row in desk.rows()]


def test_month_first_where_the_column_proves_it(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-1-1,04/05/2023,05/06/2023", "H99-1-2,04/13/2023,05/07/2023", headings=HEAD))
    desk.run()
    assert dates(desk) == ["2023-04-05", "2023-04-13"]
    assert dates(desk, "NgayHenTra") == ["2023-05-06", "2023-05-07"], "the other column of the sheet follows"
    assert [(i.code, i.column, i.row) for i in desk.issues()] == [
        ("month_first", "NgayHenTra", 0),
        ("month_first", "NgayTiepNhan", 0),
    ]


def test_day_first_where_nothing_is_proved(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-1-1,04/05/2023,05/06/2023", headings=HEAD))
    desk.run()
    assert dates(desk) == ["2023-05-04"]
    assert not desk.issues()


def test_proofs_of_both_orders_are_read_day_first_and_the_rest_rejected(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-1-1,13/04/2023,", "H99-1-2,04/13/2023,", "H99-1-3,04/05/2023,", headings=HEAD))
    report = desk.run()
    assert dates(desk) == ["2023-04-13", "2023-05-04"]
    assert report.rejected == 1


def test_dates_that_excel_swapped_are_swapped_back(desk: Desk) -> None:
    rows = [["MaHoSo", "NgayTiepNhan"]]
    for day in range(1, 25):  # a clerk's April in an American Excel: 04/05 became April 5 -> stored as May 4
        code = f"H99-1-{day:02d}"
        rows.append([code, datetime(2023, day, 4) if day <= 12 else f"{day:02d}/04/2023"])  # type: ignore[list-item]
    desk.put_xlsx("a.xlsx", {"HS": rows})
    desk.run()
    assert dates(desk) == [f"2023-04-{day:02d}" for day in range(1, 25)]
    assert [i.code for i in desk.issues()] == ["days_swapped"]


def test_group_titles_give_unit_and_field(desk: Desk) -> None:
    desk.put_xlsx(
        "a.xlsx",
        {
            "HS": [
                ["STT", "Mã hồ sơ", "Ngày tiếp nhận"], ["A. Sở, ban, ngành"], ["I. Sở Công Thương"], ["Lĩnh vực: Điện"],
                [1, "H99-1-1", "05/04/2023"], ["II. Sở Xây dựng"], [1, "H99-1-2", "05/04/2023"], ["Tổng cộng", 2],
            ]
        },
    )  # fmt: skip
    report = desk.run()
    assert (report.rows_read, report.accepted) == (2, 2)
    assert [(r["DonViXuLy"], r["TenLinhVuc"], r["_unit"]) for r in desk.rows()] == [
        ("Sở Công Thương", "Điện", "Sở Công Thương"), ("Sở Xây dựng", None, "Sở Xây dựng"),
    ]  # fmt: skip


def test_a_column_for_the_unit_outweighs_titles(desk: Desk) -> None:
    desk.put_xlsx(
        "a.xlsx",
        {
            "HS": [
                ["Mã hồ sơ", "Ngày tiếp nhận", "Đơn vị xử lý"],
                ["I. Sở Công Thương"],
                ["H99-1-1", "05/04/2023", "H99.22"],
            ]
        },
    )
    desk.run()
    assert [r["DonViXuLy"] for r in desk.rows()] == ["H99.22"]


TCVN3_LINES = "M· hå s¬,Ngµy tiÕp nhËn,Tr¹ng th¸i,§¬n vÞ xö lý\nH99-1-1,05/04/2023,§· tr¶ kÕt qu¶,Së C«ng Th­¬ng\n"
VNI_LINES = (
    "Maõ hoà sô,Ngaøy tieáp nhaän,Traïng thaùi,Ñôn vò xöû lyù\nH99-1-1,05/04/2023,Ñaõ traû keát quaû,Sôû Coâng Thöông\n"
)


@pytest.mark.parametrize("content", [TCVN3_LINES, VNI_LINES], ids=["TCVN3", "VNI"])
@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
def test_legacy_fonts_are_converted(desk: Desk, content: str, encoding: str) -> None:
    desk.put("a.csv", content.encode(encoding))
    desk.run()
    [row] = desk.rows()
    assert (row["TrangThaiHoSo"], row["DonViXuLy"]) == (10, "Sở Công Thương")
    assert {i.code for i in desk.issues()} == {"legacy_headings", "legacy_font"}


def test_a_column_in_a_legacy_font_below_plain_headings(desk: Desk) -> None:
    desk.put("a.csv", dossiers("H99-1-1,05/04/2023,Së C«ng Th­¬ng", headings="MaHoSo,NgayTiepNhan,DonViXuLy"))
    desk.run()
    assert [row["DonViXuLy"] for row in desk.rows()] == ["Sở Công Thương"]


@pytest.mark.parametrize("text", ["Sở Công Thương", "Café Élysée", "UBND xã", "Hoà Bình", "Àáâ ñ", "Phòng Kinh tế"])
def test_other_text_is_left_alone(text: str) -> None:
    assert font_of([text]) is None


WORDS = [
    "ngày",
    "tiếp",
    "nhận",
    "hồ",
    "sơ",
    "đã",
    "trả",
    "kết",
    "quả",
    "thủ",
    "tục",
    "hành",
    "chính",
    "công",
    "thương",
    "đường",
    "phố",
    "nghĩa",
    "vụ",
    "quý",
]


SYLLABLES = [
    "ngày",
    "tiếp",
    "nhận",
    "hồ",
    "sơ",
    "đã",
    "trả",
    "kết",
    "quả",
    "thủ",
    "tục",
    "hành",
    "chính",
    "đường",
    "nghĩa",
    "quý",
]


@given(st.lists(st.sampled_from(SYLLABLES), min_size=3))
def test_unicode_is_never_taken_for_a_legacy_font(words: list[str]) -> None:
    assert font_of([" ".join(words)]) is None


def test_plain_headings_that_mean_one_column_twice_are_not_taken_for_a_legacy_font(desk: Desk) -> None:
    desk.put("a.csv", "Mã hồ sơ,Ngày tiếp nhận,Trạng thái,Tổng phí,Lệ phí\nH99-1-1,05/04/2023,Đã trả kết quả,1,2\n")
    report = desk.run()
    assert [left.reason for left in report.left_out] == ["ingest.note_heading_ambiguous"]
