"""The committed exports agree with the truth table, the README and the data dictionary."""

import csv
import json
import re
import zipfile
from pathlib import Path

import pytest

from tthc_cli import schema
from tthc_cli.text import fold

FOLDER = Path(__file__).parents[2] / "sample_data"
EXPORTS = FOLDER / "exports"
TRUTH = json.loads((FOLDER / "truth.json").read_text(encoding="utf-8"))
PORTAL = sorted(EXPORTS.glob("cong_dvc_*.csv"))


def rows_of(path: Path, separator: str = ",") -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=separator))


def canonical(table: str) -> dict[str, str]:
    """Folded heading -> column."""
    return {fold(h): c.name for c in schema.table(table).columns for h in (c.name, *c.headings)}


def test_under_six_megabytes() -> None:
    assert sum(path.stat().st_size for path in (FOLDER / "exports").rglob("*") if path.is_file()) < 6_000_000


def test_rows_add_up() -> None:
    found = TRUTH["dossiers"]
    assert found["rows_read"] == found["distinct"] + found["superseded"] + found["rejected"]
    assert found["rows_read"] == sum(file["rows"] for file in TRUTH["files"].values())
    assert (
        found["distinct"] == found["received"] + found["not_received"] == sum(found["status_at_newest_export"].values())
    )
    assert found["received"] == 30_000 == sum(found["received_by_month"].values())
    assert found["received"] == sum(found["received_by_level"].values()) + found["unknown_unit"]


@pytest.mark.parametrize("path", PORTAL, ids=lambda path: path.name[8:16])
def test_portal_file_has_the_rows_the_truth_says(path: Path) -> None:
    truth, rows = TRUTH["files"][path.name], rows_of(path)
    names = canonical("dossiers")
    key = next(h for h in rows[0] if names[fold(h)] == "MaHoSo")
    received = next(h for h in rows[0] if names[fold(h)] == "NgayTiepNhan")
    assert len(rows) == truth["rows"]
    assert sum(1 for row in rows if not row[received]) == truth["not_received"]
    impossible = re.compile(r"^(31/(02|04|06|11)|30/02)/")
    bad = [row for row in rows if not row[key] or any(impossible.match(v) for v in row.values())]
    assert len(bad) == truth["rejected"]


@pytest.mark.parametrize("path", PORTAL, ids=lambda path: path.name[8:16])
def test_portal_headings_are_known(path: Path) -> None:
    with path.open(encoding="utf-8-sig") as file:
        headings = next(csv.reader(file))
    known = canonical("dossiers")
    assert [h for h in headings if fold(h) not in known] == []
    assert len({known[fold(h)] for h in headings}) == len(headings)


@pytest.mark.parametrize(
    ("table", "separator"),
    [
        ("units", ","), ("petitions", ","), ("slips", ","), ("process_log", ";"), ("report_totals", ","),
        ("certified_copies", ","), ("typed_figures", ","),
    ],
)  # fmt: skip
def test_small_tables_have_known_headings_and_the_rows_the_truth_says(table: str, separator: str) -> None:
    rows = rows_of(EXPORTS / f"{table}.csv", separator)
    assert [h for h in rows[0] if fold(h) not in canonical(table)] == []
    assert len(rows) == TRUTH["tables"][f"{table}.csv"]


def test_unit_file_has_the_headings_that_scripts_rely_on() -> None:
    assert list(rows_of(EXPORTS / "units.csv")[0]) == [
        "MaDonVi", "TenDonVi", "Cap", "DonViCha", "TenKhac", "HieuLucTu", "HieuLucDen", "DonViKeThua",
    ]  # fmt: skip


def test_tree_of_2023_has_8_departments_3_districts_12_communes() -> None:
    levels = [row["Cap"] for row in rows_of(EXPORTS / "units.csv") if row["HieuLucTu"] == "01/01/2021"]
    assert {level: levels.count(level) for level in levels} == {"tinh": 1, "so": 8, "huyen": 3, "xa": 12}


def test_every_unit_that_ends_has_a_successor_that_begins_the_next_day() -> None:
    units = {row["MaDonVi"]: row for row in rows_of(EXPORTS / "units.csv")}
    next_day = {"30/06/2025": "01/07/2025", "28/02/2025": "01/03/2025"}
    for unit in units.values():
        if unit["HieuLucDen"]:
            successor = units[unit["DonViKeThua"]]
            assert successor["HieuLucTu"] in ("01/01/2021", next_day[unit["HieuLucDen"]])


def test_people_are_plainly_invented() -> None:
    for row in rows_of(PORTAL[0]):
        assert row["MaDoiTuong"][:6] in ("", "099000") or row["MaDoiTuong"][:2] == "99"
        assert row["SoDienThoai"][:4] in ("", "0000")


def test_workbooks_hold_no_clock() -> None:
    for path in EXPORTS.glob("*.xlsx"):
        with zipfile.ZipFile(path) as book:
            assert {info.date_time for info in book.infolist()} == {(2023, 8, 2, 0, 0, 0)}
            assert set(re.findall(rb"\d{4}-\d\d-\d\dT", book.read("docProps/core.xml"))) == {b"2023-08-02T"}


def test_readme_gives_the_numbers_of_the_truth_table() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    table = dict(re.findall(r"^\| (20\d\d-\d\d|H99[.\d]*) \| (\d+) ", text, re.MULTILINE))
    expected = TRUTH["dossiers"]["received_by_month"] | TRUTH["2023Q2"]["received_by_unit"]
    assert table == {key: str(value) for key, value in expected.items()}
    for name in ("rows_read", "distinct", "superseded"):
        assert f"{TRUTH['dossiers'][name]:,}".replace(",", ".") in text
