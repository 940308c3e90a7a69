"""The lists of open and finished dossiers at a moment: tests/cases/lists_at_a_moment.yaml."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.command import tthc
from tests.statements.at_a_moment import AT, cases, code, listed, log_rows, office

CASES = cases("lists_at_a_moment.yaml")
LISTS = ("overdue", "due-soon", "waiting", "not-updated", "finished-late")
STANDINGS = ("overdue", "waiting", "paused", "within")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    dossiers = [
        {"MaHoSo": code(n), "MaTTHC": "1.000001", "DonViXuLy": "H98.01", "NgayTiepNhan": None} | case["dossier"]
        for n, case in enumerate(CASES)
    ]
    log = [row for n, case in enumerate(CASES) for row in log_rows(code(n), case.get("log", ()))]
    columns = {name for row in dossiers for name in row}
    return office(tmp_path_factory.mktemp("office"), [dict.fromkeys(sorted(columns)) | d for d in dossiers], log)


@pytest.fixture(scope="module")
def found(workspace: Path) -> dict[str, dict[str, dict[str, Any]]]:
    return {name: {row["dossier"]: row for row in listed(workspace, name)} for name in LISTS}


def plain(value: Any) -> Any:
    """A case's value as JSON has it."""
    try:
        return datetime.fromisoformat(str(value)).isoformat() if len(str(value)) > 12 else value
    except ValueError:
        return value


@pytest.mark.parametrize(("number", "case"), list(enumerate(CASES)), ids=[case["case"] for case in CASES])
def test_a_dossier_is_in_its_lists_and_no_others(found: Any, number: int, case: dict[str, Any]) -> None:
    rows = {name: own[code(number)] for name, own in found.items() if code(number) in own}
    assert set(rows) == set(case["expect"])
    for name, columns in case["expect"].items():
        assert {c: rows[name][c] for c in columns} == {c: plain(v) for c, v in columns.items()}


def test_open_dossiers_are_counted_where_they_stand(workspace: Path) -> None:
    (row,) = listed(workspace, "open")
    wanted = {name: sum(case["standing"] == name for case in CASES) for name in STANDINGS}
    assert {name: row[f"open_{name}"] for name in STANDINGS} == wanted
    assert row["open"] == sum(wanted.values())


def test_as_many_are_open_as_form_ii06_says_at_that_moment(workspace: Path) -> None:
    assert tthc("score", "--year", "2024", "--as-of", AT, "--workspace", workspace, "--quiet").code == 0
    form = tthc("list", "form-ii06", "--year", "2024", "--workspace", workspace, "--json").json["totals"]
    (row,) = listed(workspace, "open")
    assert row["open"] == form["form_open_within"] + form["form_open_past"]


def test_days_are_chosen(workspace: Path) -> None:
    """Up to 17 April: the four above; up to 12 April: three. The band is the number of days that was asked for."""
    assert [row["band"] for row in listed(workspace, "due-soon", "--days", "2")] == [2, 2, 2]
    assert len(listed(workspace, "due-soon", "--days", "6")) == 5
    found = {row["not_updated"] for row in listed(workspace, "not-updated", "--days", "200")}
    assert found == {"not_taken_in", "no_due_date", "taken_in_late"}


def test_a_division_is_chosen(workspace: Path) -> None:
    assert {row["division"] for row in listed(workspace, "overdue", "--division", "phòng")} == {"Phòng A"}


def test_a_period_is_chosen(workspace: Path) -> None:
    found = listed(workspace, "finished-late", "--month", "2024-03")
    assert [row["finished"] for row in found] == ["2024-03-28T10:00:00"]
