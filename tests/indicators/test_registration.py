"""A judge of dossiers may ask yes/no facts only: any other is refused when it is registered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tthc_cli.counting.measures import Measures
from tthc_cli.counting.packed_counts import packed
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.yes_no import TRUTHS, DossierIndicator
from tthc_cli.indicators.registry import INDICATORS, MEASURES
from tthc_cli.rulebooks import by_id
from tthc_cli.verdicts import OUTSIDE, Case, Judge, Reason, no, yes

DONE = yes("done")


def by_status(facts: DossierFacts) -> Sequence[Case]:
    """Judges rightly one by one: status is a code, not a truth."""
    return (DONE.where(facts.status == 9),)


class Three:
    """Facts of three subjects."""

    shape = (3,)


def registered(*judges: DossierIndicator) -> Measures:
    return Measures(judges, MEASURES.form, MEASURES.times, MEASURES.own_times)


def test_a_judge_that_asks_for_a_code_is_refused_with_a_sentence() -> None:
    wrong = DossierIndicator("9.9", (OUTSIDE, DONE), by_status)  # type: ignore[arg-type]
    with pytest.raises(TypeError) as raised:
        registered(*MEASURES.judges, wrong)
    assert str(raised.value).startswith("9.9: status is no yes/no fact")


def test_a_judge_that_asks_truths_is_registered() -> None:
    right = DossierIndicator("9.9", (OUTSIDE, DONE), lambda facts: (DONE.where(facts.finished),))
    found = registered(right)
    assert found.layout == {"9.9": slice(0, 2), "2.2": slice(2, 5)}


def test_a_reason_that_is_not_declared_is_refused_with_a_sentence() -> None:
    wrong = DossierIndicator("9.9", (OUTSIDE, DONE), lambda facts: (yes("well_done").where(facts.finished),))
    with pytest.raises(TypeError) as raised:
        registered(wrong)
    assert str(raised.value) == "9.9: a case gives the reason well_done, which is not among its reasons"


@pytest.mark.parametrize("reasons", [(DONE,), (OUTSIDE, DONE, no("done")), ()])
def test_reasons_begin_with_outside_and_differ(reasons: tuple[Reason, ...]) -> None:
    with pytest.raises(ValueError, match=r"9\.9: reasons begin with OUTSIDE"):
        DossierIndicator("9.9", reasons, lambda facts: ())


def test_the_first_case_that_holds_decides_and_what_none_holds_of_is_outside() -> None:
    early, late = yes("early"), no("late")
    first, second = np.array([True, False, False]), np.array([True, True, False])
    cases = (late.where(first), early.where(second))
    assert Judge("9.9", (OUTSIDE, early, late), lambda _: cases).judge(Three()).tolist() == [2, 1, 0]
    both = (*cases, late.otherwise())
    assert Judge("9.9", (OUTSIDE, early, late), lambda _: both).judge(Three()).tolist() == [2, 1, 2]


def test_indicators_are_found_in_the_order_of_the_law() -> None:
    ids = [i.id for i in INDICATORS]
    law = [component.id for component in by_id("qd766").components]
    assert [i for i in ids if i in law] == law
    assert ids.index("3.2") < ids.index("3.2:dossiers") < ids.index("3.3")
    assert ids.index("II.06") == ids.index("c1") - 1
    nine = [component.id for component in by_id("tt01-2018").components]
    assert nine == [f"c{number}" for number in range(1, 10)] == [i for i in ids if i in nine]


def test_every_yes_no_fact_is_one_that_dossiers_have_and_is_boolean() -> None:
    missing = {name for name in TRUTHS if not hasattr(DossierFacts, name)}
    assert missing == set()
    assert "status" not in TRUTHS


def test_what_is_no_truth_is_not_packed() -> None:
    with pytest.raises(AssertionError):
        packed([np.array([1, 2], np.uint8)])
