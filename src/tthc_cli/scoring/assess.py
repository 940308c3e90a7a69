"""Assessing every unit of one period: counts from data and hand-typed figures become component scores.

For each unit and component, in this order: a typed figure that overrides; what the data count, when they can tell; a
typed figure; for components counted in dossiers, the sum over the units below; else not assessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

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
    counted: Fraction | None = None
    """The denominator before totals of the reporting system were set against it; None for typed figures."""

    @property
    def known(self) -> bool:
        return self.numerator is not None and self.denominator is not None


NOTHING = Figure(None, None, "none")


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


def _from_data(inputs: Inputs, unit: int, counts: tuple[int, int, int]) -> Figure | None:
    """The counted figure; None when the data cannot tell: no table, or nothing but unknowns."""
    if inputs.judgement is None:
        return None
    numerator, denominator, unknown = counts
    if denominator and unknown == denominator:
        return None
    return _with_totals(inputs, unit, "data", Fraction(numerator), Fraction(denominator), unknown)


def _with_totals(
    inputs: Inputs, unit: int, basis: Basis, numerator: Fraction, counted: Fraction, unknown: int
) -> Figure:
    """What was counted, the denominator set against the totals of the reporting system."""
    denominator = max(counted, inputs.reported.get(unit, counted)) or inputs.last_year.get(unit, counted)
    return Figure(numerator, denominator, basis, unknown=unknown, counted=counted)


def figures(inputs: Inputs, parents: Sequence[int], order: Sequence[int]) -> list[Figure]:
    """The figure of every unit. `order`: unit indices, every unit before its parent."""
    n = len(parents)
    judgement = inputs.judgement
    if judgement is None:
        counts = [(0, 0, 0)] * n
    else:
        counts = [
            (int(a), int(b), int(c))
            for a, b, c in zip(judgement.numerator, judgement.denominator, judgement.unknown, strict=True)
        ]
    below: list[list[int]] = [[] for _ in range(n)]
    for unit, parent in enumerate(parents):
        if parent >= 0:
            below[parent].append(unit)
    adds_up = inputs.component.subject == "dossier"
    out: list[Figure] = [NOTHING] * n
    for unit in order:
        typed = inputs.typed.get(unit)
        if typed is not None and typed.overrides:
            out[unit] = _typed(typed, "override")
            continue
        data = _from_data(inputs, unit, counts[unit])
        if data is not None and (data.denominator or typed is None):
            replaced_below = adds_up and any(out[c].basis in ("typed", "override", "children") for c in below[unit])
            if not replaced_below:
                out[unit] = data
                continue
        elif typed is not None:
            out[unit] = _typed(typed, "typed")
            continue
        if adds_up:
            out[unit] = _sum_below(inputs, data, counts, unit, below[unit], out)
    return out


def _sum_below(
    inputs: Inputs,
    data: Figure | None,
    counts: Sequence[tuple[int, int, int]],
    unit: int,
    below: Sequence[int],
    out: Sequence[Figure],
) -> Figure:
    """The figures of the units below, and what the unit itself counted in the data. Subjects below of which no source
    tells stay in the denominator, as they do where nothing is typed; a unit typed as not assessed is left out."""
    known = [c for c in below if out[c].known]
    if not known and data is None:
        return NOTHING
    numerator = sum((out[c].numerator or Fraction(0) for c in known), Fraction(0))
    parts = (out[c].denominator if out[c].counted is None else out[c].counted for c in known)
    denominator = sum((p or Fraction(0) for p in parts), Fraction(0))
    unknown = sum(out[c].unknown for c in known)
    counted = [counts[unit][k] - sum(counts[c][k] for c in below) for k in range(3)]
    for untold in (counts[c] for c in below if out[c].basis == "none"):
        counted = [a + b for a, b in zip(counted, untold, strict=True)]
    return _with_totals(
        inputs, unit, "children", numerator + counted[0], denominator + counted[1], unknown + counted[2]
    )


def component_score(unit_id: str, component: ComponentInfo, figure: Figure) -> ComponentScore:
    """Points of one unit's figure."""
    if component.max == 0:
        return ComponentScore(
            unit_id, component.id, figure.numerator, figure.denominator, None, component.max, "analysis",
            figure.basis, figure.source, figure.note, figure.unknown,
        )  # fmt: skip
    if figure.numerator is None or figure.denominator is None:
        return ComponentScore(
            unit_id, component.id, None, None, None, component.max, "not_assessed", figure.basis, figure.source,
            figure.note,
        )  # fmt: skip
    scored, status = points(component, figure.numerator, figure.denominator)
    return ComponentScore(
        unit_id, component.id, figure.numerator, figure.denominator, scored, component.max, status, figure.basis,
        figure.source, figure.note, figure.unknown,
    )  # fmt: skip
