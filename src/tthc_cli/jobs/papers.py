"""What a report by the nine criteria needs besides its score: dossiers of officials, and the score by the other law."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from tthc_cli.errors import InputError, UsageError
from tthc_cli.jobs.choose import DECISION_766, NINE_CRITERIA
from tthc_cli.jobs.officials import named_card
from tthc_cli.results.nine.papers import Papers
from tthc_cli.storage import stored_scores
from tthc_cli.storage.score_heads import heads_of_period
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.units.officials import names_of

if TYPE_CHECKING:
    from pathlib import Path

    from tthc_cli.results.nine.taken import TakenDossier
    from tthc_cli.results.scorecard import Scorecard
    from tthc_cli.workspace import Workspace

MOST_LINES = 20_000
"""Lines of form 01-ĐGHL in one report; officials beyond are left out, and how many is said."""


def papers_of(workspace: Workspace, card: Scorecard, chosen: Sequence[str] | None, formats: Collection[str]) -> Papers:
    """chosen: who gets a form of his own, None = everyone; of officials alone, and in formats that show forms."""
    if card.subjects == "units":
        return Papers(other=other_law(workspace, card))
    if card.subjects != "officials" or not {"xlsx", "docx"} & set(formats):
        return Papers()
    from tthc_cli.jobs.ask import taken_of

    wanted = [u.id for u in card.units] if chosen is None else list(chosen)
    kept = _kept(card, wanted)
    try:
        taken: list[TakenDossier] = taken_of(workspace, card, kept)
    except InputError as error:
        return Papers(missing=error)
    return Papers(taken=tuple(taken), left_out=len(wanted) - len(kept))


def _kept(card: Scorecard, wanted: Sequence[str]) -> list[str]:
    """The first of those wanted whose dossiers are not too many together; the first of all in any case."""
    most: dict[str, dict[str, int]] = {}
    for r in card.reasons:
        mine = most.setdefault(r.unit, {})
        mine[r.component] = mine.get(r.component, 0) + r.count
    lines = 0
    kept: list[str] = []
    for who in wanted:
        lines += max(most.get(who, {}).values(), default=0)
        if kept and lines > MOST_LINES:
            break
        kept.append(who)
    return kept


def with_names(workspace: Workspace, card: Scorecard, path: Path) -> Scorecard:
    """A score of officials in which each that the operator's list names is called by the name and the code: to be
    printed, never to be stored. Raises UsageError for a score of others, InputError for a list that cannot be read."""
    from tthc_cli.ingest.storing.officials import key_file, key_of

    if card.subjects != "officials":
        raise UsageError("names_of_officials", subjects=card.subjects)
    hashed = key_file(workspace).exists()
    names = names_of(path, key_of(workspace, open_warehouse(workspace.warehouse)) if hashed else None)
    return named_card(card, names)


def other_law(workspace: Workspace, card: Scorecard) -> Scorecard | None:
    """The stored score of the same period and window by the other law: of several rulebooks the first by
    its code; None where there is none, or it cannot be read."""
    law = NINE_CRITERIA if card.rulebook.evaluation == DECISION_766 else DECISION_766
    for rulebook in sorted({head.rulebook for head in heads_of_period(workspace.scores, card.period, card.window)}):
        if not stored_scores.is_stored(workspace.scores, card.period, rulebook, card.window):
            continue
        try:
            found = stored_scores.load(workspace.scores, card.period, rulebook, card.window)
        except InputError:
            continue
        if found.rulebook.evaluation == law and found.subjects == "units":
            return found
    return None
