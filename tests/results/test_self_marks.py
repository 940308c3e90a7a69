"""What units mark themselves stands beside what was appraised, and is kept with the score."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from tthc_cli.results.scorecard import ComponentScore, Scorecard
from tthc_cli.results.self_marks import SelfMark, self_score, unexplained
from tthc_cli.rulebooks import by_id
from tthc_cli.scoring.points import total_unit
from tthc_cli.storage.stored_scores import load, save

LAW = by_id("tt01-2018")
APPRAISED = {"c1": "1.3", "c2": "1.8", "c3": "1.8", "c4": "2.0", "c5": "1.0", "c6": "2.0", "c7": "1.3", "c8": "2.0"}
OWN = {"c1": "1.8", "c2": "1.8", "c3": "1.8", "c4": "2.0", "c5": "2.0", "c6": "2.0", "c7": "1.8", "c8": "2.0"}


@pytest.fixture
def card() -> Scorecard:
    """One unit. c1 and c7 are counted, the others typed; c5 appraised lower without a reason."""
    scores = tuple(
        ComponentScore(
            "H99.02", criterion, Fraction(points), Fraction(1), Decimal(points), Decimal(2), "scored",
            "data" if criterion in ("c1", "c7") else "typed",
        )
        for criterion, points in APPRAISED.items()
    )  # fmt: skip
    return Scorecard(
        period="2023Q2", period_start="2023-04-01", period_end="2023-06-30", window="calendar",
        as_of="2023-06-30T23:59:59", province="", rulebook=LAW, version="0", sources=(),
        units=(total_unit("H99.02", "Sở A", "so", None, scores, LAW),), components=scores,
        self_marks=tuple(SelfMark("H99.02", criterion, Decimal(points)) for criterion, points in OWN.items()),
    )  # fmt: skip


def test_own_points_are_added_up_and_graded_on_the_same_bands(card: Scorecard) -> None:
    """1,8 + 1,8 + 1,8 + 2 + 2 + 2 + 1,8 + 2 = 15,2: excellent, where 13,2 was appraised: good."""
    own = self_score(card, "H99.02")
    assert own is not None
    assert (own.total, own.max, own.grade) == (Decimal("15.2"), 16, "excellent")
    assert (card.unit("H99.02").total, card.unit("H99.02").grade) == (Decimal("13.2"), "good")


def test_a_lower_appraised_mark_without_a_reason_is_unexplained(card: Scorecard) -> None:
    assert list(unexplained(card)) == [("H99.02", "c5")]


def test_a_reason_explains_it(card: Scorecard) -> None:
    marks = tuple(replace(m, reason="Chưa niêm yết đủ") if m.component == "c5" else m for m in card.self_marks)
    own = self_score(replace(card, self_marks=marks), "H99.02")
    assert own is not None
    assert (own.unexplained, own.reasons) == ((), {"c5": "Chưa niêm yết đủ"})


def test_too_few_own_marks_have_no_grade(card: Scorecard) -> None:
    """Half of 18 points are asked for; one criterion of 2 is less."""
    own = self_score(replace(card, self_marks=card.self_marks[:1], grade_from=Decimal(50)), "H99.02")
    assert own is not None
    assert (own.total, own.grade) == (Decimal("1.8"), None)


def test_a_unit_that_marked_nothing_has_no_own_score(card: Scorecard) -> None:
    assert self_score(replace(card, self_marks=()), "H99.02") is None


def test_own_marks_are_stored_with_the_score(card: Scorecard, tmp_path: Path) -> None:
    save(card, tmp_path)
    assert load(tmp_path, "2023Q2", "tt01-2018").self_marks == card.self_marks


def test_a_score_stored_without_own_marks_is_read(card: Scorecard, tmp_path: Path) -> None:
    save(replace(card, self_marks=()), tmp_path)
    assert load(tmp_path, "2023Q2", "tt01-2018").self_marks == ()
