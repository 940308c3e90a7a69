"""From counts to points: exact fractions, rounded half-up to 2 decimals once; groups, totals, grades and ranks.

Quyết định 766/QĐ-TTg; the numbers (maxima, targets, bands) come from the rulebook.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from tthc_cli.results.grading import full_marks, grade_of, graded
from tthc_cli.results.rounding import half_up
from tthc_cli.results.scorecard import (
    ComponentInfo,
    ComponentScore,
    RulebookInfo,
    Status,
    Ungraded,
    UnitScore,
)
from tthc_cli.results.standing import WITHHELD
from tthc_cli.text import vietnamese_order
from tthc_cli.units.levels import LEVELS

CENT = Decimal("0.01")


def points(component: ComponentInfo, numerator: Fraction, denominator: Fraction) -> tuple[Decimal | None, Status]:
    """Points and status of one component.

    max × min(1, (numerator / denominator) / target); with denominator 0, what the rulebook says: zero points, full
    points, or no score. Raises ValueError for a negative count.
    """
    if numerator < 0 or denominator < 0:
        raise ValueError(f"{component.id}: negative count {numerator} / {denominator}")
    if denominator == 0:
        if component.when_zero == "no_score":
            return None, "no_score"
        return half_up(component.max if component.when_zero == "full" else 0, component.places), "scored"
    ratio = numerator / denominator
    if component.target is not None:
        ratio = ratio / component.target
    return half_up(Fraction(component.max) * min(Fraction(1), ratio), component.places), "scored"


def counting_max(component: ComponentScore, rulebook: RulebookInfo) -> Decimal:
    """The part of the maximum that a component's maximum counts in: none when it was not assessed, and none when it
    has no score and the rulebook excludes those."""
    if component.status == "scored" or (component.status == "no_score" and rulebook.no_score == "zero"):
        return component.max
    return Decimal(0)


def ungraded(
    scores: Iterable[ComponentScore], assessed_max: Decimal, rulebook: RulebookInfo, least: Decimal
) -> Ungraded:
    """Why there is no sufficient ground for a grade; "" where there is.

    A unit whose only counts are the procedures in its catalogue did no work that could be graded: its points say
    nothing. least: the share of the points, of 100, that must have been assessed.
    """
    work = {c.id for c in rulebook.components if c.subject != "procedure"}
    if not any(s.id in work and s.denominator for s in scores):
        return "nothing_to_count"
    return "too_little_assessed" if assessed_max * 100 < least * full_marks(rulebook) else ""


def total_unit(
    unit_id: str,
    name: str,
    level: str,
    parent: str | None,
    scores: Sequence[ComponentScore],
    rulebook: RulebookInfo,
    least: Decimal = Decimal(0),
) -> UnitScore:
    """Groups, total and grade of one unit from its component scores; the rank is left open.

    A group is the sum of its rounded components, the total the sum of the groups. The grade is taken on
    total × 100 / the maximum that counts, or on the total where the rulebook says so; it is provisional while that
    maximum is under the full one, and there is none while that is under the share `least`.
    """
    by_id = {s.id: s for s in scores}
    nothing = half_up(0, max(c.places for c in rulebook.components))
    groups: dict[str, Decimal | None] = {}
    assessed_max = Decimal(0)
    for group in rulebook.groups:
        members = [by_id[c.id] for c in rulebook.components if c.group == group.id and c.id in by_id]
        counted = [m for m in members if counting_max(m, rulebook)]
        assessed_max += sum((m.max for m in counted), Decimal(0))
        groups[group.id] = sum((m.points or Decimal(0) for m in counted), nothing) if counted else None
    total = sum((p for p in groups.values() if p is not None), nothing) if assessed_max else None
    percent = None if total is None else half_up(Fraction(total) * 100 / Fraction(assessed_max))
    reason = ungraded(scores, assessed_max, rulebook, least)
    value = graded(total, percent, rulebook)
    return UnitScore(
        id=unit_id,
        name=name,
        level=level,
        parent=parent,
        groups=groups,
        total=total,
        assessed_max=assessed_max,
        provisional=assessed_max < full_marks(rulebook),
        percent=percent,
        grade=None if value is None or reason else grade_of(value, rulebook),
        rank=None,
        ungraded_reason=reason,
    )


def _unranked(unit: UnitScore) -> bool:
    return unit.total is None or bool(unit.ungraded_reason)


def _falling(unit: UnitScore) -> Decimal:
    return Decimal(0) if unit.ungraded_reason in WITHHELD else -(unit.total or Decimal(0))


def rank_units(units: Iterable[UnitScore]) -> tuple[UnitScore, ...]:
    """Ranks within each level, by total; ties share a rank and the next is skipped (1, 2, 2, 4).

    The result is in order of level, rank, then name in Vietnamese order; units without a total or a grade come last,
    unranked; by name alone where no unit is graded.
    """
    from dataclasses import replace

    out: list[UnitScore] = []
    by_level: Mapping[str, list[UnitScore]] = {level: [] for level in LEVELS}
    for unit in units:
        by_level[unit.level].append(unit)
    for level in LEVELS:
        members = sorted(
            by_level[level],
            key=lambda u: (_unranked(u), _falling(u), vietnamese_order(u.name), u.id),
        )
        rank = 0
        for position, unit in enumerate(members, start=1):
            if _unranked(unit):
                out.append(unit)
                continue
            if position == 1 or unit.total != members[position - 2].total:
                rank = position
            out.append(replace(unit, rank=rank))
    return tuple(out)
