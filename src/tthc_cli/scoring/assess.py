"""Assessing every unit of one period: counts from data and hand-typed figures become component scores.

For each unit and component, in this order: a typed figure that overrides; what the data count, when they can tell; a
typed figure; for components counted in dossiers, the sum over the units below; else not assessed.

Where the law is silent: dossiers of a file that lacks the column which tells are in nobody's denominator, and the
units above say on what share of their dossiers they were assessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from operator import add, sub
from typing import NamedTuple

from tthc_cli.counting.roll_up import Judgement
from tthc_cli.facts.hand_typed import TypedFigure
from tthc_cli.results.scorecard import Basis, ComponentInfo, ComponentScore
from tthc_cli.scoring.points import points


@dataclass(frozen=True, slots=True)
class Figure:
    """Numerator and denominator of one unit and component, and where they come from."""

    numerator: Fraction | None
    denominator: Fraction | None
    basis: Basis
    source: str = ""
    note: str = ""
    unknown: int = 0
    untold: int = 0
    counted: Fraction | None = None
    """The denominator before totals of the reporting system were set against it; None for typed figures."""

    @property
    def known(self) -> bool:
        return self.numerator is not None and self.denominator is not None


NOTHING = Figure(None, None, "none")


class Counts(NamedTuple):
    """What the data count of one unit with all below it."""

    numerator: int = 0
    denominator: int = 0
    unknown: int = 0
    untold: int = 0

    def plus(self, other: Counts) -> Counts:
        return Counts(*map(add, self, other))

    def less(self, other: Counts) -> Counts:
        return Counts(*map(sub, self, other))

    @property
    def tells_nothing(self) -> bool:
        """There are subjects, and of none of them a source tells."""
        return 0 < self.denominator + self.untold == self.unknown + self.untold


@dataclass(frozen=True)
class Inputs:
    """What is known of one component for every unit."""

    component: ComponentInfo
    judgement: Judgement | None
    """Counts from data; None when the tables or columns that the component needs are not there."""
    reported: Mapping[int, Fraction]
    """Unit index -> total of the national reporting system (1.4): the denominator where it is the larger."""
    last_year: Mapping[int, Fraction]
    """Unit index -> the period's share of last year's total (1.4): the denominator where there is no other."""
    typed: Mapping[int, TypedFigure]


def _typed(figure: TypedFigure, basis: Basis) -> Figure:
    if figure.not_assessed:
        return Figure(None, None, basis, figure.source, figure.note)
    return Figure(figure.numerator, figure.denominator, basis, figure.source, figure.note)


def _from_data(inputs: Inputs, unit: int, counts: Counts, missing: Fraction) -> Figure | None:
    """The counted figure; None when the data cannot tell: no table, or nothing but unknowns."""
    if inputs.judgement is None or counts.tells_nothing:
        return None
    found = Figure(Fraction(counts.numerator), Fraction(counts.denominator), "data", "", "", *counts[2:])
    return _with_totals(inputs, unit, found, missing)


def _with_totals(inputs: Inputs, unit: int, found: Figure, missing: Fraction) -> Figure:
    """What was counted, the denominator set against the totals of the reporting system. missing: what those hold of
    dossiers of which nothing is told."""
    counted = found.denominator or Fraction(0)
    reported = inputs.reported.get(unit, counted + missing) - missing
    denominator = max(counted, reported) or inputs.last_year.get(unit, counted)
    return replace(found, denominator=denominator, counted=counted)


def _counts(judgement: Judgement | None, units: int) -> list[Counts]:
    if judgement is None:
        return [Counts()] * units
    columns = (judgement.numerator, judgement.denominator, judgement.unknown, judgement.untold)
    return [Counts(*map(int, row)) for row in zip(*columns, strict=True)]


def figures(inputs: Inputs, parents: Sequence[int], order: Sequence[int]) -> list[Figure]:
    """The figure of every unit. `order`: unit indices, every unit before its parent."""
    n = len(parents)
    counts = _counts(inputs.judgement, n)
    below: list[list[int]] = [[] for _ in range(n)]
    for unit, parent in enumerate(parents):
        if parent >= 0:
            below[parent].append(unit)
    adds_up = inputs.component.subject == "dossier"
    out: list[Figure] = [NOTHING] * n
    missing = [Fraction(0)] * n
    for unit in order:
        own = reduce(Counts.less, (counts[c] for c in below[unit]), counts[unit])
        missing[unit] = sum((missing[c] for c in below[unit]), Fraction(own.untold))
        typed = inputs.typed.get(unit)
        if typed is not None and typed.overrides:
            out[unit], missing[unit] = _typed(typed, "override"), Fraction(0)
            continue
        data = _from_data(inputs, unit, counts[unit], missing[unit])
        if data is not None and (data.denominator or typed is None):
            replaced_below = adds_up and any(out[c].basis in ("typed", "override", "children") for c in below[unit])
            if not replaced_below:
                out[unit] = data
                continue
        elif typed is not None:
            out[unit], missing[unit] = _typed(typed, "typed"), Fraction(0)
            continue
        if adds_up:
            known = [out[c] for c in below[unit] if out[c].known]
            if known or data is not None:
                others = (counts[c] for c in below[unit] if out[c].basis == "none")
                found = _sum_below(known, reduce(Counts.plus, others, own))
                out[unit] = _with_totals(inputs, unit, found, missing[unit])
        if counts[unit].untold and not out[unit].known:
            missing[unit] = max(inputs.reported.get(unit, Fraction(0)), Fraction(counts[unit].untold))
    return out


def _sum_below(below: Sequence[Figure], counted: Counts) -> Figure:
    """The figures of the units below, and what the data count of the unit itself and of units without a figure. A unit
    typed as not assessed is left out."""
    parts = (f.denominator if f.counted is None else f.counted for f in below)
    return Figure(
        sum((f.numerator or Fraction(0) for f in below), Fraction(counted.numerator)),
        sum((p or Fraction(0) for p in parts), Fraction(counted.denominator)),
        "children",
        unknown=sum((f.unknown for f in below), counted.unknown),
        untold=sum((f.untold for f in below), counted.untold),
    )


def component_score(unit_id: str, component: ComponentInfo, figure: Figure) -> ComponentScore:
    """Points of one unit's figure."""
    if component.max == 0:
        return ComponentScore(
            unit_id, component.id, figure.numerator, figure.denominator, None, component.max, "analysis",
            figure.basis, figure.source, figure.note, figure.unknown, figure.untold,
        )  # fmt: skip
    if figure.numerator is None or figure.denominator is None:
        return ComponentScore(
            unit_id, component.id, None, None, None, component.max, "not_assessed", figure.basis, figure.source,
            figure.note,
        )  # fmt: skip
    scored, status = points(component, figure.numerator, figure.denominator)
    return ComponentScore(
        unit_id, component.id, figure.numerator, figure.denominator, scored, component.max, status, figure.basis,
        figure.source, figure.note, figure.unknown, figure.untold,
    )  # fmt: skip
