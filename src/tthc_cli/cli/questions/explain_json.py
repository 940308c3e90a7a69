"""What `tthc explain --json` prints (docs/interfaces.md)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tthc_cli.answers.explain import Explanation
    from tthc_cli.results.scorecard import ReasonCount, Scorecard, UnitScore


def of_unit(card: Scorecard, unit: UnitScore) -> dict[str, Any]:
    """All components of a unit; and what it marked itself, where it did."""
    from tthc_cli.answers.marked import self_json
    from tthc_cli.results.scorecard import number

    components = [
        {
            "id": c.id, "numerator": number(c.numerator), "denominator": number(c.denominator),
            "points": number(c.points), "max": number(c.max), "status": c.status, "basis": c.basis,
            "reasons": [_reason(r) for r in card.reasons if r.unit == unit.id and r.component == c.id],
        }
        for c in card.components_of(unit.id)
    ]  # fmt: skip
    own = self_json(card, unit) if card.self_marks else {}
    return {"schema": 1, "unit": unit.id, "components": components} | ({"self": own} if own else {})


def of_component(found: Explanation) -> dict[str, Any]:
    """One component of a unit, with its lost subjects."""
    return {
        "unit": found.unit.id,
        "component": found.info.id,
        "basis": found.score.basis,
        "reasons": [_reason(r) for r in found.reasons],
        "lost": [asdict(x) for x in found.lost],
    }


def _reason(reason: ReasonCount) -> dict[str, Any]:
    return {k: v for k, v in asdict(reason).items() if k not in ("unit", "component")}
