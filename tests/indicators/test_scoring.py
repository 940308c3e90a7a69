"""Points, groups, totals, grades and ranks, worked by hand."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from tthc_cli.results.grading import grade_of
from tthc_cli.results.rounding import half_up
from tthc_cli.results.scorecard import UnitScore
from tthc_cli.rulebooks import by_id
from tthc_cli.scoring.points import points, rank_units

LAW, PORTAL = by_id("qd766", None), by_id("qd766-portal", None)


@pytest.mark.parametrize(
    ("value", "rounded"),
    [
        (Fraction(89995, 1000), "90.00"),  # 89,995 -> 90,00
        (Fraction(1, 200), "0.01"),  # 0,005 -> 0,01
        (Fraction(49, 10000), "0.00"),  # 0,0049 -> 0,00
        (Fraction(2, 3), "0.67"),
        (Fraction(20), "20.00"),
    ],
)
def test_half_goes_up(value: Fraction, rounded: str) -> None:
    assert half_up(value) == Decimal(rounded)


@pytest.mark.parametrize(
    ("book", "component", "numerator", "denominator", "expected"),
    [
        (LAW, "2.1", 3, 4, ("15.00", "scored")),  # 20 × 3/4
        (LAW, "2.1", 0, 0, ("0.00", "scored")),
        (LAW, "3.3", 1, 4, ("3.00", "scored")),  # 6 × (1/4) / 0,5
        (LAW, "3.3", 3, 4, ("6.00", "scored")),  # vượt mức 50% thì đủ điểm
        (LAW, "3.1", 4, 5, ("2.00", "scored")),  # đúng mức 80%
        (LAW, "4.2", 4, 5, ("4.00", "scored")),  # theo văn bản: đủ điểm ở 80%
        (PORTAL, "4.2", 4, 5, ("3.20", "scored")),  # theo Cổng: 4 × 4/5
        (LAW, "5.3", 9, 10, ("6.00", "scored")),
        (LAW, "5.3", 45, 100, ("3.00", "scored")),  # 6 × 0,45 / 0,9
        (LAW, "5.1", 0, 0, ("6.00", "scored")),
        (LAW, "5.2", 0, 0, ("6.00", "scored")),
        (LAW, "4.1", 0, 0, (None, "no_score")),
        (LAW, "1.4", 0, 0, ("0.00", "scored")),
        (PORTAL, "1.4", 0, 0, (None, "no_score")),
    ],
)
def test_points_of_a_component(book, component, numerator, denominator, expected) -> None:  # type: ignore[no-untyped-def]
    got, status = points(book.component(component), Fraction(numerator), Fraction(denominator))
    assert (None if got is None else str(got), status) == expected


def test_negative_counts_are_refused() -> None:
    with pytest.raises(ValueError, match=r"2\.1: negative count"):
        points(LAW.component("2.1"), Fraction(-1), Fraction(3))


@pytest.mark.parametrize(
    ("percent", "grade"),
    [
        ("100.00", "excellent"), ("90.00", "excellent"), ("89.99", "good"), ("80.00", "good"), ("79.99", "fair"),
        ("70.00", "fair"), ("69.99", "average"), ("50.00", "average"), ("49.99", "weak"), ("0.00", "weak"),
    ],
)  # fmt: skip
def test_a_band_includes_its_lower_bound(percent: str, grade: str) -> None:
    assert grade_of(Decimal(percent), LAW) == grade


def unit(code: str, name: str, total: str | None, level: str = "so") -> UnitScore:
    value = None if total is None else Decimal(total)
    return UnitScore(code, name, level, None, {}, value, Decimal(100), False, value, None, None)


def test_ties_share_a_rank_and_the_next_is_skipped() -> None:
    ranked = rank_units([unit("1", "A", "70"), unit("2", "C", "80"), unit("3", "B", "80"), unit("4", "D", "90")])
    assert [(u.name, u.rank) for u in ranked] == [("D", 1), ("B", 2), ("C", 2), ("A", 4)]


def test_levels_are_ranked_apart_and_the_unscored_last() -> None:
    ranked = rank_units([unit("1", "Xã A", "50", "xa"), unit("2", "Sở B", None), unit("3", "Sở C", "10")])
    assert [(u.name, u.rank) for u in ranked] == [("Sở C", 1), ("Sở B", None), ("Xã A", 1)]


def test_ties_are_listed_in_vietnamese_order() -> None:
    names = ["Đông Hà", "Dương Hòa", "Ân Phú", "An Phú", "Ấp Bắc"]
    ranked = rank_units([unit(str(i), n, "80") for i, n in enumerate(names)])
    assert [u.name for u in ranked] == ["An Phú", "Ân Phú", "Ấp Bắc", "Dương Hòa", "Đông Hà"]
