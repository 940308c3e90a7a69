"""What a unit would gain from subjects put right, and the fewest that lift it to the next grade.

Worked from the numerators and denominators of a stored score; nothing is counted again. "Put right" means one more
subject (dossier, procedure, petition, ...) in the numerator while the denominator stays. Each component is taken on
its own: a late dossier is lost in 2.1 and in 5.3, and putting it right may help both; a procedure newly online adds to
the numerator of 3.1 and to the denominator of 3.2. Those links are not followed; how many dossiers a way touches is.
What can still be put right is told by the reason (`verdicts.Mend`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil

import numpy as np
import numpy.typing as npt

from tthc_cli.answers.gains import Gain, Loss, gain_of, hundredths, most_of, with_losses
from tthc_cli.answers.overlap import Cover, cover
from tthc_cli.indicators import registry
from tthc_cli.results.grading import graded
from tthc_cli.results.scorecard import (
    ComponentScore,
    GradeBand,
    LostDossier,
    ReasonCount,
    RulebookInfo,
    Scorecard,
    UnitScore,
)
from tthc_cli.results.standing import WITHHELD
from tthc_cli.scoring.points import points, total_unit
from tthc_cli.verdicts import NEVER, Mend

STILL_WITHIN = ("open_within_due", "open_new_appointment")
"""Reasons of 2.1 that the end of an open dossier decides."""


@dataclass(frozen=True, slots=True)
class Step:
    """So many subjects of one component put right."""

    gain: Gain
    count: int
    points: Decimal
    """Of the component, afterwards."""


@dataclass(frozen=True, slots=True)
class Way:
    """The way to a grade with the fewest subjects put right; among equals, with the fewest components."""

    steps: tuple[Step, ...]
    """In the order of the rulebook."""
    promised_total: Decimal
    """The total found by the search."""
    rescored: UnitScore
    """The unit scored anew with the changed numerators; its rank is left open."""
    cover: Cover
    """How many of them are distinct."""

    @property
    def count(self) -> int:
        """Subjects put right in all."""
        return sum(step.count for step in self.steps)


@dataclass(frozen=True, slots=True)
class OpenDossiers:
    """What becomes of the dossiers that are open within due in a running period."""

    count: int
    on_time: UnitScore
    """All finished on time; its rank is left open."""
    late: UnitScore
    """All finished late, each lost in 2.1 and in 5.3."""
    expected_late: int | None = None
    """How many of them the history of their units lets expect to be late; None where it says nothing."""
    expected: UnitScore | None = None
    """So many finished late and the others on time; its rank is left open."""


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Everything that could be gained by one unit."""

    unit: UnitScore
    gains: tuple[Gain, ...]
    """Of every scored component with something in its denominator, in the order of the rulebook."""
    best: UnitScore
    """The unit with everything put right; its rank is left open."""
    next_grade: GradeBand | None
    """None when the unit is in the best grade, or has none."""
    way: Way | None
    """None when there is no next grade, or when even everything put right does not reach it."""
    reachable: UnitScore
    """The unit with everything put right that still can be; its rank is left open."""
    way_reachable: Way | None
    """The way among what can still be put right; None when that does not reach the next grade."""
    open: OpenDossiers | None
    """None once the period is over, or with nothing open within due."""


def running(card: Scorecard) -> bool:
    """Whether the period was not over when what is open was judged."""
    return card.as_of < f"{card.period_end}T23:59:59"


def _mend(card: Scorecard, component: str, reason: str) -> Mend:
    why = registry.reason(component, reason)
    return NEVER if why is None else why.mend.when(running(card))


def _losses(card: Scorecard, score: ComponentScore, reasons: Sequence[ReasonCount]) -> tuple[Loss, ...]:
    if score.basis not in ("data", "children"):
        return ()
    found: list[Loss] = []
    for r in reasons:
        why = registry.reason(r.component, r.reason)
        full = r.in_numerator and (why is None or why.earned == most_of(card.rulebook.component(score.id)))
        if r.component != score.id or full or not r.count:
            continue
        if not r.in_denominator and (why is None or not why.unknown):
            continue
        how = _mend(card, r.component, r.reason)
        until = card.period_end if how.kind == "work" else None
        found.append(Loss(r.reason, r.count, r.in_denominator, how, until))
    return tuple(found)


