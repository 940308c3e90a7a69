"""`tthc list`: the names, one list in every form, one file a unit, and what is said of a wrong name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command import scored, taken_in, tthc
from tests.statements.test_overdue import DOSSIERS, UNITS
from tthc_cli.statements.registry import LISTS


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = taken_in(tmp_path_factory.mktemp("office"), units=UNITS, hoso=DOSSIERS)
    scored(folder, "2024Q2")
    return folder


def test_without_a_name_all_lists_are_named(office: Path) -> None:
    ended = tthc("list", "--workspace", office)
    assert ended.code == 0
    assert all(kind.name in ended.out for kind in LISTS)
    assert "tthc list" in ended.out


def test_titles_of_lists_stand_in_one_column(office: Path) -> None:
    rows = [line for line in tthc("list", "--workspace", office).out.splitlines() if line.startswith("  ")]
    widest = max(len(kind.name) for kind in LISTS)
    assert {(line[2 + widest], line[3 + widest] != " ") for line in rows} == {(" ", True)}


@pytest.mark.parametrize("name", sorted({kind.name for kind in LISTS} - {"divisions", "officials", "review-progress"}))
def test_every_list_is_shown_and_printed_as_json(office: Path, name: str) -> None:
    """Those of divisions and officials need a process log (tests/statements/test_takers.py), that of review items a
    plan (tests/statements/test_review.py)."""
    shown = tthc("list", name, "--workspace", office)
    assert (shown.code, shown.err) == (0, "")
    found = tthc("list", name, "--workspace", office, "--json").json
    assert found["list"] == name
    assert all(len(row) == len(found["columns"]) for row in found["rows"])


def test_one_file_for_each_unit_that_has_rows(office: Path, tmp_path: Path) -> None:
    ended = tthc(
        "list", "overdue", "--as-of", "2024-04-10T16:00", "--format", "json", "--per-unit", "--out", tmp_path,
        "--workspace", office,
    )  # fmt: skip
    assert ended.code == 0
    files = sorted(p.name for p in tmp_path.iterdir())
    assert files == ["overdue-2024-04-10-H98.01.json", "overdue-2024-04-10-H98.20.01.json"]
    assert len(json.loads((tmp_path / files[0]).read_text("utf-8"))["rows"]) == 2


def test_a_list_of_a_score_follows_period_and_window(office: Path) -> None:
    other = tthc("list", "lost", "--quarter", "2024Q2", "--window", "nd09", "--workspace", office)
    assert other.code == 3  # chấm theo lịch, chưa chấm theo NĐ 09 / scored by the calendar, not by NĐ 09
    assert tthc("list", "lost", "--quarter", "2024Q2", "--workspace", office).code == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("nope",), "overdue"),
        (("overdue", "--format", "doc"), "xlsx"),
        (("unmatched", "--division", "Phòng"), "--division"),
        (("due-soon", "--days", "mai"), "1,3,5"),
        (("overdue", "--days", "3"), "--days"),
        (("overdue", "--quarter", "2024Q2"), "--as-of"),
        (("overdue", "--as-of", "hôm qua"), "hôm qua"),
        (("lost", "--quarter", "2024Q2", "--window", "tuần"), "nd09"),
    ],
)
def test_what_cannot_be_meant_is_said(office: Path, options: tuple[str, ...], said: str) -> None:
    ended = tthc("list", *options, "--workspace", office)
    assert ended.code == 2
    assert said in ended.err


def test_periods_of_one_window_are_compared(office: Path) -> None:
    for quarter in ("2024Q1", "2024Q2"):
        assert tthc("score", "--quarter", quarter, "--window", "nd09", "--workspace", office).code == 0
    found = tthc("compare", "2024Q1", "2024Q2", "--window", "nd09", "--workspace", office, "--json")
    assert found.code == 0, found.err
    other = tthc("compare", "2024Q1", "2024Q2", "--workspace", office)
    assert other.code == 3  # 2024Q1 chưa chấm theo lịch / not scored by the calendar
