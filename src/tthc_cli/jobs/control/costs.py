"""The compliance cost of procedures that people typed the tasks of."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from tthc_cli.jobs.lists import asked_of
from tthc_cli.statements.review.costing import cost_paper

if TYPE_CHECKING:
    from tthc_cli.periods import Period
    from tthc_cli.results.control.cost import CostPaper
    from tthc_cli.workspace import Workspace


def cost_of(
    workspace: Workspace, at: datetime, procedure: str | None = None, period: Period | None = None
) -> CostPaper:
    """The cost of a procedure, or of all that have tasks. period: of which the dossiers are the year's volume; without
    one, the twelve months up to the moment.

    Raises InputError as `statements.review.costing.cost_paper`, and when nothing is stored.
    """
    from tthc_cli.facts.moment import seconds_of

    asked, _ = asked_of(workspace, at)
    if period is not None:
        asked = replace(asked, window=(seconds_of(period.start), seconds_of(period.end)))
    root = asked.tree.root
    return cost_paper(asked, procedure, asked.tree.names[root] if root >= 0 else "")
