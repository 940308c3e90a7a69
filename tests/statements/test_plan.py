"""The yearly plan: tests/cases/plan.yaml, targets as people write them, and what stored results and lists measure."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.command import scored, taken_in, tthc
from tests.statements.test_overdue import DOSSIERS, UNITS
from tthc_cli.statements.plan.tasks import Measured, Reading, Source, Task, standing, target_of

CASES = yaml.safe_load((Path(__file__).parents[1] / "cases" / "plan.yaml").read_text("utf-8"))["tasks"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_task_stands_as_worked_by_hand(case: dict[str, Any]) -> None:
    task = Task("NV", "", "", "", "", case.get("due"), case.get("target", ""), Source("x"), "", case.get("done"))
    readings = [Reading(day, Fraction(str(v)), kind, "") for day, v, kind in case.get("measured", ())]
    found = standing(task, readings, case["at"])
    assert (found.state, found.done_on) == (case["state"], case.get("done_on"))


@pytest.mark.parametrize(
    ("text", "kind", "wanted"),
    [
        ("95%", "share", (95, True, False, False)),
        ("95", "share", (95, True, False, False)),
        ("0,95", "share", (Fraction(19, 20), False, False, False)),
        ("phấn đấu đạt tối thiểu 95,5 %", "share", (Fraction(191, 2), True, False, False)),
        ("≤ 10%", "share", (10, True, True, False)),
        ("< 10%", "share", (10, True, True, True)),
        ("100% hồ sơ", "share", (100, True, False, False)),
        ("1.200 hồ sơ", "count", (1200, False, True, False)),
        ("ít nhất 4", "count", (4, False, False, False)),
        ("không quá 5", "count", (5, False, True, False)),
        ("không dưới 95%", "share", (95, True, False, False)),
        ("không thấp hơn 95%", "share", (95, True, False, False)),
        ("not less than 95%", "share", (95, True, False, False)),
        ("không vượt quá 5%", "share", (5, True, True, False)),
        ("5% trở xuống", "share", (5, True, True, False)),
        ("từ 80% trở lên", "share", (80, True, False, False)),
        ("từ 4 trở lên", "count", (4, False, False, False)),
        ("tỷ lệ quá hạn < 5%", "share", (5, True, True, True)),
        ("thấp hơn 2%", "share", (2, True, True, True)),
        ("80-95%", "share", None),
        ("95%", "count", None),
        ("tốt", "share", None),
        ("1,5", "points", (Fraction(3, 2), False, False, False)),
        ("75%", "points", None),
    ],
)
def test_targets_as_people_write_them(text: str, kind: Measured, wanted: tuple[Any, ...] | None) -> None:
    found = target_of(text, kind)
    assert (None if found is None else (found.value, found.percent, found.at_most, found.strict)) == wanted


TASKS = """Mã nhiệm vụ,Nội dung,Đơn vị chủ trì,Hạn,Chỉ tiêu,Nguồn số liệu,Ngày hoàn thành
A,Đúng hạn toàn tỉnh,H98,30/06/2024,100%,2.1,
B,Không còn hồ sơ quá hạn,H98.01,30/06/2024,0,overdue @ H98.01,
C,Tập huấn,Sở A,31/05/2024,,,20/05/2024
D,Đo bằng điều không có,,30/06/2024,5,tồn đọng,
"""
REPORTS = """Mã đơn vị,Tên báo cáo,Kỳ,Hạn gửi,Ngày gửi
H98.01,Báo cáo quý,2024Q1,20/03/2024,20/03/2024
H98.01,Báo cáo quý,2024Q2,20/06/2024,21/06/2024
H98.01,Báo cáo quý,2024Q3,20/09/2024,
H98.20.01,Báo cáo quý,2024Q2,20/06/2024,
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = taken_in(
        tmp_path_factory.mktemp("plan"), units=UNITS, hoso=DOSSIERS, ke_hoach=TASKS, bao_cao=REPORTS,
    )  # fmt: skip
    scored(folder, "2024Q2")
    return folder


def rows(office: Path, name: str, *options: str) -> list[dict[str, Any]]:
    found = tthc("list", name, "--as-of", "2024-07-05", "--workspace", office, "--json", *options)
    assert found.code == 0, found.err
    names = [column["id"] for column in found.json["columns"]]
    return [dict(zip(names, row, strict=True)) for row in found.json["rows"]]


def test_tasks_are_measured_by_scores_and_lists(office: Path) -> None:
    score = tthc("score", "--quarter", "2024Q2", "--workspace", office, "--json").json
    on_time = next(c["ratio"] for c in score["components"] if (c["unit"], c["id"]) == ("H98", "2.1"))
    late = rows(office, "overdue", "--unit", "H98.01")
    found = {row["task"]: row for row in rows(office, "plan")}
    assert found["A"]["measured"] == pytest.approx(on_time * 100, abs=0.005)
    assert (found["A"]["measured_by"], found["A"]["plan_state"]) == ("2024Q2", "overdue")
    assert (found["B"]["measured"], found["B"]["plan_state"]) == (len(late), "overdue")
    assert (found["C"]["plan_state"], found["D"]["plan_state"]) == ("done_in_time", "overdue")


def test_a_source_that_is_none_is_told(office: Path) -> None:
    found = tthc("list", "plan", "--as-of", "2024-07-05", "--workspace", office, "--json").json
    assert any(note.endswith(": D.") for note in found["notes"])


def test_reports_on_time_by_unit(office: Path) -> None:
    """On 5/7: of H98.01 one in time, one a day late, one not due; H98.20.01 has not sent its only one, 15 days late."""
    found = {row["unit"]: row for row in rows(office, "reports-on-time")}
    counts = ("reports", "came_due", "sent_in_time", "sent_late", "not_sent", "in_time_share")
    assert [found["H98.01"][name] for name in counts] == [3, 2, 1, 1, 0, 50]
    assert [found["H98.20.01"][name] for name in counts] == [1, 1, 0, 0, 1, 0]
    assert [row["late_days"] for row in rows(office, "reports-due")] == [0, 1, 0, 15]


def test_a_unit_is_asked_for_alone(office: Path) -> None:
    assert [row["task"] for row in rows(office, "plan", "--unit", "H98.01")] == ["B"]


def test_an_empty_plan_says_which_table_is_missing(tmp_path: Path) -> None:
    folder = taken_in(tmp_path, units=UNITS)
    ended = tthc("list", "plan", "--workspace", folder)
    assert (ended.code, "plan_tasks" in ended.out) == (0, True)
