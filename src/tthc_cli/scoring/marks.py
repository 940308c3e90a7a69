"""Figures of the nine criteria: what was typed for a unit, else what its dossiers and tables say.

A figure typed for a unit stands for it alone: the units above it stay the mean over their dossiers, and nothing is a
mean of means. Of its sources (Thông tư 01/2018/TT-VPCP, Điều 14 khoản 3) the first in the order of the rulebook wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from tthc_cli.counting.roll_up import Judgement
from tthc_cli.facts.hand_typed import TypedFigure
from tthc_cli.results.scorecard import ComponentInfo
from tthc_cli.scoring.assess import NOTHING, Figure


def mark_figures(
    component: ComponentInfo, judgement: Judgement | None, typed: Mapping[int, TypedFigure], units: int
) -> list[Figure]:
    """The sum of marks and the number of marks of every unit, by one criterion."""
    return [mark_figure(component, _counted(judgement, unit), typed.get(unit)) for unit in range(units)]


def mark_figure(component: ComponentInfo, counted: Figure, typed: TypedFigure | None) -> Figure:
    """The figure of one subject by one criterion. counted: what its dossiers and tables say; typed: what a person gave
    for the subject itself."""
    if not (_taken(component, "derived") or _taken(component, "slip")):
        counted = NOTHING
    if typed is None or not _taken(component, "typed"):
        return counted
    if counted.known and _first(component) != "typed" and not typed.overrides:
        return counted
    return Figure(
        typed.numerator, typed.denominator, "override" if counted.known else "typed", typed.source, typed.note
    )


def _taken(component: ComponentInfo, source: str) -> bool:
    return source in component.sources


def _first(component: ComponentInfo) -> str:
    return component.sources[0]


def _counted(judgement: Judgement | None, unit: int) -> Figure:
    """What the data count; nothing where no subject has a mark."""
    if judgement is None or not judgement.denominator[unit]:
        return NOTHING
    numerator, denominator = (Fraction(int(of[unit])) for of in (judgement.numerator, judgement.denominator))
    return Figure(numerator, denominator, "data", untold=int(judgement.untold[unit]))
