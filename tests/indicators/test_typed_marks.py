"""What was typed for a subject stands for it alone, and never mixes into means over dossiers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np

from tthc_cli.counting.roll_up import Judgement
from tthc_cli.facts.hand_typed import TypedFigure
from tthc_cli.indicators.registry import indicator
from tthc_cli.rulebooks import by_id
from tthc_cli.scoring.marks import mark_figures

C1 = by_id("tt01-2018").component("c1")
TYPED = TypedFigure("H99.02", "c1", Fraction(1), Fraction(1), "Biên bản thẩm định", False, "")


def judgement() -> Judgement:
    """A province with one department below it: 3 marks of 2, and 1 of 0 of the department."""
    reasons = indicator("c1").reasons
    counts = np.zeros((2, len(reasons)), np.int64)
    two, zero = ([r.key for r in reasons].index(key) for key in ("shorter", "longer"))
    counts[0, [two, zero]] = 3, 1
    counts[1, zero] = 1
    return Judgement("c1", reasons, counts)


def test_a_typed_mark_stands_for_its_unit_and_the_province_stays_the_mean_over_dossiers() -> None:
    province, department = mark_figures(C1, judgement(), {1: TYPED}, 2)
    assert (department.numerator, department.denominator, department.source) == (1, 1, "Biên bản thẩm định")
    assert (province.numerator, province.denominator, province.basis) == (6, 4, "data")


def test_the_order_of_sources_is_the_rulebooks() -> None:
    derived_first = replace(C1, sources=("derived", "typed"))
    _, department = mark_figures(derived_first, judgement(), {1: TYPED}, 2)
    assert (department.numerator, department.denominator, department.basis) == (0, 1, "data")


def test_a_source_that_the_rulebook_does_not_name_is_not_taken() -> None:
    _, department = mark_figures(replace(C1, sources=("typed",)), judgement(), {}, 2)
    assert (department.numerator, department.basis) == (None, "none")


def test_without_any_mark_a_criterion_is_left_out() -> None:
    reasons = indicator("c1").reasons
    nothing = Judgement("c1", reasons, np.zeros((1, len(reasons)), np.int64))
    (unit,) = mark_figures(C1, nothing, {}, 1)
    assert not unit.known
