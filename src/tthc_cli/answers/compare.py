"""What changed between two stored scores, and what drove it: two periods, or one period under two rulebooks.

Nothing is counted again: points, ranks and grades are taken as stored, and subtracted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from tthc_cli.results.scorecard import COUNTED, ComponentScore, ReasonCount, Scorecard, UnitScore, number
from tthc_cli.results.standing import told_anyway

if TYPE_CHECKING:
    from tthc_cli.units.tree import UnitTree


@dataclass(frozen=True, slots=True)
class ReasonChange:
    """How many subjects got one verdict, then and now; only verdicts that are in the denominator."""

    reason: str
    in_numerator: bool
    before: int
    after: int
    share_before: Fraction | None
    share_after: Fraction | None
    """Of all subjects in the denominator; None when there is none."""

    @property
    def share_change(self) -> Fraction:
        return (self.share_after or Fraction(0)) - (self.share_before or Fraction(0))


@dataclass(frozen=True, slots=True)
class ComponentChange:
    """One component of one unit, then and now; None = the rulebook did not have it."""

    id: str
    before: ComponentScore | None
    after: ComponentScore | None
    reasons: tuple[ReasonChange, ...]
    """Largest change of share first; none for figures typed by hand."""

    @property
    def points(self) -> Decimal | None:
        """Change in points; None unless it has points both times."""
        if self.before is None or self.after is None or self.before.points is None or self.after.points is None:
            return None
        return self.after.points - self.before.points

    @property
    def one_sided(self) -> bool:
        """Whether it has points in one of the two scores only."""
        was, now = (score is not None and score.points is not None for score in (self.before, self.after))
        return was != now


@dataclass(frozen=True, slots=True)
class UnitChange:
    """One unit, then and now; None = it was not scored."""

    id: str
    before: UnitScore | None
    after: UnitScore | None
    components: tuple[ComponentChange, ...]
    """In the order of the later rulebook, then what only the earlier one has."""
    became: UnitScore | None = None
    """Of a unit that was there in the earlier period only: the one that it passed to."""
    came_from: tuple[UnitScore, ...] = ()
    """The units of the earlier period only that passed to it."""

    @property
    def now(self) -> UnitScore:
        """The later score, else the earlier one."""
        found = self.after or self.before
        assert found is not None
        return found

    @property
    def both(self) -> bool:
        return self.before is not None and self.after is not None

    @property
    def total(self) -> Decimal | None:
        """Change of the total in points; None unless there are two."""
        if self.before is None or self.after is None or self.before.total is None or self.after.total is None:
            return None
        return self.after.total - self.before.total

    @property
    def percent(self) -> Decimal | None:
        """Change of the score on the scale of 100, which what was assessed does not sway; None unless there are two."""
        if self.before is None or self.after is None or self.before.percent is None or self.after.percent is None:
            return None
        return self.after.percent - self.before.percent

    @property
    def rank(self) -> int | None:
        """Places won (positive) or lost; None unless there are two ranks."""
        if self.before is None or self.after is None or self.before.rank is None or self.after.rank is None:
            return None
        return self.before.rank - self.after.rank

    @property
    def counted_max(self) -> tuple[Decimal, Decimal] | None:
        """The maximum that counts then and now, where it differs: it moves the score on the scale of 100 too."""
        if self.before is None or self.after is None or self.before.assessed_max == self.after.assessed_max:
            return None
        return self.before.assessed_max, self.after.assessed_max

    @property
    def drivers(self) -> tuple[ComponentChange, ...]:
        """The components that moved, largest change in points first."""
        moved = [c for c in self.components if c.points]
        return tuple(sorted(moved, key=lambda c: -abs(c.points or Decimal(0))))

    @property
    def one_sided(self) -> tuple[ComponentChange, ...]:
        """The components that have points in one of the two scores only."""
        return tuple(c for c in self.components if c.one_sided)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scores of the same province."""

    before: Scorecard
    after: Scorecard
    units: tuple[UnitChange, ...]
    """In the order of the later score, then the units that only the earlier one has."""

    @property
    def same_rules(self) -> bool:
        return self.before.rulebook.sha256 == self.after.rulebook.sha256

    @property
    def only_before(self) -> tuple[UnitScore, ...]:
        return tuple(u.before for u in self.units if u.before is not None and u.after is None)

    @property
    def only_after(self) -> tuple[UnitScore, ...]:
        return tuple(u.after for u in self.units if u.after is not None and u.before is None)


Pair = tuple[str, str]
"""Unit and component."""


def _reasons(card: Scorecard) -> Mapping[Pair, tuple[ReasonCount, ...]]:
    found: dict[Pair, list[ReasonCount]] = {}
    for count in card.reasons:
        if count.in_denominator:
            found.setdefault((count.unit, count.component), []).append(count)
    return {pair: tuple(counts) for pair, counts in found.items()}


