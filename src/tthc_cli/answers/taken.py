"""The dossiers of divisions and officials with the marks that each has of them, listed by the verdicts that were
counted; where they no longer give what the score holds, that is said instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import numpy as np

from tthc_cli import schema
from tthc_cli.counting.dossier_pass import chunk_columns, chunks_of, read_chunk
from tthc_cli.errors import InputError
from tthc_cli.facts.dossiers import DossierFacts
from tthc_cli.facts.late.step_log import StepLog
from tthc_cli.facts.marks.answers import COLUMNS, WHOLE, last_of_dossiers
from tthc_cli.facts.moment import moment_of
from tthc_cli.facts.strangers import by_code
from tthc_cli.indicators.registry import indicator
from tthc_cli.results.nine.taken import TakenDossier
from tthc_cli.results.scorecard import LostDossier, Scorecard
from tthc_cli.scoring.run import Run, plan, present_columns
from tthc_cli.scoring.takers import NAMED_BY, TakenChunk, placed, taken
from tthc_cli.statements.dossier_rows import PLACE_COLUMNS, dossier_rows

if TYPE_CHECKING:
    from tthc_cli.periods import Period
    from tthc_cli.scoring.scored_tree import ScoredTree
    from tthc_cli.storage.warehouse import Warehouse
    from tthc_cli.workspace import Settings


def taken_dossiers(
    warehouse: Warehouse, period: Period, card: Scorecard, settings: Settings, subjects: Collection[str]
) -> list[TakenDossier]:
    """The dossiers of some divisions or officials, in order of subject and code: those that a criterion says something
    of. Raises InputError when the data no longer give what the score holds."""
    outdated = InputError("score_outdated", period=card.period)
    column = NAMED_BY[card.subjects]
    log = StepLog.of(warehouse, column)
    if log is None or f"process_log.{column}" not in present_columns(warehouse):
        raise outdated
    run, tree = placed(plan(warehouse, period, card.rulebook, settings, datetime.fromisoformat(card.as_of)))
    lister = _Lister(run, tree, frozenset(subjects))
    columns = list(dict.fromkeys([*chunk_columns(run.context), *PLACE_COLUMNS]))
    found: list[TakenDossier] = []
    for partition, group in chunks_of(warehouse, run.context):
        rows = by_code(read_chunk(warehouse.path(partition), group, columns), run.context.strangers)
        facts = DossierFacts(rows, run.context)
        if not facts.n or not facts.handled.any():  # no criterion says anything, and no step is looked up
            continue
        found += lister.chunk(facts, taken(facts, log, run))
    if _counts(found) != _held(card, lister.subjects):
        raise outdated
    return sorted(found, key=lambda one: (one.subject, one.dossier))


def lost_marks(found: Sequence[TakenDossier], criterion: str) -> Iterator[LostDossier]:
    """Those that have less than the highest mark by a criterion."""
    judge = indicator(criterion)
    for one in found:
        reason = one.reasons.get(criterion)
        if reason is not None and judge.loses(judge.reasons[judge.index(reason)]):
            yield LostDossier(
                unit=one.subject, component=criterion, dossier=one.dossier, procedure=one.procedure,
                received=one.received, due=one.due, finished=one.finished, reason=reason, source=one.source,
                sheet=one.sheet, row=one.row, overdue_hours=one.overdue_hours,
            )  # fmt: skip


def _counts(found: Sequence[TakenDossier]) -> Counter[tuple[str, str, str]]:
    return Counter((one.subject, criterion, reason) for one in found for criterion, reason in one.reasons.items())


def _held(card: Scorecard, subjects: Collection[str]) -> Counter[tuple[str, str, str]]:
    return Counter({(r.unit, r.component, r.reason): r.count for r in card.reasons if r.unit in subjects})


class _Lister:
    """Lists the dossiers of some subjects, a chunk at a time."""

    def __init__(self, run: Run, tree: ScoredTree, subjects: frozenset[str]) -> None:
        self.run, self.tree, self.subjects = run, tree, subjects
        self.paths = {s.id: s.path for s in run.warehouse.sources}
        self._slips: Mapping[str, Mapping[str, int]] | None = None

    @property
    def slips(self) -> Mapping[str, Mapping[str, int]]:
        import pyarrow as pa

        if self._slips is None:
            until = pa.scalar(moment_of(self.run.cutoff), pa.timestamp("s"))
            self._slips = last_of_dossiers(self.run.warehouse.read("slips", list(COLUMNS)), until)
        return self._slips

    def chunk(self, facts: DossierFacts, found: TakenChunk) -> Iterator[TakenDossier]:
        said = np.flatnonzero(np.any([codes != 0 for codes in found.verdicts.values()], axis=0))
        index, units = facts.names(schema.UNIT_KEY)
        places = self.tree.place([units[i] or "" for i in index[found.dossier[said]].tolist()])
        takers = found.taker[said].tolist()
        named = [f"{self.tree.ids[place]}/{found.names[who]}" for place, who in zip(places, takers, strict=True)]
        names = {i: name for i, name in zip(said.tolist(), named, strict=True) if name in self.subjects}
        wanted = list(names)
        rows = dossier_rows(facts, found.dossier[wanted], self.tree, self.paths)
        for i, row in zip(wanted, rows, strict=True):
            reasons, marks = self._verdicts(found, i)
            slip_6 = self.slips["c6"].get(row.dossier)
            yield TakenDossier(
                subject=names[i], dossier=row.dossier, procedure=row.procedure, received=row.received, due=row.due,
                finished=row.finished, overdue_hours=row.overdue_hours, source=row.source, sheet=row.sheet,
                row=row.row, reasons=reasons, marks=marks | ({} if slip_6 is None else {"c6": slip_6}),
                answer=self.slips[WHOLE].get(row.dossier),
            )  # fmt: skip

    @staticmethod
    def _verdicts(found: TakenChunk, entry: int) -> tuple[dict[str, str], dict[str, int]]:
        """What is said of one entry: reasons, and marks of those that are counted."""
        reasons: dict[str, str] = {}
        marks: dict[str, int] = {}
        for criterion, codes in found.verdicts.items():
            reason = indicator(criterion).reasons[codes[entry]]
            if codes[entry]:
                reasons[criterion] = reason.key
            if reason.counted:
                marks[criterion] = reason.earned
        return reasons, marks
