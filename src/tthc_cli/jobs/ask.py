"""Questions about a stored score: why, what if, what changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tthc_cli.answers import compare as comparing
from tthc_cli.answers.explain import DossierStory, Explainer, Explanation, without_subjects
from tthc_cli.answers.taken import lost_marks, taken_dossiers
from tthc_cli.answers.whatif import WhatIf, running, what_if
from tthc_cli.errors import InputError
from tthc_cli.periods import parse_period
from tthc_cli.storage import stored_scores
from tthc_cli.storage.warehouse import open_warehouse
from tthc_cli.units.codes import dossier_code
from tthc_cli.units.named import named_unit
from tthc_cli.units.tree import UnitTree, stored_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tthc_cli.periods import Period
    from tthc_cli.results.nine.taken import TakenDossier
    from tthc_cli.results.scorecard import LostDossier, Scorecard
    from tthc_cli.storage.location import Location
    from tthc_cli.workspace import Workspace


def _explainer(workspace: Workspace, card: Scorecard) -> Explainer:
    return Explainer.of_stored(open_warehouse(workspace.warehouse), _period(card), card, workspace.settings)


def _period(card: Scorecard) -> Period:
    return parse_period(card.period, "nd09" if card.window == "nd09" else "calendar")


def taken_of(workspace: Workspace, card: Scorecard, subjects: Sequence[str]) -> list[TakenDossier]:
    """The dossiers of some divisions or officials of a score, with their marks. Raises InputError when the data no
    longer give the score."""
    warehouse = open_warehouse(workspace.warehouse)
    return taken_dossiers(warehouse, _period(card), card, workspace.settings, subjects)


def lost_by_takers(workspace: Workspace, card: Scorecard) -> list[LostDossier]:
    """Every dossier that has less than the highest mark of a division or official, by who took part, criterion and
    code. Raises InputError when the data no longer give the score."""
    found = taken_of(workspace, card, [unit.id for unit in card.units])
    by_subject: dict[str, list[TakenDossier]] = {unit.id: [] for unit in card.units}
    for one in found:
        by_subject[one.subject].append(one)
    criteria = [c.id for c in card.rulebook.components if c.max]
    return [x for held in by_subject.values() for criterion in criteria for x in lost_marks(held, criterion)]


def explain(
    workspace: Workspace, card: Scorecard, unit: str, components: Sequence[str] | None = None
) -> list[Explanation]:
    """Reasons and lost subjects of some components of a unit (code or name); None = every one that has points.

    Raises InputError for a unit or component that there is not, or when the data no longer give the score.
    """
    chosen = named_unit(card.units, unit)
    wanted = [c.id for c in card.rulebook.components if c.max] if components is None else components
    if card.subjects != "units":
        found = taken_of(workspace, card, [chosen.id])
        return [replace(without_subjects(card, chosen.id, one), lost=tuple(lost_marks(found, one))) for one in wanted]
    explainer = _explainer(workspace, card)
    return [explainer.component(chosen.id, one) for one in wanted]


def explain_dossier(workspace: Workspace, card: Scorecard, code: str) -> DossierStory:
    """Everything the indicators say of one dossier. Raises InputError when it is not stored, or the score is one of
    divisions or officials, which says nothing of dossiers."""
    if card.subjects != "units":
        raise InputError("dossier_by_units", dossier=code, subjects=card.subjects)
    return _explainer(workspace, card).dossier(dossier_code(code))


def whatif(card: Scorecard, unit: str, scores: Location | None = None, workspace: Workspace | None = None) -> WhatIf:
    """What a unit (code or name) would gain from subjects put right. scores: where the card is stored, to see which
    dossiers are lost in several components. workspace: whose history tells how many of the dossiers open in a running
    period may be late. Raises InputError for a unit that there is not."""
    chosen = named_unit(card.units, unit)
    lost = stored_scores.load_lost(scores, card) if scores is not None and card.lost_file else ()
    late = expected_late(workspace, chosen.id, card) if workspace is not None and running(card) else None
    return what_if(card, chosen.id, lost, late)


def expected_late(workspace: Workspace, unit: str, card: Scorecard) -> float | None:
    """What part of a unit's dossiers that are open within due is expected to be late; None where nothing tells."""
    from datetime import datetime

    from tthc_cli.jobs.lists import asked_of
    from tthc_cli.statements.dossiers.history import late_share

    try:
        asked, _ = asked_of(workspace, datetime.fromisoformat(card.as_of), unit)
    except InputError:  # a stored score is asked without its warehouse, or by other units than there are now
        return None
    return late_share(asked)


def compare(workspace: Workspace, before: Scorecard, after: Scorecard) -> comparing.Comparison:
    """What changed between two scores, and what drove it; units that took others over are named by the unit table."""
    found = comparing.compare(before, after)
    tree = _unit_table(workspace) if found.only_before or found.only_after else None
    return comparing.with_successors(found, tree) if tree else found


def _unit_table(workspace: Workspace) -> UnitTree | None:
    """The unit table of the warehouse; None when there is none, for stored scores are compared without a warehouse."""
    try:
        return stored_units(open_warehouse(workspace.warehouse))
    except InputError as error:
        if error.code != "no_warehouse":
            raise
        return None
