"""What x of n examined dossiers say of all N: intervals at 95 per cent.

- exact: of a part drawn without replacement, the number of faulty dossiers of all N that x of n does not make unlikely
  (hypergeometric, both tails of 2.5 per cent; Clopper and Pearson's way for a finite number). Whole numbers throughout.
- Wilson: of several strata together, by the effective size of the sample: one with the weights of the strata, less what
  was examined (1 - n/N).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb, sqrt

TAIL = Fraction(1, 40)
"""What either tail of an interval at 95 per cent leaves out."""
_Z = 1.959963984540054
"""97.5 per cent of the normal distribution lie below it."""


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its interval, between 0 and 1."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Examined:
    """One stratum: `faulty` of `examined` dossiers, out of `whole`."""

    whole: int
    examined: int
    faulty: int


def exact_counts(whole: int, examined: int, faulty: int) -> tuple[int, int]:
    """The fewest and the most faulty dossiers of all that are not unlikely.

    >>> exact_counts(10, 10, 3), exact_counts(10, 0, 0)
    ((3, 3), (0, 10))
    """
    found, sound = faulty, whole - (examined - faulty)
    ways = comb(whole, examined) * TAIL

    def at_least(m: int) -> int:
        return sum(comb(m, k) * comb(whole - m, examined - k) for k in range(faulty, examined + 1))

    def at_most(m: int) -> int:
        return sum(comb(m, k) * comb(whole - m, examined - k) for k in range(faulty + 1))

    low = _first(found, sound, lambda m: at_least(m) > ways)
    high = _first(found, sound + 1, lambda m: m > sound or at_most(m) <= ways) - 1
    return low, high


def _first(begin: int, end: int, holds: Callable[[int], bool]) -> int:
    """The first whole number from begin to end of which something holds, which it does of all after it."""
    while begin < end:
        middle = (begin + end) // 2
        begin, end = (begin, middle) if holds(middle) else (middle + 1, end)
    return begin


def exact(stratum: Examined) -> Rate | None:
    """The rate of one stratum; None where nothing was examined."""
    if not stratum.examined:
        return None
    low, high = exact_counts(stratum.whole, stratum.examined, stratum.faulty)
    return Rate(stratum.faulty / stratum.examined, low / stratum.whole, high / stratum.whole)


def weighted(strata: Sequence[Examined]) -> Rate | None:
    """The rate of all strata together, each by the dossiers it has; one of which nothing was examined is left out."""
    told = [one for one in strata if one.examined]
    whole = sum(one.whole for one in told)
    if not whole:
        return None
    share = float(sum(Fraction(one.whole * one.faulty, whole * one.examined) for one in told))
    spread = sum(
        Fraction(one.whole, whole) ** 2 * Fraction(one.whole - one.examined, one.whole) / one.examined for one in told
    )
    return Rate(share, share, share) if not spread else wilson(share, float(1 / spread))


def wilson(share: float, size: float) -> Rate:
    """Wilson's interval of a share of so many."""
    square = _Z * _Z / size
    middle = (share + square / 2) / (1 + square)
    half = _Z / (1 + square) * sqrt(share * (1 - share) / size + square / (4 * size))
    return Rate(share, max(0.0, middle - half), min(1.0, middle + half))
