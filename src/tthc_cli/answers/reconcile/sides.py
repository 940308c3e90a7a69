"""What others say of the same period, beside our own count: one item a unit, source and measure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from tthc_cli.answers.reconcile.published import TOTAL, Published
from tthc_cli.answers.reconcile.recounts import RECEIVED
from tthc_cli.counting.roll_up import roll_up_sums
from tthc_cli.facts.hand_typed import TypedFigure, report_totals
from tthc_cli.scoring.points import points
from tthc_cli.scoring.totals import by_unit, covers

if TYPE_CHECKING:
    import pyarrow as pa

    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import ComponentScore, RulebookInfo, Scorecard
    from tthc_cli.scoring.score_period import Scored
    from tthc_cli.scoring.scored_tree import ScoredTree

Told = Literal["report", "portal", "self"]
"""The national reporting system, the national portal, the unit's own assessment."""
_NEAR = Fraction(15, 1000)
"""Points that are published are rounded to a hundredth."""


@dataclass(frozen=True, slots=True)
class Side:
    """A figure as one side has it; None for what it does not say."""

    numerator: Fraction | None = None
    denominator: Fraction | None = None
    points: Fraction | None = None

    @property
    def told(self) -> bool:
        return (self.numerator, self.denominator, self.points) != (None, None, None)


@dataclass(frozen=True, slots=True)
class Item:
    """One figure of one unit, on both sides."""

    unit: str
    told_by: Told
    measure: str
    """A component, or RECEIVED."""
    ours: Side
    theirs: Side
    alone: bool = False
    """The unit without those below it."""
    counted: bool = True
    """Whether ours was counted from dossiers and other data, and not typed or unknown."""
    sources: tuple[str, ...] = ()
    undated: bool = False
    reason: str = ""
    """Why who appraises gave the unit another figure than its own, as typed."""
    stake: Fraction = Fraction(0)
    """Points that hang on the difference."""

    @property
    def counts_told(self) -> bool:
        return (self.theirs.numerator, self.theirs.denominator) != (None, None)

    @property
    def same_counts(self) -> bool:
        return all(
            theirs is None or theirs == ours
            for ours, theirs in (
                (self.ours.numerator, self.theirs.numerator), (self.ours.denominator, self.theirs.denominator),
            )
        ) or self._same_ratio  # fmt: skip

    @property
    def _same_ratio(self) -> bool:
        """Where only a ratio was published, to a hundredth of a percent."""
        ours, theirs = self.ours, self.theirs
        if theirs.denominator != 100 or not ours.denominator or ours.numerator is None or theirs.numerator is None:
            return False
        return abs(ours.numerator / ours.denominator * 100 - theirs.numerator) <= Fraction(5, 1000)

    @property
    def same_points(self) -> bool:
        ours, theirs = self.ours.points, self.theirs.points
        return theirs is None or ours is None or abs(ours - theirs) <= _NEAR

    @property
    def same(self) -> bool:
        return self.same_counts and self.same_points

    @property
    def known(self) -> bool:
        """Whether our side has a figure at all."""
        return self.ours.told


def worth(rulebook: RulebookInfo, component: str, side: Side) -> Fraction | None:
    """The points of a side: those that it names, else those of its counts by a rulebook."""
    if side.points is not None:
        return side.points
    return reckoned(rulebook, component, side)


def reckoned(rulebook: RulebookInfo, component: str, side: Side) -> Fraction | None:
    """The points of a side's counts by a rulebook; None where it has none, or the rulebook no such component."""
    info = next((c for c in rulebook.components if c.id == component), None)
    if info is None or side.numerator is None or side.denominator is None:
        return None
    found = points(info, side.numerator, side.denominator)[0]
    return None if found is None else Fraction(found)


def side_of(score: ComponentScore) -> Side:
    own = None if score.points is None else Fraction(score.points)
    return Side(score.numerator, score.denominator, own)


Received = Mapping[tuple[str, bool], int]
"""(unit, whether without those below it) -> dossiers received in the period."""


