"""A score of the nine criteria as programs read it: of each subject its criteria, with the marks behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tthc_cli.indicators.nd61.dossiers import source_of
from tthc_cli.indicators.registry import earned_of
from tthc_cli.results.beside import GivenMarks
from tthc_cli.results.scorecard import ComponentScore, ReasonCount, Scorecard, UnitScore, number
from tthc_cli.results.self_marks import self_score

_KINDS = {"units": "unit", "divisions": "division", "officials": "official"}
_TYPED = ("typed", "override")


def marked_json(card: Scorecard) -> dict[str, Any]:
    """What `tthc score --json` says of the nine criteria besides what it says of every score (docs/interfaces.md)."""
    marked = Marked(card)
    return {"evaluation": card.rulebook.evaluation, "subjects": [_subject(marked, u) for u in card.units]}


@dataclass(frozen=True)
class Marked:
    """The marks behind a scorecard."""

    card: Scorecard

    @cached_property
    def _reasons(self) -> Mapping[tuple[str, str], list[ReasonCount]]:
        found: dict[tuple[str, str], list[ReasonCount]] = {}
        for r in self.card.reasons:
            found.setdefault((r.unit, r.component), []).append(r)
        return found

    @cached_property
    def _given(self) -> Mapping[tuple[str, str, str], GivenMarks]:
        return {(g.unit, g.component, g.source): g for g in self.card.beside.given}

    @cached_property
    def scores(self) -> Mapping[str, list[ComponentScore]]:
        """Subject -> its criteria, in the order of the rulebook."""
        found: dict[str, list[ComponentScore]] = {}
        for score in self.card.components:
            found.setdefault(score.unit, []).append(score)
        return found

    def reasons(self, score: ComponentScore) -> list[ReasonCount]:
        """The verdicts that the rulebook takes marks from."""
        sources = self.card.rulebook.component(score.id).sources
        found = self._reasons.get((score.unit, score.id), [])
        return [r for r in found if not r.in_denominator or source_of(r.reason) in sources]

    def marks(self, score: ComponentScore) -> dict[str, int]:
        """How many marks of 0, 1 and 2 a figure is made of; of one that a person typed nobody knows."""
        if given := self._whole(score):
            return {"0": given.zero, "1": given.one, "2": given.two}
        marks = dict.fromkeys(("0", "1", "2"), 0)
        for r in self._behind(score):
            marks[str(earned_of(r.component, r.reason))] += r.count
        return marks

    def source(self, score: ComponentScore) -> str | None:
        """Where its marks come from: one source, or several of different dossiers."""
        if score.basis in _TYPED:
            return "typed"
        if self._whole(score):
            return score.basis
        order = self.card.rulebook.component(score.id).sources
        found = {source_of(r.reason) for r in self._behind(score)}
        return ", ".join(sorted(found, key=order.index)) or None

    def _behind(self, score: ComponentScore) -> list[ReasonCount]:
        """The verdicts on dossiers or units that a figure is the mean of; none of one given to the whole subject."""
        if score.basis in (*_TYPED, "inspection") or not score.denominator:
            return []
        if score.basis == "slip":
            return self._reasons.get((score.unit, f"{score.id}:given"), [])
        return [r for r in self.reasons(score) if r.in_denominator]

    def _whole(self, score: ComponentScore) -> GivenMarks | None:
        """The marks given to the whole subject, where those stand."""
        return None if self._behind(score) else self._given.get((score.unit, score.id, score.basis))


def _subject(marked: Marked, unit: UnitScore) -> dict[str, Any]:
    return {
        "kind": _KINDS[marked.card.subjects], "id": unit.id, "name": unit.name, "parent": unit.parent,
        "criteria": [_criterion(marked, c) for c in marked.scores.get(unit.id, [])],
        "total": number(unit.total), "reachable": number(unit.assessed_max), "grade": unit.grade,
        "provisional": unit.provisional, "self": _self(marked.card, unit),
    }  # fmt: skip


def _criterion(marked: Marked, score: ComponentScore) -> dict[str, Any]:
    """mean: of marks of 0 to 2; without_mark: subjects that could have one and have none."""
    return {
        "id": score.id, "mean": None if score.ratio is None else float(score.ratio), "marks": marked.marks(score),
        "without_mark": sum(r.count for r in marked.reasons(score) if not r.in_denominator),
        "source": marked.source(score), "points": number(score.points), "max": number(score.max),
        "status": score.status,
    }  # fmt: skip


def _self(card: Scorecard, unit: UnitScore) -> dict[str, Any]:
    """What the subject marks itself; {} where it marked nothing."""
    own = self_score(card, unit.id)
    if own is None:
        return {}
    return {
        "total": number(own.total), "reachable": number(own.max), "grade": own.grade,
        "points": {component: number(points) for component, points in own.points.items()},
        "reasons": dict(own.reasons), "unexplained": list(own.unexplained),
    }  # fmt: skip
