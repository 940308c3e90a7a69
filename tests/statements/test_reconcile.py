"""Nine reported totals, each wrong in one way that is known: reconcile finds the way, and the dossiers.

Every unit reports what its comment says; the right answers are counted by hand from the rows below.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from tests.command import Ended, put, tthc
from tthc_cli.answers.reconcile import recounts
from tthc_cli.counting.roll_up import roll_up_sums

UNITS = """MaDonVi,TenDonVi,Cap,DonViCha,TenKhac,HieuLucTu,HieuLucDen,DonViKeThua
H99,UBND tỉnh,tinh,,,,,
H99.01,Sở Một,so,H99,,,,
H99.02,Sở Hai,so,H99,,,,
H99.03,Sở Ba,so,H99,,,,
H99.04,Sở Bốn,so,H99,,,,
H99.05,Sở Năm,so,H99,,,,
H99.06,Sở Sáu,so,H99,,,,
H99.07,Sở Bảy,so,H99,,,,
H99.08,Sở Tám,so,H99,,,31/05/2023,H99.07
H99.09,Sở Chín,so,H99,,,,
H99.10,Sở Mười,so,H99,,,,
H99.11,Sở Mười một,so,H99,,,,
"""
HEAD = "MaHoSo,MaTTHC,DonViXuLy,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,NgayTuChoi,TrangThaiHoSo,DaDongBo\n"


def row(unit: str, received: str, number: int, done: str = "", state: int = 4, synced: int = 1, ended: str = "") -> str:
    day, month = received.split("/")
    code = f"H99.{unit}-23{month}{day}-{number:04d}"
    done = f"{done}/2023 10:00" if done else ""
    ended = f"{ended}/2023 10:00" if ended else ""
    return (
        f"{code},1.00000{number},H99.{unit},{received}/2023 08:0{number},31/12/2023,{done},{ended},{state},{synced}\n"
    )


ROWS = [
    # 01: 4 = cửa sổ 15/3–14/6 (ở đây 3)
    row("01", "20/03", 1, "28/03", 9), row("01", "25/03", 2, "28/03", 9), row("01", "10/04", 3), row("01", "20/05", 4),
    row("01", "20/06", 5),
    # 02: 4 = 2 hồ sơ trong kỳ và 2 hồ sơ chuyển sang
    row("02", "10/02", 1, "10/04", 9), row("02", "10/03", 2, "10/04", 9), row("02", "05/04", 3), row("02", "06/05", 4),
    # 03: 2 = 3 trừ 1 hồ sơ rút
    row("03", "10/04", 1), row("03", "20/05", 2), row("03", "21/05", 3, state=7, ended="25/05"),
    # 04: 3 = 4 trừ 1 hồ sơ chưa đồng bộ
    row("04", "10/04", 1), row("04", "11/04", 2), row("04", "12/04", 3, synced=0), row("04", "13/04", 4),
    # 05: 5 = 3 hồ sơ, 2 hồ sơ có ở cả hai tệp
    row("05", "10/04", 1), row("05", "11/04", 2), row("05", "12/04", 3),
    # 06: 2 = lấy số hết ngày 25/6 (ở đây 3; hết ngày 18/6, 20/6 chỉ 1)
    row("06", "20/05", 1), row("06", "21/06", 2), row("06", "27/06", 3),
    # 07: 2 = theo danh mục trước khi Sở Tám nhập vào (ở đây 4)
    row("07", "10/04", 1), row("07", "11/04", 2), row("08", "12/04", 1), row("08", "13/04", 2),
    # 09: 7, không gì giải thích; 10: khớp
    row("09", "10/04", 1), row("09", "11/04", 2), row("09", "12/04", 3),
    row("10", "10/04", 1),
    # 11: 2 = lần xuất 1/7 (ở đây 3: một hồ sơ tháng 5 chỉ có trong lần xuất 10/7)
    row("11", "10/04", 1), row("11", "20/05", 2),
]  # fmt: skip
LATER = [row("05", "10/04", 1, "02/07", 9), row("05", "11/04", 2, "03/07", 9), row("11", "21/05", 3)]
REPORTED = {"01": 4, "02": 4, "03": 2, "04": 3, "05": 5, "06": 2, "07": 2, "09": 7, "10": 1, "11": 2}
TOTALS = "MaDonVi,Ky,TongTiepNhan\n" + "".join(f"H99.{unit},2023Q2,{n}\n" for unit, n in REPORTED.items())
TOTALS += "H99,2023Q2,32\n"  # tổng các số trên; ở đây 29: không phải chênh lệch riêng của tỉnh


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reconcile")
    files = {"hoso_xuat_2023-07-01": HEAD + "".join(ROWS), "hoso_xuat_2023-07-10": HEAD + "".join(LATER)}
    put(folder, units=UNITS, report_totals=TOTALS, **files)
    ended = tthc("ingest", folder / "exports", "--workspace", folder, "--quiet")
    assert ended.code == 0, ended.err
    return folder


def asked(folder: Path, *options: str) -> Ended:
    return tthc("reconcile", "--quarter", "2023Q2", "--workspace", folder, "--json", *options)


@pytest.fixture(scope="module")
def found(folder: Path) -> Any:
    ended = asked(folder, "--made-at", "2023-06-25")
    assert ended.code == 1, ended.err
    return ended.json


def lines(document: Any, name: str) -> list[dict[str, Any]]:
    ids = [column["id"] for column in document[name]["columns"]]
    return [dict(zip(ids, line, strict=True)) for line in document[name]["rows"]]


def of(document: Any, unit: str, told_by: str = "report", component: str | None = None) -> dict[str, Any]:
    wanted = (f"H99.{unit}", told_by, component)
    return next(
        line for line in lines(document, "differences") if (line["unit"], line["told_by"], line["component"]) == wanted
    )


def in_question(document: Any, unit: str, told_by: str = "report") -> set[tuple[str, str]]:
    """(month and day of receipt with the number, how it is seen)"""
    return {
        (line["dossier"].partition("-23")[2], line["seen"])
        for line in lines(document, "dossiers")
        if line["told_by"] == told_by and line["dossier"].startswith(f"H99.{unit}-")
    }


@pytest.mark.parametrize(
    ("unit", "ours", "cause", "detail"),
    [
        ("01", 3, "window", "nd09"), ("02", 2, "carried_in", None), ("03", 3, "withdrawn", None),
        ("04", 4, "synchronised", None), ("05", 3, "duplicates", None), ("06", 3, "moment", "2023-06-25 23:59"),
        ("07", 4, "tree", "2023-04-01"), ("09", 3, "unexplained", None), ("10", 1, "same", None),
        ("11", 3, "export", "2023-07-01 23:59"),
    ],
)  # fmt: skip
def test_each_cause_is_found(found: Any, unit: str, ours: int, cause: str, detail: str | None) -> None:
    line = of(found, unit)
    assert (line["our_denominator"], line["their_denominator"]) == (ours, REPORTED[unit])
    assert (line["cause"], line["detail"]) == (cause, detail)


@pytest.mark.parametrize(
    ("unit", "dossiers"),
    [
        ("01", {("0320-0001", "only_theirs"), ("0325-0002", "only_theirs"), ("0620-0005", "only_ours")}),
        ("02", {("0210-0001", "only_theirs"), ("0310-0002", "only_theirs")}),
        ("03", {("0521-0003", "only_ours")}),
        ("04", {("0412-0003", "only_ours")}),
        ("05", {("0410-0001", "again"), ("0410-0001", "replaced"), ("0411-0002", "again"), ("0411-0002", "replaced")}),
        ("06", {("0627-0003", "only_ours")}),
        ("08", {("0412-0001", "only_ours"), ("0413-0002", "only_ours")}),
        ("09", set()), ("10", set()),
        ("11", {("0521-0003", "only_ours")}),
    ],
)  # fmt: skip
def test_the_dossiers_are_listed(found: Any, unit: str, dossiers: set[tuple[str, str]]) -> None:
    assert in_question(found, unit) == dossiers


def test_a_sum_of_what_the_units_below_reported_is_no_difference_of_its_own(found: Any) -> None:
    line = next(x for x in lines(found, "differences") if x["unit"] == "H99")
    assert (line["our_denominator"], line["their_denominator"], line["cause"]) == (29, 32, "below")


def test_how_many_dossiers_is_told_beside_the_difference(found: Any) -> None:
    assert [of(found, unit)["questioned"] for unit in ("01", "03", "07", "09")] == [3, 1, 2, None]


def test_each_dossier_is_listed_with_its_row(found: Any) -> None:
    rows = [x for x in lines(found, "dossiers") if x["dossier"] == "H99.05-230410-0001"]
    assert {(x["source"], x["row"], x["seen"]) for x in rows} == {
        ("exports/hoso_xuat_2023-07-10.csv", 2, "again"), ("exports/hoso_xuat_2023-07-01.csv", 18, "replaced"),
    }  # fmt: skip


def test_what_is_unexplained_stands_first_and_is_counted(found: Any) -> None:
    assert lines(found, "differences")[0]["unit"] == "H99.09"
    assert found["unexplained"] == 1


def test_points_at_stake_are_those_of_1_4(found: Any) -> None:
    # 09: 3 đồng bộ; 6 × 3/3 = 6 và 6 × 3/7 = 2,57
    assert of(found, "09")["stake"] == pytest.approx(3.43)
    assert of(found, "04")["stake"] == 0  # mẫu số là số lớn hơn: 4


def test_everything_explained_ends_with_0(folder: Path) -> None:
    assert asked(folder, "--unit", "H99.01").code == 0
    assert asked(folder, "--unit", "Sở Chín").code == 1


def test_without_the_moment_the_due_day_of_the_forms_is_tried(folder: Path) -> None:
    assert of(asked(folder).json, "06")["cause"] == "moment"


def test_a_measure_is_added_up_once_for_all_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """A province has thousands of units, and every one may differ in every measure by every recount."""
    summed: list[int] = []

    def counting(values: Any, parents: Any) -> Any:
        summed.append(1)
        return roll_up_sums(values, parents)

    monkeypatch.setattr(recounts, "roll_up_sums", counting)
    tree: Any = SimpleNamespace(ids=("H99", "H99.01", "H99.02"), parents=(-1, 0, 0))
    counts = recounts.Counts(recounts.Recount("ours", cast(Any, None), tree))
    counts.own["2.1"] = np.array([[0, 0], [1, 2], [3, 5]])
    assert [counts.figure(unit, "2.1", alone=False) for unit in tree.ids] == [(4, 7), (1, 2), (3, 5)]
    assert counts.figure("H99", "2.1", alone=True) == (0, 0)
    assert len(summed) == 1
