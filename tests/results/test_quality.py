"""How far data are trusted: one word by limits that are told, each worked by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from tests.render.fixtures import make_card, small_card
from tthc_cli.results.quality import not_assessed, trust
from tthc_cli.results.scorecard import ReasonCount, Scorecard, SourceInfo

IDS = (
    "1.1", "1.2", "1.3", "1.4", "2.1", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "4.1", "4.2", "4.3", "4.4", "4.5",
    "4.6", "4.7", "5.1", "5.2", "5.3",
)  # fmt: skip
FULL = dict.fromkeys(IDS, (9, 10))


def card(
    *, rejected: int = 0, unmatched: int = 0, without: tuple[str, ...] = (), exported: str = "2023-07-03T00:00:00"
) -> Scorecard:
    """A province whose one file has 1,000 rows of dossiers, 400 of them of the period."""
    figures: dict[str, Any] = FULL | dict.fromkeys(without)
    made = make_card([("H99", "UBND tỉnh", "tinh", None, figures, {})])
    source = SourceInfo("a.csv", "0" * 64, ("dossiers",), 1000, 1000 - rejected, 0, rejected, exported)
    names = (("Sở X", unmatched, ""),) if unmatched else ()
    verdicts = (
        ReasonCount("H99", "2.1", "on_time", True, True, 300),
        ReasonCount("H99", "2.1", "late", True, False, 100),
    )
    return replace(made, sources=(source,), unmatched=names, reasons=verdicts)


@pytest.mark.parametrize(
    ("made", "word", "reasons"),
    [
        (card(), "good", []),
        (card(rejected=9), "good", ["quality_rejected"]),  # 0.9%
        (card(rejected=10), "check", ["quality_rejected"]),  # 1%
        (card(rejected=50), "poor", ["quality_rejected"]),  # 5%
        (card(unmatched=3), "good", ["quality_unmatched"]),  # 0.75% of those of the period
        (card(unmatched=4), "check", ["quality_unmatched"]),
        (card(unmatched=20), "poor", ["quality_unmatched"]),  # 5%; 2% of all rows
        (card(without=("4.3",)), "check", ["quality_missing"]),  # 2 points
        (card(without=("2.1",)), "poor", ["quality_missing"]),  # 20 points
        (card(exported="2023-06-29T08:00:00"), "check", ["quality_until"]),
        (card(exported="2023-06-30T08:00:00"), "good", []),
        (card(rejected=9, without=("2.1",)), "poor", ["quality_missing", "quality_rejected"]),  # the gravest first
    ],
)
def test_one_word_and_why(made: Scorecard, word: str, reasons: list[str]) -> None:
    found = trust(made)
    assert (found.word, [reason.partition("|")[0] for reason in found.reasons]) == (word, reasons)


def test_points_hang_on_missing_columns() -> None:
    assert not_assessed(card(without=("4.3", "2.1"))) == (("2.1", Decimal(20)), ("4.3", Decimal(2)))


def test_analysis_has_no_points_to_miss() -> None:
    assert not_assessed(card(without=("2.2",))) == ()


def test_the_small_card_is_told_why() -> None:
    assert trust(small_card()).reasons
