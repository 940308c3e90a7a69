"""Lists of the yearly plan: how each task stands, how each report that is owed stands, and reports on time by unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.results.listing import Cell, Column, Listing
from tthc_cli.results.notes import note
from tthc_cli.results.rounding import half_up
from tthc_cli.statements.plan.tasks import (
    REPORT_STATES,
    STATES,
    Reading,
    Report,
    Standing,
    State,
    Task,
    report_state,
    standing,
    target_of,
)
from tthc_cli.units.names import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tthc_cli.units.tree import UnitsOnDay

_STATE = Column("plan_state", "word", "lists.plan_state", share=3)
TASKS = (
    Column("task"), Column("content", share=6), Column("unit"), Column("lead", on_screen=False),
    Column("helpers", on_screen=False), Column("product", on_screen=False), Column("due", "moment"),
    Column("target", share=2),
    Column("measured_by_source", on_screen=False), Column("measured", "number"), Column("measured_by", on_screen=False),
    Column("measured_on", "moment", on_screen=False), Column("result", on_screen=False),
    Column("done_on", "moment", on_screen=False), _STATE,
)  # fmt: skip
REPORTS = (
    Column("unit"), Column("unit_name", share=3), Column("report", share=4), Column("period"), Column("due", "moment"),
    Column("sent_on", "moment"), Column("late_days", "count"), _STATE,
)  # fmt: skip
BY_UNIT = (
    Column("unit"), Column("unit_name", share=3), Column("reports", "count"), Column("came_due", "count"),
    Column("sent_in_time", "count"), Column("sent_late", "count"), Column("not_sent", "count"),
    Column("in_time_share", "number"),
)  # fmt: skip


@dataclass(frozen=True)
class Planned:
    """The plan as it is asked for."""

    at: datetime
    units: UnitsOnDay | None
    """Those of the day; None where there is no unit table."""
    tasks: Sequence[Task]
    reports: Sequence[Report]
    readings: Mapping[str, Sequence[Reading] | None]
    """Of each task that names a source: what was measured in order of day; None where the source is none."""

    @property
    def day(self) -> date:
        return self.at.date()

    def standing(self, task: Task) -> Standing:
        return standing(task, self.readings.get(task.id), self.day)

    def unit(self, text: str) -> tuple[str, str]:
        """Id and name of the unit that a text names; the text itself where it names none."""
        place = resolve(self.units, [text]).indices[0] if self.units is not None and text else -1
        return (
            (text, text)
            if self.units is None or place < 0
            else (self.units.units[place].code, self.units.units[place].name)
        )


def plan(asked: Planned) -> Listing:
    """What is overdue first, then by due day."""
    stands = [(task, asked.standing(task)) for task in asked.tasks]
    stands.sort(key=lambda one: (STATES.index(one[1].state), one[0].due or date.max, one[0].id))
    rows = tuple(_task_row(task, found, asked) for task, found in stands)
    return Listing(
        "plan", asked.at.isoformat(), TASKS, rows, totals=_states((found.state for _, found in stands), STATES),
        notes=_plan_notes(asked),
    )  # fmt: skip


def _task_row(task: Task, found: Standing, asked: Planned) -> tuple[Cell, ...]:
    unit, name = asked.unit(task.lead)
    reading = found.reading
    source = task.source.name + (f" @ {task.source.unit}" if task.source.unit else "")
    return (
        task.id, task.content, unit or None, name or None, task.helpers or None, task.product or None,
        _moment(task.due), task.target or None, source or None, None if reading is None else _shown(reading),
        None if reading is None else reading.told_by, _moment(reading.day if reading else None), task.result or None,
        _moment(found.done_on), found.state,
    )  # fmt: skip


def _shown(reading: Reading) -> float:
    """A measure: of a share the percentage to two places, else the number."""
    return float(half_up(reading.value * 100 if reading.kind == "share" else reading.value, 2))


def _moment(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time())


def _states(states: Iterable[State], told: Sequence[State]) -> dict[str, int]:
    counted = Counter(states)
    return {"entries": sum(counted.values()), **{f"plan_state.{state}": counted[state] for state in told}}


def _plan_notes(asked: Planned) -> tuple[str, ...]:
    """Which tasks name a source that cannot be measured, has not been yet, or a target that is no number."""
    measured = [task for task in asked.tasks if task.id in asked.readings]
    told = {
        "plan_unknown_source": [t for t in measured if asked.readings.get(t.id) is None],
        "plan_nothing_measured": [t for t in measured if asked.readings.get(t.id) == ()],
        "plan_no_target": [
            t for t in measured if (r := asked.readings.get(t.id)) and target_of(t.target, r[0].kind) is None
        ],
    }
    found = [note(key, tasks=", ".join(t.id for t in tasks)) for key, tasks in told.items() if tasks]
    return (*found, *(() if asked.tasks else (note("no_plan_table"),)))


def reports(asked: Planned) -> Listing:
    """By unit in the order of the unit table, then by due day."""
    found = sorted(asked.reports, key=lambda one: (asked.unit(one.unit)[0], one.due, one.name, one.period))
    rows = tuple(_report_row(one, asked) for one in found)
    return Listing(
        "reports-due", asked.at.isoformat(), REPORTS, rows,
        totals=_states((report_state(one, asked.day) for one in found), REPORT_STATES), notes=_report_notes(asked),
    )  # fmt: skip


def _report_row(one: Report, asked: Planned) -> tuple[Cell, ...]:
    state = report_state(one, asked.day)
    sent = one.sent_on if state.startswith("done") else None
    late = max(0, ((sent or asked.day) - one.due).days)
    return (*asked.unit(one.unit), one.name, one.period, _moment(one.due), _moment(sent), late, state)


def reports_by_unit(asked: Planned) -> Listing:
    """Of the reports whose due day is over or that were sent: how many in time. The least punctual first."""
    counted: dict[tuple[str, str], Counter[str]] = {}
    for one in asked.reports:
        counted.setdefault(asked.unit(one.unit), Counter())[report_state(one, asked.day)] += 1
    lines = sorted(counted.items(), key=lambda line: (_or_last(in_time_share(line[1])), line[0]))
    rows = tuple(_unit_row(unit, by_state) for unit, by_state in lines)
    totals = {name: sum(int(str(row[at])) for row in rows) for at, name in enumerate(_COUNTS, 2)}
    return Listing("reports-on-time", asked.at.isoformat(), BY_UNIT, rows, totals=totals, notes=_report_notes(asked))


_COUNTS = ("reports", "came_due", "sent_in_time", "sent_late", "not_sent")


def _unit_row(unit: tuple[str, str], by_state: Counter[str]) -> tuple[Cell, ...]:
    share = in_time_share(by_state)
    done, late, missing = (by_state[state] for state in ("done_in_time", "done_late", "overdue"))
    percent = None if share is None else float(half_up(share * 100, 2))
    return (*unit, sum(by_state.values()), done + late + missing, done, late, missing, percent)


def _or_last(share: Fraction | None) -> Fraction:
    return Fraction(2) if share is None else share


def in_time_share(by_state: Counter[str]) -> Fraction | None:
    """Sent in time, of those that came due or were sent; None where none was."""
    due = by_state["done_in_time"] + by_state["done_late"] + by_state["overdue"]
    return Fraction(by_state["done_in_time"], due) if due else None


def _report_notes(asked: Planned) -> tuple[str, ...]:
    return () if asked.reports else (note("no_reports_table"),)
