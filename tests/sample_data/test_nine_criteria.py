"""The sample's files for the nine criteria: the same bytes again, nobody's name, and every grade there is."""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from nine_criteria import generate
from tests import command
from tests.command import tthc
from tthc_cli.facts.marks.findings import carried, findings
from tthc_cli.facts.marks.known import known_marks
from tthc_cli.facts.marks.model import Subject
from tthc_cli.ingest import ingest
from tthc_cli.ingest.issues import all_issues
from tthc_cli.periods import parse_period
from tthc_cli.storage.warehouse import Warehouse, open_warehouse
from tthc_cli.workspace import Settings, Workspace

Scored = Callable[..., Any]
FOLDER = Path(__file__).parents[2] / "sample_data"
NINE = FOLDER / "nine_criteria"
CHECKS = {"D4": ("c3", 1), "D6": ("c1", 0), "U4": ("c6", 0)}


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    workspace = Workspace(tmp_path_factory.mktemp("nine"), Settings.model_validate({"officials": {"keep": "code"}}))
    ingest([FOLDER / "exports" / "units.csv", NINE], workspace)
    return open_warehouse(workspace.warehouse)


def test_the_same_bytes_again(tmp_path: Path) -> None:
    generate(FOLDER / "exports", tmp_path)
    assert {p.name: p.read_bytes() for p in tmp_path.iterdir()} == {p.name: p.read_bytes() for p in NINE.iterdir()}


def test_steps_are_those_of_the_exports() -> None:
    """All but the names, in whose place codes stand; so no score of Decision 766 moves."""
    (coded,) = NINE.glob("tien_trinh_*.csv")
    assert _steps(coded) == _steps(FOLDER / "exports" / "process_log.csv")


def _steps(path: Path) -> list[dict[str, str]]:
    rows = csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";")
    return [{k: v for k, v in row.items() if k not in ("NguoiXuLy", "MaCanBo")} for row in rows]


def test_everything_is_read_without_a_doubt(warehouse: Warehouse) -> None:
    assert list(all_issues(warehouse)) == []
    rows = {name: len(warehouse.read(name)) for name in ("process_log", "slips", "typed_figures", "findings")}
    assert min(rows.values()) > 5


def test_all_five_grades_occur(warehouse: Warehouse) -> None:
    """Totals by hand, beside APPRAISED; bands of Circular 01/2018 Art. 15(4): 15, 12, 9, 6."""
    slips, found, typed = (warehouse.read(name) for name in ("slips", "findings", "typed_figures"))
    known = known_marks(slips, found, typed, parse_period("2023Q2"), CHECKS)
    totals = {}
    for unit in ("H99.02", "H99.04", "H99.08", "H99.05", "H99.06", "H99.07", "H99.23.04"):
        marks = [known[Subject("unit", unit), f"c{i}"].standing for i in range(1, 10)]
        assert {mark.source for mark in marks if mark} == {"appraised"}
        totals[unit] = float(sum(mark.value for mark in marks if mark))
    assert totals == {
        "H99.02": 15.0, "H99.04": 17.8, "H99.08": 14.1, "H99.05": 10.0, "H99.06": 7.6, "H99.07": 4.0, "H99.23.04": 6.0,
    }  # fmt: skip
    assert [key[0].id for key, one in known.items() if one.unexplained] == ["H99.07"]


def test_every_source_and_kind_occurs(warehouse: Warehouse) -> None:
    slips, found, typed = (warehouse.read(name) for name in ("slips", "findings", "typed_figures"))
    known = known_marks(slips, found, typed, parse_period("2023Q2"), CHECKS)
    standing = {(subject.kind, one.standing.source) for (subject, _), one in known.items() if one.standing}
    assert standing == {
        ("unit", "appraised"), ("unit", "finding"), ("unit", "slip"), ("official", "slip"),
    }  # fmt: skip
    assert [one.id for one in carried(findings(found), parse_period("2023Q2"))] == ["KT-23-01", "KT-23-02"]


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """Scores of 2023Q2 by whom: the sample's files for the nine criteria and a month of its dossiers."""
    folder = tmp_path_factory.mktemp("scored")
    (folder / "tthc.toml").write_text('[officials]\nkeep = "code"\n', "utf-8")
    names = ("units.csv", "procedures.xlsx", "petitions.csv", "cong_dvc_2023-06_xuat_2023-07-03.csv",
             "so_tu_phap_xuat_2023-08-02.xlsx")  # fmt: skip
    exports = [FOLDER / "exports" / name for name in names]
    assert tthc("ingest", *exports, NINE, "--workspace", folder, "--quiet").code in (0, 1)

    def score(subjects: str, *more: str) -> Any:
        return command.scored(folder, "2023Q2", "--evaluation", "nine-criteria", "--subjects", subjects, *more)

    return cache(score)


