"""What a scorecard shows beside scores: form II.06 by field, handling times, late steps, answers on slips, faults of
the period before."""

from __future__ import annotations

from dataclasses import replace

from tthc_cli.results.beside import Beside
from tthc_cli.scoring.score_period import Scored
from tthc_cli.statements.answers import answer_counts
from tthc_cli.statements.faults import faults
from tthc_cli.statements.form_by_field import field_counts
from tthc_cli.statements.handling_times import procedure_times
from tthc_cli.statements.late_steps import count_steps


def with_statements(scored: Scored, known: Beside | None = None) -> Scored:
    """The same score with the statements of its period, from the same counts. known: those of another evaluation that
    has these counts too."""
    run, counts, tree = scored.run, scored.counts, scored.tree
    beside = Beside(
        fields=known.fields if known else field_counts(run, tree, counts),
        times=known.times if known else procedure_times(run, counts, tree),
        steps=known.steps if known else count_steps(run, tree),
        answers=answer_counts(run, tree) if run.marks else (),
        given=scored.card.beside.given,
        faults=faults(run, tree) if run.marks else (),
    )
    return replace(scored, card=replace(scored.card, beside=beside))
