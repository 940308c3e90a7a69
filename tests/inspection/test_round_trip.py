"""Draw, fill in by a program, take in, conclude: every number worked by hand."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from tests.command import tthc
from tests.inspection.filling import ID, ORDER, REPORT, SECRET, drawn, filled, report, table, team, workspace
from tthc_cli.storage.warehouse import open_warehouse

RATES = ((6.7, 73.3), (5.0, 75.0), (0.0, 90.0), (9.0, 52.8))
"""Of 30, 20 and 10: 2 to 22, 1 to 15, 0 to 9 dossiers (scipy); and all together (statsmodels)."""


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = workspace(tmp_path_factory.mktemp("trip"))
    book = Path(drawn(folder)["workbook"])
    filled(book, team)
    ended = tthc("ingest", book, "--workspace", folder)
    assert ended.code == 0, ended.err + ended.out
    assert "Đọc trước: trang hướng dẫn điền sổ" in ended.out + ended.err
    return folder


@pytest.fixture(scope="module")
def made(place: Path) -> dict[str, Any]:
    return report(place, "--format", "docx", "--format", "xlsx")


def test_the_draw_tells_its_frame_and_strata(place: Path) -> None:
    """63 dossiers; 60 in three fields, which is over four fifths; 12 shared out as 30 : 20 : 10."""
    found = drawn(place, "--out", str(place / "again"))
    assert (found["id"], found["frame_size"], found["outside"], found["outside_fields"]) == (ID, 63, 3, 1)
    strata = [(one["field"], one["frame"], one["drawn"]) for one in found["strata"]]
    assert strata == [("Xây dựng", 30, 6), ("Hộ tịch", 20, 4), ("Đất đai", 10, 2)]
    assert found["again"]


def test_a_draw_of_no_named_moment_is_drawn_again_as_of_its_own(tmp_path: Path) -> None:
    """On another day the same command gives the same draw and the same bytes."""
    folder = workspace(tmp_path)
    asked = (*ORDER[:-2], "--workspace", folder, "--json")
    first = tthc("inspection", "draw", *asked)
    assert first.code == 0, first.err
    stored = next((folder / "inspections").glob("*.json"))
    kept = stored.read_text("utf-8").replace(first.json["as_of"], "2026-01-05T08:00:00")
    stored.write_text(kept, encoding="utf-8")
    again = tthc("inspection", "draw", *asked, "--out", str(tmp_path / "x"))
    assert (again.code, again.json["as_of"], again.json["again"]) == (0, "2026-01-05T08:00:00", True)
    once_more = tthc("inspection", "draw", *asked, "--out", str(tmp_path / "x"))
    assert once_more.code == 0, once_more.err


def test_the_order_of_rows_changes_nothing(place: Path, tmp_path: Path) -> None:
    other = workspace(tmp_path, backwards=True)
    one, two = (drawn(folder, "--out", str(tmp_path / "x"), "--force") for folder in (place, other))
    assert [t["dossier"] for t in one["random"]] == [t["dossier"] for t in two["random"]]
    assert one["frame_hash"] == two["frame_hash"]


def test_rates_are_of_the_random_sample_alone(made: dict[str, Any]) -> None:
    """Intervals: scipy 1.17.1; together (30/60)(2/6) + (20/60)(1/4) = 0.25, with 12.4138 dossiers,
    Wilson 9.0 to 52.8 per cent (statsmodels)."""
    rates = [
        (r["field"], r["in_frame"], r["drawn"], r["examined"], r["faulty"], r["share"], r["low"], r["high"])
        for r in table(made, "rates")
    ]  # fmt: skip
    assert rates == [
        ("Xây dựng", 30, 6, 6, 2, 33.3, *RATES[0]), ("Hộ tịch", 20, 4, 4, 1, 25.0, *RATES[1]),
        ("Đất đai", 10, 2, 1, 0, 0.0, *RATES[2]), ("Chung, có trọng số", 60, 12, 11, 3, 25.0, *RATES[3]),
    ]  # fmt: skip
    assert made["rate"] == {"share": 25.0, "low": RATES[3][0], "high": RATES[3][1], "method": "wilson"}


def test_a_dossier_that_nobody_marked_is_not_faultless(made: dict[str, Any]) -> None:
    assert made["counts"] == {
        "random": 12, "random_examined": 11, "random_faulty": 3, "chosen": 1, "chosen_examined": 1, "chosen_faulty": 1,
        "findings": 4, "carried": 1, "overdue": 1,
    }  # fmt: skip
    assert any("1 trong 12" in one for one in made["notes"])


def test_against_what_the_data_said(made: dict[str, Any]) -> None:
    """(answered, not met; chosen not met; told, confirmed, overturned, beyond)"""
    found = {
        r["check"]: (
            r["answered"],
            r["faulty"],
            r["chosen_faulty"],
            r["told"],
            r["confirmed"],
            r["overturned"],
            r["beyond"],
        )
        for r in table(made, "checks")
    }
    assert found["D1"] == (11, 1, 0, 4, 1, 3, 0)
    assert found["D12"] == (2, 2, 0, 0, 0, 0, 2)
    assert found["D14"] == (0, 0, 1, 1, 1, 0, 0)
    assert found["D6"] == (0, 0, 0, 0, 0, 0, 0)


def test_by_field_the_chosen_stand_apart(made: dict[str, Any]) -> None:
    """(examined, faulty, chosen examined, chosen faulty, faults)"""
    found = {r["part"]: tuple(list(r.values())[1:]) for r in table(made, "fields")}
    assert found == {
        "Xây dựng": (6, 2, 0, 0, 2), "Hộ tịch": (4, 1, 0, 0, 2), "Đất đai": (1, 0, 0, 0, 0),
        "Văn hóa": (0, 0, 1, 1, 1),
    }  # fmt: skip


def test_findings_that_stand_with_their_deadlines(made: dict[str, Any]) -> None:
    found = [(r["check"], r["way"], r["severity"], r["asked"], r["fix_by"][:10]) for r in table(made, "findings")]
    usual = "2024-05-27"  # 15 working days after Monday 6 May: 4, 5 and 5 in three weeks, then the Monday
    assert sorted(found, key=str) == sorted(
        [
            ("D12", "random", "3", "Trả lại giấy tờ", "2024-05-31"), ("D1", "random", None, None, usual),
            ("D2", "random", None, None, usual), ("D14", "chosen", None, None, usual),
        ], key=str,
    )  # fmt: skip


def test_open_findings_are_carried_forward(made: dict[str, Any]) -> None:
    """Due on 1 March; 30 days of March, 30 of April and 20 of May later."""
    assert [(r["finding"], r["days_past"]) for r in table(made, "carried")] == [("CU-1", 80)]


def test_what_has_no_row_in_the_sheet_of_findings_is_told(made: dict[str, Any]) -> None:
    assert any(one.startswith("1 ô không đạt không có dòng") for one in made["notes"])


def test_the_check_of_the_unit(made: dict[str, Any]) -> None:
    found = {r["check"]: r["result"] for r in table(made, "unit")}
    assert found == {"U1": None, "U2": None, "U3": None, "U4": "not_met", "U5": None, "U6": None, "U7": None}


def test_draw_and_stratum_travel_with_a_finding(place: Path) -> None:
    rows = open_warehouse(place / "warehouse").read("findings").to_pylist()
    found = {(r["MaDotKiemTra"], r["TangMau"], r["CachChon"]) for r in rows if r["MaKiemTra"] == "D1"}
    assert found == {(ID, "Hộ tịch", 1)}


def test_nobody_is_named(place: Path, made: dict[str, Any]) -> None:
    for path in (*made["files"], place / "reports" / f"{ID}.xlsx", place / "inspections" / f"{ID}.json"):
        assert SECRET.encode() not in _whole(Path(path)).replace(_typed(Path(path)), b""), path


def _whole(path: Path) -> bytes:
    if path.suffix == ".json":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        return b"".join(archive.read(name) for name in archive.namelist())


def _typed(path: Path) -> bytes:
    """What the team itself typed in."""
    return SECRET.encode() if path.name == f"{ID}.xlsx" else b"-"


def test_the_same_conclusion_is_the_same_bytes(place: Path, made: dict[str, Any], tmp_path: Path) -> None:
    again = report(place, "--format", "docx", "--format", "xlsx", "--out", str(tmp_path))
    assert [Path(p).read_bytes() for p in again["files"]] == [Path(p).read_bytes() for p in made["files"]]


def test_a_workbook_that_was_filled_in_is_not_written_over(place: Path) -> None:
    before = (place / "reports" / f"{ID}.xlsx").read_bytes()
    ended = tthc("inspection", "draw", *ORDER, "--workspace", place)
    assert (ended.code, (place / "reports" / f"{ID}.xlsx").read_bytes() == before) == (3, True)
    assert "--force" in ended.err


def test_lists_to_choose_from_and_pages(place: Path, tmp_path: Path) -> None:
    book = load_workbook(io.BytesIO(Path(drawn(place, "--out", str(tmp_path))["workbook"]).read_bytes()))
    sample = book["Mẫu ngẫu nhiên"]
    choices = {one.formula1 for one in sample.data_validations.dataValidation}
    assert choices == {'"Đạt,Không đạt,Không áp dụng"', '"Có,Không"'}
    assert (sample.page_setup.orientation, sample.page_setup.paperSize, len(sample.col_breaks)) == ("landscape", 9, 1)


def test_an_english_workbook_is_taken_in_alike(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    ended = tthc("--lang", "en", "inspection", "draw", *ORDER, "--workspace", folder, "--json")
    taken = tthc("ingest", ended.json["workbook"], "--workspace", folder)
    assert taken.code == 0, taken.out
    store = open_warehouse(folder / "warehouse")
    rows = [store.read(name).num_rows for name in ("inspected", "inspected_units", "findings")]
    assert rows == [13, 7, 9 + 3]
    lines = [r for r in store.read("inspected").to_pylist() if r["TangMau"] == "Hộ tịch"]
    assert {(r["CachChon"], r["D1"], r["D2"], r["D4"], r["DaKiemTra"]) for r in lines} == {(1, 2, 2, 3, 0)}
    assert {r["TrangThai"] for r in store.read("findings").to_pylist() if r["MaDotKiemTra"]} == {5}


def test_what_nobody_confirmed_is_no_finding(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    taken = tthc("ingest", drawn(folder)["workbook"], "--workspace", folder)
    assert taken.code == 0
    made = report(folder)
    assert made["counts"]["findings"] == made["counts"]["random_examined"] == 0
    assert made["rate"]["share"] is None


def test_new_data_do_not_change_a_sample_in_silence(tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    drawn(folder)
    more = "MaHoSo,MaTTHC,DonViXuLy,NgayTiepNhan,TrangThaiHoSo\nH98.01-240402-0099,1.000001,H98.01,02/04/2024 08:00,2\n"
    (folder / "moi.csv").write_text(more, encoding="utf-8")
    assert tthc("ingest", folder / "moi.csv", "--workspace", folder).code == 0
    ended = tthc("inspection", "draw", *ORDER, "--workspace", folder)
    assert (ended.code, "63" in ended.err, "64" in ended.err) == (3, True, True)
    assert drawn(folder, "--force")["frame_size"] == 64


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--size", "5"), "sample_too_small"), (("--seed", "a b"), "bad_seed"), (("--unit", "H77"), "unknown_unit"),
        (("--size", "-3"), "bad_sample"), (("--quarter", "2022Q1"), "empty_frame"),
        (("--unit", "H98.20"), "empty_frame"), (("--quarter", "2025Q1"), "inspection_not_begun"),
    ],
)  # fmt: skip
def test_wrong_orders_are_told(more: tuple[str, ...], code: str, place: Path) -> None:
    ended = tthc("inspection", "draw", *ORDER, *more, "--workspace", place, "--json")
    assert (ended.json["error"]["code"], ended.code in (2, 3)) == (code, True)


def test_of_several_draws_the_one_that_was_filled_in_is_meant(place: Path, tmp_path: Path) -> None:
    more = ("--seed", "8", "--out", str(tmp_path))
    other = drawn(place, *more)
    assert report(place)["inspection"] == ID
    taken = tthc("ingest", other["workbook"], "--workspace", place)
    assert taken.code == 0
    ended = tthc("inspection", "report", *REPORT, "--workspace", place, "--json")
    assert ended.json["error"]["code"] == "several_draws"
    assert report(place, "--draw", other["id"])["inspection"] == other["id"]


def test_a_report_needs_a_draw_and_what_was_filled_in(place: Path, tmp_path: Path) -> None:
    folder = workspace(tmp_path)
    before = tthc("inspection", "report", *REPORT, "--workspace", folder, "--json")
    drawn(folder)
    after = tthc("inspection", "report", *REPORT, "--workspace", folder, "--json")
    assert [one.json["error"]["code"] for one in (before, after)] == ["no_draw", "not_filled_in"]
