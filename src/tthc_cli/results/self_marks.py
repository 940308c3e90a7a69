"""What units mark themselves, beside what was appraised (Thông tư 01/2018/TT-VPCP, Điều 15).

Self marks never count: the points and the grade of a scorecard are those that were appraised. They are kept so that
both stand side by side, and so that a difference nobody gave a reason for is told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from tthc_cli.results.grading import full_marks, grade_of, graded
from tthc_cli.results.rounding import half_up

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import ComponentScore, Scorecard

TYPED = ("typed", "override")
"""Bases of a figure that a person gave."""


@dataclass(frozen=True, slots=True)
class SelfMark:
    """The points that a unit gives itself by one component."""

    unit: str
    component: str
    points: Decimal
    """Rounded as those of the component."""
    reason: str = ""
    """LyDoTru: why points were taken off, of the appraised mark, else of the unit's own."""


@dataclass(frozen=True, slots=True)
class SelfScore:
    """All that one unit marks itself."""

    points: Mapping[str, Decimal]
    """Component id -> points, of those that it marked, in the order of the rulebook."""
    reasons: Mapping[str, str]
    """Component id -> LyDoTru, of those that have one."""
    total: Decimal
    max: Decimal
    """The maximum of what it marked."""
    grade: str | None
    """On the same bands as the appraised one; None where it marked too little for a grade."""
    unexplained: tuple[str, ...]
    """Components appraised otherwise than the unit marked itself, without a reason."""


def self_score(card: Scorecard, unit: str) -> SelfScore | None:
    """What a unit marks itself; None where it marked nothing."""
    own = {m.component: m for m in card.self_marks if m.unit == unit}
    known = [c for c in card.rulebook.components if c.id in own]
    if not known:
        return None
    points = {c.id: own[c.id].points for c in known}
    total = sum(points.values(), Decimal(0))
    most = sum((c.max for c in known), Decimal(0))
    value = graded(total, half_up(Fraction(total) * 100 / Fraction(most)) if most else None, card.rulebook)
    enough = most and most * 100 >= card.grade_from * full_marks(card.rulebook)
    appraised = {s.id: s for s in card.components_of(unit)}
    return SelfScore(
        points=points,
        reasons={c.id: own[c.id].reason for c in known if own[c.id].reason},
        total=total,
        max=most,
        grade=grade_of(value, card.rulebook) if enough and value is not None else None,
        unexplained=tuple(c.id for c in known if is_unexplained(own[c.id], appraised.get(c.id))),
    )


def is_unexplained(own: SelfMark, appraised: ComponentScore | None) -> bool:
    """Whether a person appraised otherwise than the unit marked itself, and gave no reason. Where no person did, the
    figure says itself where it comes from."""
    if appraised is None or appraised.points is None or appraised.basis not in TYPED:
        return False
    return own.points != appraised.points and not own.reason


def unexplained(card: Scorecard) -> Iterator[tuple[str, str]]:
    """(unit, component) of every difference without a reason, in the order of the scorecard."""
    scores = {(s.unit, s.id): s for s in card.components}
    own = {(m.unit, m.component): m for m in card.self_marks}
    return (key for key in scores if key in own and is_unexplained(own[key], scores[key]))
