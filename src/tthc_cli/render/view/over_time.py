"""A score beside its past and its peers: groups over the periods, medians of levels, grades of levels over time.

Taken from stored scores; a median is of the percentages of the units of a level that have one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median
from typing import TYPE_CHECKING

from tthc_cli.render import formats
from tthc_cli.render.view.heads import Amount

if TYPE_CHECKING:
    from tthc_cli.messages import Lang
    from tthc_cli.results.scorecard import Scorecard, UnitScore

MOST = 5
"""Components told as the strongest and as the weakest."""


@dataclass(frozen=True, slots=True)
class GradesThen:
    """The grades of a level in one period."""

    period: str
    counts: tuple[int, ...]
    """Units by grade, best first."""
    ungraded: int


@dataclass(frozen=True, slots=True)
class GroupTrend:
    """The points of one group over the periods in which it was scored."""

    group: str
    points: tuple[tuple[str, Amount], ...]


def medians(units: Sequence[UnitScore], lang: Lang) -> Mapping[str, Amount]:
    """By level: the median of the percentages."""
    found: dict[str, list[Fraction]] = defaultdict(list)
    for unit in units:
        if unit.percent is not None:
            found[unit.level].append(Fraction(unit.percent))
    middle = {level: median(values) for level, values in found.items()}
    return {level: Amount(value, formats.fixed(value, lang)) for level, value in middle.items()}


def group_trends(
    groups: Sequence[str], periods: Sequence[tuple[str, UnitScore | None]], lang: Lang
) -> tuple[GroupTrend, ...]:
    """Of a unit, by group; periods: (name, the unit then), oldest first."""
    out = []
    for group in groups:
        points = tuple(
            (period, Amount(value, formats.fixed(value, lang)))
            for period, found in periods
            if found is not None and (value := found.groups.get(group)) is not None
        )
        out.append(GroupTrend(group, points))
    return tuple(out)


def grades_then(cards: Sequence[Scorecard], level: str, lang: Lang) -> tuple[GradesThen, ...]:
    """The grades of a level in every period, oldest first; by the bands of the last card."""
    keys = [grade.key for grade in cards[-1].rulebook.grades]
    out = []
    for card in cards:
        own = [unit.grade for unit in card.units if unit.level == level]
        if own:
            counts = tuple(own.count(key) for key in keys)
            out.append(GradesThen(formats.period_name(card.period, lang), counts, len(own) - sum(counts)))
    return tuple(out)


def axis_of(trend: Sequence[tuple[str, Amount]]) -> tuple[int, int]:
    """Where an axis begins and ends so that what moved is seen: tens of points, or fives where less moved; never below
    0 or above 100."""
    values = [float(amount.value or 0) for _, amount in trend]
    step = 10 if max(values) - min(values) > 10 else 5
    low, high = int(min(values) // step) * step, -int(-max(values) // step) * step
    if high == low:
        low, high = low - step, high + step
    return max(low, 0), min(high, 100)