def _reason_changes(before: tuple[ReasonCount, ...], after: tuple[ReasonCount, ...]) -> tuple[ReasonChange, ...]:
    then, now = {r.reason: r for r in before}, {r.reason: r for r in after}
    all_then, all_now = (sum(r.count for r in counts) for counts in (before, after))

    def change(reason: str) -> ReasonChange:
        was, is_now = (side[reason].count if reason in side else 0 for side in (then, now))
        return ReasonChange(
            reason,
            (now.get(reason) or then[reason]).in_numerator,
            was,
            is_now,
            Fraction(was, all_then) if all_then else None,
            Fraction(is_now, all_now) if all_now else None,
        )

    changes = [change(reason) for reason in dict.fromkeys((*now, *then))]
    changes.sort(key=lambda c: (-abs(c.share_change), -abs(c.after - c.before), c.reason))
    return tuple(changes)


def compare(before: Scorecard, after: Scorecard) -> Comparison:
    """Everything that changed from one score to the other, for every unit of either."""
    units = [{u.id: u for u in card.units} for card in (before, after)]
    scores = [{(c.unit, c.id): c for c in card.components} for card in (before, after)]
    reasons = [_reasons(card) for card in (before, after)]
    component_ids = dict.fromkeys(c.id for card in (after, before) for c in card.rulebook.components)

    def component(unit: str, component_id: str) -> ComponentChange:
        pair = (unit, component_id)
        was, now = (side.get(pair) for side in scores)
        told = all(score is not None and score.basis in COUNTED for score in (was, now))
        changes = _reason_changes(*(side.get(pair, ()) for side in reasons)) if told else ()
        return ComponentChange(component_id, was, now, changes)

    return Comparison(
        before,
        after,
        tuple(
            UnitChange(
                unit, units[0].get(unit), units[1].get(unit), tuple(component(unit, c) for c in component_ids)
            )
            for unit in dict.fromkeys((*units[1], *units[0]))
        ),
    )  # fmt: skip


def with_successors(found: Comparison, tree: UnitTree) -> Comparison:
    """The same, and of each unit that ended between the periods, which one it passed to."""
    earlier, later = sorted((found.before, found.after), key=lambda card: card.period_end)
    day = date.fromisoformat(later.period_end)
    there = {unit.id: unit for unit in later.units}
    gone = [unit for unit in earlier.units if unit.id not in there and unit.id in tree.by_code]
    heirs = {unit.id: there[heir] for unit in gone if (heir := tree.heir(unit.id, day)) in there}
    came: dict[str, tuple[UnitScore, ...]] = {}
    for unit in gone:
        if unit.id in heirs:
            came[heirs[unit.id].id] = (*came.get(heirs[unit.id].id, ()), unit)
    units = (replace(u, became=heirs.get(u.id), came_from=came.get(u.id, ())) for u in found.units)
    return replace(found, units=tuple(units))


def _side(card: Scorecard) -> dict[str, Any]:
    book = card.rulebook
    return {
        "period": card.period, "as_of": card.as_of,
        "rulebook": {"id": book.id, "revision": book.revision, "sha256": book.sha256},
        **told_anyway(card.notes),
    }  # fmt: skip


def _unit_side(unit: UnitScore | None) -> dict[str, Any] | None:
    if unit is None:
        return None
    return {
        "total": number(unit.total), "assessed_max": number(unit.assessed_max), "percent": number(unit.percent),
        "provisional": unit.provisional, "grade": unit.grade, "rank": unit.rank,
        "ungraded_reason": unit.ungraded_reason or None,
    }  # fmt: skip


def _component_side(score: ComponentScore | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "numerator": number(score.numerator), "denominator": number(score.denominator),
        "points": number(score.points), "max": number(score.max), "status": score.status,
    }  # fmt: skip


def comparison_json(found: Comparison, units: tuple[UnitChange, ...]) -> dict[str, Any]:
    """The documented object that `tthc compare --json` prints (docs/interfaces.md, schema 1), for some units."""
    return {
        "schema": 1,
        "before": _side(found.before),
        "after": _side(found.after),
        "same_rules": found.same_rules,
        "units": [
            {
                "id": u.id, "name": u.now.name, "level": u.now.level,
                "became": u.became.id if u.became else None, "came_from": [one.id for one in u.came_from],
                "before": _unit_side(u.before), "after": _unit_side(u.after),
                "change": {"total": number(u.total), "percent": number(u.percent), "rank": u.rank},
                "drivers": [c.id for c in u.drivers],
                "components": [
                    {
                        "id": c.id, "before": _component_side(c.before), "after": _component_side(c.after),
                        "change": number(c.points),
                        "reasons": [
                            {
                                "reason": r.reason, "in_numerator": r.in_numerator, "earned": int(r.in_numerator),
                                "before": r.before, "after": r.after,
                            }
                            for r in c.reasons
                        ],
                    }
                    for c in u.components
                ],
            }
            for u in units
        ],
    }  # fmt: skip
