"""What a reader of marks should know besides them: who marked otherwise than the unit and gave no reason, and which
marks were given and could not be used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tthc_cli.counting.roll_up import Judgement
from tthc_cli.facts.marks.findings import findings, unknown_checks
from tthc_cli.facts.marks.model import Known, Subject, checks_of
from tthc_cli.facts.marks.slips import undated
from tthc_cli.facts.marks.typed import above_most
from tthc_cli.results.notes import note
from tthc_cli.results.self_marks import is_unexplained

if TYPE_CHECKING:
    from tthc_cli.results.scorecard import ComponentScore
    from tthc_cli.results.self_marks import SelfMark
    from tthc_cli.scoring.run import Run
    from tthc_cli.scoring.scored_tree import ScoredTree

_NAMED = 5
"""Units, criteria or checks named in one sentence."""


def about_self_marks(marks: Sequence[SelfMark], components: Sequence[ComponentScore]) -> Iterator[str]:
    """Every difference that nobody gave a reason for."""
    scores = {(s.unit, s.id): s for s in components}
    told = [f"{m.unit} {m.component}" for m in marks if is_unexplained(m, scores.get((m.unit, m.component)))]
    if told:
        yield note("self_unexplained", count=len(told), figures=_first(told))


def about_given(run: Run, known: Mapping[tuple[Subject, str], Known], tree: ScoredTree) -> Iterator[str]:
    """Marks given to whole units, and findings, that stand for nothing."""
    if above := above_most(run.warehouse.read("typed_figures"), run.period):
        yield note("marks_above", count=len(above), figures=_first([f"{unit} {c}" for unit, c in above]))
    found = findings(run.warehouse.read("findings"))
    if unknown := unknown_checks(found, run.period, checks_of(run.rulebook)):
        yield note("checks_unmarked", checks=_first(unknown))
    units = {s.id for (s, _), one in known.items() if s.kind == "unit" and (one.of("finding") or one.of("slip"))}
    strange = [name for name, place in zip(sorted(units), tree.find(sorted(units)), strict=True) if place < 0]
    if strange:
        yield note("marks_unknown_unit", count=len(strange), units=_first(strange))
    if blank := undated(run.warehouse.read("slips")):
        yield note("slips_undated", count=blank)


def about_dossier_marks(run: Run, judged: Mapping[str, Judgement], tree: ScoredTree) -> Iterator[str]:
    """How many of the marks that slips and inspections give dossiers are used by no criterion: the dossier was not
    finished in the period, or is not there."""
    marking = run.context.marking
    given = 0 if marking is None else sum(map(len, marking.given.values()))
    roots = [unit for unit, parent in enumerate(tree.parents) if parent < 0]
    used = 0
    for criterion in {criterion for criterion, _ in marking.given} if marking is not None else ():
        judgement = judged.get(f"{criterion}:given", judged.get(criterion))
        if judgement is not None:
            told = [n for n, r in enumerate(judgement.reasons) if r.key.startswith(("slip_", "finding_"))]
            used += int(judgement.counts[roots][:, told].sum())
    if given > used:
        yield note("marks_of_other_dossiers", count=given - used, all=given)


def _first(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", …" if len(names) > _NAMED else "")
