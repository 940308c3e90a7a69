"""1.4: dossiers received per the national reporting system, of every unit with all below it.

Each agency reports what it received itself, so that a unit above others has its own figure and those of the units
below it, at every depth. A figure stands for the units below too where it says so (GomDonViTrucThuoc), or where it is
just their sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.facts.hand_typed import Reported, report_totals

if TYPE_CHECKING:
    from tthc_cli.scoring.run import Run
    from tthc_cli.scoring.scored_tree import ScoredTree


def reported_totals(run: Run, tree: ScoredTree) -> tuple[Mapping[int, Fraction], Mapping[int, Fraction]]:
    """By unit index: the total of the period; and the period's share of the last full year's (/ 12 for a month, / 4 for
    a quarter, / 2 for a half, / 1 for a year)."""
    table = run.warehouse.read("report_totals")
    year_before = replace(run.period, kind="year", year=run.period.year - 1, index=1)
    last_year = summed(report_totals(table, year_before), tree)
    share = Fraction(run.period.months, 12)
    total = summed(report_totals(table, run.period), tree)
    return total, {unit: figure * share for unit, figure in last_year.items()}


def summed(totals: Mapping[str, Reported], tree: ScoredTree) -> Mapping[int, Fraction]:
    """The total of every unit that has a figure, or stands above one that has."""
    own = by_unit(totals, tree)
    out: dict[int, Fraction] = {}
    for unit in tree.bottom_up:
        figure = own.get(unit)
        below = [out[c] for c in tree.children(unit) if c in out]
        if figure is not None:
            out[unit] = figure.total if covers(figure, below) else sum(below, figure.total)
        elif below:
            out[unit] = sum(below, Fraction(0))
    return out


def covers(figure: Reported, below: Sequence[Fraction]) -> bool:
    """Whether a figure holds the units below too: it is said to, or is their sum."""
    return figure.covers or (bool(below) and figure.total == sum(below, Fraction(0)))


def by_unit(totals: Mapping[str, Reported], tree: ScoredTree) -> Mapping[int, Reported]:
    """The figure of each unit under its own code; else the sum of those of the units that it succeeded."""
    codes = sorted(totals)
    place = dict(zip(codes, tree.find(codes), strict=True))
    out: dict[int, Reported] = {}
    for code in codes:
        unit = place[code]
        if unit < 0:
            continue
        own = tree.ids[unit] in totals
        if code == tree.ids[unit] or not (own or _held_above(code, totals, place, tree)):
            out[unit] = out[unit].plus(totals[code]) if unit in out else totals[code]
    return out


def _held_above(code: str, totals: Mapping[str, Reported], place: Mapping[str, int], tree: ScoredTree) -> bool:
    """Whether a unit that stood above, and passed to the same one, has a figure that covers this one's."""
    rows = tree.day.tree.by_code
    above = {row.parent for row in rows.get(code, ()) if row.parent in totals}
    for parent in above:
        if parent is None or place[parent] != place[code]:
            continue
        beside = [c for c in totals if any(row.parent == parent for row in rows.get(c, ()))]
        if covers(totals[parent], [totals[c].total for c in beside]):
            return True
    return False
