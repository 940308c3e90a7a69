"""Late steps and hand-overs at a moment: tests/cases/late_steps.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.statements.at_a_moment import cases, code, listed, log_rows, office

CASES = cases("late_steps.yaml")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    codes = [code(n, one["unit"]) for n, one in enumerate(CASES["dossiers"])]
    dossiers: list[dict[str, Any]] = [
        {"MaHoSo": name, "DonViXuLy": one["unit"], "NgayTiepNhan": "2024-04-01 08:00", "NgayHenTra": "2024-04-26 16:00",
         "TrangThaiHoSo": 4}
        for name, one in zip(codes, CASES["dossiers"], strict=True)
    ]  # fmt: skip
    log = [
        row for name, one in zip(codes, CASES["dossiers"], strict=True) for row in log_rows(name, one["steps"])
    ]  # fmt: skip
    return office(tmp_path_factory.mktemp("office"), dossiers, log)


@pytest.mark.parametrize("name", ["late-steps", "late-agencies"])
def test_steps_are_counted_where_they_belong(workspace: Path, name: str) -> None:
    wanted = CASES[name]
    found = [{column: row[column] for column in wanted[0]} for row in listed(workspace, name)]
    assert found == wanted


def test_of_a_scored_period_the_same_definition_counts(workspace: Path) -> None:
    """Steps done in April by the moment: 7 receptions, Phòng B (late), Phòng C (due on the day, without a time)."""
    from tests.command import tthc

    scored = tthc("score", "--month", "2024-04", "--as-of", "2024-04-10T16:00", "--workspace", workspace, "--json")
    assert scored.code == 0, scored.err
    found = tthc("list", "late-steps", "--month", "2024-04", "--workspace", workspace, "--json").json
    late = {row[2]: (row[3], row[4]) for row in found["rows"]}
    assert late["Phòng B"] == (1, 1)
    assert late["Phòng C"] == (1, 0)
