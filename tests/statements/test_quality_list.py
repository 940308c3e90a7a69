"""Data quality by file: what files exported after the period changed, which columns are missing, what hangs on them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.command import tthc

UNITS = "MaDonVi,TenDonVi,Cap,DonViCha\nH98,UBND tỉnh,Tỉnh,\nH98.01,Sở Một,Sở,H98\n"
HEAD = "MaHoSo,MaTTHC,KenhThucHien,NgayTiepNhan,NgayHenTra,NgayKetThucXuLy,TrangThaiHoSo,DonViXuLy"


def dossiers(*rows: tuple[str, str, str], more: str = "") -> str:
    """Code, day received, day finished; all of H98.01. more: a further column, and 1 in it."""
    head = HEAD + (f",{more}" if more else "")
    lines = [
        f"H98.01-{code},1.000001,1,{received} 08:00,2024-12-31 17:00,{finished},{9 if finished else 4},H98.01"
        + (",1" if more else "")
        for code, received, finished in rows
    ]
    return "\n".join([head, *lines, ""])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of the second quarter: 1 was replaced by a file of June, 2 and 3 by one of August, 4 stands as first told; 5 was
    finished in March and 6 received in July, so that what August says of them is not of the quarter."""
    folder = tmp_path_factory.mktemp("quality")
    assert tthc("init", folder, "--quiet").code == 0
    exports = folder / "exports"
    april = [("240401-0001", "2024-04-01", ""), ("240401-0002", "2024-04-01", ""), ("240401-0003", "2024-04-01", "")]
    april += [("240401-0004", "2024-04-01", ""), ("240301-0005", "2024-03-01", "2024-03-08 09:00")]
    june = [("240401-0001", "2024-04-01", "2024-05-10 09:00")]
    july = [("240701-0006", "2024-07-01", "")]
    august = [("240401-0002", "2024-04-01", "2024-06-10 09:00"), ("240401-0003", "2024-04-01", "2024-07-20 09:00")]
    august += [("240301-0005", "2024-03-01", "2024-03-09 09:00"), ("240701-0006", "2024-07-01", "2024-07-30 09:00")]
    (exports / "units.csv").write_text(UNITS, encoding="utf-8")
    (exports / "a_xuat_2024-04-30.csv").write_text(dossiers(*april, more="DuocSoHoa"), encoding="utf-8")
    (exports / "b_xuat_2024-06-15.csv").write_text(dossiers(*june), encoding="utf-8")
    (exports / "c_xuat_2024-07-05.csv").write_text(dossiers(*july), encoding="utf-8")
    (exports / "d_xuat_2024-08-05.csv").write_text(dossiers(*august), encoding="utf-8")
    assert tthc("ingest", exports, "--workspace", folder, "--quiet").code == 0
    assert tthc("score", "--quarter", "2024Q2", "--workspace", folder, "--quiet").code == 0
    return folder


@pytest.fixture(scope="module")
def told(place: Path) -> dict[str, Any]:
    ended = tthc("list", "quality", "--quarter", "2024Q2", "--workspace", place, "--json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = ended.json
    return found


def by_file(told: dict[str, Any]) -> dict[str, dict[str, Any]]:
    names = [column["id"] for column in told["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in told["rows"]]
    return {row["source"].rpartition("/")[2][0]: row for row in rows}


def test_what_files_exported_after_the_period_changed(told: dict[str, Any]) -> None:
    assert {name: row["corrected"] for name, row in by_file(told).items()} == {
        "a": 0, "b": 0, "c": 0, "d": 2, "u": 0,
    }  # fmt: skip
    assert told["totals"]["corrected"] == 2


def test_a_column_that_one_file_lacks_and_the_points_that_hang_on_it(told: dict[str, Any]) -> None:
    """Decision 766: digitisation (4.2) asks for DuocSoHoa, which the first file alone has."""
    found = by_file(told)
    assert "DuocSoHoa" not in (found["a"]["columns_missing"] or "")
    assert "DuocSoHoa" in found["b"]["columns_missing"]
    assert "4.2 (" in found["b"]["points_hanging"]
    assert any("4.2" in line and "3 tệp" in line and "DuocSoHoa" in line for line in told["notes"])


def test_a_column_that_no_file_has_is_named(told: dict[str, Any]) -> None:
    assert any(line.startswith("Chưa đánh giá được 3.6") and "dossiers." in line for line in told["notes"])


def test_the_report_is_the_list_in_every_form(place: Path, told: dict[str, Any], tmp_path: Path) -> None:
    forms = [part for one in ("xlsx", "html", "csv", "json") for part in ("--format", one)]
    asked = ("report", "--kind", "quality", "--quarter", "2024Q2", "--workspace", place, "--out", tmp_path)
    ended = tthc(*asked, *forms)
    assert ended.code == 0, ended.err
    files = {path.suffix: path for path in tmp_path.iterdir()}
    assert sorted(path.name for path in files.values()) == [
        f"tthc-quality-2024Q2-qd766.{one}" for one in ("csv", "html", "json", "xlsx")
    ]
    assert json.loads(files[".json"].read_text("utf-8")) == told
    with files[".csv"].open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.reader(stream))) == 1 + len(told["rows"])
    book = load_workbook(files[".xlsx"])
    assert book.worksheets[0].max_row == 1 + len(told["rows"])
    notes = [row[0] for row in book["Ghi chú"].iter_rows(values_only=True)]
    assert set(told["notes"]) <= set(notes)
    assert all(line in files[".html"].read_text("utf-8") for line in told["notes"])


@pytest.mark.parametrize(
    ("more", "code"),
    [(("--format", "docx"), "unknown_format"), (("--unit", "H98"), "quality_of_all"),
     (("--per-unit",), "quality_of_all"), (("--length", "one-page"), "periodic_only")],
)  # fmt: skip
def test_what_does_not_go_with_it(place: Path, more: tuple[str, ...], code: str) -> None:
    ended = tthc("report", "--kind", "quality", "--quarter", "2024Q2", "--workspace", place, "--json", *more)
    assert (ended.code, ended.json["error"]["code"]) == (2, code)
