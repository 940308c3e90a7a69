"""Score a period of a workspace and store the score."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tthc_cli.answers.explain import Explainer
from tthc_cli.jobs.choose import subjects_of
from tthc_cli.rulebooks.known import EVALUATIONS
from tthc_cli.scoring.score_period import Scored, score_period, score_together
from tthc_cli.scoring.takers import score_takers
from tthc_cli.statements.of_score import with_statements
from tthc_cli.storage import stored_scores
from tthc_cli.storage.warehouse import open_warehouse

if TYPE_CHECKING:
    from tthc_cli.counting.dossier_pass import Engine
    from tthc_cli.periods import Period
    from tthc_cli.results.scorecard import RulebookInfo, Scorecard, SubjectKind
    from tthc_cli.workspace import Workspace

LOST_KEPT = 50_000
"""Lost dossiers stored with a score; with more of them, `tthc explain UNIT --out` lists those of a unit."""


def score(
    workspace: Workspace,
    period: Period,
    rulebook: RulebookInfo,
    *,
    as_of: datetime | None = None,
    engine: Engine | None = None,
    progress: Callable[[int, int], None] | None = None,
    grade_anyway: bool = False,
    subjects: SubjectKind | None = None,
) -> Scorecard:
    """Score every unit for a period and store the result with the subjects that lost points.

    `as_of`: when the data were exported, if that is before the end of the period; `engine`: where dossiers are
    counted, if not on this machine; `progress(done, all)` is told after each chunk; `grade_anyway`: grade and rank also
    without a unit table, or where too few dossiers match it; `subjects`: units, divisions or officials, else those that
    the rulebook is for. Raises InputError when there is nothing to score, UsageError for subjects that the rulebook
    does not assess.
    """
    _save_memory()
    subjects = subjects_of(rulebook, subjects)
    if subjects != "units":
        warehouse = open_warehouse(workspace.warehouse)
        card = score_takers(warehouse, period, rulebook, workspace.settings, subjects, as_of=as_of)
        return stored_scores.save(card, workspace.scores)
    scored = score_period(
        open_warehouse(workspace.warehouse), period, rulebook, workspace.settings, as_of=as_of,
        **_means(workspace, engine, progress), grade_anyway=grade_anyway,
    )  # fmt: skip
    return _save(workspace, with_statements(scored))


def score_all(
    workspace: Workspace,
    period: Period,
    rulebooks: Sequence[RulebookInfo],
    *,
    as_of: datetime | None = None,
    engine: Engine | None = None,
    progress: Callable[[int, int], None] | None = None,
    grade_anyway: bool = False,
) -> tuple[Scorecard, ...]:
    """Score every unit by each of some rulebooks, by Decision 766 and by the nine criteria in one pass over the
    dossiers. Options and errors as of `score`."""
    if [book.evaluation for book in rulebooks] != [*EVALUATIONS]:
        options: dict[str, Any] = {"as_of": as_of, "engine": engine, "progress": progress}
        return tuple(score(workspace, period, one, **options, grade_anyway=grade_anyway) for one in rulebooks)
    _save_memory()
    first, second = score_together(
        open_warehouse(workspace.warehouse), period, (rulebooks[0], rulebooks[1]), workspace.settings, as_of=as_of,
        **_means(workspace, engine, progress), grade_anyway=grade_anyway,
    )  # fmt: skip
    first = with_statements(first)
    known = first.card.beside if second.counts is first.counts else None
    return _save(workspace, first), _save(workspace, with_statements(second, known))


def _means(workspace: Workspace, engine: Engine | None, progress: Callable[[int, int], None] | None) -> dict[str, Any]:
    """By what dossiers are counted."""
    return {"workers": os.cpu_count() or 1, "engine": engine, "cache": workspace.counts, "progress": progress}


def _save(workspace: Workspace, scored: Scored) -> Scorecard:
    return stored_scores.save(scored.card, workspace.scores, Explainer(scored).everything_lost(LOST_KEPT))


def _save_memory() -> None:
    """Let pyarrow take memory where it gives it back soonest, if it was built with that."""
    import pyarrow as pa

    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
