"""What falls due within ten days: the days of every year (calendar.toml), tasks of the plan, reports that units owe."""

from __future__ import annotations

import tomllib
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from tthc_cli.jobs.control.plan import MEASURING, planned
from tthc_cli.jobs.health.model import Answers, Finding, InTwo, Situation, note, ok
from tthc_cli.statements.plan.tasks import Task, report_state

AHEAD = timedelta(days=10)
"""From so long before the day on which something is due."""
_WORDS = 90
"""Letters of a task that are told."""
_CALENDAR = Path(__file__).with_name("calendar.toml")


@dataclass(frozen=True, slots=True)
class Yearly:
    """One day of every year."""

    id: str
    months: tuple[int, ...]
    day: int
    """31 = the last of the month."""
    valid_from: date
    vi: str
    en: str
    cite: str
    evidence: str
    before: bool = False
    """Due before that day, so on the one before it at the latest."""

    def due_days(self, year: int) -> Iterator[date]:
        """The last days for it in a year."""
        for month in self.months:
            day = date(year, month, min(self.day, monthrange(year, month)[1]))
            yield day - timedelta(days=int(self.before))


@cache
def calendar() -> tuple[Yearly, ...]:
    """The days of every year, in the order of the file."""
    raw: dict[str, Any] = tomllib.loads(_CALENDAR.read_text("utf-8"))
    return tuple(Yearly(**{**one, "months": tuple(one["months"])}) for one in raw["due"])


def due(situation: Situation) -> Answers:
    """What falls due from today on, soonest first; then how much is overdue."""
    today = situation.now.date()
    found = [*_of_calendar(today), *_of_plan(situation)]
    if not found:
        yield ok("nothing_due", days=AHEAD.days)
    for _, finding in sorted(found, key=lambda one: one[0]):
        yield finding


def _of_calendar(today: date) -> Iterator[tuple[date, Finding]]:
    for one in calendar():
        for day in (*one.due_days(today.year), *one.due_days(today.year + 1)):
            if today <= day <= today + AHEAD and day >= one.valid_from:
                what = InTwo(one.vi, one.en)
                yield day, note(f"due_{one.evidence}", day=day, what=what, cite=one.cite, id=one.id)


def _of_plan(situation: Situation) -> Iterator[tuple[date, Finding]]:
    """Tasks and reports; a task that a list measures is told of while its day is near, and judged by `tthc list plan`:
    measuring it goes through all dossiers."""
    warehouse, today = situation.warehouse, situation.now.date()
    if warehouse is None or not (warehouse.has("plan_tasks") or warehouse.has("reports_due")):
        return

    def near(task: Task) -> bool:
        return task.due is not None and task.due <= today + AHEAD and task.source.name not in MEASURING

    asked = planned(situation.workspace, situation.now, near)
    overdue = {"tasks": 0, "reports": 0}
    for task in asked.tasks:
        state = asked.standing(task).state
        if state == "overdue" and task.source.name not in MEASURING:
            overdue["tasks"] += 1
        elif state == "not_due" and task.due is not None and task.due <= today + AHEAD:
            unit = asked.unit(task.lead)[1]
            yield task.due, note("due_task", day=task.due, task=task.id, what=_short(task.content), unit=unit)
    for one in asked.reports:
        state = report_state(one, today)
        overdue["reports"] += state == "overdue"
        if state == "not_due" and one.due <= today + AHEAD:
            name = asked.unit(one.unit)[1]
            yield one.due, note("due_report", day=one.due, report=_short(one.name), period=one.period, unit=name)
    if any(overdue.values()):
        yield date.max, note("plan_overdue", **overdue)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _WORDS else f"{words[:_WORDS].rstrip()}…"
