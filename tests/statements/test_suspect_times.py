"""Finish times to be checked, worked by hand: what is counted, what chance would make, and how unlikely it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.command import taken_in
from tests.indicators.dossiers import context, dossier_table, seconds
from tests.statements.at_a_moment import code, csv, listed, log_rows
from tests.statements.test_overdue import UNITS
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.late.chance import MOST, one_in, tail
from tthc_cli.facts.late.finish_tests import finishes, resolution
from tthc_cli.facts.late.step_log import StepRows

LOG = "MaHoSo,ThoiDiemXuLy,TrangThai,PhongBanXuLy,NgayBatDau,NgayKetThucTheoQuyDinh"


def test_the_tail_of_a_poisson_distribution() -> None:
    """1 - 2/e; 1 - e^-2 (1 + 2 + 2); 0.0833^6/720 e^-0.0833 (1 + 0.0833/7 + ...)."""
    assert tail(1.0, 2) == pytest.approx(0.2642411)
    assert tail(2.0, 3) == pytest.approx(0.3233236)
    assert tail(1 / 12, 6) == pytest.approx(4.331e-10, rel=1e-3)
    assert (tail(5.0, 0), tail(0.0, 1)) == (1.0, 0.0)
    assert tail(1000.0, 1000) == pytest.approx(0.50421, abs=1e-5)  # 1 - 0.50841 + 0.01262


def test_a_chance_is_said_as_one_in_so_many() -> None:
    assert (one_in(0.25), one_in(0.0), one_in(1e-30)) == (4, MOST, MOST)


def test_times_are_as_fine_as_nearly_all_of_them() -> None:
    minutes = np.arange(1, 101) * 60 * 7
    assert resolution(minutes) == 60
    assert resolution(np.append(minutes, 12345)) == 60  # một giây lẻ trong 101 / one odd second
    assert resolution(np.arange(1, 50) * 600 * 7) == 600


def _rows() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Of H98.01: 24 finished on their due day at different minutes, 6 of them at the minute they were due.

    Of H98.20.01: 8 finished in one minute of the 9th. Of H98.20: 30 finished in March, days after receipt; 4 in April
    within four minutes. Of H98: one for every other test."""
    rows: list[dict[str, Any]] = []
    for n in range(24):
        due = f"2024-04-{1 + n % 5:02d} {8 + n // 5:02d}:{10 + n}"
        done = due if n < 6 else due.replace(f":{10 + n}", f":{10 + n - 7 * (1 + n % 2)}")
        rows.append({"MaHoSo": code(n), "DonViXuLy": "H98.01", "NgayHenTra": due, "NgayKetThucXuLy": done})
    rows += [
        {"MaHoSo": code(n, "H98.20.01"), "DonViXuLy": "H98.20.01", "NgayHenTra": f"2024-04-{20 + n} 16:00",
         "NgayKetThucXuLy": "2024-04-09 10:31"}
        for n in range(8)
    ]  # fmt: skip
    rows += [
        {"MaHoSo": code(n, "H98.20"), "DonViXuLy": "H98.20", "NgayHenTra": "2024-04-29 16:00",
         "NgayKetThucXuLy": f"2024-03-{26 + n % 4} {8 + n // 10}:{10 + n}"}
        for n in range(30)
    ]  # fmt: skip
    rows += [
        {"MaHoSo": code(30 + n, "H98.20"), "DonViXuLy": "H98.20", "NgayHenTra": "2024-04-29 16:00",
         "NgayTiepNhan": f"2024-04-0{2 + n} 09:10", "NgayKetThucXuLy": f"2024-04-0{2 + n} 09:14"}
        for n in range(4)
    ]  # fmt: skip
    other = {"DonViXuLy": "H98", "NgayHenTra": "2024-04-30 16:00", "NgayKetThucXuLy": "2024-04-04 09:13"}
    rows += [
        other | {"MaHoSo": code(0, "H98"), "NgayHenTra": "2024-05-10 16:00", "NgayHenTraTruoc": "2024-04-20 16:00"},
        other | {"MaHoSo": code(1, "H98")},
        other | {"MaHoSo": code(2, "H98"), "NgayTiepNhan": "2024-04-04 09:10"},
        other | {"MaHoSo": code(3, "H98")},
    ]
    log = log_rows(code(1, "H98"), [["2024-04-05 10:00", 4, "Phòng A", None, None]])
    log += log_rows(code(3, "H98"), [["2024-04-05 10:00", 10, "Một cửa", None, None]])  # trả kết quả là bình thường
    return [{"NgayTiepNhan": "2024-03-25 08:01", "TrangThaiHoSo": 9} | row for row in rows], log


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows, log = _rows()
    head = ",".join(dict.fromkeys([*rows[0], *rows[-4]]))
    folder = tmp_path_factory.mktemp("office")
    return taken_in(folder, units=UNITS, hoso=csv(head, rows), tien_trinh=csv(LOG, log))


