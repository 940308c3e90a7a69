"""What a unit hands in, by when, and what was appraised against it; worked by hand from three dossiers of two units."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.command import put, tthc
from tthc_cli.answers.self_assessment import due_of
from tthc_cli.jobs.choose import open_workspace
from tthc_cli.jobs.health.handing_in import self_assessments
from tthc_cli.jobs.health.model import Situation
from tthc_cli.periods import parse_period

UNITS = "MaDonVi,TenDonVi,Cap,DonViCha\nH99,UBND tỉnh,tinh,\nH99.01,Sở Một,so,H99\nH99.02,Sở Hai,so,H99\n"
DOSSIERS = """MaHoSo,MaTTHC,DonViXuLy,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo
H99.01-230410-0001,1.000001,H99.01,10/04/2023 08:01,20/04/2023,18/04/2023 10:00,9
H99.01-230411-0002,1.000001,H99.01,11/04/2023 08:01,20/04/2023,25/04/2023 10:00,9
H99.02-230412-0001,1.000001,H99.02,12/04/2023 08:01,20/04/2023,18/04/2023 10:00,9
"""
TYPED = """MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon,GhiDe,GhiChu,NguoiCham,LyDoTru
H99.01,2023Q2,2.1,2,2,Sổ theo dõi trang 4,,,Tự chấm,
H99.01,2023Q2,1.1,9,10,Quyết định 12/QĐ,,,Tự chấm,
H99.01,2023Q2,1.1,8,10,Văn phòng UBND tỉnh,,,Thẩm định,Một quyết định ký muộn
H99.01,2023Q2,1.2,5,5,Cổng,,,Tự chấm,
H99.01,2023Q2,1.2,5,5,Cổng,,,Thẩm định,
H99.02,2023Q2,1.3,3,4,Văn phòng UBND tỉnh,,,,
H99.02,2023Q2,c5,1.5,2,Báo cáo của Sở,,,Tự chấm,
H99.02,2023Q2,c5,1,2,Văn phòng UBND tỉnh,,,Thẩm định,Chưa trả kết quả tại Một cửa
H99.02,2023Q2,c6,2,2,,,,Tự chấm,
H99.02,2023Q2,c6,2,2,,,,Thẩm định,
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = put(tmp_path_factory.mktemp("self"), units=UNITS, ho_so=DOSSIERS, typed_figures=TYPED)
    assert tthc("ingest", folder / "exports", "--workspace", folder, "--quiet").code == 0
    return folder


@pytest.fixture(scope="module")
def handed_in(folder: Path) -> Any:
    ended = tthc("score", "--self", "--quarter", "2023Q2", "--workspace", folder, "--json")
    assert ended.code == 0, ended.err
    return ended.json


def test_a_paper_of_each_unit_that_marked_itself(handed_in: Any) -> None:
    assert [(unit["id"], unit["marked_itself"]) for unit in handed_in["units"]] == [("H99.01", True)]
    assert [Path(file).name for file in handed_in["files"]] == [
        "tu-cham-2023Q2-H99.01.xlsx",
        "tu-cham-2023Q2-H99.01.docx",
    ]


def test_the_unit_s_own_figures_stand_before_what_is_counted(handed_in: Any) -> None:
    # 2.1: 20 × 2/2; 1.1: 6 × 9/10 = 5,4; 1.2: 4 × 5/5; 5.x như đếm được
    book = load_workbook(handed_in["files"][0], data_only=True)
    rows = {row[0]: row for row in book.worksheets[0].iter_rows(values_only=True) if row[0]}
    assert (rows["2.1"][2], rows["2.1"][3], rows["2.1"][6]) == (2, 2, 20)
    assert rows["1.1"][6] == 5.4
    assert "Sổ theo dõi trang 4" in rows["2.1"][11]


def test_the_paper_tells_the_window_and_the_day(handed_in: Any) -> None:
    assert handed_in["due"]["day"] == "2023-06-30"
    text = zipfile.ZipFile(io.BytesIO(Path(handed_in["files"][1]).read_bytes())).read("word/document.xml").decode()
    for words in ("01/04/2023", "30/06/2023", "740/QĐ-UBND", "Quyết định 12/QĐ", "NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG"):
        assert words in text, words


