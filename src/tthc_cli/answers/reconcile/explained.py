"""Which recount explains a difference: each is tried by itself; those that give the other side's figure are named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from tthc_cli.answers.reconcile.recounts import OURS, RECEIVED
from tthc_cli.answers.reconcile.sides import Item, Side, reckoned, side_of
from tthc_cli.indicators.registry import DOSSIER_INDICATORS

if TYPE_CHECKING:
    from tthc_cli.answers.reconcile.recounts import Counts, Recount
    from tthc_cli.results.scorecard import RulebookInfo, Scorecard
    from tthc_cli.scoring.scored_tree import ScoredTree

OF_DOSSIERS = frozenset(i.id for i in DOSSIER_INDICATORS if i.component)
UNEXPLAINED, SAME, NOT_COUNTED, RULES, SCOPE = "unexplained", "same", "not_counted", "rules", "scope"
APPRAISED, BELOW = "appraised", "below"


@dataclass(frozen=True, slots=True)
class Way:
    """What explains a difference."""

    cause: str
    detail: str = ""
    recount: Recount | None = None
    """The one that gives the other side's figure; None where no dossier counts otherwise."""
    alone: bool = False
    """It is of the unit without those below it."""


@dataclass(frozen=True, slots=True)
class Explained:
    """A difference and what was found of it."""

    item: Item
    ways: tuple[Way, ...] = ()
    """The first is the one that is named; () = nothing gives the other side's figure."""

    @property
    def cause(self) -> str:
        if self.item.same:
            return SAME
        if not self.item.known:
            return NOT_COUNTED
        return self.ways[0].cause if self.ways else UNEXPLAINED


@dataclass(frozen=True)
class Evidence:
    """What is tried."""

    rulebook: RulebookInfo
    counts: Sequence[Counts]
    """Ours first."""
    readings: Sequence[RulebookInfo]
    """Other rulebooks in force."""
    other_window: Scorecard | None = None

    def explain(self, item: Item) -> Explained:
        """Try every recount on one difference."""
        if item.same or not item.known:
            return Explained(item)
        ways = [Way(APPRAISED)] if item.reason and not item.counted else []
        if not (item.same_counts and item.counts_told):
            if of_dossiers(item):
                ways += self._recounted(item)
            elif self.other_window is not None and self._gives(item, self._other_side(item)):
                ways.append(Way("window", self.other_window.window))
        if item.same_counts:
            ways += [Way(RULES, book.id) for book in self.readings if _same_points(book, item)]
        return Explained(item, tuple(ways))

    @cached_property
    def _others(self) -> Mapping[tuple[str, str], Side]:
        """(unit, component) -> what the score by the other window says."""
        card = self.other_window
        return {} if card is None else {(c.unit, c.id): side_of(c) for c in card.components}

    def _other_side(self, item: Item) -> Side:
        return self._others.get((item.unit, item.measure), Side())

    def _recounted(self, item: Item) -> Iterator[Way]:
        ours = self.counts[0].figure(item.unit, item.measure, item.alone)
        for counts in self.counts:
            is_ours = counts.recount.cause == OURS
            alone = item.alone != is_ours
            found = counts.figure(item.unit, item.measure, alone)
            if found not in (None, ours) and self._gives(item, Side(*map(Fraction, found))):
                cause = SCOPE if is_ours else counts.recount.cause
                yield Way(cause, counts.recount.detail, counts.recount, alone)

    def _gives(self, item: Item, side: Side) -> bool:
        """Whether a side is what the others say: in counts, or in points where they say no more."""
        if item.counts_told:
            return side.numerator is not None and replace(item, ours=side).same_counts
        own = reckoned(self.rulebook, item.measure, side)
        return own is not None and replace(item, ours=replace(side, points=own)).same_points


def from_below(found: Sequence[Explained], tree: ScoredTree) -> list[Explained]:
    """Unexplained totals that differ by as much as those of the units below together are put down to these."""
    told = {one.item.unit: one for one in found if one.item.told_by == "report"}
    return [replace(one, ways=(Way(BELOW),)) if _is_sum(one, told, tree) else one for one in found]


def _is_sum(one: Explained, told: Mapping[str, Explained], tree: ScoredTree) -> bool:
    if one.cause != UNEXPLAINED or one.item.told_by != "report" or one.item.alone:
        return False
    children = (tree.ids[child] for child in tree.children(tree.ids.index(one.item.unit)))
    below = [told[child] for child in children if child in told]
    return bool(below) and _difference(one) == sum(map(_difference, below), Fraction(0))


def _difference(one: Explained) -> Fraction:
    return (one.item.theirs.denominator or Fraction(0)) - (one.item.ours.denominator or Fraction(0))


def of_dossiers(item: Item) -> bool:
    """Whether our side of an item was counted from dossiers."""
    return item.counted and (item.measure == RECEIVED or item.measure in OF_DOSSIERS)


def _same_points(book: RulebookInfo, item: Item) -> bool:
    own = reckoned(book, item.measure, item.ours)
    return own is not None and replace(item, ours=replace(item.ours, points=own)).same_points
