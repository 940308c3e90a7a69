"""Intervals of findings: against scipy 1.17.1 (hypergeom), statsmodels 0.14 (Wilson), and by hand."""

from __future__ import annotations

from math import comb

import pytest

from tthc_cli.facts.inspection.intervals import Examined, exact, exact_counts, weighted, wilson


@pytest.mark.parametrize(
    ("whole", "examined", "faulty", "low", "high"),
    [
        (50, 10, 3, 5, 31), (200, 20, 0, 0, 32), (200, 20, 20, 168, 200), (1000, 30, 4, 39, 304), (37, 5, 1, 1, 25),
        (12, 2, 2, 3, 12), (12, 2, 0, 0, 9), (5000, 60, 9, 357, 1325), (100, 30, 15, 35, 65),
    ],
)  # fmt: skip
def test_against_scipy(whole: int, examined: int, faulty: int, low: int, high: int) -> None:
    """All numbers m with hypergeom.sf(x - 1, N, m, n) > 0.025 and hypergeom.cdf(x, N, m, n) > 0.025."""
    assert exact_counts(whole, examined, faulty) == (low, high)


def test_by_hand() -> None:
    """None of 2 of 12: with 9 faulty the chance of that is C(3,2)/C(12,2) = 3/66 = 0.045; with 10, 1/66 = 0.015."""
    assert (comb(3, 2) / comb(12, 2), comb(2, 2) / comb(12, 2)) == pytest.approx((0.04545, 0.01515), abs=1e-4)
    found = exact(Examined(12, 2, 0))
    assert found is not None
    assert (found.share, found.low, found.high) == (0, 0, 9 / 12)


def test_what_was_examined_whole_is_known() -> None:
    assert exact_counts(40, 40, 7) == (7, 7)


def test_nothing_examined_has_no_rate() -> None:
    assert exact(Examined(12, 0, 0)) is None
    assert weighted([Examined(12, 0, 0)]) is None


@pytest.mark.parametrize(("share", "size", "low", "high"), [(0.1, 100, 0.055229, 0.174366), (0, 30, 0, 0.113514)])
def test_wilson_against_statsmodels(share: float, size: float, low: float, high: float) -> None:
    found = wilson(share, size)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)


def test_strata_weigh_by_their_dossiers() -> None:
    """300 with 3 of 10 and 100 with 1 of 5: (300 * 0.3 + 100 * 0.2) / 400 = 0.275. Spread: (3/4)^2 * (290/300) / 10 +
    (1/4)^2 * (95/100) / 5 = 0.054375 + 0.011875 = 0.06625, so 15.0943 dossiers; Wilson's ends (statsmodels)."""
    found = weighted([Examined(300, 10, 3), Examined(100, 5, 1)])
    assert found is not None
    assert found.share == pytest.approx(0.275)
    assert (found.low, found.high) == pytest.approx((0.114417, 0.526874), abs=1e-6)


def test_a_stratum_that_nobody_examined_is_left_out() -> None:
    assert weighted([Examined(300, 10, 3), Examined(100, 0, 0)]) == weighted([Examined(300, 10, 3)])


def test_strata_examined_whole_leave_no_doubt() -> None:
    found = weighted([Examined(4, 4, 1), Examined(6, 6, 0)])
    assert found is not None
    assert (found.share, found.low, found.high) == (0.1, 0.1, 0.1)