def test_counts_by_unit_and_month_with_what_chance_would_make(workspace: Path) -> None:
    """24 on their due day, kept to the minute: 24 × 60 / 28,800 = 0.05 expected. Six or more: 0.05^6 / 720 × e^-0.05 ×
    (1 + 0.05 / 7 + ...) = 2.079e-11."""
    rows = {(row["unit"], row["test"]): row for row in listed(workspace, "suspect-times")}
    due = rows["H98.01", "is_due"]
    assert (due["month"], due["dossiers"], due["compared"], due["expected_count"]) == ("2024-04", 6, 24, 0.05)
    assert due["one_in"] == pytest.approx(1 / 2.079e-11, rel=0.01)
    assert due["verdict"] == "check"
    bulk = rows["H98.20.01", "bulk"]
    assert (bulk["dossiers"], bulk["compared"], bulk["expected_count"], bulk["verdict"]) == (8, 8, 0.0, "check")
    assert set(rows) == {
        ("H98.01", "is_due"), ("H98.20.01", "bulk"), ("H98.20", "at_once"), ("H98", "due_moved"), ("H98", "log_after"),
        ("H98", "at_once"),
    }  # fmt: skip
    assert rows["H98", "log_after"]["dossiers"] == 1
    assert rows["H98", "at_once"]["verdict"] == "chance"  # một hồ sơ thì chưa nói lên điều gì / one tells nothing


def test_finished_at_once_is_held_against_the_units_own_habit(workspace: Path) -> None:
    """None of 30 in March, so half of one in 31: of 4 in April 0.0645 expected. All four: 0.0645^4 / 24 × e^-0.0645 ×
    (1 + 0.0645 / 5 + ...) = 6.85e-7."""
    (row,) = (r for r in listed(workspace, "suspect-times") if (r["unit"], r["test"]) == ("H98.20", "at_once"))
    assert (row["dossiers"], row["compared"], row["expected_count"], row["verdict"]) == (4, 4, 0.06, "check")
    assert row["one_in"] == pytest.approx(1 / 6.85e-7, rel=0.01)


def test_what_chance_does_not_make() -> None:
    """Finished before receipt; finished after its export was written; a log that names the setting back; a due date
    moved, which a letter explains."""
    base = {"NgayTiepNhan": "2024-04-02 08:00", "NgayHenTra": "2024-04-20 16:00", "TrangThaiHoSo": 9}
    rows = [
        base | {"NgayKetThucXuLy": "2024-04-02 07:59"}, base | {"NgayKetThucXuLy": "2024-04-05 09:00"},
        base | {"NgayKetThucXuLy": "2024-04-04 09:00"},
        base | {"NgayKetThucXuLy": "2024-04-04 09:00", "NgayHenTraTruoc": "2024-04-10 16:00"},
        base | {"NgayKetThucXuLy": "2024-04-04 09:00", "NgayHenTraTruoc": "2024-04-10 16:00"},
    ]  # fmt: skip
    facts = DossierFacts(dossier_table(rows), context("2000-01-01", "2024-05-01"))
    one, small = np.array([2]), np.array([0], np.int32)
    at = np.array([seconds("2024-04-03 09:00")])
    reset = StepRows(one, at, at, at, np.array([4]), small, small, actions=("Đặt lại hồ sơ quá hạn",))
    lettered = np.array([False, False, False, False, True])
    found = finishes(facts, reset, lettered, {"s1": seconds("2024-04-05 08:59")})
    assert found.before_receipt.tolist() == [True, False, False, False, False]
    assert found.in_future.tolist() == [False, True, False, False, False]
    assert found.reset.tolist() == [False, False, True, False, False]
    assert found.due_moved.tolist() == [False, False, False, True, False]


def test_the_dossiers_behind_the_counts_are_listed(workspace: Path) -> None:
    found = {(row["dossier"], row["test"]) for row in listed(workspace, "suspect-dossiers")}
    assert {d for d, test in found if test == "is_due"} == {code(n) for n in range(6)}
    assert {d for d, test in found if test == "bulk"} == {code(n, "H98.20.01") for n in range(8)}
    assert {(code(0, "H98"), "due_moved"), (code(1, "H98"), "log_after"), (code(2, "H98"), "at_once")} <= found
    assert {(code(30 + n, "H98.20"), "at_once") for n in range(4)} <= found
    assert len(found) == 21


def test_nothing_is_found_in_the_sample_province(sample: Path) -> None:
    """Its finish times are invented without any of this."""
    from tests.command import tthc

    found = tthc("list", "suspect-times", "--as-of", "2023-06-30", "--workspace", sample, "--json").json
    assert found["totals"]["verdict.check"] == 0
