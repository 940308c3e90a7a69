"""Steps past their own time, of the dossiers that are open at a moment, also of those within due: by unit and division,
and by agency; with receptions handed over too late, and what share of the delay each has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.results.listing import Column
from tthc_cli.statements.dossiers.found import UNIT, listing, tenths

if TYPE_CHECKING:
    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.listing import Listing
    from tthc_cli.statements.dossiers.asking import Asked

_COUNTS = (
    Column("steps", "count", on_screen=False), Column("late_steps", "count"), Column("late_standing", "count"),
    Column("late_hand_overs", "count"), Column("delay_days", "number"),
)  # fmt: skip
DIVISIONS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("division", share=1), *_COUNTS,
    Column("share_of_unit", "number", on_screen=False), Column("share_of_all", "number"),
)  # fmt: skip
AGENCIES = (Column("unit"), Column("unit_name", share=1), *_COUNTS, Column("share_of_all", "number"))
_COUNTED = ("steps", "late_steps", "late_standing", "late_hand_overs")
_TOTALS = _COUNTED[1:]


def late_steps(asked: Asked) -> Listing:
    """By the unit of the dossier and the division that did the step or has it; the longest delay first at each unit."""
    keys, sums, names = _counted(asked, by_agency=False)
    unit, division = (np.array([key[at] for key in keys], np.int64) for at in (0, 1))
    delay = sums[:, -1]
    of_unit = np.bincount(unit, delay, minlength=1) if len(unit) else np.zeros(1)
    part = {
        **_cells(asked, unit, sums),
        "division": [names[d] for d in division.tolist()],
        "share_of_unit": _share(delay, of_unit[unit] if len(unit) else delay),
    }
    return listing("late-steps", asked, DIVISIONS, [part], (UNIT, "-delay_days"), _TOTALS, asked.log_notes)


def late_agencies(asked: Asked) -> Listing:
    """By agency: a division whose name is that of another unit counts there, others in the unit of the dossier."""
    keys, sums, _ = _counted(asked, by_agency=True)
    part = _cells(asked, np.array([key[0] for key in keys], np.int64), sums)
    return listing("late-agencies", asked, AGENCIES, [part], ("-delay_days",), _TOTALS, asked.log_notes)


def _cells(asked: Asked, unit: Any, sums: Any) -> dict[str, Any]:
    delay = sums[:, -1]
    day = asked.moment.calendar.day_seconds
    return {
        UNIT: unit,
        **{name: sums[:, at].astype(np.int64) for at, name in enumerate(_COUNTED)},
        "delay_days": tenths(delay.astype(np.int64), day),
        "share_of_all": _share(delay, np.full(len(delay), delay.sum())),
    }


def _share(part: Any, whole: Any) -> Any:
    """Hundredths; NaN of nothing."""
    return np.where(whole > 0, tenths(100 * part.astype(np.int64), np.maximum(whole, 1).astype(np.int64)), np.nan)


def _counted(asked: Asked, by_agency: bool) -> tuple[list[tuple[int, int]], Any, dict[int, str]]:
    """(unit, division) with steps, and of each: steps, late ones, those of them that stand, late hand-overs, seconds of
    delay; names of the divisions."""
    names: dict[str, int] = {}

    def work(facts: DossierFacts) -> dict[tuple[int, str], Any]:
        steps = asked.steps(facts)
        rows = steps.rows
        if not len(rows):
            return {}
        own = asked.unit_of(facts)
        unit = own[rows.dossier]
        if by_agency:
            named = np.array(asked.tree.find(list(rows.divisions)), np.int64)[rows.division]
            unit = np.where(asked.foreign(steps, own), named, unit)
        late = steps.late
        columns = [np.ones(len(rows)), late, late & steps.standing, steps.late_hand_over(), steps.overrun]
        division = np.zeros(len(rows), np.int64) if by_agency else rows.division
        pairs, place = np.unique(np.stack([unit, division]), axis=1, return_inverse=True)
        sums = np.stack([np.bincount(place.reshape(-1), c, pairs.shape[1]) for c in columns], axis=1)
        told = ["" if by_agency else rows.divisions[d] for d in pairs[1].tolist()]
        return dict(zip(zip(pairs[0].tolist(), told, strict=True), sums, strict=True))

    total: dict[tuple[int, int], Any] = {}
    for found in asked.walk_open(work):
        for (unit, name), sums in found.items():
            key = unit, names.setdefault(name, len(names))
            total[key] = total.get(key, 0) + sums
    keys = sorted(total)
    sums = np.array([total[key] for key in keys]).reshape(-1, 5)
    delayed = (sums[:, 1] > 0) | (sums[:, 3] > 0)
    return [k for k, d in zip(keys, delayed, strict=True) if d], sums[delayed], {v: k for k, v in names.items()}
