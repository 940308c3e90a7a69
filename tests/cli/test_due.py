"""What `tthc status` says is due within ten days: the days of every year, tasks of the plan, reports that units owe."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.command import taken_in, tthc
from tests.statements.test_overdue import UNITS
from tthc_cli import clock
from tthc_cli.jobs.health.due import calendar

TASKS = """Mã nhiệm vụ,Nội dung,Đơn vị chủ trì,Hạn,Chỉ tiêu,Nguồn số liệu,Ngày hoàn thành
A,Đến hạn sau mười ngày,H98.01,25/05/2024,,,
B,Đến hạn sau mười một ngày,H98.01,26/05/2024,,,
C,Đã xong,H98.01,16/05/2024,,,10/05/2024
D,Đã quá hạn,H98.01,14/05/2024,,,
E,Đến hạn hôm nay,H98.01,15/05/2024,,,
F,Đo bằng danh sách,H98.01,01/05/2024,0,overdue,
"""
REPORTS = """Mã đơn vị,Tên báo cáo,Kỳ,Hạn gửi,Ngày gửi
H98.01,Báo cáo tháng,2024-05,20/05/2024,
UBND xã Ba,Báo cáo tháng,2024-05,20/05/2024,15/05/2024
H98.01,Báo cáo tháng,2024-04,20/04/2024,
"""


@pytest.mark.parametrize(
    ("wanted", "days"),
    [
        ("review_plan", ["2024-01-30"]),
        ("report_window", ["2024-03-14", "2024-06-14", "2024-09-14", "2024-12-14"]),
        ("cost_package", ["2024-09-14"]),
    ],
)
def test_days_of_every_year(wanted: str, days: list[str]) -> None:
    """Before 31 January is the 30th at the latest."""
    found = next(one for one in calendar() if one.id == wanted)
    assert [day.isoformat() for day in found.due_days(2024)] == days


def test_every_day_of_the_calendar_has_its_ground() -> None:
    assert all(one.cite and one.vi and one.en and one.evidence in ("found", "local", "memory") for one in calendar())
    assert len({one.id for one in calendar()}) == len(calendar())


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return taken_in(tmp_path_factory.mktemp("due"), units=UNITS, ke_hoach=TASKS, bao_cao=REPORTS)


def due_on(office: Path, monkeypatch: pytest.MonkeyPatch, day: str) -> list[dict[str, Any]]:
    monkeypatch.setattr(clock, "now", lambda: datetime.combine(date.fromisoformat(day), datetime.min.time()))
    found: list[dict[str, Any]] = tthc("status", "--json", "--workspace", office).json["checks"]["due"]
    return found


def test_tasks_and_reports_of_the_next_ten_days_and_how_many_are_overdue(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On 15/5: E is due today, A on the tenth day; the report of H98.01 is not sent. D and the report of April are
    overdue; C was done; F is judged by its list alone."""
    found = due_on(office, monkeypatch, "2024-05-15")
    assert [(one["code"], one["fields"].get("task") or one["fields"].get("report")) for one in found] == [
        ("due_task", "E"), ("due_report", "Báo cáo tháng"), ("due_task", "A"), ("plan_overdue", None),
    ]  # fmt: skip
    assert (found[-1]["fields"]["tasks"], found[-1]["fields"]["reports"]) == (1, 1)


def test_what_is_from_memory_says_so(office: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {one["fields"]["id"]: one for one in due_on(office, monkeypatch, "2024-06-15") if "id" in one["fields"]}
    assert set(found) == {"report_sent"}
    assert "theo trí nhớ" in found["report_sent"]["message"]


def test_an_empty_workspace_is_told_of_the_calendar_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one["code"] for one in due_on(tmp_path, monkeypatch, "2024-05-01")] == ["nothing_due"]