def rescore(card: Scorecard, unit_id: str, put_right: Mapping[str, int]) -> UnitScore:
    """The unit scored anew with so many more subjects in the numerator of each component (fewer where negative); its
    rank is left open."""
    unit = card.unit(unit_id)
    changed: list[ComponentScore] = []
    for score in card.components_of(unit_id):
        gain = gain_of(card.rulebook.component(score.id), score) if put_right.get(score.id) else None
        if gain is not None:
            count = put_right[score.id]
            numerator = gain.numerator_with(count) if count > 0 else max(Fraction(0), gain.numerator + count)
            scored, _ = points(gain.info, numerator, gain.denominator)
            score = replace(score, numerator=numerator, points=scored)
        changed.append(score)
    anew = total_unit(unit.id, unit.name, unit.level, unit.parent, changed, card.rulebook, card.grade_from)
    withheld = unit.ungraded_reason in WITHHELD
    return replace(anew, grade=None, ungraded_reason=unit.ungraded_reason) if withheld else anew


def next_grade(unit: UnitScore, rulebook: RulebookInfo) -> GradeBand | None:
    """The band just above the unit's; None in the best one, or without a grade."""
    keys = [band.key for band in rulebook.grades]
    if unit.grade is None or unit.grade == keys[0]:
        return None
    return rulebook.grades[keys.index(unit.grade) - 1]


def cents_needed(unit: UnitScore, band: GradeBand, rulebook: RulebookInfo) -> int:
    """The smallest total, in hundredths of a point, that is in `band`, or whose rounded percentage of the maximum that
    counts is.

    With 90 points assessed, 80,00 needs 71,996 or more (79,995% rounds to 80,00), so 72,00.
    """
    lowest = ceil(Fraction(band.lower) * 100)
    if rulebook.graded_on == "total":
        return lowest
    return ceil(Fraction(2 * lowest - 1, 200) * Fraction(unit.assessed_max))


Options = list[tuple[int, int]]
"""(subjects put right, hundredths of a point gained), both growing."""


def _options(gain: Gain, wanted: int) -> Options:
    """Every gain of a component worth paying for: the fewest subjects for each, up to the first that suffices alone."""
    now, best = hundredths(gain.points), hundredths(gain.all_right)
    by_count = {gain.fewest(cents): cents - now for cents in range(now + 1, min(best, now + wanted) + 1)}
    return sorted(by_count.items())


def _fewest_subjects(options: list[Options], wanted: int) -> list[int]:
    """How many subjects of each component to put right, so that the gains sum to `wanted` hundredths or more.

    Exact, over every sum of hundredths from 0 to `wanted`: least[c] is the smallest cost of a gain of c or more. The
    cost of a component is its subjects × a weight + 1, so that ties go to fewer components.
    """
    weight = len(options) + 1
    never = np.iinfo(np.int64).max // 4
    least: npt.NDArray[np.int64] = np.full(wanted + 1, never, np.int64)
    least[0] = 0
    chosen: list[npt.NDArray[np.int64]] = []
    for choices in options:
        after, choice = least.copy(), np.zeros(wanted + 1, np.int64)
        for number, (count, gained) in enumerate(choices, start=1):
            cost = np.full(wanted + 1, least[0], np.int64)
            cost[gained:] = least[: wanted + 1 - gained]
            cost += count * weight + 1
            better = cost < after
            after[better] = cost[better]
            choice[better] = number
        least = after
        chosen.append(choice)
    counts = [0] * len(options)
    open_cents = wanted
    for component in range(len(options) - 1, -1, -1):
        number = int(chosen[component][open_cents])
        if number:
            counts[component], gained = options[component][number - 1]
            open_cents = max(0, open_cents - gained)
    return counts


