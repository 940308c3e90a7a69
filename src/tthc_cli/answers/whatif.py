"""What a unit would gain from subjects put right, and the fewest that lift it to the next grade.

Worked from the numerators and denominators of a stored score; nothing is counted again. "Put right" means one more
subject (dossier, procedure, petition, ...) in the numerator while the denominator stays. Each component is taken on
its own: a late dossier is lost in 2.1 and in 5.3, and putting it right may help both; a procedure newly online adds to
the numerator of 3.1 and to the denominator of 3.2. Those links are not followed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt

from tthc_cli.results.scorecard import (
    ComponentInfo,
    ComponentScore,
    GradeBand,
    RulebookInfo,
    Scorecard,
    UnitScore,
)
from tthc_cli.scoring.points import CENT, points, total_unit


@dataclass(frozen=True, slots=True)
class Gain:
    """What one component of one unit would gain."""

    info: ComponentInfo
    numerator: Fraction
    denominator: Fraction
    points: Decimal
    lost: int
    """Subjects in the denominator that are not in the numerator; a part of one counts as one."""
    unknown: int
    """Those of them of which no source tells."""

    def numerator_with(self, count: int) -> Fraction:
        """The numerator once `count` more subjects are put right; never over the denominator."""
        return max(self.numerator, min(self.numerator + count, self.denominator))

    def points_with(self, count: int) -> Decimal:
        """Points once `count` more subjects are put right."""
        scored, _ = points(self.info, self.numerator_with(count), self.denominator)
        assert scored is not None
        return scored

    @property
    def one_more(self) -> Fraction:
        """Points that one more subject is worth, before rounding; 0 at full points."""
        ratio = [self.numerator_with(k) / self.denominator / (self.info.target or 1) for k in (0, 1)]
        return Fraction(self.info.max) * (min(Fraction(1), ratio[1]) - min(Fraction(1), ratio[0]))

    @property
    def all_right(self) -> Decimal:
        """Points if every subject were put right."""
        return self.points_with(self.lost)

    @property
    def to_best(self) -> int:
        """The fewest subjects that earn `all_right`."""
        return self.fewest(_cents(self.all_right))

    def fewest(self, cents: int) -> int:
        """The fewest subjects put right that earn so many hundredths of a point (at most `all_right`).

        Rounded half-up, max × ratio / target reaches `cents` from half a hundredth below it.
        """
        if cents <= _cents(self.points):
            return 0
        share = Fraction(2 * cents - 1, 200) / Fraction(self.info.max)
        return ceil(share * (self.info.target or 1) * self.denominator - self.numerator)


@dataclass(frozen=True, slots=True)
class Step:
    """So many subjects of one component put right."""

    gain: Gain
    count: int
    points: Decimal
    """Of the component, afterwards."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a grade with the fewest subjects put right; among equals, with the fewest components."""

    steps: tuple[Step, ...]
    """In the order of the rulebook."""
    promised_total: Decimal
    """The total found by the search."""
    rescored: UnitScore
    """The unit scored anew with the changed numerators; its rank is left open."""

    @property
    def count(self) -> int:
        """Subjects put right in all."""
        return sum(step.count for step in self.steps)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Everything that could be gained by one unit."""

    unit: UnitScore
    gains: tuple[Gain, ...]
    """Of every scored component with something in its denominator, in the order of the rulebook."""
    best: UnitScore
    """The unit with everything put right; its rank is left open."""
    next_grade: GradeBand | None
    """None when the unit is in the best grade, or has none."""
    way: Way | None
    """None when there is no next grade, or when even everything put right does not reach it."""


def _cents(value: Decimal) -> int:
    return int(value / CENT)


def gain_of(info: ComponentInfo, score: ComponentScore) -> Gain | None:
    """None for a component without points, or with nothing in its denominator."""
    if score.status != "scored" or score.points is None or score.numerator is None or not score.denominator:
        return None
    lost = max(0, ceil(score.denominator - score.numerator))
    return Gain(info, score.numerator, score.denominator, score.points, lost, min(score.unknown, lost))


def rescore(card: Scorecard, unit_id: str, put_right: Mapping[str, int]) -> UnitScore:
    """The unit scored anew with so many more subjects in the numerator of each component; its rank is left open."""
    unit = card.unit(unit_id)
    changed: list[ComponentScore] = []
    for score in card.components_of(unit_id):
        gain = gain_of(card.rulebook.component(score.id), score) if put_right.get(score.id) else None
        if gain is not None:
            count = put_right[score.id]
            score = replace(score, numerator=gain.numerator_with(count), points=gain.points_with(count))
        changed.append(score)
    return total_unit(unit.id, unit.name, unit.level, unit.parent, changed, card.rulebook, card.grade_from)


def next_grade(unit: UnitScore, rulebook: RulebookInfo) -> GradeBand | None:
    """The band just above the unit's; None in the best one, or without a grade."""
    keys = [band.key for band in rulebook.grades]
    if unit.grade is None or unit.grade == keys[0]:
        return None
    return rulebook.grades[keys.index(unit.grade) - 1]