def test_a_score_of_units_has_all_five_grades(scored: Scored) -> None:
    grades = {s["grade"] for s in scored("units")["subjects"]}
    assert grades >= {"excellent", "good", "fair", "average", "weak"}


def test_a_score_shows_self_and_appraised_marks_side_by_side(scored: Scored) -> None:
    """By hand, beside APPRAISED and OWN_HIGHER: H99.02 15,0 appraised and 16,0 by itself, told why; H99.07 4,0 and 5,0,
    told nothing; H99.04 the same twice; H99.03 did not mark itself."""
    found = {s["id"]: s for s in scored("units")["subjects"]}
    told = {i: (found[i]["total"], found[i]["self"]["total"]) for i in ("H99.02", "H99.07", "H99.04")}
    assert told == {"H99.02": (15, 16), "H99.07": (4, 5), "H99.04": (17.8, 17.8)}
    assert found["H99.02"]["self"]["reasons"] == {"c5": "Một cửa trả kết quả 14 %, dưới 20 %"}
    assert {i: s["self"]["unexplained"] for i, s in found.items() if s["self"].get("unexplained")} == {"H99.07": ["c8"]}
    assert (found["H99.07"]["self"]["points"]["c8"], found["H99.03"]["self"]) == (1, {})


def test_every_source_stands_somewhere(scored: Scored) -> None:
    sources = {c["source"] for s in scored("units")["subjects"] for c in s["criteria"]}
    assert sources >= {"typed", "inspection", "slip", "derived", "slip, derived"}


def test_a_finding_about_a_dossier_is_the_mark_of_its_officials(scored: Scored) -> None:
    """KT-23-05, check D4: criterion 3 of H99.08-230601-0001 is 1, and of its four officials one each."""
    marked = [s for s in scored("officials")["subjects"]
              if any(c["id"] == "c3" and "inspection" in (c["source"] or "") for c in s["criteria"])]  # fmt: skip
    assert sorted(s["id"] for s in marked) == [
        "H99.08/CB-08-12", "H99.08/CB-08-22", "H99.08/CB-08-31", "H99.08/CB-08-42",
    ]  # fmt: skip


def test_divisions_and_officials_are_scored(scored: Scored) -> None:
    divisions = {s["id"] for s in scored("divisions", "--rulebook", "vi-du-tinh")["subjects"] if s["grade"]}
    assert "H99.08/Bộ phận Một cửa" in divisions
    assert all(s["kind"] == "official" and s["name"].startswith("CB-") for s in scored("officials")["subjects"])


def test_the_difference_nobody_explained_is_a_note_and_is_explained(tmp_path: Path) -> None:
    taken = tthc(
        "ingest", FOLDER / "exports" / "units.csv", NINE / "diem_tu_cham_tham_dinh.csv", "--workspace", tmp_path
    )
    assert taken.code == 0
    asked = ("--quarter", "2023Q2", "--evaluation", "nine-criteria", "--workspace", tmp_path)
    assert "ở 1 chỗ: H99.07 c8" in tthc("score", *asked).err
    assert "Khác mà không ghi lý do trừ điểm: c8" in tthc("explain", "H99.07", *asked).out
    told = tthc("explain", "H99.02", "c5", *asked).out
    assert "Đơn vị tự chấm 2; thẩm định 1. Lý do trừ điểm: Một cửa" in told
