"""Codes that Excel made into numbers, and people's numbers in columns that are kept."""

from __future__ import annotations

import pytest

from tests.ingest.conftest import Desk, dossiers
from tests.ingest.test_personal_scan import written

HEAD = "MaHoSo,NgayTiepNhan,DonViXuLy"
GOOD = [f"H99.22.16-230405-000{i},05/04/2023,Sở Y tế" for i in range(3)]


def found(desk: Desk, *lines: str, head: str = HEAD) -> list[tuple[str, str, int]]:
    desk.put("a.csv", dossiers(*lines, headings=head))
    desk.run()
    return [(i.code, i.severity, i.row) for i in desk.issues()]


@pytest.mark.parametrize(
    "code", ["230602", "2.30602E+11", "2,30602e+11", "230602.5", "2023-12-05", "2023-12-05 00:00:00"]
)
def test_a_code_that_lost_its_shape_among_whole_ones(desk: Desk, code: str) -> None:
    quoted = f'"{code}"'
    assert found(desk, *GOOD, f"{quoted},05/04/2023,Sở Y tế") == [("mangled_code", "rejected", 5)]
    assert len(desk.rows()) == 3
    assert "Text (Văn bản)" in desk.issues()[0].next_step("vi")


def test_codes_that_are_all_numbers_are_kept_with_a_doubt(desk: Desk) -> None:
    assert found(desk, "230602,05/04/2023,Sở Y tế", "17,06/04/2023,Sở Y tế") == [("numeric_codes", "warning", 0)]
    assert [row["MaHoSo"] for row in desk.rows()] == ["17", "230602"]
    assert "230602" in desk.issues()[0].message("vi")


def test_numbers_in_a_column_of_numbers_that_excel_cut_at_15_digits(desk: Desk) -> None:
    cut = [f"20230405000017{i}000,05/04/2023,Sở Y tế" for i in range(3)]
    assert found(desk, *cut, "17,05/04/2023,Sở Y tế") == [
        ("numeric_codes", "warning", 0), *(("mangled_code", "rejected", i) for i in (2, 3, 4))
    ]  # fmt: skip


def test_long_numbers_that_were_not_cut(desk: Desk) -> None:
    whole = [f"20230405000017{i}01{i},05/04/2023,Sở Y tế" for i in range(3)]
    assert found(desk, *whole) == [("numeric_codes", "warning", 0)]


@pytest.mark.parametrize(
    "secret",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "+84 912 345 678",
        "001085012345",
        "Sở Y tế - 0912345678",
        "nguyenvana@gmail.com",
    ],
)
def test_a_person_in_the_unit_column_is_not_kept(desk: Desk, secret: str) -> None:
    assert found(desk, *GOOD, f"H99.22.16-230405-0009,05/04/2023,{secret}") == [("like_personal", "warning", 5)]
    assert [row["DonViXuLy"] for row in desk.rows()] == ["Sở Y tế"] * 3 + [None]
    assert [row["_unit"] for row in desk.rows()] == ["Sở Y tế"] * 3 + ["H99.22.16"]
    assert secret not in written(desk)


def test_a_person_where_the_unit_is_the_key(desk: Desk) -> None:
    desk.put("a.csv", "MaDonVi,Ky,ChiTieu,TuSo,MauSo\n0912345678,2023Q2,1.1,1,2\n")
    assert desk.run().rejected == 1
    assert [i.code for i in desk.issues()] == ["like_personal"]
    assert "0912345678" not in written(desk)


def test_a_phone_in_the_code_column_is_not_told(desk: Desk) -> None:
    assert found(desk, *GOOD, "0912345678,05/04/2023,Sở Y tế") == [("mangled_code", "rejected", 5)]
    assert "0912345678" not in written(desk)


@pytest.mark.parametrize(
    "unit", ["H99.22.16", "000.16.22.H99", "Phòng 12 - Sở Y tế", "UBND phường 1, quận 10", "Chi cục 2023-2024"]
)
def test_units_that_are_no_persons(desk: Desk, unit: str) -> None:
    quoted = f'"{unit}"'
    assert not found(desk, f"H99.22.16-230405-0009,05/04/2023,{quoted}")
    assert desk.rows()[0]["DonViXuLy"]