def cents_needed(unit: UnitScore, band: GradeBand) -> int:
    """The smallest total, in hundredths of a point, whose rounded percentage of the maximum that counts is in `band`.

    With 90 points assessed, 80,00 needs 71,996 or more (79,995% rounds to 80,00), so 72,00.
    """
    lowest = ceil(Fraction(band.lower) * 100)
    return ceil(Fraction(2 * lowest - 1, 200) * Fraction(unit.assessed_max))


Options = list[tuple[int, int]]
"""(subjects put right, hundredths of a point gained), both growing."""


def _options(gain: Gain, wanted: int) -> Options:
    """Every gain of a component worth paying for: the fewest subjects for each, up to the first that suffices alone."""
    now, best = _cents(gain.points), _cents(gain.all_right)
    by_count = {gain.fewest(cents): cents - now for cents in range(now + 1, min(best, now + wanted) + 1)}
    return sorted(by_count.items())


def _fewest_subjects(options: list[Options], wanted: int) -> list[int]:
    """How many subjects of each component to put right, so that the gains sum to `wanted` hundredths or more.

    Exact, over every sum of hundredths from 0 to `wanted`: least[c] is the smallest cost of a gain of c or more. The
    cost of a component is its subjects × a weight + 1, so that ties go to fewer components.
    """
    weight = len(options) + 1
    never = np.iinfo(np.int64).max // 4
    least: npt.NDArray[np.int64] = np.full(wanted + 1, never, np.int64)
    least[0] = 0
    chosen: list[npt.NDArray[np.int64]] = []
    for choices in options:
        after, choice = least.copy(), np.zeros(wanted + 1, np.int64)
        for number, (count, gained) in enumerate(choices, start=1):
            cost = np.full(wanted + 1, least[0], np.int64)
            cost[gained:] = least[: wanted + 1 - gained]
            cost += count * weight + 1
            better = cost < after
            after[better] = cost[better]
            choice[better] = number
        least = after
        chosen.append(choice)
    counts = [0] * len(options)
    open_cents = wanted
    for component in range(len(options) - 1, -1, -1):
        number = int(chosen[component][open_cents])
        if number:
            counts[component], gained = options[component][number - 1]
            open_cents = max(0, open_cents - gained)
    return counts


def _way(card: Scorecard, unit: UnitScore, gains: tuple[Gain, ...], band: GradeBand) -> Way:
    assert unit.total is not None
    wanted = cents_needed(unit, band) - _cents(unit.total)
    counts = _fewest_subjects([_options(gain, wanted) for gain in gains], wanted)
    steps = tuple(
        Step(gain, count, gain.points_with(count)) for gain, count in zip(gains, counts, strict=True) if count
    )
    promised = unit.total + sum((step.points - step.gain.points for step in steps), Decimal(0))
    return Way(steps, promised, rescore(card, unit.id, {step.gain.info.id: step.count for step in steps}))


def what_if(card: Scorecard, unit_id: str) -> WhatIf:
    """What each component of a unit would gain, and the cheapest way to the next grade.

    Nothing for a unit without a total. Raises StopIteration for a unit that the scorecard does not hold.
    """
    unit = card.unit(unit_id)
    if unit.total is None:
        return WhatIf(unit, (), unit, None, None)
    found = (gain_of(card.rulebook.component(score.id), score) for score in card.components_of(unit_id))
    gains = tuple(gain for gain in found if gain is not None)
    best = rescore(card, unit_id, {gain.info.id: gain.lost for gain in gains})
    band = next_grade(unit, card.rulebook)
    reachable = band is not None and best.percent is not None and best.percent >= band.lower
    way = _way(card, unit, gains, band) if band is not None and reachable else None
    return WhatIf(unit, gains, best, band, way)
