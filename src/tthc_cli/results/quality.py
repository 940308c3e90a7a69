"""How far the data behind a scorecard can be trusted: one word, and why.

The limits are choices of this program, told wherever the word is; no law sets them.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from tthc_cli.results.notes import note

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import Scorecard

Word = Literal["good", "check", "poor"]
_WORDS: tuple[Word, ...] = ("good", "check", "poor")
CHECK_PERCENT, POOR_PERCENT = 1, 5
"""Percent of rows rejected, or of dossiers that match no unit, from which data are to be checked, or are poor."""
POOR_POINTS = 20
"""Points of the maximum that could not be assessed, from which data are poor; any at all are to be checked."""


@dataclass(frozen=True, slots=True)
class Trust:
    """A word, and the notes that explain it, the gravest first."""

    word: Word
    reasons: tuple[str, ...]
    """As `results.notes.note` writes them; empty only where the word is good."""


def trust(card: Scorecard) -> Trust:
    """Of the data behind a scorecard."""
    found = [one for one in (_rejected(card), _unmatched(card), _missing(card), _until(card)) if one is not None]
    found.sort(key=lambda one: -one[0])
    word = _WORDS[max((grade for grade, _ in found), default=0)]
    return Trust(word, tuple(reason for _, reason in found))


def not_assessed(card: Scorecard) -> tuple[tuple[str, Decimal], ...]:
    """The components that no data tell for the province, else for any unit, and their maxima."""
    units = {card.province} if card.province else {unit.id for unit in card.units}
    missing = {c.id: c.max for c in card.components if c.unit in units and c.status == "not_assessed" and c.max}
    return tuple((info.id, missing[info.id]) for info in card.rulebook.components if info.id in missing)


def _grade(part: int, whole: int) -> int:
    return (part * 100 >= CHECK_PERCENT * whole) + (part * 100 >= POOR_PERCENT * whole)


def _rejected(card: Scorecard) -> tuple[int, str] | None:
    read, rejected = sum(s.rows_read for s in card.sources), sum(s.rejected for s in card.sources)
    if not rejected:
        return None
    return _grade(rejected, read), note("quality_rejected", rejected=rejected, read=read)


def _unmatched(card: Scorecard) -> tuple[int, str] | None:
    unmatched = sum(count for _, count, _ in card.unmatched)
    if not unmatched:
        return None
    return _grade(unmatched, max(unmatched, _dossiers(card))), note(
        "quality_unmatched", unmatched=unmatched, names=len(card.unmatched)
    )


def _dossiers(card: Scorecard) -> int:
    """Dossiers of the period, of which those that match no unit are a part: of 2.1, else of criterion 1. Sources
    hold those of other periods too; they are asked where no verdict on dossiers is kept."""
    roots = {unit.id for unit in card.units if unit.parent is None}
    counted = Counter[str]()
    for one in card.reasons:
        if one.unit in roots and (one.in_denominator or one.component == "c1"):
            counted[one.component] += one.count
    return counted["2.1"] or counted["c1"] or sum(s.accepted for s in card.sources if "dossiers" in s.tables)


def _missing(card: Scorecard) -> tuple[int, str] | None:
    missing = not_assessed(card)
    if not missing:
        return None
    points = sum(most for _, most in missing)
    ids = ", ".join(component for component, _ in missing)
    return 2 if points >= POOR_POINTS else 1, note("quality_missing", points=points, components=ids)


def _until(card: Scorecard) -> tuple[int, str] | None:
    """Whether the newest export of dossiers is older than the end of the period."""
    exported = [s.exported_at for s in card.sources if "dossiers" in s.tables and s.exported_at]
    if not exported or datetime.fromisoformat(max(exported)).date().isoformat() >= card.period_end:
        return None
    return 1, note("quality_until", day=max(exported)[:10], end=card.period_end)
