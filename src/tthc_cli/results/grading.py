"""The grade of a total, as a rulebook's bands say."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import RulebookInfo


def graded(total: Decimal | None, percent: Decimal | None, rulebook: RulebookInfo) -> Decimal | None:
    """What a grade is taken on: the rounded percentage of the maximum that counts, or the total itself, of which the
    bands stay where they are when something was not assessed."""
    return percent if rulebook.graded_on == "percent" else total


def grade_of(value: Decimal, rulebook: RulebookInfo) -> str:
    """Key of the band that holds what is graded; a band includes its lower bound."""
    for band in rulebook.grades:
        if value >= band.lower:
            return band.key
    return rulebook.grades[-1].key


def full_marks(rulebook: RulebookInfo) -> Decimal:
    """The sum of the maxima of all groups."""
    return sum((g.max for g in rulebook.groups), Decimal(0))