def _way(
    card: Scorecard, unit: UnitScore, gains: Sequence[Gain], best: UnitScore, lost: Sequence[LostDossier]
) -> Way | None:
    """The way to the next grade, no more of each component than it holds lost; None when `best` does not reach it."""
    band = next_grade(unit, card.rulebook)
    value = graded(best.total, best.percent, card.rulebook)
    if band is None or unit.total is None or value is None or value < band.lower:
        return None
    wanted = cents_needed(unit, band, card.rulebook) - hundredths(unit.total)
    counts = _fewest_subjects([_options(gain, wanted) for gain in gains], wanted)
    steps = tuple(
        Step(gain, count, gain.points_with(count)) for gain, count in zip(gains, counts, strict=True) if count
    )
    promised = unit.total + sum((step.points - step.gain.points for step in steps), Decimal(0))
    rescored = rescore(card, unit.id, {step.gain.info.id: step.count for step in steps})
    dossiers = cover({s.gain.info.id: s.count for s in steps if s.gain.info.subject == "dossier"}, lost)
    others = sum(s.count for s in steps if s.gain.info.subject != "dossier")
    return Way(steps, promised, rescored, replace(dossiers, distinct=dossiers.distinct + others))


def _below(card: Scorecard, unit_id: str) -> set[str]:
    """The unit and all below it."""
    parent = {unit.id: unit.parent for unit in card.units}
    found = {unit_id}
    for unit in parent:
        path: list[str] = []
        at: str | None = unit
        while at is not None and at not in found and at not in path:
            path.append(at)
            at = parent.get(at)
        if at in found:
            found.update(path)
    return found


def _open(card: Scorecard, unit: UnitScore, late_share: float | None) -> OpenDossiers | None:
    """Open within due in 2.1. Each may be lost in 5.3 too; one with a complaint is lost there already."""
    scored = {s.id for s in card.components_of(unit.id) if s.status == "scored" and s.basis in ("data", "children")}
    count = sum(r.count for r in card.reasons if (r.unit, r.component) == (unit.id, "2.1") and r.reason in STILL_WITHIN)
    if not running(card) or "2.1" not in scored or not count:
        return None

    def with_late(late: int) -> UnitScore:
        return rescore(card, unit.id, {component: -late for component in ("2.1", "5.3") if component in scored})

    found = OpenDossiers(count, rescore(card, unit.id, {}), with_late(count))
    if late_share is None:
        return found
    expected = round(late_share * count)
    return replace(found, expected_late=expected, expected=with_late(expected))


def what_if(card: Scorecard, unit_id: str, lost: Sequence[LostDossier] = (), late_share: float | None = None) -> WhatIf:
    """What each component of a unit would gain, and the cheapest way to the next grade. lost: what is stored with the
    card, from which it is seen which dossiers are lost in several components. late_share: what part of those open
    within due is expected to be late.

    Nothing for a unit without a total. Raises StopIteration for a unit that the scorecard does not hold.
    """
    unit = card.unit(unit_id)
    if unit.total is None:
        return WhatIf(unit, (), unit, None, None, unit, None, None)
    scores = card.components_of(unit_id)
    reasons = [r for r in card.reasons if r.unit == unit_id]
    found = ((gain_of(card.rulebook.component(score.id), score), score) for score in scores)
    gains = tuple(with_losses(gain, _losses(card, score, reasons)) for gain, score in found if gain is not None)
    best = rescore(card, unit_id, {gain.info.id: gain.lost for gain in gains})
    mendable = [replace(gain, lost=gain.mendable) for gain in gains]
    reachable = rescore(card, unit_id, {gain.info.id: gain.lost for gain in mendable})
    units = _below(card, unit_id) if lost else set()
    own = [x for x in lost if x.unit in units]
    still = [x for x in own if _mend(card, x.component, x.reason).kind != "never"]
    return WhatIf(
        unit, gains, best, next_grade(unit, card.rulebook), _way(card, unit, gains, best, own),
        reachable, _way(card, unit, mendable, reachable, still), _open(card, unit, late_share),
    )  # fmt: skip
