"""A stored score is rendered, never recomputed; reading the same files again changes nothing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.test_exit_codes import BAD_DATE, GOOD, HEADINGS, UNITS
from tests.command import counts, put, scored, taken_in, tthc

LATER = "H99.02-230403-0009,1.001234,03/04/2023 08:00,04/04/2023 16:30,06/04/2023 15:00,9,H99.02\n"


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.fixture
def province(tmp_path: Path) -> Path:
    taken_in(tmp_path, units=UNITS, ho_so=HEADINGS + GOOD + BAD_DATE)
    scored(tmp_path, "2023Q2")
    return tmp_path


@pytest.mark.parametrize("wanted", ["xlsx", "html"])
def test_report_without_the_warehouse_gives_the_same_bytes(province: Path, wanted: str) -> None:
    for out in ("before", "after"):
        assert tthc("report", "--format", wanted, "--out", province / out, "--workspace", province).code == 0
        shutil.rmtree(province / "warehouse", ignore_errors=True)
    assert tree(province / "before") == tree(province / "after")
    assert tree(province / "before")


def test_whatif_and_compare_do_without_the_warehouse(province: Path) -> None:
    shutil.rmtree(province / "warehouse")
    assert tthc("whatif", "H99.02", "--workspace", province).code == 0
    assert tthc("compare", "2023Q2", "2023Q2", "--workspace", province).code == 0


def test_a_stored_score_keeps_its_numbers_when_data_come_in(province: Path) -> None:
    before = tree(province / "scores")
    taken_in(province, ho_so_moi=HEADINGS + LATER)
    tthc("report", "--format", "html", "--workspace", province)
    assert tree(province / "scores") == before


def test_explain_says_when_the_data_changed_since(province: Path) -> None:
    taken_in(province, ho_so_moi=HEADINGS + LATER)
    ended = tthc("explain", "H99.02", "2.1", "--workspace", province, "--lang", "en")
    assert ended.code == 3
    assert "tthc score" in ended.err
    assert counts(scored(province, "2023Q2"), "H99.02", "2.1") == (1, 2)
    assert tthc("explain", "H99.02", "2.1", "--workspace", province).code == 0


def test_ingesting_again_changes_no_byte(province: Path) -> None:
    before = tree(province / "warehouse")
    again = tthc("ingest", province / "exports", "--workspace", province, "--json")
    assert again.json["unchanged"]
    assert again.json["sources"]["new"] == 0
    assert tree(province / "warehouse") == before


def test_scoring_again_changes_no_byte(province: Path) -> None:
    before = tree(province / "scores")
    scored(province, "2023Q2")
    assert tree(province / "scores") == before


def test_the_same_file_under_another_name_changes_no_number(province: Path) -> None:
    before = scored(province, "2023Q2")
    shutil.copy(province / "exports" / "ho_so.csv", province / "exports" / "ho_so (1).csv")
    assert tthc("ingest", province / "exports", "--workspace", province, "--quiet").code in (0, 1)
    assert scored(province, "2023Q2") == before


def test_two_workspaces_fed_alike_score_alike(tmp_path: Path) -> None:
    cards = []
    for name in ("one", "two"):
        folder = put(tmp_path / name, units=UNITS, ho_so=HEADINGS + GOOD + LATER)
        tthc("ingest", folder / "exports", "--workspace", folder, "--quiet")
        cards.append(scored(folder, "2023Q2"))
    assert cards[0] == cards[1]


def test_both_readings_are_kept_side_by_side(province: Path) -> None:
    scored(province, "2023Q2", "--reading", "portal")
    names = {p.name for p in (province / "scores" / "2023Q2").iterdir()}
    assert names == {"qd766", "qd766-portal"}
    for reading in ("law", "portal"):
        arguments = ("report", "--quarter", "2023Q2", "--reading", reading, "--format", "html")
        assert tthc(*arguments, "--workspace", province).code == 0
    assert len(list((province / "reports").glob("*.html"))) == 2


def test_a_damaged_score_stops_with_what_to_do(province: Path) -> None:
    manifest = province / "scores" / "2023Q2" / "qd766" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    ended = tthc("report", "--workspace", province, "--lang", "en")
    assert ended.code == 3
    assert "tthc score" in ended.err
    assert "Traceback" not in ended.err


def test_a_score_stored_before_it_was_counted_by_field_still_opens_and_says_so(province: Path) -> None:
    folder = province / "scores" / "2023Q2" / "qd766"
    head = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    (folder / head["files"].pop("fields")).unlink()
    (folder / "manifest.json").write_text(json.dumps(head), encoding="utf-8")
    ended = tthc("report", "--format", "json", "--out", province / "out", "--workspace", province, "--lang", "en")
    assert ended.code == 0
    (path,) = (province / "out").iterdir()
    document = json.loads(path.read_text(encoding="utf-8"))
    assert document["form_ii_06"] and document["form_ii_06_by_unit_and_field"] == []
    assert any("without dossiers by field" in note and "tthc score" in note for note in document["notes"])
