"""A score of the nine criteria as programs read it: of each subject its criteria, with the marks behind them."""

from __future__ import annotations

from typing import Any

from tthc_cli.indicators.registry import earned_of
from tthc_cli.results.scorecard import ComponentScore, ReasonCount, Scorecard, UnitScore, number

_KINDS = {"units": "unit", "divisions": "division", "officials": "official"}


def marked_json(card: Scorecard) -> dict[str, Any]:
    """What `tthc score --json` says of the nine criteria besides what it says of every score (docs/interfaces.md)."""
    reasons: dict[tuple[str, str], list[ReasonCount]] = {}
    for r in card.reasons:
        reasons.setdefault((r.unit, r.component), []).append(r)
    scores: dict[str, list[ComponentScore]] = {}
    for c in card.components:
        scores.setdefault(c.unit, []).append(c)
    return {
        "evaluation": card.rulebook.evaluation,
        "subjects": [_subject(card, u, scores.get(u.id, []), reasons) for u in card.units],
    }


def _subject(
    card: Scorecard,
    unit: UnitScore,
    scores: list[ComponentScore],
    reasons: dict[tuple[str, str], list[ReasonCount]],
) -> dict[str, Any]:
    return {
        "kind": _KINDS[card.subjects], "id": unit.id, "name": unit.name, "parent": unit.parent,
        "criteria": [_criterion(c, reasons.get((unit.id, c.id), [])) for c in scores],
        "total": number(unit.total), "reachable": number(unit.assessed_max), "grade": unit.grade,
        "provisional": unit.provisional, "self": {},
    }  # fmt: skip


def _criterion(score: ComponentScore, reasons: list[ReasonCount]) -> dict[str, Any]:
    """marks: how many subjects got each; of a figure that a person typed for the whole unit nobody knows."""
    typed = score.basis in ("typed", "override")
    marks = dict.fromkeys(("0", "1", "2"), 0)
    for r in [] if typed else reasons:
        if r.in_denominator:
            marks[str(earned_of(r.component, r.reason))] += r.count
    return {
        "id": score.id, "mean": None if score.ratio is None else float(score.ratio),
        "marks": marks, "without_mark": sum(r.count for r in reasons if not r.in_denominator),
        "source": _source(score, reasons), "points": number(score.points), "max": number(score.max),
        "status": score.status,
    }  # fmt: skip


def _source(score: ComponentScore, reasons: list[ReasonCount]) -> str | None:
    """Where its marks come from: typed, slip, derived, or slips of some dossiers and derived of others."""
    if score.basis in ("typed", "override"):
        return "typed"
    marked = [r.reason.startswith("slip_") for r in reasons if r.in_denominator]
    if not marked:
        return None
    return "slip" if all(marked) else "slip, derived" if any(marked) else "derived"
