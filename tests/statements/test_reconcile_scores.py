"""What the portal published and what units marked themselves, beside our figures; worked by hand from the same rows."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.command import put, tthc
from tests.statements.test_reconcile import HEAD, LATER, ROWS, UNITS, asked, in_question, of
from tthc_cli.answers.reconcile.explained import Evidence
from tthc_cli.answers.reconcile.sides import Item, Side
from tthc_cli.rulebooks import by_id

PUBLISHED = """MaDonVi,Ky,ChiTieu,TuSo,MauSo,Diem,Nguon
H99.02,2023Q2,2.1,2,2,20,Cổng
H99.03,2023Q2,ON_TIME,3,3,20,Cổng
H99.04,2023Q2,1.4,3,3,6,Cổng
H99.09,2023Q2,2.1,3,3,10,Cổng
H99.10,2023Q2,3.1,1,1,2,Cổng
Sở Không Có,2023Q2,2.1,1,1,20,Cổng
"""
TYPED = """MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon,NguoiCham,LyDoTru
H99.01,2023Q2,2.1,4,4,Sổ theo dõi,Tự chấm,
H99.06,2023Q2,2.1,1,3,Sổ theo dõi,Tự chấm,
H99.06,2023Q2,1.1,9,10,Sổ theo dõi,Tự chấm,
H99.06,2023Q2,1.1,8,10,Văn phòng,Thẩm định,Một quyết định ký muộn
"""
PORTAL = Path(__file__).parents[1] / "published"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("reconcile")
    files = {"hoso_xuat_2023-07-01": HEAD + "".join(ROWS), "hoso_xuat_2023-07-10": HEAD + "".join(LATER)}
    put(folder, units=UNITS, published=PUBLISHED, typed_figures=TYPED, **files)
    assert tthc("ingest", folder / "exports", "--workspace", folder, "--quiet").code == 0
    return asked(folder).json


def test_the_portal_left_dossiers_carried_over_out(found: Any) -> None:
    line = of(found, "02", "portal", "2.1")
    assert (line["our_numerator"], line["our_denominator"], line["our_points"]) == (4, 4, 20)
    assert (line["their_denominator"], line["cause"]) == (2, "carried_out")
    assert in_question(found, "02", "portal") == {("0210-0001", "only_ours"), ("0310-0002", "only_ours")}


def test_a_figure_that_agrees(found: Any) -> None:
    assert of(found, "03", "portal", "2.1")["cause"] == "same"


def test_points_at_stake_are_the_difference_of_the_points(found: Any) -> None:
    line = of(found, "04", "portal", "1.4")
    assert (line["our_points"], line["their_points"], line["stake"]) == (4.5, 6, 1.5)
    assert line["cause"] == "synchronised"


def test_the_same_counts_with_other_points_are_explained_by_no_recount(found: Any) -> None:
    assert of(found, "09", "portal", "2.1")["cause"] == "unexplained"


def test_what_is_not_counted_here_is_no_difference(found: Any) -> None:
    assert of(found, "10", "portal", "3.1")["cause"] == "not_counted"


def test_a_unit_marked_itself_by_another_window(found: Any) -> None:
    line = of(found, "01", "self", "2.1")
    assert (line["our_denominator"], line["their_denominator"], line["cause"]) == (3, 4, "window")
    assert line["given_in"] == "Sổ theo dõi"


def test_a_unit_whose_mark_nothing_explains(found: Any) -> None:
    line = of(found, "06", "self", "2.1")
    assert (line["their_points"], line["stake"], line["cause"]) == (pytest.approx(6.67), 13.33, "unexplained")


def test_what_was_appraised_with_a_reason_is_explained(found: Any) -> None:
    line = of(found, "06", "self", "1.1")
    assert (line["our_numerator"], line["their_numerator"]) == (8, 9)
    assert (line["cause"], line["reason"]) == ("appraised", "Một quyết định ký muộn")


def test_a_unit_that_there_is_not_is_told_of(found: Any) -> None:
    assert any("Sở Không Có" in note for note in found["differences"]["notes"])


def test_points_by_another_reading() -> None:
    """4.2: 4 × min(1; (2/3)/80%) = 3,33 by the law, 4 × 2/3 = 2,67 by the portal."""
    law, portal = by_id("qd766", None), by_id("qd766-portal", None)
    counts = Fraction(2), Fraction(3)
    item = Item("H99", "portal", "4.2", Side(*counts, Fraction("3.33")), Side(*counts, Fraction("2.67")))
    assert Evidence(law, [], [portal]).explain(item).cause == "rules"
    assert Evidence(law, [], []).explain(item).cause == "unexplained"


def _gia_lai() -> tuple[str, str]:
    """(the unit table, what the departments report typed by hand) of the departments that the portal published."""
    from tests.test_published import PORTAL_CODES

    with (PORTAL / "gialai-departments-2026.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    names = {r["unit_code"]: r["unit_name"] for r in rows}
    units = "MaDonVi,TenDonVi,Cap,DonViCha\nH21,UBND tỉnh Gia Lai,tinh,\nH44,UBND tỉnh Phú Thọ,tinh,\n"
    units += "".join(f'{code},"{name}",so,H21\n' for code, name in names.items())
    typed = "MaDonVi,Ky,ChiTieu,TuSo,MauSo,Nguon\n" + "".join(
        f"{r['unit_code']},2026,{PORTAL_CODES[r['metric']]},{r['numerator']},{r['denominator']},Sở\n"
        for r in rows
        if r["metric"] in PORTAL_CODES and r["denominator"] and (r["unit_code"], r["metric"]) != ("H21.17", "ON_TIME")
    )
    return units, typed + "H21.17,2026,2.1,600,654,Sở\n"


def test_published_files_as_they_are(tmp_path: Path) -> None:
    units, typed = _gia_lai()
    put(tmp_path, units=units, typed_figures=typed)
    for name in ("gialai-departments-2026.csv", "phutho-province-2026.csv"):
        (tmp_path / "exports" / name).write_bytes((PORTAL / name).read_bytes())
    assert tthc("ingest", tmp_path / "exports", "--workspace", tmp_path, "--quiet").code == 0
    ended = tthc("reconcile", "--year", "2026", "--reading", "portal", "--workspace", tmp_path, "--json")
    assert (ended.code, ended.json["unexplained"]) == (1, 1)
    ids = [column["id"] for column in ended.json["differences"]["columns"]]
    lines = [dict(zip(ids, row, strict=True)) for row in ended.json["differences"]["rows"]]
    assert (lines[0]["unit"], lines[0]["component"], lines[0]["stake"]) == ("H21.17", "2.1", 1.62)  # 19,97 − 18,35
    assert {x["cause"] for x in lines if x["unit"] == "H21.01" and x["component"] in ("1.1", "2.1", "5.1")} == {"same"}
    assert {x["unit"] for x in lines} >= {"H21.01", "H44"}


def test_a_quarter_that_the_file_does_not_name_is_told(tmp_path: Path) -> None:
    put(tmp_path, units="MaDonVi,TenDonVi,Cap,DonViCha\nH44,UBND tỉnh Phú Thọ,tinh,\n")
    (tmp_path / "exports" / "phutho-2026.csv").write_bytes((PORTAL / "phutho-province-2026.csv").read_bytes())
    assert tthc("ingest", tmp_path / "exports", "--workspace", tmp_path, "--quiet").code == 0
    ended = tthc("reconcile", "--quarter", "2026Q3", "--workspace", tmp_path, "--json")
    assert ended.code == 0
    assert any("coi là của 2026Q3" in note for note in ended.json["differences"]["notes"])
