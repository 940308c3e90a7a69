"""What a unit's history says of its open dossiers: by hand, and against what became of those of the sample province."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from tests.command import scored, taken_in, tthc
from tests.statements.at_a_moment import code, csv
from tests.statements.test_overdue import UNITS
from tthc_cli import jobs
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.late.habits import FEWEST, History, used
from tthc_cli.facts.late.standing import WITHIN, standing
from tthc_cli.facts.moment import Moment
from tthc_cli.statements.at_moment import asked_at
from tthc_cli.statements.dossiers.asking import Asked
from tthc_cli.statements.dossiers.history import history_of
from tthc_cli.storage.warehouse import open_warehouse

LATE = 20
"""The first twentieth that is past the limit."""


def outlook(history: History, share: float) -> tuple[float, float]:
    one = np.zeros(1, np.int64)
    on_time, median = history.outlook(one, one, np.array([share]))
    return round(float(on_time[0]), 3), round(float(median[0]), 3)


def test_the_part_of_those_that_had_used_as_much_and_ended_on_time() -> None:
    """600 dossiers of one procedure: 320 ended in the twentieth from 0.25, 150 in that from 0.75, 130 late. A new one
    ends on time as 470 of 600 did; one that has used half as 150 of the 280 left. Half had ended in those by then."""
    history = History.of(np.array([5, 15, LATE]), np.array([320, 150, 130]), 1)
    assert outlook(history, 0.0) == (pytest.approx(0.783, abs=0.002), 0.275)
    assert outlook(history, 0.5) == (pytest.approx(0.536, abs=0.002), 0.775)
    assert outlook(history, 0.9)[0] == pytest.approx(0.0, abs=0.005)


def test_a_short_history_says_nothing() -> None:
    history = History.of(np.array([5]), np.array([FEWEST - 1]), 1)
    assert np.isnan(outlook(history, 0.0)).all()


def _outcomes(asked: Asked) -> dict[str, bool]:
    """Of each dossier, whether it was finished on time in the end."""

    def work(facts: DossierFacts) -> dict[str, bool]:
        kept = facts.finished & facts.within_due & ~facts.ended_waiting
        return dict(zip(facts.chunk.column("MaHoSo").to_pylist(), kept.tolist(), strict=True))

    found: dict[str, bool] = {}
    for part in asked.walk_all(work):
        found |= part
    return found


def test_of_those_given_eighty_in_a_hundred_about_as_many_are_on_time(sample: Path) -> None:
    """Fitted at moments from April to June 2023 on what was due before each; tested on what came after it."""
    office = jobs.open_workspace(str(sample))
    warehouse = open_warehouse(office.warehouse)

    def seen(at: datetime) -> Asked:
        return asked_at(Moment(warehouse, office.settings, at))

    outcome = _outcomes(seen(datetime(2023, 8, 15)))
    given: list[float] = []
    kept: list[bool] = []
    for week in range(0, 11, 2):
        asked = seen(datetime(2023, 4, 11, 10) + timedelta(weeks=week))
        history = history_of(asked)

        def work(facts: DossierFacts, asked: Asked = asked, history: History = history) -> list[tuple[str, float]]:
            rows = np.flatnonzero((standing(facts) == WITHIN) & ~facts.due_unknown)
            chance, _ = history.outlook(asked.unit_of(facts), facts.procedure.astype(np.int64), used(facts).share)
            codes = facts.chunk.column("MaHoSo").take(rows).to_pylist()
            return list(zip(codes, chance[rows].tolist(), strict=True))

        for part in asked.walk_open(work):
            given += [chance for _, chance in part]
            kept += [outcome[dossier] for dossier, _ in part]
    chances, on_time = np.array(given), np.array(kept)
    told = (chances >= 0.75) & (chances < 0.85)
    assert told.sum() > 300
    assert 0.75 <= on_time[told].mean() <= 0.85


def test_habits_of_a_unit_and_procedure(tmp_path: Path) -> None:
    """Ten dossiers of a procedure of 5 working days, received Monday 1 April 8:00 (limit: to Monday 8 April 17:00, 47
    working hours), finished after 1 to 10 working days: by rank, the median took 5, the 90th 9; five kept to 47 hours
    (8 hours a day: the fifth took 40). One is open since 9 April 16:00: 1 + 7 hours, a working day."""
    procedures = "MaTTHC,TenTTHC,ThoiHanGiaiQuyet,DonViThoiHan,CapThucHien\n1.000001,Cấp phép,5,Ngày làm việc,so\n"
    days = [2, 3, 4, 5, 8, 9, 10, 11, 12, 15]
    rows = [
        {"MaHoSo": code(n), "MaTTHC": "1.000001", "DonViXuLy": "H98.01", "NgayTiepNhan": "2024-04-01 08:00",
         "NgayKetThucXuLy": f"2024-04-{day:02d} 08:00", "TrangThaiHoSo": 9}
        for n, day in enumerate(days)
    ]  # fmt: skip
    rows.append({**rows[0], "MaHoSo": code(99), "NgayTiepNhan": "2024-04-15 16:00", "NgayKetThucXuLy": None,
                 "TrangThaiHoSo": 4})  # fmt: skip
    folder = taken_in(tmp_path, units=UNITS, procedures=procedures, hoso=csv(",".join(rows[0]), rows))
    ended = tthc("list", "habits", "--as-of", "2024-04-16T16:00", "--workspace", folder, "--json")
    names = [column["id"] for column in ended.json["columns"]]
    (row,) = (dict(zip(names, row, strict=True)) for row in ended.json["rows"])
    wanted = {
        "unit": "H98.01", "procedure_code": "1.000001", "finished_count": 10, "median": 5.0, "percentile_90": 9.0,
        "statutory": 5.0, "used_median": round(100 * 40 / 47, 1), "on_time_share": 50.0, "backlog": 1,
        "backlog_age": 1.0, "backlog_oldest": 1.0,
    }  # fmt: skip
    assert {name: row[name] for name in wanted} == wanted


def test_what_a_running_quarter_may_become_by_history(tmp_path: Path) -> None:
    """40 dossiers fell due on 15 March: 30 took a fifth of their limit, 10 were late. So of 8 received this morning two
    may be late."""
    old = {"DonViXuLy": "H98.01", "NgayTiepNhan": "2024-03-04 08:00", "NgayHenTra": "2024-03-15 17:00",
           "TrangThaiHoSo": 9}  # fmt: skip
    ends = ["2024-03-06 08:00"] * 30 + ["2024-03-20 08:00"] * 10
    rows = [{"MaHoSo": code(n), **old, "NgayKetThucXuLy": end} for n, end in enumerate(ends)]
    new = old | {"NgayTiepNhan": "2024-04-10 08:00", "NgayHenTra": "2024-04-24 17:00", "TrangThaiHoSo": 4}
    rows += [{"MaHoSo": code(50 + n), **new, "NgayKetThucXuLy": None} for n in range(8)]
    folder = taken_in(tmp_path, units=UNITS, hoso=csv(",".join(rows[0]), rows))
    scored(folder, "2024Q2", "--as-of", "2024-04-10T12:00")
    found = tthc("whatif", "H98.01", "--quarter", "2024Q2", "--workspace", folder, "--json").json["open"]
    assert (found["count"], found["expected_late"]) == (8, 2)
    assert found["late"]["total"] < found["expected"]["total"] < found["on_time"]["total"]
    shown = tthc("whatif", "H98.01", "--quarter", "2024Q2", "--workspace", folder)
    assert "chừng 2 hồ sơ trễ" in shown.out
