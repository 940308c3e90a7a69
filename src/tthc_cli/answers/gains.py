"""What one component of a unit would gain from subjects put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from tthc_cli.indicators import registry
from tthc_cli.scoring.points import CENT, points

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import ComponentInfo, ComponentScore
    from tthc_cli.verdicts import Mend


@dataclass(frozen=True, slots=True)
class Loss:
    """One reason for which subjects of a component lose points, or are left out untold."""

    reason: str
    count: int
    counted: bool
    """In the denominator; else left out, because the file lacks the column."""
    mend: Mend
    until: str | None
    """The last day (ISO) for work to come; None for the others."""


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
    losses: tuple[Loss, ...] = ()
    """By reason; () for figures that no reason explains, such as typed ones."""
    zeros: int = 0
    """Of a mean of marks: the marks of 0 among what is lost; the others are marks of 1."""

    @property
    def whole(self) -> int:
        """What one subject adds to the numerator at most: 2 of a mean of marks."""
        return most_of(self.info)

    @property
    def mendable(self) -> int:
        """Those that can still be put right, as far as reasons tell."""
        return min(self.lost, sum(x.count for x in self.losses if x.counted and x.mend.kind != "never"))

    def numerator_with(self, count: int) -> Fraction:
        """The numerator once `count` more subjects are put right, marks of 0 first; never over what all could add."""
        added = count if self.whole == 1 else self.whole * min(count, self.zeros) + max(0, count - self.zeros)
        return max(self.numerator, min(self.numerator + added, self.whole * self.denominator))

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
        return self.fewest(hundredths(self.all_right))

    def fewest(self, wanted_cents: int) -> int:
        """The fewest subjects put right that earn so many hundredths of a point (at most `all_right`).

        Rounded half-up, max × ratio / target reaches `wanted_cents` from half a unit of its last decimal below it.
        """
        if wanted_cents <= hundredths(self.points):
            return 0
        unit = 10 ** (2 - self.info.places)
        wanted = -(-wanted_cents // unit) * unit
        share = Fraction(2 * wanted - unit, 200) / Fraction(self.info.max)
        missing = ceil(share * (self.info.target or 1) * self.denominator - self.numerator)
        by_zeros = self.whole * self.zeros
        if self.whole == 1 or missing > by_zeros:
            return missing - by_zeros + self.zeros
        return ceil(missing / self.whole)


def hundredths(value: Decimal) -> int:
    return int(value / CENT)


def most_of(info: ComponentInfo) -> int:
    """What one subject earns at most."""
    return int(max(info.target or 1, 1))


def gain_of(info: ComponentInfo, score: ComponentScore) -> Gain | None:
    """None for a component without points, or with nothing in its denominator."""
    if score.status != "scored" or score.points is None or score.numerator is None or not score.denominator:
        return None
    if most_of(info) > 1:
        return _gain_of_marks(info, score, score.points)
    lost = max(0, ceil(score.denominator - score.numerator))
    return Gain(info, score.numerator, score.denominator, score.points, lost, min(score.unknown, lost))


def _gain_of_marks(info: ComponentInfo, score: ComponentScore, now: Decimal) -> Gain:
    """Of a mean of marks, until reasons tell how many marks are 0: as few subjects as could be."""
    assert score.numerator is not None
    assert score.denominator is not None
    missing = max(0, ceil(most_of(info) * score.denominator - score.numerator))
    zeros, ones = divmod(missing, most_of(info))
    return Gain(info, score.numerator, score.denominator, now, zeros + ones, min(score.unknown, zeros), zeros=zeros)


def with_losses(gain: Gain, losses: tuple[Loss, ...]) -> Gain:
    """The gain by reason. Reasons tell which marks are 0; no reasons, or not of all that is lost: as few subjects as
    could be."""
    told = {x.reason: registry.reason(gain.info.id, x.reason) for x in losses if x.counted}
    zeros = sum(x.count for x in losses if x.counted and (why := told[x.reason]) is not None and not why.earned)
    lost = sum(x.count for x in losses if x.counted)
    missing = gain.whole * gain.denominator - gain.numerator
    if gain.whole == 1 or zeros + lost != missing:
        return replace(gain, losses=losses)
    return replace(gain, losses=losses, zeros=zeros, lost=lost)
