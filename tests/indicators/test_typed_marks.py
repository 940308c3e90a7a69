"""What was given to a subject as a whole stands for it alone, and never mixes into means over dossiers."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from tthc_cli.counting.roll_up import Judgement
from tthc_cli.facts.marks.model import Known, Mark
from tthc_cli.indicators.registry import indicator
from tthc_cli.results.scorecard import ComponentInfo
from tthc_cli.rulebooks import by_id
from tthc_cli.scoring.assess import Figure
from tthc_cli.scoring.marks import mark_figures, self_marks

LAW = by_id("tt01-2018")
C1, C6 = LAW.component("c1"), LAW.component("c6")
APPRAISED = Mark("appraised", typed=Fraction(1), reason="Trễ", told_by=("Biên bản thẩm định",))
FINDING = Mark("finding", (1, 0, 0), told_by=("KT-1", "KT-2"))
SLIPS = Mark("slip", (1, 0, 2))
OWN = Mark("self", typed=Fraction(2))


def counted(criterion: str, *units: dict[str, int]) -> Judgement:
    """Counts by reason of each unit, the province first."""
    judge = indicator(criterion)
    counts = np.zeros((len(units), len(judge.reasons)), np.int64)
    for unit, by_reason in enumerate(units):
        for reason, number in by_reason.items():
            counts[unit, judge.index(reason)] = number
    return Judgement(criterion, judge.reasons, counts)


TIMES = counted("c1", {"shorter": 3, "longer": 1}, {"longer": 1})
"""A province with one department below it: 3 marks of 2, and 1 of 0 of the department."""


def department(component: ComponentInfo, *marks: Mark, data: Judgement | None = None) -> Figure:
    """The figure of the department, with what was given to it as a whole."""
    judged = {} if data is None else {data.id: data}
    return mark_figures(component, judged, {(1, component.id): Known(marks)}, 2)[1]


def test_a_typed_mark_stands_for_its_unit_and_the_province_stays_the_mean_over_dossiers() -> None:
    known = {(1, "c1"): Known((APPRAISED,))}
    province, below = mark_figures(C1, {"c1": TIMES}, known, 2)
    assert (below.numerator, below.denominator, below.source, below.note) == (1, 1, "Biên bản thẩm định", "Trễ")
    assert (province.numerator, province.denominator, province.basis) == (6, 4, "data")


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ((APPRAISED, FINDING, SLIPS), (1, 1, "override")),
        ((FINDING, SLIPS), (0, 1, "inspection")),
        ((SLIPS,), (0, 1, "data")),
        ((OWN,), (0, 1, "data")),
    ],
)
def test_of_a_criterion_of_dossiers_appraised_then_inspected_then_its_dossiers(
    marks: tuple[Mark, ...], found: tuple[int, int, str]
) -> None:
    figure = department(C1, *marks, data=TIMES)
    assert (figure.numerator, figure.denominator, figure.basis) == found


@pytest.mark.parametrize(
    ("marks", "found"),
    [
        ((APPRAISED, FINDING, SLIPS), (1, 1, "override")),
        ((FINDING, SLIPS), (0, 1, "inspection")),
        ((SLIPS,), (4, 3, "slip")),
        ((OWN,), (2, 1, "data")),
    ],
)
def test_of_a_criterion_of_units_appraised_then_inspected_then_slips_then_derived(
    marks: tuple[Mark, ...], found: tuple[int, int, str]
) -> None:
    figure = department(C6, *marks, data=counted("c6", {"one_way": 1}, {"both_ways": 1}))
    assert (figure.numerator, figure.denominator, figure.basis) == found


def test_slips_of_a_unit_stand_where_no_dossier_has_a_mark() -> None:
    figure = department(C1, SLIPS)
    assert (figure.numerator, figure.denominator, figure.basis) == (4, 3, "slip")


def test_criterion_6_takes_the_mean_of_what_slips_of_dossiers_say() -> None:
    """Two slips, 2 and 1, of the department's dossiers; slips about the department as a whole do not mix in."""
    judged = {
        "c6": counted("c6", {"both_ways": 1}, {"both_ways": 1}),
        "c6:given": counted("c6:given", {"slip_2": 1, "slip_1": 1, "slip_0": 1}, {"slip_2": 1, "slip_1": 1}),
    }
    province, below = mark_figures(C6, judged, {(1, "c6"): Known((SLIPS,))}, 2)
    assert (below.numerator, below.denominator, below.basis) == (3, 2, "slip")
    assert (province.numerator, province.denominator, province.basis) == (3, 3, "slip")


def test_the_order_of_sources_is_the_rulebooks() -> None:
    slips_first = replace(C6, sources=("slip", "inspection", "typed", "derived"))
    assert department(slips_first, APPRAISED, FINDING, SLIPS).basis == "slip"


def test_what_was_typed_to_override_stands_first() -> None:
    slips_first = replace(C6, sources=("slip", "typed"))
    assert department(slips_first, replace(APPRAISED, overrides=True), SLIPS).basis == "typed"


@pytest.mark.parametrize("sources", [("typed",), ("typed", "slip")])
def test_a_source_that_the_rulebook_does_not_name_is_not_taken(sources: tuple[str, ...]) -> None:
    assert department(replace(C1, sources=sources), data=TIMES).basis == "none"


def test_slips_alone_count_where_the_rulebook_derives_nothing() -> None:
    mixed = counted("c1", {}, {"slip_2": 1, "longer": 5})
    figure = department(replace(C1, sources=("slip",)), data=mixed)
    assert (figure.numerator, figure.denominator) == (2, 1)


def test_without_any_mark_a_criterion_is_left_out() -> None:
    assert not department(C1, data=counted("c1", {}, {})).known


def test_own_marks_are_told_beside_with_the_reason_of_whoever_appraised() -> None:
    (own,) = self_marks([C1], {("H99.02", "c1"): Known((APPRAISED, OWN))}, ["H99.02"])
    assert (str(own.points), own.reason) == ("2.0", "Trễ")
