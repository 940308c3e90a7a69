"""The sample province without its unit table: what `tthc units propose` makes of it, and what is scored with that."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.command import scored, tthc
from tests.conftest import EXPORTS

STRAY = "H99.23.09"
"""The unit of twelve dossiers that the province does not have."""


@pytest.fixture(scope="module")
def tableless(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that holds the sample exports but for the unit table."""
    folder = tmp_path_factory.mktemp("tableless")
    shutil.copytree(EXPORTS, folder / "exports", ignore=shutil.ignore_patterns("units.csv"))
    assert tthc("ingest", folder / "exports", "--workspace", folder, "--quiet").code == 1
    return folder


@pytest.fixture(scope="module")
def drafted(tableless: Path) -> dict[str, Any]:
    ended = tthc("units", "propose", "--workspace", tableless, "--out", str(tableless / "units.csv"), "--json")
    assert ended.code == 0, ended.err
    found: dict[str, Any] = ended.json
    return found


def real_units() -> dict[str, dict[str, str]]:
    """The rows of the real table that are valid in 2023, by code."""
    rows = csv.DictReader(io.StringIO((EXPORTS / "units.csv").read_text(encoding="utf-8-sig")))
    return {row["MaDonVi"]: row for row in rows if row["HieuLucTu"] == "01/01/2021"}


def test_24_of_25_units_are_the_real_ones(drafted: dict[str, Any]) -> None:
    real = real_units()
    assert len(real) == 24
    assert {u["id"] for u in drafted["units"]} == set(real) | {STRAY}
    for unit in drafted["units"]:
        if unit["id"] != STRAY:
            row = real[unit["id"]]
            assert (unit["level"], unit["parent"] or "") == (row["Cap"], row["DonViCha"])
            assert unit["name"] == row["TenDonVi"] or unit["id"] == "H99"


def test_more_than_99_of_100_dossiers_are_at_the_right_unit(drafted: dict[str, Any]) -> None:
    """30,120 dossiers, of which twelve are of the unit that there is not."""
    right = sum(u["dossiers"] for u in drafted["units"] if u["id"] != STRAY)
    assert (drafted["dossiers"], right) == (30120, 30108)


def test_what_is_doubtful_is_what_is_wrong(drafted: dict[str, Any]) -> None:
    doubts = {u["id"]: (u["sure"], u["checks"]) for u in drafted["units"] if u["checks"]}
    assert doubts == {STRAY: ("low", ["stray"]), "H99": ("medium", ["root_name"])}


def test_with_one_row_corrected_it_scores_as_the_real_table(
    drafted: dict[str, Any], tableless: Path, sample: Path, tmp_path: Path
) -> None:
    shutil.copytree(tableless, tmp_path, dirs_exist_ok=True, ignore=shutil.ignore_patterns("exports"))
    lines = (tableless / "units.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "units.csv").write_text("".join(one for one in lines if STRAY not in one), encoding="utf-8")
    assert tthc("ingest", tmp_path / "units.csv", "--workspace", tmp_path, "--quiet").code == 0
    cards = [scored(folder, "2023Q2") for folder in (tmp_path, sample)]
    for card in cards:
        assert len(card["units"]) == 25
        next(u for u in card["units"] if u["id"] == "H99").pop("name")
    mine, real = (
        {u["id"]: json.dumps([u, [c for c in card["components"] if c["unit"] == u["id"]]]) for u in card["units"]}
        for card in cards
    )
    assert mine == real


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_draft_is_taken_in_without_complaint(lang: str, tableless: Path, tmp_path: Path) -> None:
    shutil.copytree(tableless / "warehouse", tmp_path / "warehouse")
    made = tthc("units", "propose", "--workspace", tmp_path, "--lang", lang)
    assert made.code == 0, made.err
    ended = tthc("ingest", tmp_path / "units.xlsx", "--workspace", tmp_path, "--json")
    (sheet,) = ended.json["sheets"]
    assert (ended.code, sheet["table"], sheet["accepted"]) == (0, "units", 25)
    assert "units.xlsx" not in ended.err
    assert tthc("units", "check", "--workspace", tmp_path).code == 0


def test_a_file_that_may_be_being_edited_is_not_written_over(tableless: Path, tmp_path: Path) -> None:
    file = tmp_path / "units.xlsx"
    file.write_bytes(b"mine")
    refused = tthc("units", "propose", "--workspace", tableless, "--out", str(file))
    assert (refused.code, file.read_bytes()) == (3, b"mine")
    assert "--force" in refused.err
    assert tthc("units", "propose", "--workspace", tableless, "--out", str(file), "--force").code == 0
    assert file.read_bytes() != b"mine"


def test_the_same_data_make_the_same_file(tableless: Path, tmp_path: Path) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        assert tthc("units", "propose", "--workspace", tableless, "--out", str(tmp_path / name)).code == 0
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_draft_is_a_workbook_or_csv(tableless: Path) -> None:
    assert tthc("units", "propose", "--workspace", tableless, "--out", "units.html").code == 2


def test_without_a_table_there_is_none_to_check(tableless: Path) -> None:
    ended = tthc("units", "check", "--workspace", tableless)
    assert ended.code == 3
    assert "tthc units propose" in ended.err


def test_the_stranger_of_the_sample_is_told(sample: Path) -> None:
    ended = tthc("units", "check", "--workspace", sample, "--json")
    assert ended.code == 1
    (row,) = [row for row in ended.json["rows"] if row[0] == "unmatched"]
    assert row[2:4] == ["UBND xã Vạn Phúc Đông", 12]


def test_on_top_of_a_table_only_the_stranger_is_new(sample: Path, tmp_path: Path) -> None:
    """The table has 32 rows over time, among them units of other years."""
    made = tthc("units", "propose", "--workspace", sample, "--out", str(tmp_path / "units.xlsx"), "--json").json
    kept = [u["id"] for u in made["units"] if u["sure"] == "kept"]
    assert (len(kept), len(set(kept))) == (32, 32)
    assert [u["id"] for u in made["units"] if u["sure"] != "kept"] == [STRAY]
