"""The subjects other than dossiers that lost points: procedures announced, petitions, units, procedures."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from tthc_cli import schema
from tthc_cli.indicators.registry import INDICATORS
from tthc_cli.indicators.subjects import Indicator, Loaded, LostSubject, Scope
from tthc_cli.results.scorecard import LostDossier
from tthc_cli.scoring.score_period import Scored, judge_all
from tthc_cli.verdicts import Codes


class LostSubjects:
    """Lists, for a unit with all below it, what is in a component's denominator and not in its numerator."""

    def __init__(self, scored: Scored) -> None:
        self.run = scored.run
        self.counts = scored.counts
        self.tree = scored.tree
        self.paths = {s.id: s.path for s in scored.run.warehouse.sources}
        self._facts: dict[str, Any] = {}
        self._codes: dict[str, Codes] = {}

    @cached_property
    def _scope(self) -> Scope:
        judged = judge_all(self.run, self.counts, self.tree)[0] if self.run.marks else {}
        return self.run.scope(self.counts, self.tree, judged)

    def of(self, unit: int, component_id: str) -> Iterator[LostDossier]:
        """The subjects of one component that is not counted in dossiers."""
        judge = next((i for i in INDICATORS if i.id == component_id), None)
        if not isinstance(judge, Indicator) or not isinstance(judge.subject, Loaded):
            return
        kind = judge.subject
        if kind.name not in self._facts:
            self._facts[kind.name] = kind.load(self._scope)
        facts = self._facts[kind.name]
        if facts is None:
            return
        if judge.id not in self._codes:
            self._codes[judge.id] = judge.judge(facts)
        for found in kind.lost(judge, facts, self._codes[judge.id], self._scope, unit, self.subtree(unit)):
            yield self._told(found, component_id)

    def subtree(self, unit: int) -> frozenset[int]:
        found = {unit}
        for other in reversed(self.tree.bottom_up):
            if self.tree.parents[other] in found:
                found.add(other)
        return frozenset(found)

    def _told(self, found: LostSubject, component_id: str) -> LostDossier:
        source, number = str(found.row[schema.SOURCE]), found.row[schema.ROW]
        received, due, finished = found.times
        return LostDossier(
            unit=self.tree.ids[found.unit],
            component=component_id,
            dossier=found.subject,
            procedure=found.procedure,
            received=received,
            due=due,
            finished=finished,
            reason=found.reason.key,
            source=self.paths.get(source, source),
            sheet=str(found.row[schema.SHEET] or ""),
            row=number if isinstance(number, int) else 0,
        )