def test_nothing_is_stored_and_the_same_bytes_come_out(folder: Path, handed_in: Any, tmp_path: Path) -> None:
    assert not (folder / "scores").exists() or not list((folder / "scores").rglob("manifest.json"))
    tthc("score", "--self", "--quarter", "2023Q2", "--workspace", folder, "--out", tmp_path, "--quiet")
    for file in map(Path, handed_in["files"]):
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_a_year_runs_from_15_12_to_14_12(folder: Path) -> None:
    ended = tthc("score", "--self", "--year", "2023", "--unit", "Sở Hai", "--format", "docx", "--workspace", folder)
    assert ended.code == 0, ended.err
    assert "15/12/2022" in ended.out
    assert "14/12/2023" in ended.out
    assert "19/12/2023" in ended.out
    assert "tu-cham-2023-nd09-H99.02.docx" in ended.out


def test_appraised_against_self(folder: Path) -> None:
    ended = tthc("compare", "2023Q2", "--self", "--workspace", folder, "--json")
    assert ended.code == 0, ended.err
    ids = [column["id"] for column in ended.json["columns"]]
    lines = [dict(zip(ids, row, strict=True)) for row in ended.json["rows"]]
    told = [(x["component"], x["self_points"], x["appraised_points"], x["basis"], x["reason"]) for x in lines]
    # 2.1 đếm được 1/2: 10 điểm; 1.1 thẩm định 8/10: 4,8; 1.2 hai bên bằng nhau nên không kê
    assert told == [
        ("2.1", 20, 10, "data", None), ("1.1", 5.4, 4.8, "typed", "Một quyết định ký muộn"),
    ]  # fmt: skip
    assert [(x["main_loss"], x["lost"]) for x in lines] == [("2.1.late", 1), (None, None)]
    assert ended.json["totals"] == {"self_marked": 3, "self_differing": 2}


def test_appraised_against_self_by_the_nine_criteria(folder: Path) -> None:
    nine = ("--evaluation", "nine-criteria", "--workspace", folder)
    assert tthc("score", "--quarter", "2023Q2", *nine, "--quiet").code == 0
    ended = tthc("compare", "2023Q2", "--self", *nine, "--json")
    assert ended.code == 0, ended.err
    ids = [column["id"] for column in ended.json["columns"]]
    lines = [dict(zip(ids, row, strict=True)) for row in ended.json["rows"]]
    told = ("unit", "component", "self_points", "evidence", "appraised_points", "points_change", "reason")
    assert [tuple(x[name] for name in told) for x in lines] == [
        ("H99.02", "c5", 1.5, "Báo cáo của Sở", 1, -0.5, "Chưa trả kết quả tại Một cửa")
    ]
    assert ended.json["totals"] == {"self_marked": 2, "self_differing": 1}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("compare", "2023Q1", "--self"), "no_self_marks"),
        (("compare", "2023Q1", "--self", "--evaluation", "nine-criteria"), "no_score"),
        (("compare", "2023Q1", "2023Q2", "--self"), "compare_self_one"),
        (("compare", "2023Q1"), "compare_two"), (("score", "--quarter", "2023Q2", "--unit", "H99.01"), "self_only"),
        (("score", "--quarter", "2023Q2", "--self", "--format", "pdf"), "unknown_format"),
        (("score", "--quarter", "2023Q2", "--self", "--grade-anyway"), "self_alone"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(folder: Path, words: tuple[str, ...], code: str) -> None:
    assert tthc(*words, "--workspace", folder, "--json").json["error"]["code"] == code


@pytest.mark.parametrize(
    ("period", "day"),
    [("2023Q2", date(2023, 6, 30)), ("2024Q1", date(2024, 3, 31)), ("2023", date(2023, 12, 19))],
)
def test_when_it_is_due(period: str, day: date) -> None:
    for style in ("calendar", "nd09"):
        found = due_of(parse_period(period, style))  # type: ignore[arg-type]
        assert found is not None
        assert found.day == day


def test_no_day_is_told_of_months_nor_before_the_rule() -> None:
    assert [due_of(parse_period(p)) for p in ("2023-06", "2023H1", "2022Q4", "2023Q1")] == [None] * 4


@pytest.mark.parametrize(
    ("now", "keys"),
    [
        (datetime(2023, 6, 19, 8), []), (datetime(2023, 6, 20, 8), ["self_due_marked"]),
        (datetime(2023, 9, 30, 23), ["self_due"]), (datetime(2023, 10, 1, 0), []),
        (datetime(2023, 12, 9, 8), ["self_due"]), (datetime(2023, 12, 21, 8), ["self_due"]),
    ],
)  # fmt: skip
def test_status_reminds_within_ten_days(folder: Path, now: datetime, keys: list[str]) -> None:
    found = list(self_assessments(Situation(open_workspace(folder), now)))
    assert [one.key for one in found] == keys
