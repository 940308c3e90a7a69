"""What a reader of a scorecard should know besides the numbers: what was not used, what seems to be missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli.counting.roll_up import Judgement
from tthc_cli.counting.tally import UnitProcedureCounts
from tthc_cli.errors import nearest
from tthc_cli.facts.hand_typed import TypedFigure, incomplete_totals
from tthc_cli.results.scorecard import UNMATCHED_ID, note
from tthc_cli.scoring.scored_tree import ScoredTree

if TYPE_CHECKING:
    from tthc_cli.scoring.run import Run

_NAMED = 5
"""Units named in one sentence."""


def notes(
    run: Run,
    tree: ScoredTree,
    counts: UnitProcedureCounts,
    judged: Mapping[str, Judgement],
    typed: Mapping[tuple[str, str], TypedFigure],
) -> tuple[str, ...]:
    """Notes of one scorecard, as `scorecard.note` writes them."""
    out: list[str] = []
    if not run.warehouse.has("units"):
        out.append(note("no_units"))
    unmatched = [found for found in tree.unmatched_names(counts) if found[1]]
    for name, dossiers, near in unmatched:
        two = "; " in near
        out.append(
            note("unmatched_two" if two else "unmatched_unit", name=name, dossiers=dossiers, nearest=near or "–")
        )
    if unmatched and run.warehouse.has("units"):
        out.append(note("unmatched_next"))
    out += _about_dossiers(run, tree, judged)
    out += _about_typed(run, tree, typed)
    if units := incomplete_totals(run.warehouse.read("report_totals"), run.period):
        out.append(note("totals_of_part", count=len(units), units=_first(units), period=run.period.id))
    return tuple(out)


def _about_dossiers(run: Run, tree: ScoredTree, judged: Mapping[str, Judgement]) -> list[str]:
    if not run.warehouse.has("dossiers"):
        return []
    handled = judged["2.1"].denominator
    if not handled.any():
        return [note("no_dossiers_in_period", period=run.period.id)]
    without = [int(i) for i in np.flatnonzero(handled == 0) if tree.ids[i] != UNMATCHED_ID]
    if not without:
        return []
    return [note("no_dossiers_of_units", count=len(without), units=_first([tree.names[i] for i in without]))]


def _first(units: Sequence[str]) -> str:
    return ", ".join(units[:_NAMED]) + (", …" if len(units) > _NAMED else "")


def _about_typed(run: Run, tree: ScoredTree, typed: Mapping[tuple[str, str], TypedFigure]) -> list[str]:
    if not typed:
        others = sorted({str(p) for p in run.warehouse.read("typed_figures", ["Ky"])["Ky"].to_pylist()})
        return [note("typed_other_period", periods=", ".join(others), period=run.period.id)] if others else []
    out = []
    known = {c.id for c in run.rulebook.components}
    for unit, indicator in sorted(typed, key=lambda t: (t[1], t[0])):
        place = tree.places[unit]
        if indicator not in known:
            out.append(note("typed_unknown_indicator", unit=unit, indicator=indicator))
        elif place < 0:
            near = nearest(unit, [*tree.ids, *tree.names]) or "–"
            out.append(note("typed_unknown_unit", unit=unit, indicator=indicator, nearest=near))
        elif unit != tree.ids[place] and (tree.ids[place], indicator) in typed:
            own = tree.ids[place]
            out.append(note("typed_twice", unit=own, indicator=indicator, other=unit, used=own))
    return out
