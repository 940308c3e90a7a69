"""How unlikely a count is when things happen evenly: the upper tail of a Poisson distribution, summed exactly."""

from __future__ import annotations

from math import exp, lgamma, log

MOST = 10**12
"""More unlikely than 1 in so many is said as 1 in so many."""


def tail(expected: float, count: int) -> float:
    """The chance of `count` or more where so many are expected.

    >>> round(tail(1.0, 2), 6)  # 1 - e^-1 - e^-1
    0.264241
    """
    if count <= 0:
        return 1.0
    if expected <= 0:
        return 0.0
    if count < expected:
        return max(0.0, 1.0 - sum(_term(expected, k) for k in range(count)))
    total, k = 0.0, count
    while True:
        term = _term(expected, k)
        total += term
        k += 1
        if term <= total * 1e-17:
            return min(total, 1.0)


def _term(expected: float, k: int) -> float:
    power = k * log(expected) - expected - lgamma(k + 1)
    return exp(power) if power > -700 else 0.0


def one_in(chance: float) -> int:
    """A chance as "1 in so many"."""
    return MOST if chance * MOST < 1 else round(1 / chance)
