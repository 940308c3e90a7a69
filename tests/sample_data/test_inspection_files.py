"""The sample's inspection: the same bytes again, taken in without a doubt, and what comes of it by hand."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from inspection import generate
from tests.command import tthc

SAMPLE = Path(__file__).parents[2] / "sample_data"
FILES = SAMPLE / "inspection"
DRAW = "KT-2023Q2-H99.08-n24-s2020"


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inspected")
    (folder / "again").mkdir()
    generate(SAMPLE / "exports", folder / "again", folder)
    return folder


@pytest.fixture(scope="module")
def made(place: Path) -> dict[str, Any]:
    shutil.copy(FILES / f"{DRAW}.json", place / "inspections")
    taken = tthc("ingest", FILES / f"{DRAW}.xlsx", FILES / "phat_hien_dot_truoc.csv", "--workspace", place)
    assert taken.code == 0, taken.out + taken.err
    ended = tthc(
        "inspection", "report", "--unit", "H99.08", "--quarter", "2023Q2", "--as-of", "2023-08-31", "--workspace",
        place, "--json",
    )  # fmt: skip
    assert ended.code == 0, ended.err
    found: dict[str, Any] = ended.json
    return found


def test_the_same_bytes_again(place: Path) -> None:
    made, kept = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in (place / "again", FILES))
    assert made == kept


def test_the_rate_is_what_the_sheets_say(made: dict[str, Any]) -> None:
    """Counted here from the cells alone: lines marked as examined with a cell of not met."""
    book = load_workbook(FILES / f"{DRAW}.xlsx")
    told = {}
    for way, title in (("random", "Mẫu ngẫu nhiên"), ("chosen", "Hồ sơ chọn")):
        rows = [[cell for cell in row if cell is not None] for row in book[title].iter_rows(values_only=True)]
        lines = [row for row in rows if DRAW in row and ("Ngẫu nhiên" in row or "Chọn theo dấu hiệu" in row)]
        examined = [row for row in lines if "Có" in row]
        told[way] = (len(lines), len(examined), sum("Không đạt" in row for row in examined))
    counts = made["counts"]
    assert {w: (counts[w], counts[f"{w}_examined"], counts[f"{w}_faulty"]) for w in told} == told
    assert told["random"][:2] == (24, 23)


def test_two_earlier_findings_are_open(made: dict[str, Any]) -> None:
    """Due on 31 March and 30 December: 153 and 244 days before 31 August."""
    carried = next(t for t in made["tables"] if t["list"] == "inspection-carried")
    names = [column["id"] for column in carried["columns"]]
    found = [dict(zip(names, row, strict=True)) for row in carried["rows"]]
    assert [(r["finding"], r["days_past"]) for r in found] == [("KT-22-08-03", 244), ("KT-22-08-02", 153)]


def test_checks_were_confirmed_overturned_and_found_beyond(made: dict[str, Any]) -> None:
    checks = next(t for t in made["tables"] if t["list"] == "inspection-checks")
    names = [column["id"] for column in checks["columns"]]
    total: Counter[str] = Counter()
    for row in checks["rows"]:
        one = dict(zip(names, row, strict=True))
        total.update({name: one[name] for name in ("confirmed", "overturned", "beyond")})
    assert min(total["confirmed"], total["overturned"], total["beyond"]) > 0
