"""What the national portal published is taken in as the portal gives it, and says of each unit what it says."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from tests.command import put, taken_in, tthc
from tthc_cli.answers.reconcile.published import Published, published
from tthc_cli.ingest.cleaning.named_periods import periods_in_name
from tthc_cli.periods import parse_period
from tthc_cli.storage.warehouse import open_warehouse

PORTAL = Path(__file__).parents[1] / "published"


def told(folder: Path, period: str) -> dict[tuple[str, str], Published]:
    table = open_warehouse(folder / "warehouse").read("published")
    return {(one.unit, one.indicator): one for one in published(table, parse_period(period))}


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    files = [PORTAL / "gialai-departments-2026.csv", PORTAL / "phutho-province-2026.csv"]
    ended = tthc("ingest", *files, "--workspace", folder, "--json")
    assert (ended.code, ended.json["accepted"], ended.json["rejected"]) == (0, 364 + 255, 0)
    return folder


def test_one_row_an_indicator(both: Path) -> None:
    found = told(both, "2026")[("H21.17", "2.1")]
    assert (found.numerator, found.denominator, found.points) == (653, 654, Fraction("19.97"))


def test_a_ratio_alone_is_that_ratio_in_a_hundred(both: Path) -> None:
    found = told(both, "2026")[("H21.17", "4.3")]
    assert (found.numerator, found.denominator, found.points) == (100, 100, 2)


def test_one_row_a_figure(both: Path) -> None:
    found = told(both, "2026Q3")
    own = found[("UBND tỉnh Phú Thọ", "1.4")]
    assert (own.numerator, own.denominator, own.points, own.undated) == (339457, 339457, 6, True)
    assert (found[("UBND tỉnh Phú Thọ", "3.1")].numerator, found[("UBND tỉnh Phú Thọ", "3.1")].points) == (
        31 + 21,
        None,
    )
    assert found[("UBND tỉnh Phú Thọ", "2.1")].points == Fraction("17.35")


def test_the_year_needs_no_guess(both: Path) -> None:
    found = told(both, "2026")
    assert not found[("UBND tỉnh Phú Thọ", "1.4")].undated
    assert {unit for unit, _ in found} >= {"H21.17", "UBND tỉnh Phú Thọ"}


def test_kept_by_hand(tmp_path: Path) -> None:
    head = "MaDonVi,Ky,ChiTieu,TuSo,MauSo,Diem,Nguon\n"
    rows = "H99.02,Quý II/2023,2.1,8,10,16,Cổng DVCQG 05/07/2023\nH99.02,2023Q2,1.1,,,,x\n"
    folder = taken_in(tmp_path, published=head + rows)
    found = told(folder, "2023Q2")
    assert (found[("H99.02", "2.1")].points, found[("H99.02", "2.1")].denominator) == (16, 10)
    assert found[("H99.02", "1.1")].points is None


def test_points_beside_a_self_assessment_do_not_make_it_a_published_figure(tmp_path: Path) -> None:
    rows = "MaDonVi,Ky,ChiTieu,TuSo,MauSo,Diem,Nguon,NguoiCham\nH99.02,2023Q2,2.1,8,10,16,Sổ,Tự chấm\n"
    put(tmp_path, tu_cham=rows)
    ended = tthc("ingest", tmp_path / "exports", "--workspace", tmp_path, "--json")
    assert (ended.code, ended.json["accepted"]) == (0, 1)
    warehouse = open_warehouse(tmp_path / "warehouse")
    assert (warehouse.has("typed_figures"), warehouse.has("published")) == (True, False)


def test_a_period_that_nothing_tells_is_refused(tmp_path: Path) -> None:
    put(
        tmp_path, cong="period,unit_name,field,value,score,group\nquarter,Sở Y tế,totalReceived,5,1,dvc-progress-tree\n"
    )
    ended = tthc("ingest", tmp_path / "exports", "--workspace", tmp_path, "--json")
    assert (ended.code, ended.json["rejected"]) == (1, 1)


@pytest.mark.parametrize(
    ("name", "kind", "found"),
    [
        ("phutho_2026Q3.csv", "quarter", "2026Q3"), ("Quy-II-2026.csv", "quarter", "2026Q2"),
        ("cong_2026-08.csv", "month", "2026-08"), ("cong thang 8-2026.csv", "month", "2026-08"),
        ("cong_2026.csv", "quarter", "2026Q?"), ("cong_2026-08.csv", "", "2026-08"), ("cong_2026.csv", "", "2026"),
    ],
)  # fmt: skip
def test_what_the_name_of_a_file_tells(name: str, kind: str, found: str) -> None:
    assert periods_in_name(name)[kind] == found


def test_a_name_with_two_years_tells_nothing() -> None:
    assert periods_in_name("2025-den-2026.csv") == {}
