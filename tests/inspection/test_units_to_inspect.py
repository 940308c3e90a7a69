"""Which units to inspect, against a case worked by hand; and that scoring reads nothing of inspections."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.command import tthc
from tests.inspection.filling import drawn, filled, team, workspace
from tthc_cli.errors import InputError
from tthc_cli.results.listing import Column, Listing
from tthc_cli.rulebooks.inspection.reading import inspection_rules
from tthc_cli.statements.inspection.units_to_inspect import _months_since
from tthc_cli.storage.warehouse import Warehouse


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """H98.01 was inspected; CU-1 there and CU-3 at H98.20 are past their deadline; H98 was never inspected."""
    folder = workspace(tmp_path_factory.mktemp("units"))
    book = Path(drawn(folder)["workbook"])
    filled(book, team)
    assert tthc("ingest", book, "--workspace", folder, "--quiet").code == 0
    return folder


def units(folder: Path, *more: str) -> dict[str, dict[str, Any]]:
    ended = tthc("list", "inspect-units", "--as-of", "2024-05-20T12:00", "--workspace", folder, "--json", *more)
    assert ended.code == 0, ended.err
    names = [column["id"] for column in ended.json["columns"]]
    rows = [dict(zip(names, row, strict=True)) for row in ended.json["rows"]]
    assert [row["unit"] for row in rows] == sorted(
        (row["unit"] for row in rows), key=lambda u: [-r["risk_sum"] for r in rows if r["unit"] == u]
    )
    return {row["unit"]: row for row in rows}


def test_grounds_weights_and_the_last_inspection(place: Path) -> None:
    """Weights: findings past due 3, not inspected for 24 months 2, from 20 % of dossiers with red flags 2. H98.01 has
    one refused dossier of 63, and was inspected with the draw of 6 May (its findings are of that day)."""
    found = units(place)
    told = {
        u: (r["risk_sum"], r["ground"], r["overdue_findings"], (r["inspected"] or "")[:10]) for u, r in found.items()
    }
    assert told == {
        "H98.01": (3, "open_findings", 1, "2024-05-06"), "H98.20": (3, "open_findings", 1, "2024-02-10"),
        "H98": (2, "not_inspected", 0, ""),
    }  # fmt: skip
    assert (found["H98.01"]["dossiers"], found["H98.01"]["flagged"], found["H98.01"]["flagged_share"]) == (63, 1, 1.6)


def test_the_grade_is_told_as_its_rulebook_calls_it() -> None:
    grade = Column("grade", "word", labels=(("good", "Tốt", "Good"), ("weak", "Yếu", "Weak")))
    listing = Listing("inspect-units", "2024-05-20", (grade,), (("weak",), (None,), ("good",)))
    assert listing.worded("vi") == [["Yếu"], [None], ["Tốt"]]
    assert listing.worded("en") == [["Weak"], [None], ["Good"]]


def test_a_province_changes_weights_in_its_own_copy(place: Path, tmp_path: Path) -> None:
    own = place / "inspection"
    own.mkdir()
    try:
        (own / "risk.toml").write_text(
            '[[flag]]\nid = "flagged_dossiers"\nabout = "unit"\nweight = 9\nlimit = 1\nground = "x"\n'
            'evidence = "inferred"\n'
            '[[flag]]\nid = "refused"\nabout = "dossier"\nweight = 1\nground = "x"\nevidence = "inferred"\n',
            encoding="utf-8",
        )
        assert {u: r["risk_sum"] for u, r in units(place).items()} == {"H98.01": 9, "H98.20": 0, "H98": 0}
    finally:
        (own / "risk.toml").unlink()
        own.rmdir()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("risk.toml", "[[flag]]\nid = 'laet'\n", "about"),
        ("risk.toml", "[[flga]]\n", "flag"),
        ("risk.toml", '[[flag]]\nid="late"\nabout="dossier"\nweight=-1\nground="x"\nevidence="inferred"\n', "weight"),
        ("risk.toml", '[[flag]]\nid="laet"\nabout="dossier"\nweight=1\nground="x"\nevidence="inferred"\n', "late"),
        ("risk.toml", '[[flag]]\nid="late"\nabout="dossier"\nweight=1\nground="x"\nevidence="sure"\n', "evidence"),
        ("risk.toml", "[[flag", "risk.toml"),
        ("checklist.toml", "[numbers]\nreturn_day = 3\n", "return_days"),
        ("checklist.toml", "[numbers]\nreturn_days = '3'\n", "return_days"),
        ("checklist.toml", "check = 5\n", "check"),
    ],
)
def test_a_fault_in_an_own_copy_is_told(name: str, text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as wrong:
        inspection_rules(tmp_path)
    assert name in wrong.value.message("vi")
    assert told in wrong.value.message("vi")


def test_numbers_alone_may_be_changed(tmp_path: Path) -> None:
    shipped = (Path(inspection_rules.__code__.co_filename).parent / "checklist.toml").read_text("utf-8")
    (tmp_path / "checklist.toml").write_text(shipped.replace("return_days = 10", "return_days = 5"), encoding="utf-8")
    rules = inspection_rules(tmp_path)
    assert (rules.numbers["return_days"], rules.numbers["entry_hours"], len(rules.checks)) == (5, 8, 22)


@pytest.mark.parametrize(
    ("day", "months"), [("2022-05-20", 24), ("2022-05-21", 23), ("2022-04-20", 25), ("2024-05-20", 0)]
)
def test_whole_months(day: str, months: int) -> None:
    assert _months_since(datetime.fromisoformat(day), datetime(2024, 5, 20)) == months


def test_a_damaged_draw_is_told(place: Path) -> None:
    file = place / "inspections" / "x.json"
    file.write_text('{"schema": 1}', encoding="utf-8")
    try:
        ended = tthc("inspection", "report", "--unit", "H98.01", "--quarter", "2024Q2", "--workspace", place, "--json")
        assert (ended.code, ended.json["error"]["code"]) == (3, "bad_draw")
    finally:
        file.unlink()


def test_scoring_reads_nothing_of_inspections(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    read, partitions = Warehouse.read, Warehouse.partitions
    monkeypatch.setattr(Warehouse, "read", lambda w, name, *more: (asked.append(name), read(w, name, *more))[1])
    monkeypatch.setattr(Warehouse, "partitions", lambda w, name: (asked.append(name), partitions(w, name))[1])
    ended = tthc("score", "--quarter", "2024Q2", "--rulebook", "qd766", "--workspace", place, "--quiet")
    assert ended.code == 0, ended.err
    assert "dossiers" in asked
    assert not {"inspected", "inspected_units"} & set(asked)
