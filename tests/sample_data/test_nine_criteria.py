"""The sample's files for the nine criteria: the same bytes again, nobody's name, and every grade there is."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from nine_criteria import generate
from tthc_cli.facts.marks.findings import carried, findings
from tthc_cli.facts.marks.known import known_marks
from tthc_cli.facts.marks.model import Subject
from tthc_cli.ingest import ingest
from tthc_cli.ingest.issues import all_issues
from tthc_cli.periods import parse_period
from tthc_cli.storage.warehouse import Warehouse, open_warehouse
from tthc_cli.workspace import Settings, Workspace

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