def received(scored: Scored) -> Received:
    """By the verdicts of 1.4, of which all but the first are of dossiers received."""
    tree, counts = scored.tree, scored.counts
    own = np.zeros((len(tree.ids), 1), np.int64)
    columns = scored.run.measures.layout["1.4"]
    units = np.array(tree.place(counts.units), np.int64)
    np.add.at(own[:, 0], units[counts.unit], counts.counts[:, columns.start + 1 : columns.stop].sum(axis=1))
    rolled = roll_up_sums(own, tree.parents)
    return {
        (unit, alone): int((own if alone else rolled)[at, 0])
        for at, unit in enumerate(tree.ids) for alone in (True, False)
    }  # fmt: skip


class Sides:
    """The items of one period. card: as all count it, typed figures of units about themselves left out."""

    def __init__(self, card: Scorecard, tree: ScoredTree) -> None:
        self.card = card
        self.tree = tree
        self.scores = {(c.unit, c.id): c for c in card.components}
        self.unknown: dict[str, set[str]] = {}
        """Told by -> names that match no unit."""

    def of_portal(self, told: Sequence[Published]) -> Iterator[Item]:
        for one in told:
            theirs = Side(one.numerator, one.denominator, one.points)
            item = self._item(one.unit, "portal", one.indicator, theirs)
            if item is not None and one.indicator != TOTAL:
                yield replace(item, sources=one.sources, undated=one.undated)

    def of_units(
        self, told: Mapping[tuple[str, str], TypedFigure], reasons: Mapping[tuple[str, str], str]
    ) -> Iterator[Item]:
        """Self-assessments; reasons: (unit, indicator) -> why another figure was appraised."""
        for (unit, indicator), figure in sorted(told.items()):
            if figure.not_assessed:
                continue
            item = self._item(unit, "self", indicator, Side(figure.numerator, figure.denominator))
            if item is not None:
                sources = (figure.source,) if figure.source else ()
                yield replace(item, sources=sources, reason=reasons.get((unit, indicator), ""))

    def _item(self, unit: str, told_by: Told, component: str, theirs: Side) -> Item | None:
        at = self.tree.find([unit])[0]
        if at < 0:
            self.unknown.setdefault(told_by, set()).add(unit)
            return None
        score = self.scores.get((self.tree.ids[at], component))
        if score is None or not theirs.told or not score.max:
            return None
        own = worth(self.card.rulebook, component, theirs)
        item = Item(
            self.tree.ids[at], told_by, component, side_of(score), replace(theirs, points=own),
            counted=score.basis in ("data", "children"),
        )  # fmt: skip
        if item.ours.points is None or own is None or not item.known:
            return item
        return replace(item, stake=abs(own - item.ours.points))

    def of_report(self, table: pa.Table, period: Period, received: Received) -> Iterator[Item]:
        """Totals of the reporting system beside our count."""
        told = report_totals(table, period)
        own = by_unit(told, self.tree)
        places = dict(zip(sorted(told), self.tree.find(sorted(told)), strict=True))
        self.unknown["report"] = {code for code, at in places.items() if at < 0}
        for at, figure in sorted(own.items()):
            below = [own[c].total for c in self.tree.children(at) if c in own]
            unit = self.tree.ids[at]
            alone = bool(self.tree.children(at)) and not covers(figure, below)
            ours, theirs = Fraction(received[(unit, alone)]), figure.total
            item = Item(unit, "report", RECEIVED, Side(ours, ours), Side(theirs, theirs), alone=alone)
            yield replace(item, stake=self._stake(item))

    def _stake(self, item: Item) -> Fraction:
        """What 1.4 gains or loses by it: the larger of both totals is its denominator."""
        score = self.scores.get((item.unit, "1.4"))
        if score is None or score.numerator is None or item.ours.denominator is None or item.theirs.denominator is None:
            return Fraction(0)
        found = [
            reckoned(self.card.rulebook, "1.4", Side(min(score.numerator, most), most))
            for most in (item.ours.denominator, max(item.ours.denominator, item.theirs.denominator))
        ]
        return abs((found[0] or Fraction(0)) - (found[1] or Fraction(0)))
