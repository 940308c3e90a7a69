"""Marks by nine criteria on slips, marks typed by two sides, and findings: what is read, and what is not."""

from __future__ import annotations

import pytest

from tests.ingest.conftest import Desk
from tthc_cli.facts.hand_typed import typed_figures

HEAD = "MaPhieu,MaHoSo,NgayDanhGia"


def slip(desk: Desk, heading: str, value: str) -> object:
    desk.put("phieu.csv", f'{HEAD},"{heading}"\nP1,H99.22-230405-0001,05/04/2023 08:00,"{value}"\n')
    desk.run()
    return desk.rows("slips")[0]


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("Tiêu chí 1", "TieuChi1"), ("TC 4", "TieuChi4"), ("Điểm tiêu chí 3", "TieuChi3"), ("Chỉ số 7", "TieuChi7"),
        ("THÁI ĐỘ PHỤC VỤ", "TieuChi7"), ("Mức độ thuận tiện", "TieuChi10"), ("TieuChi11", "TieuChi11"),
    ],
)  # fmt: skip
def test_headings_of_criteria(desk: Desk, heading: str, column: str) -> None:
    assert slip(desk, heading, "1")[column] == 1


@pytest.mark.parametrize(
    ("word", "mark"),
    [
        ("2", 2), ("0", 0), ("Rất hài lòng", 2), ("Hài lòng", 1), ("KHÔNG HÀI LÒNG", 0), ("RHL", 2), ("HL", 1),
        ("KHL", 0), ("1 điểm", 1),
    ],
)  # fmt: skip
def test_words_of_satisfaction_are_marks(desk: Desk, word: str, mark: int) -> None:
    assert slip(desk, "TC7", word)["TieuChi7"] == mark


def test_blank_is_no_mark(desk: Desk) -> None:
    assert slip(desk, "TC7", "")["TieuChi7"] is None
    assert desk.issues() == []


@pytest.mark.parametrize("word", ["3", "Cũng được"])
def test_an_unknown_word_is_an_issue_and_no_mark(desk: Desk, word: str) -> None:
    assert slip(desk, "TC7", word)["TieuChi7"] is None
    assert [(i.code, i.column) for i in desk.issues()] == [("unknown_word", "TieuChi7")]


def test_self_and_appraised_marks_stand_side_by_side(desk: Desk) -> None:
    desk.put(
        "nhap.csv",
        "MaDonVi,Ky,ChiTieu,Điểm,TuSo,MauSo,Người chấm,Lý do trừ điểm\n"
        "H99.22,2023Q2,Tiêu chí 5,,2,2,Tự chấm,\nH99.22,2023Q2,c5,,1,2,Thẩm định,Chưa đủ 20 %\n",
    )
    desk.run()
    rows = [(r["ChiTieu"], r["TuSo"], r["NguoiCham"], r["LyDoTru"]) for r in desk.rows("typed_figures")]
    assert sorted(rows, key=lambda r: r[2]) == [("c5", "2", 1, None), ("c5", "1", 2, "Chưa đủ 20 %")]


@pytest.mark.parametrize(
    ("lines", "stands"),
    [
        (["Tự chấm,9", "Thẩm định,7"], 7), (["Thẩm định,7", "Tự chấm,9"], 7), ([",8", "Thẩm định,7"], 7),
        ([",8", "Tự chấm,9"], 8), (["Tự chấm,9"], 9),
    ],
)  # fmt: skip
def test_what_was_appraised_is_the_figure(desk: Desk, lines: list[str], stands: int) -> None:
    rows = [f"H99.22,2023Q2,1.1,{line.split(',')[1]},10,{line.split(',')[0]}" for line in lines]
    desk.put("nhap.csv", "\n".join(["MaDonVi,Ky,ChiTieu,TuSo,MauSo,NguoiCham", *rows]) + "\n")
    desk.run()
    figures = typed_figures(desk.warehouse.read("typed_figures"), "2023Q2")
    assert figures["H99.22", "1.1"].numerator == stands


FINDING = (
    "Mã phát hiện,Đơn vị,Mã hồ sơ,Mã kiểm tra,Mức độ,Bằng chứng,Căn cứ,Kiến nghị,"
    "Hạn khắc phục,Ngày khắc phục,Trạng thái\n"
    "KT-01,H99.22,H99.22-230405-0001,D6,Thiếu sót,Bà Trần Bí Mật khai,NĐ 61 Điều 19,Gửi thư,"
    "15/07/2023,,Chưa khắc phục\n"
)


def test_findings_are_read_without_their_evidence(desk: Desk) -> None:
    desk.put("kiem_tra.csv", FINDING)
    desk.run()
    (row,) = desk.rows("findings")
    assert (row["MaKiemTra"], row["MucDo"], row["TrangThai"], row["CanCu"]) == ("D6", 2, 1, "NĐ 61 Điều 19")
    assert "BangChung" not in row
    assert not any("Bí Mật" in str(value) for value in row.values())
    assert desk.issues() == []


def test_findings_are_kept_by_hand(desk: Desk) -> None:
    desk.put("kiem_tra.csv", FINDING)
    desk.run()
    desk.put("kiem_tra.csv", FINDING.replace(",,Chưa khắc phục", ",10/07/2023,Đã khắc phục"))
    desk.run()
    assert [row["TrangThai"] for row in desk.rows("findings")] == [3]
