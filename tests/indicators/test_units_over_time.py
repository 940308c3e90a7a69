"""Units that begin, end, merge; names that match none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.command import scored, taken_in, tthc
from tests.indicators.worked import SAMPLE_UNITS, check, load


@pytest.mark.parametrize("document", load("units_over_time"))
def test_case(document: dict[str, Any], tmp_path: Path) -> None:
    check(document, tmp_path)


HEADINGS = "MaHoSo,MaTTHC,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,DonViXuLy\n"
DATES = "05/05/2025 08:00,12/05/2025 16:00,09/05/2025 10:00,9"


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A misspelt commune (three dossiers), and a department of another province; their codes name no unit either."""
    folder = tmp_path_factory.mktemp("strangers")
    rows = [f"H99.77-250505-000{i},1.000001,{DATES},UBND xã Thượng Giangg" for i in range(3)]
    rows.append(f"H99.77-250505-0009,1.000001,{DATES},Cục Hàng hải")
    taken_in(folder, units=SAMPLE_UNITS.read_text(encoding="utf-8-sig"), ho_so=HEADINGS + "\n".join(rows))
    scored(folder, "2025Q2")
    return folder


def test_unmatched_names_are_told_with_the_nearest(strangers: Path) -> None:
    tthc("report", "--format", "html", "--workspace", strangers)
    page = next((strangers / "reports").glob("*.html")).read_text(encoding="utf-8")
    assert "UBND xã Thượng Giangg" in page
    assert "Cục Hàng hải" in page
    assert "UBND xã Thượng Giang<" in page


def test_unmatched_dossiers_are_in_no_unit_but_the_province(strangers: Path) -> None:
    card = scored(strangers, "2025Q2")
    having = {c["unit"]: c["denominator"] for c in card["components"] if c["id"] == "2.1" and c["denominator"]}
    assert having == {"H99": 4, "?": 4}
    unknown = next(u for u in card["units"] if u["id"] == "?")
    assert (unknown["total"], unknown["grade"], unknown["rank"]) == (None, None, None)


def test_correcting_the_unit_table_brings_them_home(strangers: Path) -> None:
    text = SAMPLE_UNITS.read_text(encoding="utf-8-sig").replace(
        "Xã Thượng Giang,", "Xã Thượng Giang; Xã Thượng Giangg,"
    )
    taken_in(strangers, units=text)
    card = scored(strangers, "2025Q2")
    having = {c["unit"]: c["denominator"] for c in card["components"] if c["id"] == "2.1" and c["denominator"]}
    assert having == {"H99": 4, "?": 1, "H99.21.04": 3, "H99.21": 3}


@pytest.fixture(scope="module")
def by_code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two dossiers of an office that is no unit, at a commune whose code they bear."""
    folder = tmp_path_factory.mktemp("by_code")
    rows = [f"H99.21.01-250505-000{i},1.000001,{DATES},Phòng Một cửa số 3" for i in range(2)]
    taken_in(folder, units=SAMPLE_UNITS.read_text(encoding="utf-8-sig"), ho_so=HEADINGS + "\n".join(rows))
    scored(folder, "2025Q2")
    return folder


def test_a_name_that_went_by_the_dossiers_code_is_told_with_its_number(by_code: Path) -> None:
    ended = tthc("score", "--quarter", "2025Q2", "--workspace", by_code)
    assert "Phòng Một cửa số 3" in ended.err
    assert "2 hồ sơ" in ended.err
    assert "\x1f" not in ended.err


def test_explain_counts_such_dossiers_at_the_unit_of_their_code(by_code: Path) -> None:
    found = tthc("explain", "H99.21.01", "3.3", "--quarter", "2025Q2", "--workspace", by_code, "--json")
    assert found.code == 0, found.err
    story = tthc("explain", "H99.21.01-250505-0001", "--quarter", "2025Q2", "--workspace", by_code, "--json").json
    assert story["unit"] == "H99.21.01"
