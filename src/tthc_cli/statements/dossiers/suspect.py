"""Finish times to be checked, by unit and month: how many, how many chance would make, and how unlikely that is.

- due: finished at the second it was due. Chance: finishes spread evenly over the working seconds of the due day, as
  fine as the unit's times are kept.
- bulk: finished together in one minute (or in the step to which the unit's times are kept), more than chance makes.
- at once: received and finished within five minutes, against what the unit does in its other months.
- All others have no chance: one is enough to look.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.facts.codes import DAY
from tthc_cli.facts.columns import NAT
from tthc_cli.facts.late.chance import one_in, tail
from tthc_cli.facts.late.finish_tests import Finishes, at_once, finishes, own_finish, resolution
from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.dossiers.found import PLACE, UNIT, dossier_cells, listing, part_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

    Ints = npt.NDArray[np.int64]

COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("month"),
    Column("test", "word", "lists.test", share=3), Column("dossiers", "count"),
    Column("compared", "count", on_screen=False), Column("expected_count", "number"), Column("one_in", "count"),
    Column("verdict", "word", "lists.verdict", share=1),
)  # fmt: skip
DOSSIERS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("dossier"), Column("procedure", on_screen=False),
    Column("test", "word", "lists.test", share=1), Column("received", "moment", on_screen=False),
    Column("due", "moment"), Column("finished", "moment"), *PLACE,
)  # fmt: skip
_FLAGS = ("log_after", "before_receipt", "in_future", "due_moved", "reset")
"""Tests that chance does not make."""
TESTS = ("is_due", "bulk", *_FLAGS, "at_once")
MONTHS = 3
_HABIT_MONTHS = 12
_FEWEST, _UNLIKELY = 3, 0.001
_BULK, _BULK_UNLIKELY = 5, 1e-4


@dataclass(frozen=True)
class _Seen:
    """Finished dossiers; every array has shape (m,)."""

    unit: Ints
    finish: Ints
    flags: dict[str, npt.NDArray[np.bool_]]


def suspect_times(asked: Asked) -> Listing:
    """One row a unit, month and test that some dossier meets."""
    seen, before = _collected(asked), _before(asked)
    lines: list[tuple[Any, ...]] = []
    for unit in np.unique(seen.unit).tolist():
        mine = np.flatnonzero(seen.unit == unit)
        months = _month(seen.finish[mine])
        step = resolution(seen.finish[mine][seen.finish[mine] % DAY != 0])
        for month in np.unique(months).tolist():
            rows = mine[months == month]
            lines += [(unit, month, *line) for line in _tested(asked, seen, mine, rows, step, before[unit])]
    names = (UNIT, "month", "test", "dossiers", "compared", "expected_count", "one_in", "verdict")
    columns: dict[str, Any] = dict(zip(names, map(list, zip(*lines, strict=True)), strict=True)) if lines else {}
    columns = columns or {name: [] for name in names}
    columns[UNIT] = np.array(columns[UNIT], np.int64)
    columns["month"] = [str(np.datetime64(m, "M")) for m in columns["month"]]
    totals = ("verdict.check",)
    return listing("suspect-times", asked, COLUMNS, [columns], (UNIT, "month", "test"), totals, asked.log_notes)


def suspect_dossiers(asked: Asked) -> Listing:
    """The dossiers behind the counts, each by the first test that it meets; also those that chance may explain."""
    _, end = asked.period(MONTHS)
    units, finish_times = _finish_times(asked)
    slots: set[tuple[int, int]] = set()
    steps: dict[int, int] = {}
    for unit in np.unique(units).tolist():
        mine = finish_times[units == unit]
        step = max(resolution(mine[mine % DAY != 0]), 60)
        months = _month(mine)
        for month in np.unique(months).tolist():
            crowded = _bulk_slots(asked, mine[months == month], month, step)[0]
            steps[unit] = step
            slots |= {(unit, slot) for slot in crowded.tolist()}

    def work(facts: DossierFacts) -> dict[str, Any]:
        found = finishes_of(facts, asked)
        unit = asked.unit_of(facts)
        bulk = [
            (u, f // steps[u]) in slots if u in steps else False
            for u, f in zip(unit.tolist(), found.finish.tolist(), strict=True)
        ]
        conditions = [np.array(bulk, np.bool_) if t == "bulk" else getattr(found, t) for t in TESTS]
        rows = np.flatnonzero(np.any(conditions, axis=0) & ((found.finish < end) | found.in_future))
        test = np.select(conditions, TESTS, "")[rows]
        part = part_of(facts, rows)
        cells = dossier_cells(part, asked)
        given = part.time("NgayHenTra")
        return {**cells, "test": test.tolist(), "due": np.where(given == NAT, cells["due"], given),
                "finished": found.finish[rows]}  # fmt: skip

    found = asked.walk(_pick(asked), CLOCK_COLUMNS, work)
    return listing("suspect-dossiers", asked, DOSSIERS, found, (UNIT, "test", "finished"))


def _collected(asked: Asked) -> _Seen:
    """Those finished in the months asked for."""
    _, end = asked.period(MONTHS)

    def work(facts: DossierFacts) -> _Seen:
        found = finishes_of(facts, asked)
        rows = np.flatnonzero((found.finish < end) | found.in_future)
        flags = {name: getattr(found, name)[rows] for name in ("on_due_day", *TESTS) if name != "bulk"}
        return _Seen(asked.unit_of(facts)[rows], found.finish[rows], flags)

    parts = list(asked.walk(_pick(asked), CLOCK_COLUMNS, work))
    none = np.zeros(0, np.int64)
    names = ("on_due_day", *TESTS)
    return _Seen(
        np.concatenate([none, *(p.unit for p in parts)]),
        np.concatenate([none, *(p.finish for p in parts)]),
        {n: np.concatenate([none.astype(np.bool_), *(p.flags[n] for p in parts)]) for n in names if n != "bulk"},
    )


def _finish_times(asked: Asked) -> tuple[Ints, Ints]:
    """(unit, finish) of the dossiers finished in the months asked for."""
    start, end = asked.period(MONTHS)

    def work(facts: DossierFacts) -> tuple[Ints, Ints]:
        finish = own_finish(facts)
        rows = np.flatnonzero((finish >= start) & (finish < end))
        return asked.unit_of(facts)[rows], finish[rows]

    parts = list(asked.walk_all(work))
    none = np.zeros(0, np.int64)
    units, finish = (np.concatenate([none, *(part[at] for part in parts)]) for at in (0, 1))
    return units, finish


def _pick(asked: Asked) -> Callable[[DossierFacts], npt.NDArray[np.intp]]:
    start, _ = asked.period(MONTHS)

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        finish = own_finish(facts)
        return np.flatnonzero((finish != NAT) & (finish >= start))

    return pick


def _before(asked: Asked) -> dict[int, tuple[int, int]]:
    """Of each unit: how many it finished in the year before the months asked for, and how many of them at once."""
    start, _ = asked.period(MONTHS)
    since = str(np.datetime64(start, "s").astype("datetime64[M]") - _HABIT_MONTHS)

    def work(facts: DossierFacts) -> tuple[Ints, Ints]:
        finish = own_finish(facts)
        rows = (finish != NAT) & (finish < start)
        unit = asked.unit_of(facts)
        units = len(asked.tree.ids)
        return np.bincount(unit[rows], minlength=units), np.bincount(unit[rows & at_once(facts)], minlength=units)

    total = np.zeros((2, len(asked.tree.ids)), np.int64)
    for found in asked.walk_all(work, since):
        total += np.stack(found)
    return {unit: (int(n), int(k)) for unit, (n, k) in enumerate(total.T.tolist())}


def finishes_of(facts: DossierFacts, asked: Asked) -> Finishes:
    """What of the finish times of a chunk of dossiers, which must hold MORE_COLUMNS, is to be checked."""
    exported = {s.id: _last_second(s.exported_at) for s in asked.moment.warehouse.sources if s.exported_at}
    return finishes(facts, asked.steps(facts).rows, asked.known.with_letter(facts), exported)


def _last_second(iso: str) -> int:
    """The last second that an export of a moment can know; one of a day alone knows that day."""
    second = int(np.datetime64(iso[:19], "s").astype(np.int64))
    return second + DAY - 1 if second % DAY == 0 else second


def _month(finish: Ints) -> Ints:
    months: Ints = finish.astype("datetime64[s]").astype("datetime64[M]").astype(np.int64)
    return months


def _tested(
    asked: Asked, seen: _Seen, mine: Ints, rows: Ints, step: int, before: tuple[int, int]
) -> list[tuple[Any, ...]]:
    """(test, dossiers, compared with, expected, one in, verdict) of one unit and month. mine: all rows of the unit."""
    out: list[tuple[Any, ...]] = []

    def add(test: str, count: int, compared: int, expected: float, chance: float) -> None:
        if count:
            check = count >= _FEWEST and chance < _UNLIKELY
            verdict = "check" if check else "chance"
            out.append((test, count, compared, round(expected, 2), one_in(chance), verdict))

    finish = seen.finish[rows]
    on_day = int(seen.flags["on_due_day"][rows].sum())
    expected = on_day * step / asked.moment.calendar.day_seconds
    count = int(seen.flags["is_due"][rows].sum())
    add("is_due", count, on_day, expected, tail(expected, count))
    _, crowd, slots, expected_slots, expected = _bulk_slots(asked, finish, int(_month(finish[:1])[0]), max(step, 60))
    add("bulk", crowd, len(rows), expected, tail(expected_slots, slots) if crowd else 1.0)
    count = int(seen.flags["at_once"][rows].sum())
    others = before[0] + len(mine) - len(rows)
    habit = (before[1] + int(seen.flags["at_once"][mine].sum()) - count + 0.5) / (others + 1)
    add("at_once", count, len(rows), len(rows) * habit, tail(len(rows) * habit, count))
    for test in _FLAGS:
        count = int(seen.flags[test][rows].sum())
        if count:
            out.append((test, count, len(rows), 0.0, None, "check"))
    return out


def _bulk_slots(asked: Asked, finish: Ints, month: int, step: int) -> tuple[Ints, int, int, float, float]:
    """Stretches of `step` seconds of what is seen of a month in which more of one unit's dossiers were finished than
    chance puts there; the dossiers in them; the stretches; how many stretches, and dossiers, chance would make."""
    ends = (np.datetime64(month + i, "M").astype("datetime64[s]").astype(np.int64) for i in (0, 1))
    first, last = map(int, ends)
    start, end = asked.period(MONTHS)
    first, last = max(first, start), min(last, end)
    working = int(asked.moment.calendar.working_seconds_between(np.array([first]), np.array([last]))[0])
    places = max(working // step, 1)
    timed = finish[finish % DAY != 0]
    mean = len(timed) / places
    least = _BULK
    while tail(mean, least) >= _BULK_UNLIKELY:
        least += 1
    slots, counts = np.unique(timed // step, return_counts=True)
    full = counts >= least
    return (
        slots[full],
        int(counts[full].sum()),
        int(full.sum()),
        places * tail(mean, least),
        (len(timed) * tail(mean, least - 1)),
    )
