"""Which units to inspect: the sum of the weights of the signs that hold of each, heaviest first.

Dossiers are those of the unit itself (not of units below it) that were received or finished in the period asked for;
without one, in the year up to the moment.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from tthc_cli.results.listing import Cell, Column, Listing
from tthc_cli.results.notes import note
from tthc_cli.results.rounding import half_up
from tthc_cli.statements.dossiers.asking import CLOCK_COLUMNS
from tthc_cli.statements.inspection.answers import COLUMNS as CHECK_COLUMNS
from tthc_cli.statements.inspection.answers import FLAGS, Looked
from tthc_cli.statements.inspection.frame import beside_of, inside_of
from tthc_cli.statements.inspection.past import last_inspected, overdue_findings

if TYPE_CHECKING:
    import numpy.typing as npt

    from tthc_cli.facts.dossiers import DossierFacts
    from tthc_cli.results.control.inspection import Flag
    from tthc_cli.results.scorecard import Scorecard
    from tthc_cli.rulebooks.inspection.reading import InspectionRules
    from tthc_cli.statements.dossiers.asking import Asked
    from tthc_cli.statements.inspection.past import Past

NAME = "inspect-units"
MONTHS = 12
_LOWEST_GRADES = 2
COLUMNS = (
    Column("unit"), Column("unit_name", on_screen=False), Column("risk_sum", "count"),
    Column("ground", "word", "lists.ground"),
    Column("points", "number"), Column("grade", "word"), Column("change", "number"),
    Column("dossiers", "count", on_screen=False),
    Column("flagged", "count", on_screen=False), Column("flagged_share", "number"), Column("inspected", "moment"),
    Column("overdue_findings", "count"), Column("grounds", "count", on_screen=False),
)  # fmt: skip

_FLAGGED = [column.id for column in COLUMNS].index("flagged")


def units_to_inspect(asked: Asked) -> Listing:
    """All units of the unit table that are asked for; one that nothing holds of comes last."""
    past = asked.past
    assert past is not None
    flags = past.rules.weights("unit")
    frame, flagged = _dossiers(asked, past.rules)
    tree, at = asked.tree, asked.moment.at
    scores = {unit.id: unit for unit in past.card.units} if past.card else {}
    earlier = {unit.id: unit for unit in past.before.units} if past.before else {}
    low = _low_grades(past.card)
    inspected = last_inspected(past, asked.moment.warehouse, tree.find, at)
    overdue = overdue_findings(asked.moment.warehouse, tree.find, at)
    rows: list[tuple[Cell, ...]] = []
    for place, unit in enumerate(tree.ids):
        if tree.levels[place] == "khac" or (asked.units is not None and place not in asked.units):
            continue
        score, before = scores.get(unit), earlier.get(unit)
        points = None if score is None else score.percent
        change = None if points is None or before is None or before.percent is None else points - before.percent
        share = Fraction(100 * flagged[place], frame[place]) if frame[place] else None
        held = {
            "grade": score is not None and score.grade in low,
            "trend": change is not None and change <= -_limit(flags, "trend"),
            "flagged_dossiers": share is not None and share >= _limit(flags, "flagged_dossiers"),
            "not_inspected": _months_since(inspected.get(place), at) > _limit(flags, "not_inspected"),
            "open_findings": overdue.get(place, 0) >= max(1, _limit(flags, "open_findings")),
        }
        grounds = [flag for name, flag in flags.items() if held[name]]
        main = max(grounds, key=lambda flag: flag.weight).id if grounds else None
        rows.append((
            unit, tree.names[place], sum(flag.weight for flag in grounds), main, _tenth(points),
            score.grade if score else None, _tenth(change), frame[place], flagged[place], _tenth(share),
            inspected.get(place), overdue.get(place, 0), len(grounds),
        ))  # fmt: skip
    rows.sort(key=lambda row: (-_whole(row[2]), -_whole(row[_FLAGGED]), str(row[0])))
    totals = {"unit_rows": len(rows)}
    return Listing(NAME, at.isoformat(), _columns(past.card), tuple(rows), totals=totals, notes=_notes(past))


def _columns(card: Scorecard | None) -> tuple[Column, ...]:
    """With the grades as their rulebook calls them."""
    labels = () if card is None else tuple((g.key, g.label_vi, g.label_en) for g in card.rulebook.grades)
    return tuple(replace(column, labels=labels) if column.id == "grade" else column for column in COLUMNS)


def _whole(value: Cell) -> int:
    return value if isinstance(value, int) else 0


def _tenth(value: Decimal | Fraction | None) -> float | None:
    return None if value is None else float(half_up(value, 1))


def _limit(flags: dict[str, Flag], name: str) -> int:
    return flags[name].limit if name in flags else 0


def _months_since(day: datetime | None, at: datetime) -> float:
    """Whole months; without end for a unit that was never inspected."""
    if day is None:
        return float("inf")
    return (at.year - day.year) * 12 + at.month - day.month - (at.day < day.day)


def _low_grades(card: Scorecard | None) -> set[str]:
    """The two lowest grades of the rulebook."""
    if card is None:
        return set()
    bands = sorted(card.rulebook.grades, key=lambda band: band.lower)
    return {band.key for band in bands[:_LOWEST_GRADES]}


def _dossiers(asked: Asked, rules: InspectionRules) -> tuple[list[int], list[int]]:
    """By unit: dossiers of the frame, and those of them with some flag."""
    start, end = asked.period(MONTHS)
    beside = beside_of(asked)
    flags = [FLAGS[name] for name in rules.weights("dossier") if name in FLAGS]
    units = len(asked.tree.ids)

    def pick(facts: DossierFacts) -> npt.NDArray[np.intp]:
        return np.flatnonzero(inside_of(facts, start, end, asked.at))

    def work(facts: DossierFacts) -> Any:
        looked = Looked(facts, asked, beside, rules.numbers)
        unit = asked.unit_of(facts)
        some = np.any([flag(looked) for flag in flags], axis=0) if flags else np.zeros(facts.n, np.bool_)
        return np.stack([np.bincount(unit, minlength=units), np.bincount(unit[some], minlength=units)])

    total = np.zeros((2, units), np.int64)
    for part in asked.walk(pick, (*CLOCK_COLUMNS, *CHECK_COLUMNS), work):
        total += part
    return total[0].tolist(), total[1].tolist()


def _notes(past: Past) -> tuple[str, ...]:
    told = [note("inspect_units_weights")]
    if past.card is None:
        told.append(note("inspect_units_unscored"))
    elif past.before is None:
        told.append(note("inspect_units_no_trend", period=past.card.period))
    return tuple(told)
