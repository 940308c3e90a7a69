"""The list of apology letters: every state, worked by hand in tests/cases/letters.yaml."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.command import taken_in, tthc
from tests.statements.letters_office import AT, CASES, code, listed, office
from tthc_cli import schema
from tthc_cli.facts.codes import NEVER
from tthc_cli.facts.letters.causes import outages, typed_causes
from tthc_cli.facts.moment import seconds_of
from tthc_cli.storage.warehouse import open_warehouse

_COLUMNS = {
    "state": "letter_state", "extension": "extension", "letters": "letters", "moved": "moved_without_letter",
}  # fmt: skip


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return listed(office(tmp_path_factory.mktemp("letters")))


@pytest.fixture(scope="module")
def working(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return listed(office(tmp_path_factory.mktemp("working"), '[letters]\napology_lead = "working"\n'))


@pytest.mark.parametrize(
    ("number", "case"), list(enumerate(CASES, 1)), ids=lambda c: c["case"] if isinstance(c, dict) else ""
)
def test_state(rows: dict[str, dict[str, Any]], number: int, case: dict[str, Any]) -> None:
    found = rows.get(code(number), {"letter_state": "none"})
    assert {name: found[_COLUMNS[name]] for name in case["expect"]} == case["expect"]


def test_the_day_before_may_be_a_working_day(working: dict[str, dict[str, Any]]) -> None:
    told = {code(n): case["working"] for n, case in enumerate(CASES, 1) if "working" in case}
    assert told
    assert {dossier: working[dossier]["letter_state"] for dossier in told} == told


def test_totals_count_second_letters_and_moved_dates(tmp_path: Path) -> None:
    office(tmp_path)
    ended = tthc("list", "letters", "--as-of", AT, "--workspace", tmp_path, "--json")
    shown = sum(case["expect"]["state"] != "none" for case in CASES)
    assert ended.json["totals"] == {"dossiers": shown, "second_letter": 1, "moved_without_letter": 2}


def test_an_edited_register_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    office(tmp_path)
    register = tmp_path / "exports" / "so_thu_xin_loi.csv"
    lines = register.read_text("utf-8").splitlines()
    kept = [line for line in lines if ",12/XL," not in line]
    assert len(kept) == len(lines) - 1
    register.write_text("\n".join(kept) + "\n", "utf-8")
    ended = tthc("ingest", tmp_path / "exports", "--workspace", tmp_path, "--json")
    assert (ended.code, ended.json["rejected"]) == (0, 0)
    sent = next(n for n, case in enumerate(CASES, 1) if case["expect"]["state"] == "sent")
    assert listed(tmp_path)[code(sent)]["letter_state"] == "due_today"


def test_causes_and_outages_are_typed_by_the_office(tmp_path: Path) -> None:
    """A cause of `late_causes` stands over that of the letter; an outage without an end lasts."""
    office(tmp_path)
    first, second = (n for n, case in enumerate(CASES, 1) if "Phối hợp" in str(case) or "13/XL" in str(case))
    causes = f"MaHoSo,MaNguyenNhan,DonVi\n{code(second)},Hạ tầng CNTT,Sở Một\n"
    outage = "Từ lúc,Đến lúc,Hệ thống\n03/04/2024 08:00,03/04/2024 09:30,Cổng\n05/04/2024 07:00,,Thuế\n"
    taken_in(tmp_path, nguyen_nhan=causes, su_co=outage)
    warehouse = open_warehouse(tmp_path / "warehouse")
    keys = schema.key_hash(pa.array([code(first), code(second)])).tolist()
    found = typed_causes(warehouse, seconds_of(datetime(2024, 4, 10, 16)))
    assert [found[key] for key in keys] == ["other_agency", "outage"]
    begin = seconds_of(datetime(2024, 4, 3, 8))
    assert outages(warehouse) == ((begin, begin + 5400), (seconds_of(datetime(2024, 4, 5, 7)), NEVER))


def test_a_unit_has_the_letters_of_those_below_it(tmp_path: Path) -> None:
    office(tmp_path)
    out = tmp_path / "thu"
    options = ("letters", "--as-of", AT, "--workspace", tmp_path, "--out", out, "--json")
    assert len(tthc(*options, "--unit", "H98").json["letters"]) > 3
    assert tthc(*options, "--unit", "UBND huyện Hai").json["letters"] == []
