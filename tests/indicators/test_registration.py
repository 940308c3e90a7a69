"""A judge of dossiers may ask yes/no facts only: any other is refused when it is registered."""

from __future__ import annotations

import numpy as np
import pytest

from tthc_cli.counting.measures import Measures
from tthc_cli.counting.packed_counts import packed
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.yes_no import TRUTHS, DossierIndicator
from tthc_cli.indicators.registry import MEASURES
from tthc_cli.verdicts import OUTSIDE, Codes, first_match, yes


def by_status(facts: DossierFacts) -> Codes:
    """Judges rightly one by one: status is a code, not a truth."""
    return first_match(facts.n, (facts.status == 9, 1))


def registered(*judges: DossierIndicator) -> Measures:
    return Measures(judges, MEASURES.form, MEASURES.times, MEASURES.own_times)


def test_a_judge_that_asks_for_a_code_is_refused_with_a_sentence() -> None:
    wrong = DossierIndicator("9.9", (OUTSIDE, yes("done")), by_status)  # type: ignore[arg-type]
    with pytest.raises(TypeError) as raised:
        registered(*MEASURES.judges, wrong)
    assert str(raised.value).startswith("9.9: status is no yes/no fact")


def test_a_judge_that_asks_truths_is_registered() -> None:
    right = DossierIndicator("9.9", (OUTSIDE, yes("done")), lambda facts: first_match(facts.n, (facts.finished, 1)))
    found = registered(right)
    assert found.layout == {"9.9": slice(0, 2), "2.2": slice(2, 5)}


def test_every_yes_no_fact_is_one_that_dossiers_have_and_is_boolean() -> None:
    missing = {name for name in TRUTHS if not hasattr(DossierFacts, name)}
    assert missing == set()
    assert "status" not in TRUTHS


def test_what_is_no_truth_is_not_packed() -> None:
    with pytest.raises(AssertionError):
        packed([np.array([1, 2], np.uint8)])
